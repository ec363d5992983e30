"""Where days come from. A world is one state of affairs that fits the record: parameters drawn from where
a fit leaves them, or a history drawn from the recorded one by blocks; its paths are drawn inside it. So
the spread between worlds is what the record does not tell, and intervals over worlds hold it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keeper.stress.days import DAY, levels
from keeper.stress.record import Record
from tandem.model.resample import stationary
from tandem.model.svcj import Draws, simulate
from tandem.model.svcj_fit import Fit

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

MEMORY = 20 * DAY
"""Steps of a simulated world before its paths begin."""
BLOCK = 3 * DAY
"""Steps of the record that stay together in a path, on average."""
ERA = 14 * DAY
"""Steps that stay together in a history that might have been."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Log returns [n, steps] and the trailing volatility [n] at the start, a year."""

    returns: Float
    first: Float


def simulated(fit: Fit, rng: np.random.Generator, paths: int, steps: int) -> Paths:
    """Paths of one model that the record could have come from."""
    model = fit.drawn(rng)
    returns, _ = simulate(model, Draws.of(rng, paths, MEMORY + steps))
    start = np.full(paths, np.sqrt(model.mean_variance + model.jump_variance))
    before = levels(returns[:, :MEMORY], start)[:, -1]
    return Paths(np.ascontiguousarray(returns[:, MEMORY:]), before)


def shuffled(record: Record, rng: np.random.Generator, paths: int, steps: int) -> Paths:
    """Paths of one history that the record's blocks could have made."""
    count = len(record.returns)
    history = record.returns[stationary(rng, count, 1, count, ERA)[0]]
    level = levels(history[None], record.level[:1])[0]
    places = stationary(rng, count, paths, steps, BLOCK)
    return Paths(history[places], level[places[:, 0]])


def recorded(record: Record, steps: int) -> tuple[Paths, Int]:
    """The record itself: a path from every day of it that is followed by `steps` returns, and when each
    began, seconds UTC."""
    starts = np.arange(DAY, len(record.returns) - steps + 1, DAY)
    places = starts[:, None] + np.arange(steps)
    return Paths(record.returns[places], record.level[starts]), record.times[starts - 1]
