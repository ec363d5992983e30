"""HG-13, VS-8: a `delever` that only begins to wait notes nothing, so it puts nothing down: what was said to
be gone at each rise was back at each fall."""

from __future__ import annotations

import pytest
from several import REPLACED, believed, members, tell
from swings import HIGH, LOW, MARGIN_EQUITY, NOTHING, begun, lost_at
from worlds import World

from tandem.engine.base import Contract
from tandem.units import WAD

LOT = WAD // 1_000


@pytest.mark.proves("HG-13", "VS-8")
def test_what_is_said_to_be_gone_at_each_rise(faced: World, face: Contract) -> None:
    """4,174 USD of a hedge of 10,000 that it never gave up, in twenty swings, none counted."""
    desk, who = faced.tandem.desk, faced.stranger
    member = begun(faced, face, members(faced)[0])
    before, held = lost_at(faced, face), member.held
    assert held > 4 * WAD
    for _ in range(20):
        member.price(HIGH)
        faced.engine.advance(900)
        faced.push(HIGH)
        # in one transaction of an accomplice's: gone, all but a lot; nothing carries orders; no depth
        member.ghost.send("trade", LOT - held, 0, sender=who)
        face.send("set_equity", member.said, sender=who)
        tell(faced, face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
        member.ghost.send("tell", HIGH * WAD, 0, 0, 0, sender=who)
        assert desk.send("delever", face, sender=who).returned == 0
        tell(faced, face, ("account", 0, 0, 0))
        member.show(HIGH * WAD)
        member.ghost.send("trade", held - LOT, 0, sender=who)
        member.price(LOW)
        assert believed(faced, face) == held
        member.said = desk.seen(face).equity - held * (HIGH - LOW)
        member.meet(member.said)
    member.follow()
    member.owes(before)
