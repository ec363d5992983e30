"""R26: the protocol's laws under everybody doing anything, on the real venue's bytecode.

The laws are in laws.py, the ledger that knows what is right in ledger.py. 1,024 markets of 32 steps
take about a minute and a half of one core; with TANDEM_NIGHTLY=1 it is 1,000 of 100 steps, new ones
every night.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from laws import ABSTAINED
from machine import Machine
from stage import REFUSED, TALLY

NIGHTLY = os.environ.get("TANDEM_NIGHTLY") == "1"
EXAMPLES, STEPS = (1_000, 100) if NIGHTLY else (1_024, 32)
# A rule that never goes through proves nothing: each has to, so often in a whole run.
LEAST = 50
# A liquidation needs a price that runs, a hedge on the wrong side of it, and nobody who tops up.
LEAST_OF = {"liquidate": 10}
RULES = (
    "mint", "close", "close in part", "round_trip", "rebalance", "settle", "redeem", "expire",
    "deposit", "request_exit", "process", "claim", "top_up", "sweep", "list_expiry",
    "move_surface", "move_oracle", "jump", "arbitrage", "skew_pool", "pass_time",
    "donate", "deposit_for_venue", "liquidate", "intrude",
)  # fmt: skip
# And the refusals that keep the laws have to be met.
GUARDS = (
    "mint: floor: under reserve", "close: floor: nothing fits", "close: hedge: residual over band",
    "rebalance: hedge: inside trigger", "rebalance: router: nothing fits",
    "top_up: router: floor or budget", "process: lens: settle first",
)  # fmt: skip


def test_r26_the_laws_hold_whoever_does_what() -> None:
    TALLY.clear()
    REFUSED.clear()
    ABSTAINED.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not NIGHTLY,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink) if NIGHTLY else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert TALLY["everybody left"] == EXAMPLES
    assert TALLY["margin given to close"] <= EXAMPLES // 100, "a known weakness, and a rare one"
    assert {r: TALLY[r] for r in RULES if TALLY[r] < LEAST_OF.get(r, LEAST)} == {}
    assert [guard for guard in GUARDS if not REFUSED[guard]] == []
    hedges = sum(TALLY[r] for r in ("mint", "close", "rebalance"))
    assert ABSTAINED["hedges"] <= hedges // 50, "the law of the hedge abstains too often"
