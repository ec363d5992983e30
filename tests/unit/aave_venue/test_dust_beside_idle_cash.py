"""A hedge that came home while the market took no more of the quote token, but for less than a lot."""

from __future__ import annotations

import pytest
from lent import govern
from worlds import ETH, FLAT, World, build

from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues.aave import AaveRecipe


def left_by(world: World, units: int) -> int:
    """The position that so many puts would leave; none where that would be a short, which the market takes no
    margin for."""
    with world.undone():
        try:
            world.mint(world.put(), units)
        except Reverted:
            return 0
        return world.position()


@pytest.mark.proves("LM-6", "HG-12")
def test_what_lies_idle_beside_a_position_under_the_lot_comes_home_at_once() -> None:
    """Found by a soak: it carries no debt, so a sweep saw what lay above the margin of what was lent,
    a dollar at a time, and the last LPs waited for seventy thousand."""
    world = build(venue=AaveRecipe(), smile=FLAT)
    market, call, lot = world.curie, world.call(), world.tandem.venue.call("lot")
    for _ in range(6):
        world.mint(call, 4 * ETH)
        while world.tandem.snapshot().account.top_up:
            world.top_up()
    govern(market, "setReserveFreeze", market.usdc, True)
    world.close(call, 24 * ETH)
    few, many = 0, ETH // 10
    while not 0 < (left := left_by(world, (few + many) // 2)) < lot:
        few, many = ((few + many) // 2, many) if left >= lot else (few, (few + many) // 2)
    world.mint(world.put(), (few + many) // 2)
    govern(market, "setReserveFreeze", market.usdc, False)
    assert 0 < world.position() < lot
    world.settle(world.near, 2_600)
    world.move(2_600)
    assert 0 < world.position() < lot
    assert world.tandem.venue.call("idle") > 10_000 * USD
    world.lp_exits()
    world.tandem.desk.send("sweep", sender=world.stranger)
    assert world.tandem.venue.call("account", world.spot)[1] < 5 * WAD
    with pytest.raises(Reverted, match="margin: no sweep due"):
        world.tandem.desk.send("sweep", sender=world.stranger)
