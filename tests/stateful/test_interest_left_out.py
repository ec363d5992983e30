"""What counts of a venue that is down is what was known of it, to what interest makes of that."""

from __future__ import annotations

import pytest
from over_venues import OverVenues
from several import DRIFT, KEPT
from venue_marks import held, net

from tandem.units import HOUR


@pytest.mark.proves("VS-5")
def test_an_hours_interest_on_a_large_short_is_not_put_down_and_no_more_is_left_out() -> None:
    """Of 85 ETH 0.008 that all of a lender's ether, lent out for an hour, had cost: under a part in 4,096."""
    machine = OverVenues()
    try:
        t = machine.w.tandem
        for turn in range(6):
            machine.mint_attended(turn % 2, 0, 40_000_000, True)
        market, venue = machine.lent(0) or (None, None)
        assert venue is not None
        back = machine.lent_out(market, True, 0)
        assert back is not None
        machine.w.engine.advance(HOUR)
        back()
        machine.resync(2, 2 * HOUR)
        machine.freshen()
        machine.note()
        machine.taken_down(venue)
        there = sum(held(machine.w))
        assert t.venue.call("position") == t.router.call("position") == net(machine.w)
        assert DRIFT < abs(net(machine.w) - there) <= DRIFT + abs(there) // KEPT == machine.w.drift
        machine.brought_back(venue)
        assert abs(machine.book.position - there) < DRIFT
        assert machine.w.drift == DRIFT
        machine.step(0)
        machine.venue_down(1, False)
        machine.the_laws_hold()
    finally:
        machine.teardown()
