"""max_order says what fills: never more, hardly less, and in every state it answers."""

from __future__ import annotations

from typing import Any

import pytest
from adapter_bench import UNBOUNDED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from morpho_bench import PRICE, Bench, opened, places

from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues import Depth, Opening
from tandem.venues._spot import open_pool
from tandem.venues.morpho import MorphoRecipe

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
def test_what_it_says_fills_and_little_more_would(
    either: Bench, margin: int, held: int, order: int, side: int, slip: int | None, moved: int
) -> None:
    """Margins, positions, pools off the lender's price, bounds from 5 bp to none: every order up to the
    answer fills. Where the answer is less than was asked for, a twentieth more does not fill, or what is
    owed stands at the most that an order may leave: a twentieth under where it is liquidated. (Margin is
    reckoned at the price of the whole, so that at a bound of 3 % it may say a twentieth too little.)"""
    with either.undone():
        either.fund(margin)
        try:
            either.trade(held * WAD) if held else None
        except Reverted:
            return
        either.morpho.arbitrage(PRICE * (100 + moved) // 100)
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
            more = either.fills(side * min(order, most * 21 // 20), worst)
            assert not more or 104 * WAD < 100 * left_with(either, side * most) < 109 * WAD


def left_with(bench: Bench, size: int) -> int:
    """The health factor that an order leaves, WAD, undone."""
    with bench.undone():
        bench.trade(size)
        return bench.morpho.health(bench.venue)


@pytest.mark.proves("LM-3", "LM-7")
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("held", [0, 4, -4])
def test_what_it_says_leaves_an_account_that_nobody_liquidates(
    either: Bench, side: int, held: int
) -> None:
    """The lender itself would lend up to where anybody liquidates in the next second. From nothing, adding,
    and through nothing."""
    either.fund(4_000)
    if held:
        either.trade(held * WAD)
    most = either.most(side * 200 * WAD)
    assert WAD < most < 60 * WAD
    left = left_with(either, side * most)
    assert 105 * WAD < 100 * left < 112 * WAD
    lender_would = most * 11 // 10 if held * side >= 0 else most * 21 // 20
    assert either.fills(side * lender_would, UNBOUNDED if side > 0 else 0)


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("side", [1, -1])
def test_an_account_that_should_be_liquidated_lowers_by_what_makes_it_whole(
    bench: Bench, side: int
) -> None:
    """The lender gives nothing back to who owes too much: of a small order nothing fills, one that is
    large enough says itself and fills, and so does the whole way home."""
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    bench.morpho.set_index(1_700 * WAD if side > 0 else 4_000 * WAD)
    bench.morpho.arbitrage()
    assert bench.morpho.liquidatable(bench.venue)
    assert bench.most(-side * WAD // 10) == 0
    with pytest.raises(Reverted, match="insufficient collateral"):
        bench.trade(-side * WAD // 10)
    bad, good = 0, 8 * WAD
    while good - bad > WAD // 10_000:
        middle = (good + bad) // 2
        better = bench.fills(-side * middle, 0 if side > 0 else UNBOUNDED)
        bad, good = (bad, middle) if better else (middle, good)
    assert bench.most(-side * bad) == 0
    assert bench.most(-side * good * 11 // 10) == pytest.approx(good * 11 // 10, abs=1)
    assert bench.most(-side * 8 * WAD) == 8 * WAD
    with bench.undone():
        bench.trade(-side * 8 * WAD)
    assert bench.most(-bench.position()) == abs(bench.position())
    bench.trade(-bench.position())
    assert bench.position() == 0


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("order", [0, 1, -1, LARGEST, -LARGEST - 1])
@pytest.mark.parametrize("worst", [0, 1, 2**255])
def test_it_answers_whatever_it_is_asked(either: Bench, order: int, worst: int) -> None:
    either.fund(10_000)
    assert either.most(order, worst) >= 0


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("side", [1, -1])
def test_it_answers_whatever_the_pool_is(either: Bench, side: int) -> None:
    """Pushed as far as its liquidity reaches and past it, and without any."""
    either.fund(10_000)
    for price in (100, 745, 12_200, 10**6):
        with either.undone():
            either.morpho.arbitrage(price * WAD)
            for order in (WAD, -WAD, 10**27, -(10**27)):
                assert 0 <= either.most(order) <= abs(order)
                assert 0 <= either.most(order, PRICE) <= abs(order)
            assert either.venue.call("price") > 0
            assert either.venue.call("average", 1_800)[0] > 0
    either.morpho.remove_liquidity()
    assert either.most(side * WAD) == 0


def test_a_pool_whose_liquidity_has_no_edge_near_fills_as_far_as_was_looked(bench: Bench) -> None:
    """One wide position and nothing else: no edge within the walk, and what it says fills."""
    bench.fund(200_000)
    pool: Any = bench.traded
    pool.take_back(pool.positions()[-1])
    for side in (1, -1):
        assert bench.most(side * 5 * WAD) == 5 * WAD
        most = bench.most(side * 10**24)
        assert bench.fills(side * most, UNBOUNDED if side > 0 else 0)


@pytest.mark.proves("HG-16")
def test_while_the_pool_cannot_look_back_nothing_fills(bench: Bench) -> None:
    """HG-16: "While the pool cannot look back so far, `max_order` is 0": a pool of its first minute says
    nothing of what its price was."""
    morpho = bench.morpho
    people = (morpho.owner, morpho.spot.maker, morpho.spot.arbitrageur)
    young = open_pool(bench.engine, morpho.usdc, morpho.weth, PRICE, 1_801, people, 3_000)
    young.add_liquidity(Depth())
    remembers = "reference" if "reference" in morpho.recipe.needed else "pool"
    venue = bench.new(*places(morpho, bench.router, **{remembers: young.pool.address}))
    morpho.usdc.send("mint", venue, 10_000 * USD, sender=morpho.owner)
    venue.send("deposit", 10_000 * USD, sender=bench.router)
    covered, needed = venue.call("history")
    assert covered < needed == 60
    assert venue.call("max_order", WAD, UNBOUNDED) == 0
    for until, fills in ((needed - 1, 0), (needed, WAD)):
        bench.engine.advance(until - venue.call("history")[0])
        assert venue.call("history") == (until, needed)
        assert venue.call("max_order", WAD, UNBOUNDED) == fills


@pytest.mark.proves("LM-3")
def test_a_price_is_rounded_up_for_who_pays_with_all_that_he_has() -> None:
    """In a pool without a slip worth the name, beside a market that lends nothing: what is said fills, and of
    the money a unit is left for each ether at most, by which its price was said too high."""
    deep = Opening(depth=Depth(usd=10**13))
    bench = opened(MorphoRecipe(used=False), deep)
    bench.fund(15_000)
    bench.morpho.drain(bench.morpho.long)
    most = bench.most(20 * WAD)
    bench.trade(most)
    assert most == pytest.approx(15_000 * WAD**2 // PRICE * 9_995 // 10_000, rel=1e-9)
    assert 0 <= bench.morpho.quote(bench.venue) <= 5


def test_a_thousandth_under_the_largest_order_that_fills_is_said_to_fill() -> None:
    """Beside a market that lends nothing, where the last unit costs more than twice what all do on average:
    the price is asked for so much more as is kept back of an order, and for no more."""
    thin = Opening(depth=Depth(tail=0.005))
    bench = opened(MorphoRecipe(used=False), thin)
    bench.fund(2_800_000)
    bench.morpho.drain(bench.morpho.long)
    good, bad = 0, 1_000 * WAD
    while bad - good > WAD // 10**6:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if bench.fills(middle, UNBOUNDED) else (good, middle)
    assert bench.most(good) < good
    assert bench.most(good * 999 // 1_000) == good * 999 // 1_000
    bench.trade(good)
    assert bench.venue.call("price") * good > 2 * 2_800_000 * WAD**2


@pytest.mark.proves("LM-3", "HG-4")
@pytest.mark.parametrize("order", [1, 10, 10**6, 10**8])
def test_dust_that_the_pool_pays_nothing_for_is_not_said_to_fill(bench: Bench, order: int) -> None:
    """It brings less than a token's unit, so no price holds for it."""
    bench.fund(10_000)
    assert not bench.fills(-order, PRICE // 2)
    assert bench.most(-order, PRICE // 2) == 0
