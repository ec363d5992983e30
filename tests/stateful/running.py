"""How the machine is run: the same by day for the laws, for broken copies of the contracts, and at night."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import Machine


def run(
    examples: int, steps: int, *, nightly: bool = False, machine: type[Machine] = Machine
) -> None:
    """So many markets of so many steps; nightly: new ones each time, and what fails is shrunk."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not nightly,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink) if nightly else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
