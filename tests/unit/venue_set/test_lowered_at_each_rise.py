"""HG-13: a member whose hedge is really lowered at each rise, and really bought back for each fall, owes the
rise."""

from __future__ import annotations

import pytest
from several import members
from swings import HIGH, LOW, begun
from worlds import World

from tandem.engine.base import Contract
from tandem.units import HOUR, WAD


@pytest.mark.proves("HG-13", "HG-20")
@pytest.mark.parametrize("late", [0, 2 * HOUR])
def test_what_it_gained_before_it_was_lowered_is_found(
    faced: World, face: Contract, late: int
) -> None:
    """Three hundred swings of two per cent kept 22,484 USD, none counted: no position was left on which the
    rise had fallen, and the fall fell on all that was bought back. The same while spot is refused."""
    t, member = faced.tandem, begun(faced, face, members(faced)[0])
    lost = t.desk.call("lost")
    for _ in range(20):
        member.price(HIGH)
        member.be_lowered(late)
        assert abs(member.held) < WAD
        member.meet(member.said)
        member.be_bought_back()
        assert member.held > WAD
        member.price(LOW)
        member.meet(member.said - member.held * (HIGH - LOW))
    kept = member.true(LOW) - member.said
    assert kept > 1_500 * WAD
    assert (t.desk.call("lost") - lost) * 10**12 > kept * 9 // 10
