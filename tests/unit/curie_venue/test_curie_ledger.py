"""What moves the account in the venue's ledger, and what does not.

Every law that the adapter's header states about the venue's ledger is proved here on the venue's
own bytecode.
"""

from __future__ import annotations

import pytest
from curie_bench import PRICE, Bench
from gift_bench import MICRO, liquidate, owed_pnl, under_water, venue_balance
from harnesses import harness

from tandem.errors import Reverted
from tandem.units import USD, WAD

# ---------------------------------------------------------------- laws


def test_without_gifts_our_balance_is_the_venues(bench: Bench) -> None:
    """Through fills, funding, profit and loss; withdrawals settle, rounded down."""
    for step in range(6):
        bench.fund(10_000)
        assert bench.venue.call("own_balance") == venue_balance(bench)
        bench.trade((7 * WAD + 3, -11 * WAD, 2 * WAD)[step % 3])
        bench.curie.set_index(PRICE * (96, 103)[step % 2] // 100)
        bench.curie.converge()
        bench.engine.advance(7_200)
        before, owed = venue_balance(bench), owed_pnl(bench)
        assert bench.venue.call("own_balance") == before
        funding = bench.curie.exchange.call(
            "getPendingFundingPayment", bench.venue, bench.curie.base
        )
        bench.venue.send("withdraw", 1_000 * USD, bench.router, sender=bench.router)
        assert bench.venue.call("own_balance") == venue_balance(bench)
        # The block that settles is a second after the one that was asked.
        assert abs(venue_balance(bench) - (before - 1_000 * USD + (owed - funding) // MICRO)) < USD
        assert owed_pnl(bench) == 0


def test_fills_funding_and_liquidation_leave_the_balance_alone(bench: Bench) -> None:
    bench.fund(3_100)
    for size in (5 * WAD, -7 * WAD, 12 * WAD):
        bench.trade(size)
        bench.engine.advance(3_600)
        assert venue_balance(bench) == 3_100 * USD
    bench.curie.set_index(PRICE * 93 // 100)
    bench.curie.converge()
    bench.engine.advance(1_800)
    owed, value = owed_pnl(bench), bench.equity()
    bench.curie.deposit(bench.curie.liquidator, 10**6 * USD)
    bench.curie.liquidate(bench.venue)
    assert 0 < bench.position() < 10 * WAD
    assert venue_balance(bench) == 3_100 * USD == bench.venue.call("own_balance")
    assert owed_pnl(bench) < owed
    assert bench.equity() < value - 300 * WAD  # the penalty, at once


def test_the_insurance_fund_pays_a_debt_to_nothing_rounded_up(bench: Bench) -> None:
    under_water(bench)
    liquidate(bench)
    assert venue_balance(bench) == -(owed_pnl(bench) // MICRO) > 3_100 * USD
    assert 0 <= bench.equity() < MICRO
    assert bench.equity() == bench.account(PRICE)[3]


def test_nobody_else_settles_the_accounts_pnl(bench: Bench) -> None:
    curie = bench.curie
    bench.fund(1_000)
    with pytest.raises(Reverted, match="AB_OV"):
        curie.account_balance.send("settleOwedRealizedPnl", bench.venue, sender=bench.stranger)
    with pytest.raises(Reverted, match="CH_OVOT"):
        curie.clearing_house.send("settleAllFunding", bench.venue, sender=bench.stranger)
    curie.vault.send("settleBadDebt", bench.venue, sender=bench.stranger)
    assert venue_balance(bench) == 1_000 * USD


# ---------------------------------------------------------------- lacks


def test_a_balance_that_shrank_counts_at_once_and_no_gift_after_our_next_move_fills_it(
    bench: Bench,
) -> None:
    """The venue's owner alone could do it, with a forwarder that withdraws in our name."""
    curie = bench.curie
    forwarder = bench.engine.deploy(harness("unit/curie_venue/Forwarder.vy"))
    bench.fund(1_000)
    curie.vault.send("setTrustedForwarder", forwarder, sender=curie.owner)
    order = curie.vault.abi.function("withdraw", 2).encode((curie.usdc.address, 400 * USD))
    forwarder.send("forward", curie.vault, order, bench.venue, sender=bench.stranger)
    assert venue_balance(bench) == 600 * USD
    assert bench.equity() == 600 * WAD
    bench.give(100 * USD)
    assert bench.equity() == 700 * WAD
    bench.fund(50)
    bench.give(5_000 * USD)
    assert bench.equity() == 750 * WAD
