"""VS-10: a hedge may be moved to a venue whose report is of the other sign: nothing of that is ours to be
netted."""

from __future__ import annotations

import pytest
from barred import topped_up
from several import members, splitter
from swings import HIGH, Member
from test_falls_after_it_went_home import shifted_away
from worlds import World

from tandem.engine.base import Contract
from tandem.units import HOUR, WAD


@pytest.mark.proves("VS-8", "VS-10")
@pytest.mark.parametrize("said", [0, -WAD])
def test_it_is_moved(faced: World, face: Contract, said: int) -> None:
    """The exchange's hedge goes to the other, which reports nothing, or an ether of interest: what rounding
    leaves of that was taken for a position to be netted, and nothing went."""
    desk, who, curie = faced.tandem.desk, faced.stranger, members(faced)[0]
    faced.bring_home()
    for one in members(faced):
        topped_up(faced, one)
    member = Member(faced, face, depth=10**5 * WAD)
    member.price(HIGH)
    shifted_away(member)
    member.ghost.send("trade", said - face.call("position"), 0, sender=who)
    face.send("set_equity", member.said, sender=who)
    member.ghost.send("set_rate", -WAD // 100, sender=who)
    for _ in range(2):
        splitter(faced).send("note", members(faced), sender=who)
        faced.engine.advance(HOUR)
        faced.freshen()
    assert desk.send("shift", curie, face, WAD, sender=who).returned > WAD // 1_000
