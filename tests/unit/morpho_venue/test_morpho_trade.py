"""MorphoVenue: an order is exact, inside its bound, and costs what the pool takes for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from harnesses import harness
from morpho_bench import ACCRUED, PRICE, Bench, other_market, places
from refusals import refuses

from tandem.engine.artifacts import compile_vyper
from tandem.units import USD, WAD
from tandem.venues import Margins
from tandem.venues.morpho.ledger import Account

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


@pytest.mark.proves("LM-7")
@pytest.mark.parametrize("side", [1, -1])
def test_an_order_through_nothing_leaves_nothing_in_the_other_market(
    either: Bench, side: int
) -> None:
    """One order, one swap, both markets: what was pledged and owed for the one sign is gone, to the last
    share, and the other sign's stands in its own market. Money without a position lies in the short's, lent
    to nobody."""
    either.fund(20_000)
    short, long = either.morpho.short, either.morpho.long
    assert (short.account(either.venue).pledged, long.account(either.venue)) == (
        20_000 * USD,
        Account(0, 0),
    )
    for size in (side * 10 * WAD, -side * 17 * WAD, side * 14 * WAD):
        receipt = either.trade(size)
        assert len(receipt.events("Swap")) == 1
        held = either.position()
        own, other = (long, short) if held > 0 else (short, long)
        assert other.account(either.venue) == Account(0, 0)
        there = own.account(either.venue)
        assert there.pledged > 0
        if held > 0:
            assert there.pledged == held
        else:
            assert own.debt(either.venue) == -held


@pytest.mark.proves("LM-1")
def test_what_was_closed_is_nothing_and_leaves_with_everything(either: Bench) -> None:
    """A flat account is exactly 0, whatever interest left, and what lies there comes home to the cent."""
    either.fund(20_000)
    for size in (-4 * WAD, 4 * WAD):
        either.trade(size)
        either.engine.advance(30 * 86_400)
        either.trade(-either.position())
        assert either.position() == 0
        assert either.morpho.position(either.venue) in range(-(10**6), 10**6)
    free = either.venue.call("free_collateral")
    assert free == pytest.approx(either.equity() // 10**12, rel=2e-3)
    home = either.morpho.quote(either.venue)
    either.venue.send("withdraw", home, either.stranger, sender=either.router)
    assert either.morpho.usdc.call("balanceOf", either.stranger) == home
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
    with refuses("morpho: past the bound"):
        either.trade(size, fill - worse)


def test_only_the_router_trades_and_moves_margin(bench: Bench) -> None:
    bench.fund(1_000)
    calls = (("trade", WAD, 2**255), ("deposit", 1), ("withdraw", 1, bench.stranger))
    for call in calls:
        for sender in (bench.stranger, bench.morpho.owner):
            with refuses("morpho: not the router"):
                bench.venue.send(*call, sender=sender)


@pytest.mark.proves("LM-5")
def test_only_the_pool_calls_back_once_and_only_for_an_order_of_ours(on_v3: Bench) -> None:
    """Not a stranger; not the pool unasked; and not the pool twice for one order. Asked once it is paid."""
    with refuses("morpho: not the pool"):
        on_v3.venue.send("uniswapV3SwapCallback", WAD, -1, b"", sender=on_v3.stranger)
    router, reach, lender, short, long, _, base, quote, *margins = places(
        on_v3.morpho, on_v3.router
    )
    greedy = on_v3.engine.deploy(harness("unit/aave_venue/GreedyPool.vy"), base, quote)
    args = (router, reach, lender, short, long, greedy, base, quote, *margins)
    venue = on_v3.new(*args)
    for token, to in ((on_v3.morpho.weth, greedy), (on_v3.morpho.usdc, venue)):
        token.send("mint", to, WAD, sender=on_v3.morpho.owner)
    venue.send("deposit", 10 * USD, sender=router)
    with refuses("venue: not our order"):
        greedy.send("call_back", venue, sender=on_v3.stranger)
    order = (10**15, 2**255)
    for calls in (2, 1):
        greedy.send("set_calls", calls, sender=on_v3.stranger)
        if calls == 2:
            with refuses("venue: not our order"):
                venue.send("trade", *order, sender=router)
    before = on_v3.morpho.usdc.call("balanceOf", greedy)
    venue.send("trade", *order, sender=router)
    assert on_v3.morpho.usdc.call("balanceOf", greedy) - before == USD
    assert venue.call("position") == pytest.approx(order[0], abs=ACCRUED)


def test_an_order_that_the_pool_cannot_fill_is_refused(on_v3: Bench) -> None:
    on_v3.fund(10_000)
    on_v3.morpho.remove_liquidity()
    for size in (WAD, -WAD):
        assert on_v3.most(size) == 0
        with refuses("spot: fill not exact"):
            on_v3.trade(size)


HEALTH = (125, 140, 170)


@pytest.mark.proves("HG-22")
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_margin_by_its_bounds_is_the_health_factor(bench: Bench, side: int, level: int) -> None:
    """The venue states its margin by sign, from the market's live thresholds: an account whose equity is
    that share of its notional has that health factor, as the market itself says it."""
    share = bench.venue.call("bounds", side)[level]
    notional = 10 * PRICE // WAD
    bench.fund(notional * share // WAD + 60)  # 60: what the order costs, and a little
    bench.trade(side * 10 * WAD)
    over = bench.equity() - notional * share
    home = over // 10**12
    bench.venue.send("withdraw", home, bench.stranger, sender=bench.router)
    assert bench.morpho.health(bench.venue) == pytest.approx(HEALTH[level] * WAD // 100, rel=1e-4)


@pytest.mark.proves("HG-22")
def test_bounds_are_the_markets_thresholds_and_nothing_needs_the_dearer_side(bench: Bench) -> None:
    """The threshold is the market's own word, 86 % in both, and each sign goes by its own market's."""
    flat, short, long = (bench.venue.call("bounds", size) for size in (0, -WAD, WAD))
    assert flat == short
    assert all(one > other for one, other in zip(short, long, strict=True))
    for bounds in (short, long):
        assert all(one < other for one, other in pairwise(bounds))
    assert short[1] == 140 * WAD // 86 - WAD
    assert long[1] == pytest.approx(WAD - 86 * WAD // 140, abs=1)
    other = other_market(bench, "long", lltv=70 * WAD // 100)
    args = places(bench.morpho, bench.router, long_market=other)
    venue = bench.new(*args)
    assert venue.call("bounds", -WAD) == short
    assert venue.call("bounds", WAD)[1] == WAD - 70 * WAD // 140


@pytest.mark.parametrize(
    "margins", [(100, 140, 170), (125, 125, 170), (140, 125, 170), (125, 170, 170), (2, 3, 1_001)]
)
def test_health_factors_that_do_not_rise_are_refused(
    bench: Bench, margins: tuple[int, int, int]
) -> None:
    args = places(bench.morpho, bench.router, Margins(*(share * WAD // 100 for share in margins)))
    with refuses("morpho: health factors"):
        bench.new(*args)


def test_a_place_that_is_not_what_it_should_be_is_refused(on_v3: Bench) -> None:
    router, reach, lender, short, long, pool, base, quote, *margins = places(
        on_v3.morpho, on_v3.router
    )
    other = on_v3.engine.deploy(compile_vyper("USDC"), sender=on_v3.morpho.owner)
    young = on_v3.morpho.spot.factory
    young.send("createPool", base, quote, 3_000, sender=on_v3.morpho.owner)
    third = young.call("getPool", base, quote, 3_000)
    worthless = other_market(on_v3, "short", lltv=0)
    bad = (
        ("morpho: no router", ("0x" + "00" * 20, reach, lender, short, long, pool, base, quote)),
        ("lender: not their markets", (router, reach, lender, long, short, pool, base, quote)),
        ("lender: not their markets", (router, reach, lender, short, short, pool, base, quote)),
        ("lender: not their markets", (router, reach, lender, short, bytes(32), pool, base, quote)),
        ("lender: not their markets", (router, reach, lender, short, long, pool, base, other)),
        ("lender: no collateral", (router, reach, lender, worthless, long, pool, base, quote)),
        ("spot: too few observations", (router, reach, lender, short, long, third, base, quote)),
        (
            "spot: not their pool",
            (router, reach, lender, short, long, _odd_pool(on_v3, other), base, quote),
        ),
    )
    for reason, args in bad:
        with refuses(reason):
            on_v3.new(*args, *margins)


def _odd_pool(on_v3: Bench, other: object) -> str:
    factory, owner = on_v3.morpho.spot.factory, on_v3.morpho.owner
    factory.send("createPool", on_v3.morpho.weth, other, 500, sender=owner)
    where: str = factory.call("getPool", on_v3.morpho.weth, other, 500)
    return where


def test_deposits_repay_first_and_withdrawals_of_a_long_borrow(bench: Bench) -> None:
    """A long that its margin does not pay owes; what comes in repays, what goes out is borrowed."""
    bench.fund(15_000)
    bench.trade(10 * WAD)
    owed = -bench.morpho.quote(bench.venue)
    assert owed > 15_000 * USD
    bench.fund(5_000)
    assert -bench.morpho.quote(bench.venue) == pytest.approx(owed - 5_000 * USD, abs=10)
    bench.fund(0)
    free = bench.venue.call("free_collateral")
    before = bench.equity()
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
    assert before - bench.equity() == pytest.approx(free * 10**12, abs=CENT)
    assert bench.morpho.health(bench.venue) > WAD
    with refuses("insufficient collateral"):
        bench.venue.send("withdraw", 500 * USD, bench.stranger, sender=bench.router)
