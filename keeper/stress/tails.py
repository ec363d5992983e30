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
_ENOUGH, _OWN = 10, 4
"""Paths that a quantile must have beyond it, over all worlds to be said, and in each to have an interval."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """The worst day's loss that a share `level` of all paths stays under, shares of NAV; low, high: where
    it lies in nine worlds of ten, which is how much the record does not tell."""

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
    drift: float
    """The worst L(j) by the end of some day that 99 % of paths stay under, nobody trading: the gate stands
    at the door, and spot moves on."""
    paths: int


def tails(source: str, worlds: Sequence[Losses]) -> tuple[Tail, Tail]:
    """With a keeper, and without."""
    return _tail(source, True, worlds), _tail(source, False, worlds)


def _tail(source: str, keeper: bool, worlds: Sequence[Losses]) -> Tail:
    days = [w.kept if keeper else w.dead for w in worlds]
    worst = [d.max(axis=1) for d in days]
    every = np.concatenate(worst)
    said = [level for level in LEVELS if len(every) * (1.0 - level) >= _ENOUGH] or [LEVELS[0]]
    values = np.quantile(every, said)
    low, high = _reach(worst, said)
    return Tail(
        source=source,
        keeper=keeper,
        quantiles=tuple(
            Quantile(level, *map(float, (v, a, b)))
            for level, v, a, b in zip(said, values, low, high, strict=True)
        ),
        mean=float(every.mean()),
        worst=float(every.max()),
        past=float(np.mean(every > np.concatenate([w.opening for w in worlds]))),
        whole=float(np.quantile(np.concatenate([d.sum(axis=1) for d in days]), 0.99)),
        drift=float(np.quantile(np.concatenate([w.later for w in worlds]), 0.99)),
        paths=len(every),
    )


def _reach(worst: Sequence[Float], levels: Sequence[float]) -> Float:
    """Between which values nine worlds of ten have their own quantiles [2, levels]; NaN where a world has
    too few paths beyond one to have it."""
    own = np.array([np.quantile(w, levels) for w in worst])
    reach = np.quantile(own, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], axis=0)
    beyond = min(map(len, worst)) * (1.0 - np.asarray(levels))
    reach[:, beyond < _OWN - 1e-9] = np.nan
    return reach


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
