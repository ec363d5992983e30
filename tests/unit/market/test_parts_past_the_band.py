"""Market.close beside a hedge that is behind past its band, where the venue carries a part of the order."""

from __future__ import annotations

import pytest
from market_events import hedged
from worlds import ETH, World

from tandem.units import WAD


@pytest.mark.proves("HG-2", "HG-4")
def test_r13_past_the_band_the_part_that_the_venue_carries_goes_home_and_the_hedge_is_no_farther_behind(
    world: World,
) -> None:
    """After a fall that nobody hedged, and a pool a breath from where no order fills."""
    call = world.call(2_500)
    for _ in range(4):
        world.mint(call, 8 * ETH)
        world.curie.converge(2_500 * WAD)
        world.top_up() if world.tandem.snapshot().account.top_up else None
    world.move(2_300)
    world.rest()
    parts = 0
    for off in range(1_470, 1_500, 3):  # 1e-5
        with world.undone():
            world.curie.converge(2_300 * WAD * (100_000 - off) // 100_000)
            receipt = world.close(call, 8 * ETH)
        event = hedged(receipt)
        assert event["residual_after"] <= event["residual_before"]
        assert event["hard_band"] < event["residual_before"]
        assert event["order"] < 0
        parts += receipt.returned[0] < 8 * ETH
    assert parts
