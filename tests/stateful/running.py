"""How the machine is run: the same by day for the laws, for broken copies of the contracts, and at night."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import Machine

SOWN = 32
"""Markets of one seed. What one draws resembles itself: of a thousand of one seed 33 opens were near the
hour, of those of another 188. And no seed is the machine's own text: a word changed in it changes no
market."""


def run(
    examples: int, steps: int, *, nightly: bool = False, machine: type[Machine] = Machine
) -> None:
    """So many markets of so many steps; nightly: new ones each time, and what fails is shrunk."""
    if nightly:
        played(machine, examples, steps, (Phase.generate, Phase.shrink))
        return
    for first in range(0, examples, SOWN):
        sown = seed(first // SOWN)(machine)
        played(sown, min(SOWN, examples - first), steps, (Phase.generate,))


def played(machine: type[Machine], examples: int, steps: int, phases: tuple[Phase, ...]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
