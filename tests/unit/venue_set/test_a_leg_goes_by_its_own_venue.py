"""HG-17: what is lowered at one of several venues is as much as its market takes, whatever the others do."""

from __future__ import annotations

import pytest
from several import REPLACED, tell
from test_a_barred_venue import barred_beside
from worlds import ETH, LOT

from tandem.units import WAD


@pytest.mark.proves("HG-17", "HG-20")
def test_what_is_lowered_fits_there() -> None:
    """It says that three lots fit, and the other that more would."""
    world, barred, other = barred_beside(0, 30 * ETH)
    world.rest()
    tell(world, barred, ("max_order", REPLACED, 0, 3 * LOT))
    assert other.call("max_order", -WAD, 0) > 3 * LOT
    (event,) = world.tandem.desk.delever(barred).send(world.stranger).events("Delevered")
    assert event["order"] == -3 * LOT
