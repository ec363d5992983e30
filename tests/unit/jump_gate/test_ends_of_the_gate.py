"""Where exactly the gate ends: the last open that it lets in, and what an hour gave back by the second."""

from __future__ import annotations

import pytest
from test_marks_of_the_gate import gate, remark
from worlds import ETH, World

from tandem.protocol.bindings.structs import Brought
from tandem.units import HOUR

STEP = 2**59
LANES = sum(1 << 32 * lane for lane in range(8))
"""A step of each jump's field."""
NOTHING = 2**30 * LANES
UNITS = 2**48
"""Units that were ever opened are counted modulo this."""


def admits(w: World, nav: int, opened: int, units: int, jumps: int) -> bool:
    """Whether an open would be admitted that leaves the position as it is."""
    there = w.tandem.router.call("last_position")
    brought = Brought(there, 0, w.spot, HOUR, nav, jumps, opened, units)
    return w.tandem.router.admits(brought, there)


def sold(w: World) -> None:
    """Three calls, and a mark of just then."""
    w.mint(w.call(2_500), 3 * ETH)
    remark(w)


@pytest.mark.proves("GT-1")
def test_an_open_that_leaves_the_worst_jump_at_the_gate_itself_is_admitted(world: World) -> None:
    """GT-1: the capital that carries one step more, and a unit less of it."""
    sold(world)
    now = gate(world)
    worst = now.worst + STEP
    nav = -(-worst * 10_000 // (now.mark.limit * 10**12))
    more = NOTHING + LANES
    assert admits(world, nav, now.mark.anchor, 0, more)
    with world.refuses("gate: worst jump"):
        admits(world, nav - 1, now.mark.anchor, 0, more)


@pytest.mark.proves("BR-4")
def test_an_open_of_all_that_is_left_of_the_hour_is_admitted(world: World) -> None:
    sold(world)
    now, nav = gate(world), world.tandem.vault.funds().nav
    opened = now.mark.anchor + 12_345
    room = world.tandem.stress.gate(world.spot, nav, opened).room
    assert 0 < room < now.mark.hour
    assert admits(world, nav, opened, room, NOTHING)
    with world.refuses("gate: hour is full"):
        admits(world, nav, opened, room + 1, NOTHING)


@pytest.mark.proves("BR-4")
@pytest.mark.parametrize("age", [0, 1, 1_799, 3_599])
def test_the_room_is_the_hour_less_what_it_has_not_given_back(world: World, age: int) -> None:
    """To the unit, at the hour's pace since the mark; what was opened is counted modulo 2**48."""
    sold(world)
    mark = gate(world).mark
    world.engine.set_time(mark.time + age)
    back = mark.hour * age // HOUR
    for since in (0, 1, back, back + 1, mark.hour, back + mark.hour - 1, back + mark.hour + 1):
        for opened in (mark.anchor + since, mark.anchor + since + UNITS):
            found = world.tandem.stress.gate(world.spot, 10**12, opened).room
            assert found == mark.hour - min(max(since - back, 0), mark.hour)
