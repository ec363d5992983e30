"""One stress test from its flags to its figures: checks first, then the fit, then worlds with a bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event

import numpy as np

from keeper.replay.progress import long_work
from keeper.replay.stopping import as_they_end, pooled
from keeper.stress import days, gate, worlds
from keeper.stress.book import Stood
from keeper.stress.days import A_DAY, Keeping, Losses
from keeper.stress.gate import Carried
from keeper.stress.quoted import Rise
from keeper.stress.record import Record
from keeper.stress.tails import Realised, Tail, realised, tails
from keeper.stress.worlds import Paths, Shuffled, Simulated, World
from tandem.errors import TandemError
from tandem.model import svcj_fit
from tandem.model.svcj_fit import Fit
from tandem.terminal.ending import cut_short

MODEL, RECORD = "SVCJ", "record, shuffled"
SOURCES = (MODEL, RECORD)
_STEPS = 80_000
"""Steps of paths that are revalued at a time."""


class StressError(TandemError):
    """A stress test that could not be finished."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done. horizon: days of a path."""

    record: Record
    stood: Stood
    paths: int
    worlds: int
    horizon: int
    seed: int
    keeping: Keeping = field(default_factory=Keeping)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it. tails: as far as worlds were finished."""

    asked: Asked
    fit: Fit
    tails: tuple[Tail, ...]
    worst_days: dict[tuple[str, bool], list[float]]
    """By source and keeper: the worst day of each path, sorted, share of NAV."""
    realised: Realised
    carried: tuple[Carried, ...]
    done: int
    """Worlds, of `planned`."""
    planned: int
    quoted: tuple[Rise, ...] = ()
    """What quoted volatility did, where a chain was given."""

    @property
    def complete(self) -> bool:
        return self.done == self.planned


@dataclass(frozen=True, slots=True)
class Task:
    """One world. All that its paths depend on."""

    source: str
    number: int
    paths: int
    asked: Asked
    fit: Fit


def run_world(task: Task) -> Losses:
    """What each day costs on the paths of one world; the same wherever and whenever it runs. Some hundred
    paths at a time: memory does not grow with their number."""
    asked = task.asked
    rng = np.random.default_rng([asked.seed, SOURCES.index(task.source) + 1, task.number])
    if task.source == MODEL:
        world: World = Simulated(task.fit.drawn(rng))
    else:
        world = Shuffled.of(asked.record, rng)
    some = max(_STEPS // (A_DAY * asked.horizon), 1)
    parts = [
        losses_on(asked, world.draw(rng, min(some, task.paths - done), A_DAY * asked.horizon))
        for done in range(0, task.paths, some)
    ]
    return Losses.joined(parts)


def losses_on(asked: Asked, paths: Paths) -> Losses:
    """What each day of these paths costs."""
    made = days.marks(asked.stood, paths.returns, paths.first, asked.record.long)
    return days.day_losses(asked.stood, made, asked.keeping)


def run(asked: Asked, jobs: int, *, quiet: bool) -> Found:
    """Everything. Ctrl-C ends it with the worlds that are finished."""
    with long_work("worlds that are finished are told", quiet=quiet) as (bar, stop):
        line = bar.add_task("fitting SVCJ", total=None)

        def hear(text: str) -> None:
            if stop.is_set():  # nothing is finished yet that could be kept
                raise cut_short()
            bar.update(line, description=text)

        fit = svcj_fit.fit(
            asked.record.returns,
            np.random.default_rng([asked.seed, 0]),
            tell=hear,
        )
        tasks = plan(asked, fit)
        bar.update(line, description="worlds", total=len(tasks), completed=0)
        finished: dict[tuple[str, int], Losses] = {}
        for task, losses in results(tasks, jobs, stop):
            finished[task.source, task.number] = losses
            bar.advance(line)
    return put_together(asked, fit, finished, len(tasks))


def plan(asked: Asked, fit: Fit) -> list[Task]:
    """Worlds of both sources in turn, so that a run that is cut short has some of each."""
    each, left = divmod(asked.paths, asked.worlds)
    return [
        Task(source, number, each + (number < left), asked, fit)
        for number in range(asked.worlds)
        for source in SOURCES
    ]


def results(tasks: Sequence[Task], jobs: int, stop: Event) -> Iterator[tuple[Task, Losses]]:
    """Each task with what came of it, as it comes; in this process where one job is asked for."""
    if jobs == 1:
        for task in tasks:
            if stop.is_set():
                return
            yield task, run_world(task)
        return
    broken = StressError(
        "a world's process was ended from outside (not enough memory?)",
        "run again with fewer --jobs",
    )
    with pooled(jobs, broken) as pool:
        for (task,), losses in as_they_end(pool, run_world, ((t,) for t in tasks), jobs, stop):
            yield task, losses


def put_together(
    asked: Asked, fit: Fit, finished: dict[tuple[str, int], Losses], planned: int
) -> Found:
    """The figures, whatever the order in which worlds came."""
    made: list[Tail] = []
    worst: dict[tuple[str, bool], list[float]] = {}
    for source in SOURCES:
        losses = [each for key, each in sorted(finished.items()) if key[0] == source]
        if not losses:
            continue
        made += tails(source, losses)
        for keeper in (True, False):
            days_of = [each.kept if keeper else each.dead for each in losses]
            found = np.sort(np.concatenate([d.max(axis=1) for d in days_of]))
            worst[source, keeper] = found.tolist()
    lived = _lived(asked)
    return Found(
        asked, fit, tuple(made), worst, lived, gate.carried(asked.stood), len(finished), planned
    )


def _lived(asked: Asked) -> Realised:
    """The record's own days: each by itself, and in rows of as many as a path has."""
    alone, times = worlds.recorded(asked.record, A_DAY)
    rows, _ = worlds.recorded(asked.record, A_DAY * asked.horizon)
    moves = np.expm1(alone.returns.sum(axis=1))
    return realised(times.tolist(), moves, losses_on(asked, alone), losses_on(asked, rows))
