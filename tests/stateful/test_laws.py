"""R26: the protocol's laws under everybody doing anything, on the real venue's bytecode.

The laws are in laws.py and gate_laws.py, the ledger that knows what is right in ledger.py and marks.py.
1,024 markets of 32 steps take five minutes of one core: `make laws`, which CI runs at every change;
`make test` plays the first 32 of them. With TANDEM_NIGHTLY=1 it is 1,000 of 100 steps, or
TANDEM_NIGHT_MARKETS of them, new ones every night.
"""

from __future__ import annotations

import os

import pytest
from laws import ABSTAINED
from running import NIGHT, run
from stage import REFUSED, TALLY

NIGHTLY = os.environ.get("TANDEM_NIGHTLY") == "1"
EXAMPLES, STEPS = (NIGHT, 100) if NIGHTLY else (1_024, 32)
WHOLE = EXAMPLES >= 1_000  # enough for what is rare to happen
SAMPLE = 32
# A rule that never goes through proves nothing: each has to, so often in a whole run.
LEAST = 50
# A liquidation needs a price that runs, a hedge on the wrong side of it, and nobody who tops up; a
# close that ends at the bound of the hedge needs a venue that carries little, and a floor that does.
# An open that makes no jump worse needs a gate that was lowered under what is open.
LEAST_OF = {"liquidate": 10, "close to the bound": 10, "open past the gate": 10}
# What every few markets meet.
EVERYDAY = (
    "mint", "close", "rebalance", "settle", "redeem", "deposit", "process", "claim", "top_up", "sweep",
    "remark",
)  # fmt: skip
RULES = (
    "mint", "close", "close in part", "close to the bound", "round_trip", "rebalance",
    "settle", "redeem", "expire", "deposit", "request_exit", "process", "claim", "top_up", "sweep", "delever",
    "stamp", "bounty", "bounty is paid",
    "remark", "fill gate", "fill hour", "fill unwind", "linger",
    "open near the gate", "open past the gate", "open near the hour", "open near the depth",
    "list_expiry",
    "move_surface", "move_oracle", "jump", "arbitrage", "skew_pool", "pass_time",
    "donate", "deposit_for_venue", "liquidate", "intrude",
)  # fmt: skip
# Of docs/weaknesses.md.
WEAKNESSES = (
    "margin given to close", "a gift was lost", "a re-hedge for nobody", "a gain for nobody",
)  # fmt: skip
# And the refusals that keep the laws have to be met.
GUARDS = (
    "mint: floor: under reserve", "mint: hedge: residual over band", "mint: hedge: venue off oracle",
    "mint: gate: worst jump", "mint: gate: hour is full", "mint: gate: stale",
    "close: floor: nothing fits", "rebalance: hedge: inside trigger", "rebalance: router: nothing fits",
    "rebalance: router: off the average", "rebalance: router: margin first",
    "top_up: margin: floor or budget", "stamp: hedge: inside trigger", "stamp: bounty: stamped already",
    "process: lens: settle first", "process: vault: not calm",
)  # fmt: skip
# HG-4: "of a close that this would leave outside `HG-2` the part fills that stays inside": the proof
# behind the fill has nothing to refuse.
NEVER = "close: hedge: residual over band"


def test_r26_the_laws_hold_in_the_first_markets() -> None:
    TALLY.clear()
    run(SAMPLE, 32)
    assert TALLY["everybody left"] == SAMPLE
    assert [rule for rule in EVERYDAY if not TALLY[rule]] == []


@pytest.mark.laws
def test_r26_the_laws_hold_whoever_does_what() -> None:
    TALLY.clear()
    REFUSED.clear()
    ABSTAINED.clear()
    run(EXAMPLES, STEPS, nightly=NIGHTLY)
    assert TALLY["everybody left"] == EXAMPLES
    for weakness in WEAKNESSES:
        assert TALLY[weakness] <= max(EXAMPLES // 100, 3), "a known weakness, and a rare one"
    if WHOLE:
        assert {r: TALLY[r] for r in RULES if TALLY[r] < LEAST_OF.get(r, LEAST)} == {}
        assert [guard for guard in GUARDS if not REFUSED[guard]] == []
    assert REFUSED[NEVER] == 0
    hedges = sum(TALLY[r] for r in ("mint", "close", "rebalance"))
    assert ABSTAINED["hedges"] <= hedges // 50, "the law of the hedge abstains too often"
    marks = sum(TALLY[r] for r in ("mint", "close", "remark"))
    assert ABSTAINED["losses"] <= marks // 50, "the laws of the gate abstain too often"
