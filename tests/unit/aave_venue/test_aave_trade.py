"""AaveVenue: an order is exact, inside its bound, and costs what the pool takes for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from aave_bench import ACCRUED, PRICE, Bench, places
from harnesses import harness
from refusals import refuses

from tandem.engine.artifacts import compile_vyper
from tandem.units import USD, WAD
from tandem.venues import Margins

ORDERS = (-10, -5, 7, 8, 3, 5, -3, -15, 25, -12, -3)
"""Opens, adds, reduces, goes to nothing, flips, each on both sides."""
CENT = WAD // 100


@pytest.mark.proves("LM-1")
def test_every_order_is_exact_and_its_cost_is_what_the_account_lost(either: Bench) -> None:
    """Signed, odd sizes, through nothing and back: the position moves by the order and nothing else, and
    what the account lost at the price is the price's difference and the fee, to a token unit."""
    either.fund(50_000)
    for units in ORDERS:
        size = units * WAD + 123_456_789
        held, before = either.position(), either.equity(PRICE)
        after, quote, fee = either.trade(size).returned
        assert abs(after - held - size) <= ACCRUED
        assert either.position() == pytest.approx(after, abs=ACCRUED)
        assert fee > 0
        assert fee == pytest.approx(abs(quote) * 5 // 10_000, rel=1e-3)
        cost = fee - quote - size * PRICE // WAD
        assert before - either.equity(PRICE) == pytest.approx(cost, abs=CENT // 100)


@pytest.mark.proves("LM-2")
def test_an_order_leaves_nothing_that_looks_like_a_strangers(either: Bench) -> None:
    """What an order did not touch it does not read again: what it did touch it keeps to the share, every way
    that it takes through the market, with cash idle and without. So of a gift after it all is known."""
    for cash in (50_000, 3_000):
        either.fund(cash)
        for units in ORDERS:
            either.trade(units * WAD * cash // 50_000)
            kept = either.equity(PRICE)
            with either.undone():
                either.venue.send("accept", sender=either.stranger)
                assert either.venue.call("gifts") == 0
                assert either.equity(PRICE) == pytest.approx(kept, abs=CENT // 100)
            with either.undone():
                either.aave.supply_for(either.stranger, either.venue, 700 * USD)
                assert either.equity(PRICE) == pytest.approx(kept, abs=CENT // 100)
                either.venue.send("accept", sender=either.stranger)
                assert either.venue.call("gifts") in range(700 * USD, 700 * USD + 3)
        either.engine.advance(3_600)


@pytest.mark.proves("LM-1")
def test_what_was_closed_is_nothing_and_leaves_with_everything(either: Bench) -> None:
    """A flat account is exactly 0, whatever interest left, and what lies there comes home to the cent."""
    either.fund(20_000)
    for size in (-4 * WAD, 4 * WAD):
        either.trade(size)
        either.engine.advance(30 * 86_400)
        either.trade(-either.position())
        assert either.position() == 0
        assert either.aave.position(either.venue) in range(-(10**6), 10**6)
    free = either.venue.call("free_collateral")
    assert free == pytest.approx(either.equity() // 10**12, rel=2e-3)
    home = either.aave.quote(either.venue)
    either.venue.send("withdraw", home, either.stranger, sender=either.router)
    assert either.aave.usdc.call("balanceOf", either.stranger) == home
    assert either.equity() < CENT


@pytest.mark.parametrize("size", [WAD, -WAD])
def test_a_bound_is_kept_to_the_last_unit(either: Bench, size: int) -> None:
    either.fund(20_000)
    with either.undone():
        quote = either.trade(size).returned[1]
    fill = abs(quote) * WAD // abs(size)
    worse = 1 if size > 0 else -1
    with either.undone():
        either.trade(size, fill + worse)
    with refuses("aave: past the bound"):
        either.trade(size, fill - worse)


def test_only_the_router_trades_and_moves_margin(bench: Bench) -> None:
    bench.fund(1_000)
    calls = (("trade", WAD, 2**255), ("deposit", 1), ("withdraw", 1, bench.stranger))
    for call in calls:
        for sender in (bench.stranger, bench.aave.owner):
            with refuses("aave: not the router"):
                bench.venue.send(*call, sender=sender)


@pytest.mark.proves("LM-5")
def test_only_the_pool_calls_back_once_and_only_for_an_order_of_ours(bench: Bench) -> None:
    """Not a stranger; not the pool unasked; and not the pool twice for one order. Asked once it is paid."""
    with refuses("aave: not the pool"):
        bench.venue.send("uniswapV3SwapCallback", WAD, -1, b"", sender=bench.stranger)
    router, reach, provider, _, base, quote, *margins = places(bench.aave, bench.router)
    greedy = bench.engine.deploy(harness("unit/aave_venue/GreedyPool.vy"), base, quote)
    args = (router, reach, provider, greedy, base, quote, *margins)
    venue = bench.engine.deploy(compile_vyper("AaveVenue"), *args)
    for token, to in ((bench.aave.weth, greedy), (bench.aave.usdc, venue)):
        token.send("mint", to, WAD, sender=bench.aave.owner)
    venue.send("deposit", 10 * USD, sender=router)
    with refuses("venue: not our order"):
        greedy.send("call_back", venue, sender=bench.stranger)
    order = (10**15, 2**255)
    for calls in (2, 1):
        greedy.send("set_calls", calls, sender=bench.stranger)
        if calls == 2:
            with refuses("venue: not our order"):
                venue.send("trade", *order, sender=router)
    before = bench.aave.usdc.call("balanceOf", greedy)
    venue.send("trade", *order, sender=router)
    assert bench.aave.usdc.call("balanceOf", greedy) - before == USD
    assert venue.call("position") == pytest.approx(order[0], abs=ACCRUED)


def test_an_order_that_the_pool_cannot_fill_is_refused(bench: Bench) -> None:
    bench.fund(10_000)
    bench.aave.remove_liquidity()
    for size in (WAD, -WAD):
        assert bench.most(size) == 0
        with refuses("spot: fill not exact"):
            bench.trade(size)


HEALTH = (125, 140, 170)


@pytest.mark.proves("HG-22")
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_margin_by_its_bounds_is_the_health_factor(bench: Bench, side: int, level: int) -> None:
    """The venue states its margin by sign, from the market's live thresholds: an account whose equity is
    that share of its notional has that health factor, as the market itself says it, while a twentieth of
    it lies idle; where none does, as of a long that has just bought, it has it without that twentieth."""
    share = bench.venue.call("bounds", side)[level] * (95 if side > 0 else 100) // 100
    notional = 10 * PRICE // WAD
    bench.fund(notional * share // WAD + 60)  # 60: what the order costs, and a little
    bench.trade(side * 10 * WAD)
    over = bench.equity() - notional * share
    home = over // 10**12
    assert (bench.idle() > 0) == (side < 0)
    bench.venue.send("withdraw", home, bench.stranger, sender=bench.router)
    assert bench.aave.health(bench.venue) == pytest.approx(HEALTH[level] * WAD // 100, rel=1e-4)


@pytest.mark.proves("HG-22")
def test_bounds_follow_the_market_and_nothing_needs_the_dearer_side(bench: Bench) -> None:
    flat, short, long = (bench.venue.call("bounds", size) for size in (0, -WAD, WAD))
    assert flat == short
    assert all(one > other for one, other in zip(short, long, strict=True))
    for bounds in (short, long):
        assert all(one < other for one, other in pairwise(bounds))
    bench.govern("configureReserveAsCollateral", bench.aave.usdc, 7_000, 7_500, 10_500)
    assert bench.venue.call("bounds", -WAD)[1] == (140 * WAD // 75 - WAD) * 100 // 95
    assert bench.venue.call("bounds", WAD) == long


@pytest.mark.parametrize(
    "margins", [(100, 140, 170), (125, 125, 170), (140, 125, 170), (125, 170, 170), (2, 3, 1_001)]
)
def test_health_factors_that_do_not_rise_are_refused(
    bench: Bench, margins: tuple[int, int, int]
) -> None:
    args = places(bench.aave, bench.router, Margins(*(share * WAD // 100 for share in margins)))
    with refuses("aave: health factors"):
        bench.engine.deploy(compile_vyper("AaveVenue"), *args)


def test_a_place_that_is_not_what_it_should_be_is_refused(bench: Bench) -> None:
    router, reach, provider, pool, base, quote, *margins = places(bench.aave, bench.router)
    other = bench.engine.deploy(compile_vyper("USDC"), sender=bench.aave.owner)
    young = bench.aave.spot.factory
    young.send("createPool", base, quote, 3_000, sender=bench.aave.owner)
    third = young.call("getPool", base, quote, 3_000)
    bad = {
        "aave: no router": ("0x" + "00" * 20, reach, provider, pool, base, quote),
        "lender: no reserve": (router, reach, provider, pool, base, other),
        "lender: decimals": (router, reach, provider, pool, quote, base),
        "spot: too few observations": (router, reach, provider, third, base, quote),
        "spot: not their pool": (router, reach, provider, _odd_pool(bench, other), base, quote),
    }
    for reason, args in bad.items():
        with refuses(reason):
            bench.engine.deploy(compile_vyper("AaveVenue"), *args, *margins)


def _odd_pool(bench: Bench, other: object) -> str:
    factory, owner = bench.aave.spot.factory, bench.aave.owner
    factory.send("createPool", bench.aave.weth, other, 500, sender=owner)
    where: str = factory.call("getPool", bench.aave.weth, other, 500)
    return where


def test_deposits_repay_first_and_withdrawals_of_a_long_borrow(bench: Bench) -> None:
    """A long that its margin does not pay owes; what comes in repays, but for what of it may lie idle; what
    goes out was idle, and the rest is borrowed."""
    bench.fund(15_000)
    bench.trade(10 * WAD)
    owed = -bench.aave.quote(bench.venue)
    assert owed > 15_000 * USD
    bench.fund(5_000)
    assert -bench.aave.quote(bench.venue) == pytest.approx(
        owed - 5_000 * USD + bench.idle(), abs=10
    )
    assert bench.idle() == pytest.approx(bench.equity() // 20 // 10**12, abs=100)
    free = bench.venue.call("free_collateral")
    before = bench.equity()
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
    assert before - bench.equity() == pytest.approx(free * 10**12, abs=CENT)
    assert bench.aave.health(bench.venue) > WAD
    with refuses("CollateralCannotCoverNewBorrow"):
        bench.venue.send("withdraw", 500 * USD, bench.stranger, sender=bench.router)
