"""Lens: which moments a mark takes for calm, exactly, and whose time a slice's time is."""

from __future__ import annotations

import pytest
from worlds import ETH, WINDOW, World

from tandem.errors import Reverted
from tandem.units import WAD

FEED = 10**10  # a step of the feed, WAD
ENOUGH = 10**13  # a NAV beside which nothing of one option is wide


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("above", [False, True])
def test_half_the_fill_band_is_still_near_and_a_step_of_the_feed_more_is_not(
    world: World, above: bool
) -> None:
    """SH-8: "the venue trades within half the fill band of the oracle", now and on the last
    minute's average: 25 of 10,000, met exactly."""
    world.mint(world.call(2_500), ETH)
    world.freshen()
    there = getattr(world.tandem.router.quotation(False), "high" if above else "low")
    side = 1 if above else -1
    edge = there * 20_000 // (20_000 + side * 50) // FEED
    calm = []
    for step in (-2, 2):
        world.push_wad((edge + step) * FEED)
        calm.append(world.tandem.lens.mark_for(ENOUGH, 1).calm)
        assert world.tandem.lens.mark_for(ENOUGH, 0).calm
    assert calm == ([False, True] if above else [True, False])


@pytest.mark.proves("SH-8")
def test_calm_ends_at_the_residual_that_may_go_home_whole_where_gamma_and_nav_make_it(
    world: World,
) -> None:
    """Not where the twentieth of what is open does: of few options and a narrow band it mostly is that."""
    world.set_terms(risk_aversion=50_000)
    world.mint(world.call(2_500), 8 * ETH)
    world.freshen()
    nav = world.tandem.vault.funds().nav
    calm = []
    for price in range(2_500, 2_560):
        world.push(price)
        stance = world.tandem.snapshot().stance
        assert stance.width < 8 * WAD // 20, "no more than what is open makes it"
        inside = abs(stance.residual) < max(stance.width, stance.trigger)
        assert world.tandem.lens.mark_for(nav, 0).calm is inside
        calm.append(inside)
    assert calm[0]
    assert not calm[-1]


@pytest.mark.proves("SH-8")
def test_the_sides_of_nav_are_near_to_the_unit_of_all_that_parts_them(world: World) -> None:
    """What the venue counts either way, what the residual may cost and what it may gain: no moment is calm
    to a NAV of which a thousandth is less, to the unit."""
    world.set_terms(risk_aversion=10)
    world.mint(world.call(2_500), 8 * ETH)
    world.freshen()
    world.push(2_510)
    m = world.tandem.lens.mark_for(ENOUGH, 0)
    parts = (m.equity_high - m.equity_low, m.rehedge_cost, m.rehedge_gain)
    assert min(parts) > WAD
    least = -(-sum(parts) * 10_000 // (world.terms()["exit_gap"] * 10**12))
    assert [world.tandem.lens.mark_for(nav, 0).calm for nav in (least - 1, least)] == [False, True]


@pytest.mark.proves("SH-10")
@pytest.mark.parametrize("odd", [False, True])
def test_the_time_of_a_slice_is_its_own(world: World, odd: bool) -> None:
    """Times stand side by side in a word: one read with a bit of its neighbour's would be of the future, and
    its slice never old."""
    for far in (False, True):
        world.mint(world.call(2_750, far=far), ETH)
    world.engine.advance(1_001)
    world.push_wad(world.spot)
    world.engine.advance(2 - (world.engine.now() + odd) % 2)
    assert world.engine.now() % 2 == odd
    world.tandem.post({world.far: world.slices[world.far]})
    world.engine.advance(WINDOW)
    with world.refuses("market: surface stale"):
        world.tandem.lens.mark()
    world.tandem.post({world.near: world.slices[world.near]})
    world.engine.advance(WINDOW)
    assert 0 < world.tandem.lens.mark().liability < 10**4 * WAD


@pytest.mark.proves("SH-10")
def test_who_leaves_waits_for_a_slice_to_the_last_second_of_his_patience(world: World) -> None:
    """Since its own moment, or since all that is open was last fresh together."""
    wait = world.terms()["exit_wait"]
    world.mint(world.call(2_750), ETH)
    slices, whole = world.tandem.surface.slices(), world.tandem.surface.whole_at()
    oldest = world.engine.now() - max(each.age for each in slices)
    last = min(oldest, whole) + wait
    world.engine.set_time(last - 60)
    world.push_wad(world.spot)
    refused = []
    for second in (last - 1, last, last + 1):
        with world.undone():
            world.engine.set_time(second)
            try:
                assert world.tandem.lens.mark_for(ENOUGH, wait).stale
            except Reverted as error:
                refused.append((second - last, error.reason))
    assert refused == [(-1, "market: surface stale"), (0, "market: surface stale")]
