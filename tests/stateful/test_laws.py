"""R26: the protocol's laws under everybody doing anything, on the real venue's bytecode."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import REFUSED, TALLY, Machine

NIGHTLY = os.environ.get("TANDEM_NIGHTLY") == "1"
EXAMPLES, STEPS = (1_000, 100) if NIGHTLY else (int(os.environ.get("EX", "60")), 32)


def test_r26_the_laws_hold_whoever_does_what() -> None:
    TALLY.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not NIGHTLY,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink) if os.environ.get("SHRINK") else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(dict(TALLY))
    print(dict(REFUSED.most_common(60)))
