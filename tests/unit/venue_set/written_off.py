"""A member that goes down, is written off and returns, with the clock of it."""

from __future__ import annotations

from worlds import World

from tandem.units import DAY

WAIT = 3 * DAY
CURIE, AAVE = 0, 1
MINUTES = 600


def take_down(world: World, place: int = AAVE) -> int:
    world.tandem.guardian.take_down_one(place).send(world.tandem.roles.guardian)
    return world.engine.now()


def brought_back(world: World, place: int = AAVE) -> None:
    guardian, owner = world.tandem.guardian, world.tandem.roles.deployer
    guardian.bring_back_one(place).send(owner)
    world.engine.advance(2 * DAY)
    world.freshen()
    guardian.apply(0).send(owner)


def until(world: World, time: int) -> None:
    """With young prices."""
    world.go_on(time - MINUTES - world.engine.now())
    world.freshen()
    world.engine.set_time(time)
