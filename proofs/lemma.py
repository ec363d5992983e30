"""A lemma: what it says, of which code, and a copy of that code of which it is false."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import z3

from proofs.sources import Sources

# Steps of the solver's, some six million a second of a free core: a clock would decide by what else the
# machine does. The hardest goal takes 44 million.
MOST = 400_000_000
GLANCE = (
    6_000_000  # those that a goal of a broken copy gets while another of them may be false sooner
)


class Verdict(Enum):
    """What the solver says."""

    PROVED = "proved"
    FALSE = "false"
    UNKNOWN = "not decided"
    EMPTY = "says nothing"  # what it assumes is never so


@dataclass(frozen=True)
class Goal:
    """What is shown: where all of `given` holds, so does `then`. name: which part of a lemma."""

    given: list[Any]
    then: Any
    name: str = ""


@dataclass(frozen=True)
class Lemma:
    """id: as docs/solvency.md has it. goals: built from sources, so that a copy has its own. broken: file,
    passage, and what makes the lemma false there. proves: statements of docs/protocol.md. laws: of the
    stateful machine, which say the same of what it plays."""

    id: str
    says: str
    goals: Callable[[Sources], Iterator[Goal]]
    broken: tuple[str, str, str]
    proves: tuple[str, ...]
    laws: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """How a goal came out. example: where it is false, for whom to look."""

    verdict: Verdict
    seconds: float
    example: str = ""
    name: str = ""


LEMMAS: dict[str, Lemma] = {}


def lemma(
    id: str,
    says: str,
    broken: tuple[str, str, str],
    proves: tuple[str, ...],
    laws: tuple[str, ...],
) -> Callable[[Callable[[Sources], Iterator[Goal]]], Lemma]:
    """Makes a lemma of a function that yields its goals."""

    def keep(goals: Callable[[Sources], Iterator[Goal]]) -> Lemma:
        LEMMAS[id] = Lemma(id, says, goals, broken, proves, laws)
        return LEMMAS[id]

    return keep


def show(goal: Goal, most: int = MOST) -> Shown:
    """Asks for a case in which it is false, for so many steps at the most, in a context of its own: how many
    it takes would else depend on what was asked before."""
    began = time.monotonic()
    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("rlimit", most)
    solver.add(z3.And(*goal.given).translate(context))
    solver.push()
    solver.add(z3.Not(goal.then).translate(context))
    answer = solver.check()
    example = ""
    if answer == z3.sat:
        verdict, example = Verdict.FALSE, str(solver.model())
    elif answer == z3.unknown:
        verdict = Verdict.UNKNOWN
    else:
        solver.pop()
        verdict = Verdict.EMPTY if solver.check() == z3.unsat else Verdict.PROVED
    return Shown(verdict, time.monotonic() - began, example, goal.name)


def refuted(goals: Iterable[Goal]) -> list[Shown]:
    """Shown one after the other until one is false: each at a glance, then what is not decided yet for as
    long as a proof may take."""
    shown: list[Shown] = []
    for most in (GLANCE, MOST):
        left: list[Goal] = []
        for goal in goals:
            shown.append(show(goal, most))
            if shown[-1].verdict is Verdict.FALSE:
                return shown
            if shown[-1].verdict is Verdict.UNKNOWN:
                left.append(goal)
        goals = left
    return shown
