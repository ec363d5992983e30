"""A market that is long at two lenders, and one of which the second has become dear to hold at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from several import build_set, fund, members, splitter
from worlds import ETH, World

from tandem.units import HOUR, USD, WAD

HOURS = 200
MOST = 2**255


def note(world: World) -> None:
    """Both venues are asked what holding cost, by anybody."""
    splitter(world).send("note", members(world), sender=world.stranger)


def pass_hours(world: World, hours: int) -> None:
    world.engine.advance(hours * HOUR)
    world.push_wad(world.spot)


@pytest.fixture(scope="module")
def both_once() -> World:
    """Long at two lenders alike."""
    world = build_set("aave+morpho")
    for _ in range(2):
        world.mint(world.call(2_500), 40 * ETH)
        fund(world)
    world.set_terms(carry=HOURS, max_trade=200)
    world.curie.converge()
    world.rest()
    for venue in members(world):  # what is left is under the notional: longs owe
        world.tandem.desk.sweep(venue).send(world.stranger)
    assert all(venue.call("position") > 20 * WAD for venue in members(world))
    note(world)
    pass_hours(world, 1)
    note(world)
    return world


@pytest.fixture
def both(both_once: World) -> Iterator[World]:
    with both_once.undone():
        yield both_once


@pytest.fixture
def dear(both: World) -> World:
    """The lenders of one have left but for a little: what is owed there costs more by the day."""
    world = both
    morpho = world.curie.members[1]
    morpho.drain(morpho.long, 60_000 * USD)
    pass_hours(world, 72)
    note(world)
    pass_hours(world, 1)
    note(world)
    world.freshen()
    fund(world)
    world.rest()
    return world


def lend(world: World, amount: int) -> None:
    """Somebody lends so much on what longs pledge at the second venue, token units."""
    morpho = world.curie.members[1]
    who = morpho.spot.maker
    world.curie.usdc.send("mint", who, amount, sender=world.curie.owner)
    world.curie.usdc.send("approve", morpho.lender, amount, sender=who)
    morpho.lender.send("supply", morpho.long.params, amount, 0, who, b"", sender=who)


def rates(world: World) -> list[tuple[int, int]]:
    """What a long and a short pay a day at each, as it was asked last."""
    return [tuple(splitter(world).call("rates", venue)[:2]) for venue in members(world)]
