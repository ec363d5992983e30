"""Where days come from. A world is one state of affairs that fits the record: parameters drawn from where
a fit leaves them, or a history drawn from the recorded one by blocks; its paths are drawn inside it. So
the spread between worlds is what the record does not tell, and intervals over worlds hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from keeper.stress.days import A_DAY, levels
from keeper.stress.record import Record
from tandem.model.resample import stationary
from tandem.model.svcj import SVCJ, Draws, simulate

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

MEMORY = 20 * A_DAY
"""Steps of a simulated world before its paths begin."""
BLOCK = 3 * A_DAY
"""Steps of the record that stay together in a path, on average."""
ERA = 14 * A_DAY
"""Steps that stay together in a history that might have been."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Log returns [n, steps] and the trailing volatility [n] at the start, a year."""

    returns: Float
    first: Float


class World(Protocol):
    """Something that paths can be drawn from, as many at a time as one likes."""

    def draw(self, rng: np.random.Generator, paths: int, steps: int) -> Paths:
        """Paths of it."""
        ...


@dataclass(frozen=True, slots=True)
class Simulated:
    """One model that the record could have come from."""

    model: SVCJ

    def draw(self, rng: np.random.Generator, paths: int, steps: int) -> Paths:
        """From where the model happens to be after `MEMORY` steps."""
        model = self.model
        returns, _ = simulate(model, Draws.of(rng, paths, MEMORY + steps))
        start = np.full(paths, np.sqrt(model.mean_variance + model.jump_variance))
        before = levels(returns[:, :MEMORY], start)[:, -1]
        return Paths(np.ascontiguousarray(returns[:, MEMORY:]), before)


@dataclass(frozen=True, slots=True)
class Shuffled:
    """One history that the record's blocks could have made: returns [n], trailing volatility [n + 1]."""

    returns: Float
    level: Float

    @classmethod
    def of(cls, record: Record, rng: np.random.Generator) -> Shuffled:
        """A history as long as the record."""
        count = len(record.returns)
        history = record.returns[stationary(rng, count, 1, count, ERA)[0]]
        return cls(history, levels(history[None], record.level[:1])[0])

    def draw(self, rng: np.random.Generator, paths: int, steps: int) -> Paths:
        """In shorter blocks, each path from the volatility of where its first block begins."""
        places = stationary(rng, len(self.returns), paths, steps, BLOCK)
        return Paths(self.returns[places], self.level[places[:, 0]])


def recorded(record: Record, steps: int) -> tuple[Paths, Int]:
    """The record itself: a path from every day of it that is followed by `steps` returns, and when each
    began, seconds UTC."""
    starts = np.arange(A_DAY, len(record.returns) - steps + 1, A_DAY)
    places = starts[:, None] + np.arange(steps)
    return Paths(record.returns[places], record.level[starts]), record.times[starts - 1]
