"""Whoever sells back in hundreds of tiny parts gets no more than at once: roundings, spread and orders."""

from __future__ import annotations

import pytest
from worlds import ETH, WAD, World

PARTS = 400


@pytest.mark.sampled(4)
@pytest.mark.proves("PR-4", "UN-3")
@pytest.mark.parametrize("off", [-8, 0, 8], ids=lambda usd: f"pool {usd} USD off")
@pytest.mark.parametrize("units", [ETH // 100, ETH // 1_000, ETH // 100_000])
@pytest.mark.parametrize("put", [False, True], ids=["call", "put"])
def test_four_hundred_parts_bring_no_more_than_the_whole(
    world: World, units: int, off: int, *, put: bool
) -> None:
    """Parts above the lot, half under it, and a hundredth of it; each is a second later, which takes some
    theta. What a part's fee is rounded by, under a unit of the token, is all that splitting may gain. Parts
    under the lot need no order and pay for it: the residual stays in its hard band."""
    series = world.put(2_500) if put else world.call(2_500)
    world.mint(series, 5 * ETH)
    world.freshen()
    world.curie.converge((2_500 + off) * WAD)
    with world.undone():
        whole = world.close(series, PARTS * units).returned[1]
    parts = sum(world.close(series, units).returned[1] for _ in range(PARTS))
    assert parts <= whole + PARTS
    stance = world.tandem.snapshot().stance
    assert abs(stance.residual) <= stance.hard
