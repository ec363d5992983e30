"""What the router is not deployed with, and what the desk of an only venue is not asked for."""

from __future__ import annotations

import pytest
from harnesses import harness
from worlds import World

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted

LIAR = "unit/venue_set/LyingMember.vy"


def test_an_average_cannot_be_off_by_more_than_all_of_a_price() -> None:
    """In ten-thousandths: at twice the price nothing would be refused, and under nothing nothing lies."""
    engine = open_engine("pyrevm")
    who = engine.accounts[0]
    venue = engine.deploy(harness(LIAR), *[who] * 6, 0, 0, 0, sender=who)
    for deviation in (10_001, 2**256 - 1):
        told = (who, who, venue, who, who, who, who, deviation, False)
        with pytest.raises(Reverted) as caught:
            engine.deploy(compile_vyper("HedgeRouter"), *told, sender=who)
        assert caught.value.reason == "router: deviation"
    told = (who, who, venue, who, who, who, who, 10_000, False)
    made = engine.deploy(compile_vyper("HedgeRouter"), *told, sender=who)
    assert made.call("DEVIATION") == 10_000


@pytest.mark.parametrize("act", ["top_up", "delever", "sweep"])
def test_the_desk_of_an_only_venue_knows_no_other(world: World, act: str) -> None:
    """Named itself, it is asked as if nobody had been: here nothing is due."""
    desk, due = world.tandem.desk, {"top_up": "top-up"}.get(act, act)
    with world.refuses("margin: unknown venue"):
        desk.send(act, world.stranger, sender=world.stranger)
    for named in ([], [world.tandem.venue]):
        with world.refuses(f"margin: no {due} due"):
            desk.send(act, *named, sender=world.stranger)
