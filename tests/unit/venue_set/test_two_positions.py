"""HG-20, VS-8: who says one position in its account and another where it is asked for that alone is believed
neither: a leg is measured from what its account was judged by."""

from __future__ import annotations

import pytest
from several import REPLACED, believed, members, tell
from swings import HIGH, LOW, MARGIN_EQUITY, NOTHING, Member, begun
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

LOT = WAD // 1_000


@pytest.fixture
def member(faced: World, face: Contract) -> Member:
    """Its account says all of a long of four ethers, `position()` a lot, before the leg as after it."""
    member = begun(faced, face, *members(faced), depth=10**5 * WAD)
    assert member.held > 4 * WAD
    return member


def parted(member: Member, price: int) -> None:
    member.show(price)
    tell(member.world, member.face, ("position", REPLACED, 0, LOT))
    told = (price, member.depth, 0, LOT - member.held)
    member.ghost.send("tell", *told, sender=member.world.stranger)


@pytest.mark.proves("HG-20", "VS-8")
@pytest.mark.parametrize("way", ["delever", "shift"])
def test_no_act_makes_a_short_of_a_long(
    faced: World, face: Contract, member: Member, way: str
) -> None:
    """Lowered by four ethers it was a short of four that nobody had opened, and a rise was explained by it:
    2,238 USD in ten swings of two per cent, the whole of each move."""
    member.price(HIGH)
    faced.rest()
    face.send("set_equity", member.said, sender=faced.stranger)
    tell(faced, face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
    parted(member, HIGH * WAD)
    desk, curie = faced.tandem.desk, members(faced)[0]
    act = desk.delever(face) if way == "delever" else desk.shift(face, curie, 2 * WAD)
    with pytest.raises(Reverted, match="venues: leg not exact"):
        act.send(faced.stranger)
    assert believed(faced, face) > 0


@pytest.mark.proves("VS-8")
def test_no_close_does(faced: World, face: Contract, member: Member) -> None:
    """It has no part in a trader's order, which goes elsewhere."""
    parted(member, LOW * WAD * 1_001 // 1_000)
    done = faced.tandem.close(faced.call(2_500), 15 * ETH)
    assert [e["venue"] for e in done.events("LegFilled")] == [members(faced)[0].address]
    tell(faced, face, ("position", 0, 0, 0))
    assert believed(faced, face) > 0
