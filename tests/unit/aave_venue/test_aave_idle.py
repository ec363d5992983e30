"""Cash that lies idle beside the lending market: margin as booked, and nothing that strangers send."""

from __future__ import annotations

import pytest
from aave_bench import ACCRUED, PRICE, Bench
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusals import refuses

from tandem.errors import Reverted
from tandem.units import USD, WAD

UNIT = 10**12
"""A token unit, WAD."""
SHARE = 20
"""Of what the account is worth, one part in so many lies idle."""
SIDES = pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])


def usable(bench: Bench) -> int:
    """What carries orders, WAD."""
    return bench.account()[3]


def lent(bench: Bench) -> int:
    """Shares that are lent of the quote token: interest does not move them."""
    return bench.aave.parts["a_usdc"].call("scaledBalanceOf", bench.venue)


def held(bench: Bench) -> int:
    """Tokens that lie in the adapter, whosever they are."""
    return bench.aave.usdc.call("balanceOf", bench.venue)


def send(bench: Bench, usd: int) -> None:
    """A stranger's gift of cash."""
    bench.aave.usdc.send("mint", bench.venue, usd * USD, sender=bench.aave.owner)


@pytest.mark.proves("LM-6")
def test_a_top_up_leaves_a_share_idle_and_all_of_it_is_margin(bench: Bench) -> None:
    bench.fund(15_000)
    assert bench.idle() == held(bench) == 15_000 * USD // SHARE
    assert bench.equity() == usable(bench) == pytest.approx(15_000 * WAD, abs=10 * UNIT)
    bench.fund(5_000)
    assert bench.idle() == pytest.approx(20_000 * USD // SHARE, abs=2)


@pytest.mark.proves("LM-6")
@pytest.mark.parametrize("units", [1, 8, 9, 10, 19, 21])
@pytest.mark.parametrize("side", [1, -1, 0], ids=["long", "short", "flat"])
def test_what_is_too_little_to_lend_lies_idle_and_is_ours(
    bench: Bench, side: int, units: int
) -> None:
    """Found by the machine: what the market does not take for its smallness was in nobody's books."""
    bench.fund(30_000)
    if side:
        bench.trade(side * WAD)
    for _ in range(3):
        bench.aave.usdc.send("mint", bench.venue, units, sender=bench.aave.owner)
        bench.venue.send("deposit", units, sender=bench.router)
        assert bench.idle() == held(bench)
        if side:
            bench.trade(-side * units * 10**9)
        assert bench.idle() == held(bench)


@pytest.mark.proves("LM-6", "HG-12")
@SIDES
@pytest.mark.parametrize("price", [2_700, 3_000, 3_400])
def test_margin_rises_by_what_is_moved_in_and_falls_by_what_is_moved_out(
    bench: Bench, side: int, price: int
) -> None:
    """Whatever lies idle before: less than its share, as much, or more after a loss. Who moves margin
    reckons with that."""
    bench.fund(30_000)
    bench.trade(side * 10 * WAD)
    bench.aave.set_index(price * WAD)
    for usd in (100, 4_000, 20_000):
        before = usable(bench)
        bench.fund(usd)
        assert usable(bench) - before == pytest.approx(usd * WAD, abs=10 * UNIT)
    for usd in (100, 4_000):
        before = usable(bench)
        bench.venue.send("withdraw", usd * USD, bench.stranger, sender=bench.router)
        assert usable(bench) - before >= -usd * WAD - 10 * UNIT


@pytest.mark.proves("LM-6")
def test_a_purchase_is_paid_by_what_lies_idle_and_takes_nothing_back(bench: Bench) -> None:
    bench.fund(60_000)
    bench.trade(-10 * WAD)
    idle, there = bench.idle(), lent(bench)
    paid = -sum((1, -1)[n] * x for n, x in enumerate(bench.trade(WAD // 2).returned[1:]))
    assert idle - bench.idle() == pytest.approx(paid // UNIT, abs=1)
    assert lent(bench) == there
    bench.trade(2 * WAD)
    assert bench.idle() == 0
    assert lent(bench) < there


@pytest.mark.proves("LM-6", "FL-8")
@SIDES
def test_cash_that_a_stranger_sends_is_worth_nothing_and_pays_nothing(
    bench: Bench, side: int
) -> None:
    """It is not counted, it does not leave, and no order is paid with it; what may be withdrawn and what
    fills is what it was."""
    bench.fund(15_000)
    bench.trade(side * 4 * WAD)
    said = (bench.idle(), bench.account(), bench.venue.call("free_collateral"), bench.most(10**24))
    gift = 40_000
    send(bench, gift)
    assert (bench.idle(), bench.venue.call("gifts")) == (said[0], 0)
    assert bench.position() == pytest.approx(said[1][0], abs=ACCRUED)
    assert bench.account()[1:] == pytest.approx(said[1][1:], abs=UNIT)
    assert bench.venue.call("free_collateral") == pytest.approx(said[2], abs=10)
    assert bench.most(10**24) == pytest.approx(said[3], rel=1e-9)
    bench.trade(WAD)
    bench.fund(1_000)
    bench.trade(-WAD)
    free = bench.venue.call("free_collateral")
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
    with pytest.raises(Reverted):
        bench.venue.send("withdraw", free // 10 + 20_000 * USD, bench.stranger, sender=bench.router)
    assert held(bench) - bench.idle() == pytest.approx(gift * USD, abs=100)


@pytest.mark.proves("LM-6")
def test_a_withdrawal_fills_up_again_what_lies_idle(bench: Bench) -> None:
    """What lies idle goes first; by as much as is free it is filled up, to its share of what is left."""
    bench.fund(60_000)
    bench.trade(-10 * WAD)
    bench.trade(3 * WAD)
    assert bench.idle() == 0
    bench.venue.send("withdraw", 5_000 * USD, bench.stranger, sender=bench.router)
    assert bench.idle() == pytest.approx(bench.equity() // UNIT // SHARE, abs=5)
    assert bench.aave.usdc.call("balanceOf", bench.stranger) == 5_000 * USD


@pytest.mark.proves("LM-6")
@SIDES
def test_what_is_free_leaves_whole(bench: Bench, side: int) -> None:
    """Filling up never takes what the position needs: what is said to be free can be withdrawn, and again."""
    bench.fund(25_000)
    bench.trade(side * 10 * WAD)
    for _ in range(3):
        free = bench.venue.call("free_collateral")
        bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
        assert bench.aave.health(bench.venue) > WAD
    assert free < 100 * USD


@pytest.mark.proves("LM-6")
def test_without_a_position_all_of_it_goes_home(bench: Bench) -> None:
    bench.fund(25_000)
    bench.trade(-3 * WAD)
    bench.trade(-bench.position())
    assert usable(bench) == bench.equity()
    home = bench.equity() // UNIT
    bench.venue.send("withdraw", home - 30, bench.stranger, sender=bench.router)
    assert bench.idle() <= 10
    assert bench.equity() < 100 * UNIT
    send(bench, 10)
    bench.aave.supply_for(bench.stranger, bench.venue, 10 * USD)
    with refuses("aave: not ours"):
        bench.venue.send("withdraw", 5 * USD, bench.stranger, sender=bench.router)


@pytest.mark.proves("LM-4", "LM-6")
def test_a_long_comes_home_while_nobody_lends_what_it_brings(bench: Bench) -> None:
    """The quote token is frozen: what a sale of lent ether brings repays what is owed, and the rest lies
    idle. It buys again, leaves, and nothing of it is lost; a short cannot be enlarged for it."""
    bench.fund(40_000)
    bench.trade(20 * WAD)
    assert bench.aave.quote(bench.venue) < 0
    bench.govern("setReserveFreeze", bench.aave.usdc, True)
    for size in (5 * WAD, 10 * WAD):
        assert bench.most(-size) == size
        before = bench.equity(PRICE)
        _, quote, fee = bench.trade(-size).returned
        cost = size * PRICE // WAD - (quote - fee)
        assert bench.equity(PRICE) - before == pytest.approx(-cost, abs=20 * UNIT)
    assert bench.idle() > 20_000 * USD
    assert bench.aave.usdc.call("allowance", bench.venue, bench.aave.lending_pool) <= 1
    assert bench.aave.quote(bench.venue) == 0
    assert bench.most(-bench.position()) > bench.position() * 998 // 1_000
    bench.trade(WAD)
    bench.trade(-bench.position())
    assert abs(bench.position()) < ACCRUED
    assert bench.most(-WAD) == 0
    with refuses("ReserveFrozen"):
        bench.trade(-WAD)
    assert usable(bench) == bench.equity() > 0
    home = bench.venue.call("free_collateral")
    assert home == pytest.approx(bench.equity() // UNIT, abs=100)
    bench.venue.send("withdraw", home, bench.stranger, sender=bench.router)


@pytest.mark.proves("LM-6", "HG-22")
def test_what_lies_idle_over_its_share_carries_nothing(bench: Bench) -> None:
    """After a loss more lies idle than a twentieth of what is left. Margin is then what is lent, and the
    share that goes with it: the health factor says the same."""
    bench.fund(30_000)
    bench.trade(-10 * WAD)
    bench.aave.set_index(3_900 * WAD)
    _, _, whole, margin = bench.account()
    assert bench.idle() * UNIT > whole // SHARE
    assert margin < whole * 999 // 1_000
    notional = -bench.position() * 3_900
    health = (notional + margin * 95 // 100) * 78 // 100 * WAD // notional
    assert bench.aave.health(bench.venue) == pytest.approx(health, rel=1e-6)


ACTS = st.sampled_from(["deposit", "withdraw", "buy", "sell", "send", "lend", "up", "down"])


@pytest.mark.proves("LM-6", "HG-22")
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=3, max_size=14), side=st.sampled_from([1, -1]))
def test_what_is_booked_is_there_and_margin_over_its_least_is_health_over_its_least(
    bench: Bench, acts: list[str], side: int
) -> None:
    """Any order of acts and gifts, at moving prices. What lies in the adapter is what is booked and what
    strangers sent. Wherever margin is at least its least of the notional, the lending market's own health
    factor is at least the least that was deployed, however much of the margin lies idle."""
    with bench.undone():
        bench.fund(20_000)
        bench.trade(side * 5 * WAD)
        gifts, price = 0, 3_000
        for act in acts:
            try:
                if act == "deposit":
                    bench.fund(3_000)
                elif act == "withdraw":
                    free = bench.venue.call("free_collateral")
                    bench.venue.send("withdraw", free // 3, bench.stranger, sender=bench.router)
                elif act in ("buy", "sell"):
                    bench.trade((WAD if act == "buy" else -WAD) * 3 // 2)
                elif act == "send":
                    send(bench, 900)
                    gifts += 900 * USD
                elif act == "lend":
                    bench.aave.supply_for(bench.stranger, bench.venue, 900 * USD)
                else:
                    price += 80 if act == "up" else -80
                    bench.aave.set_index(price * WAD)
            except Reverted:
                # the act is not to be had, and the engine has taken it back
                continue
            _check(bench, gifts)


def _check(bench: Bench, gifts: int) -> None:
    assert 0 <= held(bench) - bench.idle() - gifts <= 300
    assert bench.aave.usdc.call("allowance", bench.venue, bench.aave.lending_pool) <= 1
    position, _, whole, margin = bench.account()
    assert whole <= bench.there() + 10 * UNIT
    least = bench.venue.call("bounds", position)[0]
    notional = abs(position) * bench.aave.index() // WAD
    if position != 0 and margin * WAD >= least * notional:
        assert bench.aave.health(bench.venue) >= 125 * WAD // 100 - 10**10
