"""What the breaker counts as drained: what the hedge pays its venue by the rate of its own sign."""

from __future__ import annotations

import pytest
from worlds import ETH, World, world, world_once

from tandem.units import DAY, HOUR, USD, WAD

__all__ = ["world", "world_once"]


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("sells", [False, True])
@pytest.mark.parametrize("per_mille", [-4, 4])
def test_what_the_hedge_pays_is_counted_and_what_it_is_paid_is_not(
    world: World, sells: bool, per_mille: int
) -> None:
    """Longs pay while the pool stands above the index, and shorts under it: 0.4 % of the notional a day."""
    world.mint(world.put(2_500) if sells else world.call(2_500), 5 * ETH)
    held = world.position() / WAD
    assert abs(held) > 1
    assert (held < 0) == sells
    world.curie.converge(world.spot * (1_000 + per_mille) // 1_000)
    world.engine.advance(HOUR)
    found = []
    for _ in range(2):
        world.engine.advance(HOUR)
        world.push_wad(world.spot)
        world.post()
        world.tandem.stress.remark().send(world.stranger)
        found.append(world.tandem.breaker.state().drained / USD)
    hour = found[1] - found[0] * 23 / 24
    a_day = abs(held) * world.spot / WAD * (abs(per_mille) / 1_000 - 1e-4)
    assert hour == pytest.approx(a_day * HOUR / DAY if held * per_mille > 0 else 0, rel=0.1)
