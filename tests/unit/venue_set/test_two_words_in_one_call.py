"""HG-13, VS-8: what a member says of its position is asked once in one act of ours: who is asked twice says
one position to be noted and another to be put down."""

from __future__ import annotations

import pytest
from several import REPLACED, believed, members, tell
from swings import HIGH, LOW, MARGIN_EQUITY, NOTHING, Member, begun, lost_at
from worlds import World

from tandem.engine.base import Contract
from tandem.units import HOUR, WAD

LOT = WAD // 1_000
SWINGS = 20


def fallen(member: Member) -> None:
    """What it says that it lost is what was put down last."""
    member.price(LOW)
    seen = member.world.tandem.desk.seen(member.face)
    member.said = seen.equity - member.face.call("position") * (HIGH - LOW)
    member.meet(member.said)


@pytest.mark.proves("HG-13", "VS-8")
def test_at_two_prices_while_spot_is_refused(faced: World, face: Contract) -> None:
    """It goes by a cent more than the feed said last, so that it knows which question it is: 4,074 USD of a
    hedge of 10,000 in twenty swings, none counted."""
    desk, who = faced.tandem.desk, faced.stranger
    member = begun(faced, face, members(faced)[0])
    before = lost_at(faced, face)
    for _ in range(SWINGS):
        member.price(HIGH)
        faced.engine.advance(2 * HOUR)
        face.send("set_equity", member.said, sender=who)
        tell(faced, face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
        member.ghost.send("tell", HIGH * WAD + WAD // 100, LOT * 10**4 * 11, 0, 0, sender=who)
        member.ghost.send("lie_at", HIGH * WAD, LOT, sender=who)
        desk.send("delever", face, sender=who)
        member.ghost.send("lie_at", 0, 0, sender=who)
        tell(faced, face, ("account", 0, 0, 0))
        member.show(HIGH * WAD)
        member.follow()
        faced.push(HIGH)
        faced.freshen()
        fallen(member)
    assert member.held > 3 * WAD
    member.follow()
    member.owes(before)


def which(member: Member) -> int:
    """Which of the questions of a transaction is the one whose answer is put down and not noted; 0 for none.
    It is sought, for this engine keeps places warm from one transaction to the next."""
    world, face = member.world, member.face
    desk, who, curie = world.tandem.desk, world.stranger, members(world)[0]
    for call in range(1, 97):
        member.ghost.send("lie_in", call, LOT, sender=who)
        with world.undone():
            desk.send("shift", face, curie, 5 * LOT, sender=who)
            member.ghost.send("lie_in", 0, 0, sender=who)
            if desk.seen(face).position <= LOT and believed(world, face) > WAD:
                return call
    return 0


@pytest.mark.proves("HG-13", "VS-8")
def test_at_one_call_of_a_shift(faced: World, face: Contract) -> None:
    """A view tells its first call of a transaction from its third by what a storage place costs: 4,129 USD in
    twenty swings, for which five thousandths of an ether moved."""
    desk, who, curie = faced.tandem.desk, faced.stranger, members(faced)[0]
    member = begun(faced, face, members(faced)[0])
    before = lost_at(faced, face)
    for _ in range(SWINGS):
        member.price(HIGH)
        faced.rest()
        face.send("set_equity", member.said, sender=who)
        tell(faced, face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
        member.ghost.send("lie_in", which(member), LOT, sender=who)
        desk.send("shift", face, curie, 5 * LOT, sender=who)
        member.ghost.send("lie_in", 0, 0, sender=who)
        tell(faced, face, ("account", 0, 0, 0))
        member.follow()
        assert member.held > 4 * WAD
        fallen(member)
    member.follow()
    member.owes(before)
