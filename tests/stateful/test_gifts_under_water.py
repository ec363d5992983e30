"""A stranger pays what an account under water owes: lenders have theirs, and nobody of ours has more."""

from __future__ import annotations

import pytest
from lenders import SMALL, Lenders
from lent import ETH_GIVEN
from on_lenders import OnMorpho, OnMorpho4
from over_venues import OverVenues

from tandem.protocol import terms

MOST = 9
"""Rises of a fifth until a small margin is lost."""


@pytest.mark.parametrize("kind", [OnMorpho, OnMorpho4])
@pytest.mark.proves("FL-8", "LM-2")
def test_ether_that_closes_a_short_under_water_ends_its_debt_and_gives_nothing(
    kind: type[Lenders],
) -> None:
    """More ether than it owes; what was owed past all that lay there is gone once it is booked."""
    machine = kind()
    try:
        _, venue = machine.lent(0) or (None, None)
        assert venue is not None
        machine.mint_attended(0, 0, 1_000_000, True)
        machine.owner("set_term", terms.FIELDS["max_trade"].index, SMALL)
        machine.sweep()
        machine.deposit_for_venue()  # others' money holds off whoever liquidates
        for _ in range(MOST):
            machine.step(20)
            machine.arbitrage()
            machine.w.engine.advance(1_800)
            machine.step(0)
            if venue.call("account", machine.w.spot)[1] < 0:
                break
        held, worth, *_ = venue.call("account", machine.w.spot)
        assert held < 0
        assert worth < 0
        machine.give(0, "lend_ether", True, True)
        assert venue.call("account", machine.w.spot) == (0, 0, 0, 0)
        machine.the_laws_hold()
    finally:
        machine.teardown()


@pytest.mark.proves("VS-8", "LM-2")
def test_ether_in_the_place_of_what_was_liquidated_is_none_of_a_set() -> None:
    """A long hedge is sold whole, which the set has noted, and then a stranger lends: the member takes it for
    what is left of ours, the set knows better."""
    machine = OverVenues()
    try:
        w = machine.w
        _, venue = machine.lent(0) or (None, None)
        assert venue is not None
        machine.run_short(False, 0, False)
        machine.liquidate(3)
        machine.squeeze(10_000_000, False)
        assert venue.call("account", w.spot)[:2] == (0, 0)
        machine.give(0, "lend_ether", False, False)
        assert venue.call("position") == ETH_GIVEN
        assert w.tandem.venue.call("account_at", venue, w.spot)[0] < 10**9
        machine.the_laws_hold()
    finally:
        machine.w.engine.revert(machine.mark)
