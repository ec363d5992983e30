"""R26, R35: the same laws over two venues at once, one of which a guardian takes down and brings back.

256 markets of 32 steps, of which each is played on Curie and on a lending market; with TANDEM_NIGHTLY=1 it is
1,000 of 100 steps, new ones every night."""

from __future__ import annotations

import pytest
from over_venues import OverVenues
from running import run
from stage import REFUSED, TALLY
from test_laws import NIGHTLY

EXAMPLES, STEPS = (1_000, 100) if NIGHTLY else (256, 32)
LEAST = 20
RULES = (
    "mint", "close", "rebalance", "settle", "redeem", "process", "claim", "top_up", "sweep",
    "remark", "arbitrage", "skew_pool", "deposit_for_venue", "donate", "intrude",
    "venue_down", "shift",
)  # fmt: skip


@pytest.mark.proves("VS-1", "VS-4", "VS-5", "VS-6")
def test_r35_the_laws_hold_over_two_venues_whoever_does_what() -> None:
    TALLY.clear()
    REFUSED.clear()
    run(EXAMPLES, STEPS, nightly=NIGHTLY, machine=OverVenues)
    assert TALLY["everybody left"] == EXAMPLES
    for weakness in ("margin given to close", "a gift was lost", "a re-hedge for nobody"):
        assert TALLY[weakness] <= EXAMPLES // 50, "a known weakness, and a rare one"
    assert {rule: TALLY[rule] for rule in RULES if TALLY[rule] < LEAST} == {}
