"""CurieVenue: what holding a long costs a day, as the venue itself works it out."""

from __future__ import annotations

import pytest
from worlds import World, world, world_once

from tandem.units import DAY, WAD

__all__ = ["world", "world_once"]
MOST = WAD // 10  # the exchange's bound: a tenth of the notional a day


@pytest.mark.proves("HG-15")
@pytest.mark.parametrize("per_mille", [-4, 0, 3])
def test_funding_is_what_the_market_is_above_the_index(world: World, per_mille: int) -> None:
    """HG-15: "by the average that the venue itself charges by": the market's over the index's, once both have
    stood as long as they are averaged; to a tick, of which the market's average is a whole number."""
    world.curie.converge(world.spot * (1_000 + per_mille) // 1_000)
    world.engine.advance(DAY)
    world.push_wad(world.spot)
    rate = world.curie.pool_price() * WAD // world.spot - WAD
    assert world.tandem.venue.call("funding") == pytest.approx((rate, -rate), abs=WAD // 10_000)
    assert abs(rate) > 10**15 or per_mille == 0


@pytest.mark.parametrize("per_mille", [-150, 150])
def test_funding_is_bounded_as_the_venue_bounds_it(world: World, per_mille: int) -> None:
    world.push_wad(world.spot * 1_000 // (1_000 + per_mille))
    world.engine.advance(DAY)
    most = MOST if per_mille > 0 else -MOST
    assert world.tandem.venue.call("funding") == (most, -most)


def test_any_mark_does_and_none_is_answered_by_one(world: World) -> None:
    """The rate is an average already: since whatever it is what it is, and what it answers is a mark."""
    world.push_wad(world.spot * 1_003 // 1_000)
    world.engine.advance(DAY)
    paid = world.tandem.venue.call("funding")
    assert paid[0] == -paid[1] != 0
    for mark, kept in ((0, 1), (1, 1), (2**255, 2**255)):
        assert world.tandem.venue.call("funding_since", mark) == (kept, *paid)
