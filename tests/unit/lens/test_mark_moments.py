"""Lens: which moments a mark takes for calm, exactly, and whose time a slice's time is."""

from __future__ import annotations

import pytest
from worlds import ETH, WINDOW, World

from tandem.units import WAD

FEED = 10**10  # a step of the feed, WAD
ENOUGH = 10**13  # a NAV beside which nothing of one option is wide


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("above", [False, True])
def test_half_the_fill_band_is_still_near_and_a_step_of_the_feed_more_is_not(
    world: World, above: bool
) -> None:
    """SH-8: "the venue trades within half the fill band of the oracle": 25 of 10,000, met exactly."""
    world.mint(world.call(2_500), ETH)
    world.freshen()
    there = int(world.tandem.router.call("price"))
    side = 1 if above else -1
    edge = there * 20_000 // (20_000 + side * 50) // FEED
    calm = []
    for step in (-2, 2):
        world.push_wad((edge + step) * FEED)
        calm.append(world.tandem.lens.mark_for(ENOUGH, 1).calm)
        assert world.tandem.lens.mark_for(ENOUGH, 0).calm
    assert calm == ([False, True] if above else [True, False])


@pytest.mark.parametrize("odd", [(False, True), (True, False), (True, True)])
def test_the_time_of_a_slice_is_its_own(world: World, odd: tuple[bool, bool]) -> None:
    """Times stand side by side in a word: one read with a bit of the next one's would be of the future."""
    for expiry, is_odd in zip((world.near, world.far), odd, strict=True):
        world.mint(world.call(2_750, far=expiry == world.far), ETH)
        world.engine.advance(2 - (world.engine.now() + 1 + is_odd) % 2)
        world.tandem.post({expiry: world.slices[expiry]})
    world.engine.advance(WINDOW)
    low, high = (world.tandem.lens.call("mark")[i] for i in (1, 2))
    assert 0 < low < high < 10**4 * WAD
