"""max_order says what fills: never more, hardly less, and in every state it answers."""

from __future__ import annotations

import pytest
from aave_bench import PRICE, Bench, places
from adapter_bench import UNBOUNDED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues import Depth
from tandem.venues._spot import open_pool

SLACK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LARGEST = 2**255 - 1


@pytest.mark.proves("LM-3", "HG-4")
@SLACK
@given(
    margin=st.integers(2_000, 60_000),
    held=st.integers(-8, 8),
    order=st.sampled_from([10**17, 3 * WAD, 15 * WAD, 60 * WAD, 10**24]),
    side=st.sampled_from([1, -1]),
    slip=st.sampled_from([None, 5, 20, 60, 300]),
    moved=st.sampled_from([-6, -1, 0, 1, 6]),
)
def test_what_it_says_fills_and_a_twentieth_more_does_not(
    either: Bench, margin: int, held: int, order: int, side: int, slip: int | None, moved: int
) -> None:
    """Margins, positions, pools off the lender's price, bounds from 5 bp to none: every order up to the
    answer fills; where the answer is less than was asked for, a twentieth more does not fill. (Margin is
    reckoned at the price of the whole, so that at a bound of 3 % it may say a twentieth too little.)"""
    with either.undone():
        either.fund(margin)
        try:
            either.trade(held * WAD) if held else None
        except Reverted:
            return
        either.aave.arbitrage(PRICE * (100 + moved) // 100)
        off = PRICE * (100 + moved) // 100 * (slip or 0) // 10_000
        worst = PRICE * (100 + moved) // 100 + side * off
        if slip is None:
            worst = UNBOUNDED if side > 0 else 0
        most = either.most(side * order, worst)
        assert 0 <= most <= order
        for part in (most, most // 2, most // 7):
            if part > 10**12:
                assert either.fills(side * part, worst)
        if slip in (5, 20, 60) and 10**15 < most < order:
            assert not either.fills(side * min(order, most * 21 // 20), worst)


@pytest.mark.proves("LM-3", "HG-4")
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("slip", [1, 4, 30, 95, 110, 180])
@pytest.mark.parametrize("away", [PRICE, PRICE * 1_013 // 1_000])
def test_a_bound_alone_stops_it_to_two_thousandths(
    either: Bench, side: int, slip: int, away: int
) -> None:
    """With margin for any order: inside the maker's nearer position and past its edge, where what the way so
    far was better by counts. What it says fills, two thousandths more does not; one is kept back."""
    either.fund(9_000_000)
    either.aave.arbitrage(away)
    worst = away + side * away * slip // 10_000
    most = either.most(side * 10**24, worst)
    assert 10**15 < most < 10**24
    assert either.fills(side * most, worst)
    assert not either.fills(side * most * 1_002 // 1_000, worst)


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("order", [0, 1, -1, LARGEST, -LARGEST - 1])
@pytest.mark.parametrize("worst", [0, 1, 2**255])
def test_it_answers_whatever_it_is_asked(either: Bench, order: int, worst: int) -> None:
    either.fund(10_000)
    assert either.most(order, worst) >= 0


@pytest.mark.proves("LM-3", "HG-4")
@pytest.mark.parametrize("order", [1, 10, 10**6, 10**8])
def test_dust_that_the_pool_pays_nothing_for_is_not_said_to_fill(either: Bench, order: int) -> None:
    """It brings less than a token's unit, so no price holds for it, whatever lies behind its end."""
    either.fund(10_000)
    assert not either.fills(-order, PRICE // 2)
    assert either.most(-order, PRICE // 2) == 0


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("side", [1, -1])
def test_it_answers_whatever_the_pool_is(either: Bench, side: int) -> None:
    """Pushed as far as its liquidity reaches and past it, and without any."""
    either.fund(10_000)
    for price in (100, 745, 12_200, 10**6):
        with either.undone():
            either.aave.arbitrage(price * WAD)
            for order in (WAD, -WAD, 10**27, -(10**27)):
                assert 0 <= either.most(order) <= abs(order)
                assert 0 <= either.most(order, PRICE) <= abs(order)
            assert either.venue.call("price") > 0
            assert either.venue.call("average", 1_800)[0] > 0
    either.aave.remove_liquidity()
    assert either.most(side * WAD) == 0


def test_a_pool_whose_liquidity_has_no_edge_near_fills_as_far_as_was_looked(bench: Bench) -> None:
    """One wide position and nothing else: no edge within the walk, and what it says fills."""
    bench.fund(200_000)
    narrow = bench.aave.spot.positions()[-1]
    terms = (narrow.key, narrow.liquidity, 0, 0, 2**255)
    manager, maker = bench.aave.spot.manager, bench.aave.spot.maker
    manager.send("decreaseLiquidity", terms, sender=maker)
    for side in (1, -1):
        assert bench.most(side * 5 * WAD) == 5 * WAD
        most = bench.most(side * 10**24)
        assert bench.fills(side * most, UNBOUNDED if side > 0 else 0)


@pytest.mark.parametrize("quiet", [1, 20, 59, 60, 61, 179, 180, 181, 5_000])
def test_an_average_that_nothing_has_moved_is_the_pools_own(either: Bench, quiet: int) -> None:
    """Where the pool has been still for as long as is asked, its own search is spared: what it would have
    said is said all the same, before and after as well."""
    either.aave.arbitrage(PRICE * 102 // 100)
    either.engine.advance(97)
    either.aave.arbitrage(PRICE * 99 // 100)
    either.engine.advance(quiet)
    for window in (12, 60, 180):
        (first, last), inverse = either.aave.pool.call("observe", [window, 0])
        tick, side = (last - first) // window, 1 if either.aave.spot.base_first else -1
        price, depth, steady = either.venue.call("average", window)
        assert price / WAD == pytest.approx(1.0001 ** (tick * side) * 10**12, rel=1e-9)
        now = either.aave.pool.call("liquidity")
        mean = (window << 128) // (inverse[1] - inverse[0])
        assert steady == pytest.approx(depth * min(now, mean) / now, rel=1e-9)


@pytest.mark.proves("HG-16")
def test_while_the_pool_cannot_look_back_nothing_fills(bench: Bench) -> None:
    """HG-16: "While the pool cannot look back so far, `max_order` is 0": a pool of its first minute says
    nothing of what its price was."""
    aave = bench.aave
    people = (aave.owner, aave.spot.maker, aave.spot.arbitrageur)
    young = open_pool(bench.engine, aave.usdc, aave.weth, PRICE, 1_801, people, 3_000)
    young.add_liquidity(Depth())
    wanted = places(aave, bench.router, pool=young.pool.address)
    venue = bench.engine.deploy(compile_vyper("AaveVenue"), *wanted, sender=aave.owner)
    aave.usdc.send("mint", venue, 10_000 * USD, sender=aave.owner)
    venue.send("deposit", 10_000 * USD, sender=bench.router)
    covered, needed = venue.call("history")
    assert covered < needed == 60
    assert venue.call("max_order", WAD, UNBOUNDED) == 0
    bench.engine.advance(60)
    assert venue.call("max_order", WAD, UNBOUNDED) == WAD
