"""What many days come to: quantiles with the intervals that worlds give, and what was realised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keeper.stress.days import Losses

Float = npt.NDArray[np.float64]

LEVELS = (0.5, 0.9, 0.99, 0.999)
CONFIDENCE = 0.90
_RESAMPLES = 400
_ENOUGH = 10
"""Paths that a quantile must have beyond it; else it is not said."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """The worst day's loss that a share `level` of paths stays under, with its 90 % interval; shares of
    NAV."""

    level: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tail:
    """The worst day of a path, over all paths of all worlds."""

    source: str
    keeper: bool
    quantiles: tuple[Quantile, ...]
    mean: float
    worst: float
    past: float
    """Share of paths whose worst day took more than the worst L(j) that was published when they
    began."""
    whole: float
    """The 99 % quantile of the loss over the whole path."""
    paths: int


def tails(source: str, worlds: Sequence[Losses], rng: np.random.Generator) -> tuple[Tail, Tail]:
    """With a keeper, and without. Intervals by drawing whole worlds again."""
    opening = [w.opening for w in worlds]
    return (
        _tail(source, True, [w.kept for w in worlds], opening, rng),
        _tail(source, False, [w.dead for w in worlds], opening, rng),
    )


def _tail(
    source: str, keeper: bool, days: Sequence[Float], opening: Sequence[Float],
    rng: np.random.Generator,
) -> Tail:  # fmt: skip
    worst = [d.max(axis=1) for d in days]
    every = np.concatenate(worst)
    said = [level for level in LEVELS if len(every) * (1.0 - level) >= _ENOUGH] or [LEVELS[0]]
    drawn = np.array([np.quantile(every_of, said) for every_of in _redrawn(worst, rng)])
    reach = np.quantile(drawn, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], axis=0)
    values = np.quantile(every, said)
    return Tail(
        source=source,
        keeper=keeper,
        quantiles=tuple(
            Quantile(level, *map(float, (v, low, high)))
            for level, v, low, high in zip(said, values, *reach, strict=True)
        ),
        mean=float(every.mean()),
        worst=float(every.max()),
        past=float(np.mean(every > np.concatenate(list(opening)))),
        whole=float(np.quantile(np.concatenate([d.sum(axis=1) for d in days]), 0.99)),
        paths=len(every),
    )


def _redrawn(worlds: Sequence[Float], rng: np.random.Generator) -> list[Float]:
    count = len(worlds)
    picks = rng.integers(0, count, (_RESAMPLES, count))
    return [np.concatenate([worlds[k] for k in row]) for row in picks]


@dataclass(frozen=True, slots=True)
class Realised:
    """What recorded days would have cost this book, set up anew each day. [n] each, shares of NAV."""

    times: Sequence[int]
    """When each day began, seconds UTC."""
    moves: Float
    """Of spot over the day, shares."""
    kept: Float
    """The day's loss."""
    dead: Float
    published: Float
    """The worst L(j) of the book as it was set up that day."""
    later_kept: float
    """The worst of any day in rows of days over which the book was not set up anew."""
    later_dead: float

    def worst(self, keeper: bool) -> float:
        """Of all days, fresh or later in a row."""
        if keeper:
            return max(float(self.kept.max()), self.later_kept)
        return max(float(self.dead.max()), self.later_dead)

    def past(self, keeper: bool) -> float:
        """Share of fresh days that cost more than was published when they began."""
        return float(np.mean((self.kept if keeper else self.dead) > self.published))

    @property
    def at(self) -> int:
        """Which fresh day cost most with a keeper."""
        return int(np.argmax(self.kept))


def realised(times: Sequence[int], moves: Float, single: Losses, rows: Losses) -> Realised:
    """From the losses along recorded days by themselves, and in rows."""
    return Realised(
        times, moves, single.kept[:, 0], single.dead[:, 0], single.opening,
        float(rows.kept.max()), float(rows.dead.max()),
    )  # fmt: skip
