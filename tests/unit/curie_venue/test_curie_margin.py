"""deposit, withdraw, and what others do to the account."""

from __future__ import annotations

import pytest
from curie_bench import Bench

from tandem.errors import Reverted
from tandem.units import USD, WAD

A_FEW_SECONDS_OF_FUNDING = WAD // 10_000


def _balances(bench: Bench) -> tuple[int, int]:
    usdc = bench.curie.usdc
    return usdc.call("balanceOf", bench.venue), usdc.call("balanceOf", bench.stranger)


@pytest.mark.proves("FL-8")
def test_a_deposit_moves_exactly_its_amount_and_leaves_no_approval(bench: Bench) -> None:
    curie = bench.curie
    curie.usdc.send("mint", bench.venue, 500 * USD, sender=curie.owner)
    bench.venue.send("deposit", 300 * USD, sender=bench.router)
    assert _balances(bench)[0] == 200 * USD
    assert curie.vault.call("getBalance", bench.venue) == 300 * USD
    assert curie.usdc.call("allowance", bench.venue, curie.vault) == 0
    assert bench.venue.call("free_collateral") == 300 * USD


def test_a_deposit_of_more_than_is_here_reverts(bench: Bench) -> None:
    with pytest.raises(Reverted):
        bench.venue.send("deposit", USD, sender=bench.router)


def test_a_withdrawal_reaches_its_recipient_in_full(bench: Bench) -> None:
    bench.fund(1_000)
    bench.venue.send("withdraw", 400 * USD, bench.stranger, sender=bench.router)
    assert _balances(bench) == (0, 400 * USD)
    assert bench.equity() == 600 * WAD


def test_profit_can_be_withdrawn_after_the_position_is_closed(bench: Bench) -> None:
    bench.fund(10_000)
    bench.trade(10 * WAD)
    bench.curie.set_index(bench.curie.index() * 104 // 100)
    bench.curie.converge()
    bench.trade(-10 * WAD)
    free = bench.venue.call("free_collateral")
    assert free > 11_000 * USD
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
    assert _balances(bench)[1] == free
    assert 0 <= bench.equity() < 10**12


def test_r11_quote_sent_to_the_adapter_by_hand_stays_where_it_is(bench: Bench) -> None:
    curie = bench.curie
    bench.fund(10_000)
    bench.trade(WAD)
    before = bench.equity()
    curie.usdc.send("mint", bench.venue, 777 * USD, sender=curie.owner)
    assert abs(bench.equity() - before) < A_FEW_SECONDS_OF_FUNDING
    bench.trade(-2 * WAD)
    bench.fund(1)
    bench.venue.send("withdraw", USD, bench.router, sender=bench.router)
    assert _balances(bench)[0] == 777 * USD


def test_eth_and_the_base_token_cannot_be_forced_into_the_account_value(bench: Bench) -> None:
    bench.fund(1_000)
    before = (bench.equity(), bench.value())
    bench.engine.fund(bench.venue, 10**18)
    assert (bench.equity(), bench.value()) == before
