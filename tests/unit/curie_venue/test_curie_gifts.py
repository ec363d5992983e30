"""R11: what others put into the account counts in nothing but the venue's own margin checks.

Every law that the adapter's header states about the venue's ledger is proved here on the venue's
own bytecode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from curie_bench import PRICE, USD, Bench
from harnesses import harness

from keeper.engine.artifacts import compile_vyper, load_npm
from keeper.engine.base import Contract
from keeper.errors import Reverted
from keeper.venues.curie import WAD

MICRO = 10**12  # the venue's ledger counts millionths of a dollar


def _balance(bench: Bench) -> int:
    return bench.curie.vault.call("getBalance", bench.venue)


def _owed(bench: Bench) -> int:
    return bench.curie.account_balance.call("getPnlAndPendingFee", bench.venue)[0]


def _hole(bench: Bench) -> int:
    """Ten ETH bought on 3,100 USD, and a fall of 15 %: what the account lacks at the mark, WAD."""
    bench.fund(3_100)
    bench.trade(10 * WAD)
    bench.curie.set_index(PRICE * 85 // 100)
    bench.curie.converge()
    bench.engine.advance(1_800)
    return -bench.account(bench.curie.index())[2]


def _liquidate(bench: Bench) -> None:
    curie = bench.curie
    curie.deposit(curie.liquidator, 10**6 * USD)
    curie.liquidate(bench.venue)
    assert bench.position() == 0


def _token(bench: Bench) -> Contract:
    """A dollar token that the venue takes for 70 % of its price, and sells 10 % under it."""
    curie, engine = bench.curie, bench.engine
    token = engine.deploy(compile_vyper("USDC"), sender=curie.owner)
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "USD / USD", sender=curie.owner)
    feed.send("push", 10**8, sender=curie.owner)
    oracle = engine.deploy(
        load_npm("@perp/perp-oracle-contract", "ChainlinkPriceFeedV2"), feed, 900
    )
    terms = (oracle, 700_000, 100_000, 2**255)
    curie.collateral_manager.send("addCollateral", token, terms, sender=curie.owner)
    return token


def _pledge(bench: Bench, token: Contract, amount: int, to: Any = None) -> None:
    """A stranger deposits another token than the quote for the account."""
    curie, who = bench.curie, bench.stranger
    token.send("mint", who, amount, sender=curie.owner)
    token.send("approve", curie.vault, amount, sender=who)
    curie.vault.send("depositFor", to or bench.venue, token, amount, sender=who)


def _sell_pledge(bench: Bench, token: Contract, amount: int) -> None:
    """Anybody repays a part of the account's debt for the token that was pledged."""
    curie, buyer = bench.curie, bench.trader
    curie.usdc.send("mint", buyer, 10**6 * USD, sender=curie.owner)
    curie.usdc.send("approve", curie.vault, 10**6 * USD, sender=buyer)
    curie.vault.send("liquidateCollateral", bench.venue, token, amount, False, sender=buyer)


# ---------------------------------------------------------------- what moves the venue's ledger


def test_without_gifts_our_balance_is_the_venues(bench: Bench) -> None:
    """Through fills, funding, profit and loss; withdrawals settle, rounded down."""
    for step in range(6):
        bench.fund(10_000)
        assert bench.venue.call("own_balance") == _balance(bench)
        bench.trade((7 * WAD + 3, -11 * WAD, 2 * WAD)[step % 3])
        bench.curie.set_index(PRICE * (96, 103)[step % 2] // 100)
        bench.curie.converge()
        bench.engine.advance(7_200)
        before, owed = _balance(bench), _owed(bench)
        assert bench.venue.call("own_balance") == before
        funding = bench.curie.exchange.call(
            "getPendingFundingPayment", bench.venue, bench.curie.base
        )
        bench.venue.send("withdraw", 1_000 * USD, bench.router, sender=bench.router)
        assert bench.venue.call("own_balance") == _balance(bench)
        # The block that settles is a second after the one that was asked.
        assert abs(_balance(bench) - (before - 1_000 * USD + (owed - funding) // MICRO)) < USD
        assert _owed(bench) == 0


def test_fills_funding_and_liquidation_leave_the_balance_alone(bench: Bench) -> None:
    bench.fund(3_100)
    for size in (5 * WAD, -7 * WAD, 12 * WAD):
        bench.trade(size)
        bench.engine.advance(3_600)
        assert _balance(bench) == 3_100 * USD
    bench.curie.set_index(PRICE * 93 // 100)
    bench.curie.converge()
    bench.engine.advance(1_800)
    owed, value = _owed(bench), bench.equity()
    bench.curie.deposit(bench.curie.liquidator, 10**6 * USD)
    bench.curie.liquidate(bench.venue)
    assert 0 < bench.position() < 10 * WAD
    assert _balance(bench) == 3_100 * USD == bench.venue.call("own_balance")
    assert _owed(bench) < owed
    assert bench.equity() < value - 300 * WAD  # the penalty, at once


def test_the_insurance_fund_pays_a_debt_to_nothing_rounded_up(bench: Bench) -> None:
    _hole(bench)
    _liquidate(bench)
    assert _balance(bench) == -(_owed(bench) // MICRO) > 3_100 * USD
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
    assert _balance(bench) == 1_000 * USD


# ---------------------------------------------------------------- gifts


class Giver:
    """Gives to the account at one named moment, and to somebody else at every other."""

    def __init__(self, bench: Bench, moment: str, amount: int, kind: str) -> None:
        self.bench, self.moment, self.amount = bench, moment, amount
        self.token = _token(bench)
        self.give: Callable[[Any], Any] = (
            (lambda to: bench.give(amount, to))
            if kind == "quote"
            else (lambda to: _pledge(bench, self.token, amount, to))
        )
        self.seen: dict[str, tuple[Any, ...]] = {}  # what the adapter said at each moment
        self.done: list[Any] = []  # what its calls came to

    def at(self, moment: str) -> None:
        """The same blocks whoever is given to; then all that the adapter says of the account."""
        self.give(self.bench.venue if moment == self.moment else self.bench.trader)
        venue = self.bench.venue
        self.seen[moment] = (*self.bench.account(PRICE), venue.call("own_balance"))


def _a_good_week(bench: Bench, giver: Giver) -> None:
    """A profit, a loss, a flip and funding; withdrawals with and without a position."""
    venue, router = bench.venue, bench.router
    giver.at("empty")
    bench.fund(40_000)
    giver.at("funded")
    for size, index in ((10 * WAD, 104), (-25 * WAD, 106), (4 * WAD, 101)):
        giver.done.append(bench.trade(size).returned)
        bench.curie.set_index(PRICE * index // 100)
        bench.curie.converge()
        bench.engine.advance(20_000)
        giver.at(f"at {bench.position() // WAD}")
        venue.send("withdraw", 5_000 * USD, router, sender=router)
        giver.at(f"withdrew at {bench.position() // WAD}")
    giver.done.append(bench.trade(11 * WAD).returned)
    giver.at("flat")
    venue.send("withdraw", bench.account(PRICE)[3] // MICRO, router, sender=router)
    giver.at("away")
    giver.done.append(bench.curie.usdc.call("balanceOf", router))


MOMENTS = (
    "empty", "funded", "at 10", "withdrew at 10", "at -15", "at -11", "withdrew at -11", "flat",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["quote", "pledge"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_r11_a_gift_changes_nothing_that_counts_or_comes_home(
    bench: Bench, moment: str, kind: str
) -> None:
    with bench.undone():
        plain = Giver(bench, "never", 30_000 * USD, kind)
        _a_good_week(bench, plain)
    given = Giver(bench, moment, 30_000 * USD, kind)
    _a_good_week(bench, given)
    assert moment in given.seen
    assert (given.seen, given.done) == (plain.seen, plain.done)


def test_r11_a_gift_is_not_free_to_take(bench: Bench) -> None:
    bench.fund(1_000)
    bench.give(5_000 * USD)
    assert bench.curie.vault.call("getFreeCollateral", bench.venue) == 6_000 * USD
    assert bench.venue.call("free_collateral") == 1_000 * USD
    with pytest.raises(Reverted, match="curie: not ours"):
        bench.venue.send("withdraw", 1_000 * USD + 1, bench.router, sender=bench.router)
    bench.venue.send("withdraw", 1_000 * USD, bench.router, sender=bench.router)
    assert bench.venue.call("own_balance") == bench.venue.call("free_collateral") == 0
    assert _balance(bench) == 5_000 * USD


def test_r11_with_a_position_as_much_is_free_as_without_the_gift(bench: Bench) -> None:
    bench.fund(5_000)
    bench.trade(10 * WAD)
    with bench.undone():
        bench.give(3_000 * USD, bench.trader)
        plain = bench.venue.call("free_collateral")
    bench.give(3_000 * USD)
    assert bench.venue.call("free_collateral") == plain
    assert 1_900 * USD < plain < 2_100 * USD
    bench.venue.send("withdraw", plain - USD, bench.router, sender=bench.router)


def test_a_gift_carries_orders_as_the_venue_lets_it(bench: Bench) -> None:
    """What the venue fills must not be refused: a rebalance is clipped to what margin carries."""
    bench.fund(1_000)
    order = 30 * WAD
    plain = bench.venue.call("max_order", order)
    bench.give(1_000 * USD)
    carried = bench.venue.call("max_order", order)
    assert 2 * plain * 99 // 100 < carried < order
    bench.trade(carried)
    with pytest.raises(Reverted, match="CH_NEFCI"):
        bench.trade(carried // 50)


# ---------------------------------------------------------------- debts


def _bankruptcy(bench: Bench, giver: Giver) -> None:
    """Everything is lost and more; what lacks is paid; a new start."""
    _hole(bench)
    giver.at("under water")
    _liquidate(bench)
    giver.at("paid")
    giver.done.append(bench.venue.call("free_collateral"))
    bench.fund(5_000)
    giver.at("refilled")
    giver.done.append(bench.trade(WAD).returned)
    giver.at("open")
    giver.done.append(bench.trade(-WAD).returned)
    bench.venue.send("withdraw", 4_900 * USD, bench.router, sender=bench.router)
    giver.at("withdrew")


@pytest.mark.parametrize("moment", ["under water", "paid", "refilled", "open"])
@pytest.mark.parametrize("amount", [1, 1_000 * USD, 2_000 * USD])
def test_r11_a_new_start_after_a_debt_is_the_same_with_a_gift(
    bench: Bench, moment: str, amount: int
) -> None:
    """Whether the insurance fund paid all of the debt, or a stranger a part of it or more."""
    with bench.undone():
        plain = Giver(bench, "never", amount, "quote")
        _bankruptcy(bench, plain)
    given = Giver(bench, moment, amount, "quote")
    _bankruptcy(bench, given)
    assert moment in given.seen
    assert (given.seen, given.done) == (plain.seen, plain.done)
    assert 0 <= plain.seen["refilled"][1] - 5_000 * WAD < MICRO


def test_r11_with_a_position_open_a_gift_repays_no_debt(bench: Bench) -> None:
    hole = _hole(bench)
    assert hole > 1_000 * WAD
    lacking = bench.account(PRICE)[2]
    bench.give(3 * hole // MICRO)
    assert bench.venue.call("venue_equity") > hole
    assert abs(bench.account(PRICE)[2] - lacking) < WAD // 100
    assert bench.venue.call("free_collateral") == 0
    bench.fund(1_000)
    assert abs(bench.account(PRICE)[2] - lacking - 1_000 * WAD) < WAD // 100


def test_r11_a_loss_that_a_gift_carried_counts_until_the_position_is_closed(bench: Bench) -> None:
    """Realised piece by piece it stays a debt; without a position it is the giver's."""
    hole = _hole(bench)
    bench.give(2 * hole // MICRO + 5_000 * USD)
    price = bench.curie.index()
    before, fees_and_slip = bench.account(price)[1], 60 * WAD
    bench.trade(-8 * WAD)
    assert bench.venue.call("own_balance") * MICRO + _owed(bench) < 0
    assert abs(bench.account(price)[1] - before) < fees_and_slip
    bench.trade(-2 * WAD)
    assert 0 <= bench.account(price)[1] < MICRO


def test_r11_a_paid_debt_does_not_come_back_with_a_position_that_a_gift_carries(
    bench: Bench,
) -> None:
    """Else five dollars and the smallest order would keep the account bankrupt."""
    _hole(bench)
    _liquidate(bench)
    bench.give(100 * USD)
    bench.trade(WAD // 10)
    fee_and_slip = WAD
    assert 0 <= -bench.account(PRICE * 85 // 100)[1] < fee_and_slip
    bench.fund(5_000)
    assert abs(bench.account(PRICE * 85 // 100)[1] - 5_000 * WAD) < fee_and_slip


def test_a_debt_that_no_one_paid_counts_until_the_pledge_is_sold(bench: Bench) -> None:
    """The insurance fund pays for no account with a pledge; anybody may buy that."""
    token = _token(bench)
    _hole(bench)
    _pledge(bench, token, 1)
    _liquidate(bench)
    debt = bench.account(PRICE)[1]
    assert debt < -1_000 * WAD
    bench.curie.vault.send("settleBadDebt", bench.venue, sender=bench.stranger)
    assert bench.account(PRICE)[1] == debt
    bench.give(100 * USD)
    assert bench.account(PRICE)[1] == debt + 100 * WAD
    _sell_pledge(bench, token, 1)
    assert 0 <= bench.account(PRICE)[1] < MICRO
    assert bench.account(PRICE)[1] == bench.account(PRICE)[3]


def test_r11_a_pledge_that_is_sold_repays_no_debt_of_an_open_position(bench: Bench) -> None:
    token = _token(bench)
    _hole(bench)
    _pledge(bench, token, 800 * USD)
    with bench.undone():
        bench.give(USD, bench.trader)
        bench.give(USD, bench.trader)
        plain = bench.account(PRICE)
    before = _balance(bench)
    _sell_pledge(bench, token, 400 * USD)
    assert _balance(bench) - before > 300 * USD
    assert abs(bench.account(PRICE)[1] - plain[1]) < WAD // 100
    assert bench.position() == plain[0]


def test_r11_a_closed_market_pays_out_the_same_with_a_gift(bench: Bench) -> None:
    curie = bench.curie

    def close(to: Any) -> tuple[Any, ...]:
        bench.fund(10_000)
        bench.trade(-3 * WAD)
        bench.give(20_000 * USD, to)
        curie.base.send("pause", sender=curie.owner)
        bench.engine.advance(3_600)
        curie.base.send("close(uint256)", PRICE * 103 // 100, sender=curie.owner)
        curie.clearing_house.send("quitMarket", bench.venue, curie.base, sender=bench.stranger)
        home = bench.venue.call("free_collateral")
        bench.venue.send("withdraw", home, bench.router, sender=bench.router)
        return home, bench.account(PRICE), bench.venue.call("own_balance")

    with bench.undone():
        plain = close(bench.trader)
    assert 9_000 * USD < plain[0] < 10_000 * USD
    assert close(bench.venue) == plain


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
    assert _balance(bench) == 600 * USD
    assert bench.equity() == 600 * WAD
    bench.give(100 * USD)
    assert bench.equity() == 700 * WAD
    bench.fund(50)
    bench.give(5_000 * USD)
    assert bench.equity() == 750 * WAD
