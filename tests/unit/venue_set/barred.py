"""A venue of a set that is past its cap of losses, and what it lacks."""

from __future__ import annotations

from several import REPLACED, tell
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD


def largest(world: World) -> int:
    """The largest trade, WAD USD."""
    return world.tandem.vault.call("totalAssets") * world.terms()["max_trade"] // 10_000 * 10**12


def needs(world: World, face: Contract) -> int:
    """All that its margin is for, WAD USD: its hedge, and the largest trade."""
    return abs(face.call("position")) * world.spot // WAD + largest(world)


def topped_up(world: World, venue: Contract) -> int:
    """What a top-up sends, 0 where it is refused."""
    try:
        return int(world.tandem.desk.top_up(venue).send(world.stranger).returned)
    except Reverted:
        return 0


def lie(world: World, face: Contract) -> int:
    """It has 2,000 USD of ours, says once that it is nearly all that its margin is for, of which nothing
    carries orders, and then the truth: what was never there is lost. Returns what it was sent meanwhile."""
    face.send("set_equity", 2_000 * WAD, sender=world.stranger)
    tell(world, face, ("account", REPLACED, 1, needs(world, face) - 100 * WAD))
    sent = world.tandem.desk.top_up(face).send(world.stranger).returned
    face.send("lie", face.abi.functions["account"][0].selector, 0, 0, 0, sender=world.stranger)
    assert world.tandem.desk.top_up(face).send(world.stranger).returned == 0
    return sent


def lacking(world: World, one: Contract) -> int:
    """What brings one account to its target, headroom apart, token units."""
    position, *equities = one.call("account", world.spot)[:4]
    _, target, _ = one.call("bounds", position)
    gap = abs(position) * world.spot // WAD * target // WAD - min(equities[0], equities[2])
    return -(-gap // 10**12)
