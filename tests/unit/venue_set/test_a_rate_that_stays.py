"""VS-10: a lender's rate rises and stays: the hedge is gone from there long before what it costs has it
liquidated, without any margin sent there and whoever calls."""

from __future__ import annotations

from contextlib import suppress

import pytest
from carrying import MOST, both, both_once, note
from several import members
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import HOUR, WAD

__all__ = ["both", "both_once"]

LONG = 120
"""Days after which what has stayed there is liquidated."""


def day(world: World) -> None:
    world.engine.advance(24 * HOUR)
    world.push_wad(world.spot)
    note(world)


@pytest.mark.proves("VS-10")
def test_what_lies_there_is_moved_before_anybody_may_liquidate(both: World) -> None:
    """All that was lent is owed. Left alone it is liquidated after seven weeks; in two days it is gone."""
    world, (aave, morpho) = both, members(both)
    market = world.curie.members[1]
    market.drain(market.long)
    held, whole = morpho.call("position"), world.position()
    assert held > 20 * WAD
    with world.undone():
        days = 0
        while not market.liquidatable(morpho):
            day(world)
            days += 1
            assert days < LONG
    assert days > 20
    for _ in range(2):
        day(world)
        while moved(world, morpho, aave):
            assert not market.liquidatable(morpho)
    assert morpho.call("position") < WAD // 100
    assert world.position() == pytest.approx(whole, rel=1e-3)


def moved(world: World, source: Contract, target: Contract) -> bool:
    """A chunk, if that saves; what arrives gets its margin."""
    desk = world.tandem.desk
    with suppress(Reverted):
        desk.top_up(target).send(world.stranger)
    world.engine.advance(60)
    world.push_wad(world.spot)
    try:
        desk.shift(source, target, MOST).send(world.stranger)
    except Reverted:
        return False
    return True
