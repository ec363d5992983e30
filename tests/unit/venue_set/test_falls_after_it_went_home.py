"""HG-13: what was lowered or moved away at a rise is not there in the fall after it, and explains none."""

from __future__ import annotations

import pytest
from several import REPLACED, members, splitter, tell
from swings import HIGH, LOW, MARGIN_EQUITY, NOTHING, Member, begun, lost_at
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import HOUR, WAD


def shifted_away(member: Member) -> None:
    """Nothing carries orders there, it says, so that anybody moves its hedge to the other."""
    world, face = member.world, member.face
    face.send("set_equity", member.said, sender=world.stranger)
    tell(world, face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
    curie = members(world)[0]
    member.again(
        lambda: world.tandem.desk.send("shift", face, curie, 10**24, sender=world.stranger), True
    )
    tell(world, face, ("account", 0, 0, 0))
    member.follow()


def shifted_back(member: Member) -> None:
    """It pays who holds there, it says: anybody moves the hedge to it."""
    world, face = member.world, member.face
    curie = members(world)[0]
    face.send("set_equity", member.said, sender=world.stranger)
    member.ghost.send("set_rate", -WAD // 100, sender=world.stranger)
    for _ in range(2):
        splitter(world).send("note", members(world), sender=world.stranger)
        world.engine.advance(HOUR)
        world.freshen()

    def all_back() -> None:
        for _ in range(30):
            world.tandem.desk.shift(curie, face, 10**24).send(world.stranger)
            world.engine.advance(61)
            world.push(LOW)

    with pytest.raises(Reverted, match="margin: nothing to move"):
        all_back()
    member.follow()
    member.said = world.tandem.desk.seen(face).equity


@pytest.mark.proves("HG-13", "HG-20")
@pytest.mark.parametrize("way", ["lowered", "shifted"])
def test_a_fall_after_it_went_home(faced: World, face: Contract, way: str) -> None:
    """Bought at the other at the rise, and brought back at the fall because holding is said to pay there:
    9,102 USD in twenty swings of two per cent where `delever` took it home, 1,625 where a `shift` did."""
    t, member = faced.tandem, begun(faced, face, *members(faced))
    before = lost_at(faced, face)
    for _ in range(20):
        assert member.held > WAD
        member.price(HIGH)
        member.depth = 10**5 * WAD
        member.show(HIGH * WAD)
        (member.be_lowered(0) if way == "lowered" else shifted_away(member))
        assert member.held < WAD // 100
        seen = t.desk.seen(face)
        member.depth = WAD
        member.show(HIGH * WAD * 1_015 // 1_000)
        member.again(lambda: t.rebalance(sender=faced.stranger), True)
        assert abs(face.call("position")) < WAD // 100
        member.depth = 10**5 * WAD
        member.show(HIGH * WAD)
        member.price(LOW)
        member.said = seen.equity - seen.position * (HIGH - LOW)
        shifted_back(member)
    member.owes(before)
