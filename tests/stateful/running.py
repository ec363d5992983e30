"""How the machine is run: the same by day for the laws, for broken copies of the contracts, and at night."""

from __future__ import annotations

import os
import secrets

from hypothesis import HealthCheck, Phase, core, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from machine import Machine

NIGHT = int(os.environ.get("TANDEM_NIGHT_MARKETS") or 1_000)
"""Markets of a night on each machine. `make soak` plays some tens a round, and a round after another."""
SOWN = 32
"""Markets of one seed. What one draws resembles itself: of a thousand of one seed 33 opens were near the
hour, of those of another 188. And no seed is the machine's own text: a word changed in it changes no
market."""
DRAWN = 10
"""Markets of one seed at night. So many Hypothesis draws each by itself, but for the least of all and a short
one. After them each is followed by six copies of it with one value put twice: a thousand were two hundred,
and what happened in one of them happened seven times, which says nothing of how rare it is."""


def run(
    examples: int,
    steps: int,
    *,
    nightly: bool = False,
    machine: type[RuleBasedStateMachine] = Machine,
) -> None:
    """So many markets of so many steps; nightly: new ones each time, and what fails is shrunk."""
    if nightly:
        for first in range(0, examples, DRAWN):
            play_at_night(machine, min(DRAWN, examples - first), steps, f"{tonight()}, {first}")
        return
    for first in range(0, examples, SOWN):
        sown = seed(first // SOWN)(machine)
        played(sown, min(SOWN, examples - first), steps, (Phase.generate,))


def tonight() -> int:
    """The seed of a night: pytest's `--hypothesis-seed`, or one by chance, which is then the process's."""
    if core.global_force_seed is None:
        core.global_force_seed = secrets.randbelow(10**9)
    return core.global_force_seed


def play_at_night(
    machine: type[RuleBasedStateMachine], examples: int, steps: int, sown: str
) -> None:
    """The few of one seed. What fails says which, so that those are played again by themselves."""
    try:
        played(seed(sown)(machine), examples, steps, (Phase.generate, Phase.shrink))
    except BaseException as failed:
        failed.add_note(f'play_at_night({machine.__name__}, {examples}, {steps}, "{sown}")')
        raise


def played(
    machine: type[RuleBasedStateMachine], examples: int, steps: int, phases: tuple[Phase, ...]
) -> None:
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
