"""VS-1: a lender reports what roundings leave of a position as none, so a leg is exact to as much."""

from __future__ import annotations

import pytest
from over_venues import OverThree, OverThreeOfEight, OverVenues
from stage import REFUSED, TALLY


@pytest.mark.proves("VS-1", "LM-10")
@pytest.mark.parametrize("machine", [OverVenues, OverThree, OverThreeOfEight])
@pytest.mark.parametrize("put", [False, True], ids=["call", "put"])
def test_a_small_hedge_comes_home_to_nothing(machine: type[OverVenues], put: bool) -> None:
    """A hundredth is sold and nothing else happens until everybody has left."""
    REFUSED.clear()
    TALLY.clear()
    market = machine()
    market.begin(trades=[(0, 0, 10_000, put)])
    market.teardown()
    assert REFUSED["rebalance: venues: leg not exact"] == 0
    assert TALLY["everybody left"] == 1
