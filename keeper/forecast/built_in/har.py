"""`har`: the next day's variance from that of the last day, week and month, by a regression of its own past.

Source: F. Corsi, A simple approximate long-memory model of realized volatility, 2009; in logarithms. Until it
has seen enough days it says what `realised` says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from keeper.forecast.hours import OfHours

DAY, WEEK, MONTH = 24, 168, 720
"""Hours."""
LEAST_DAYS = 60
"""Of rows."""
FLOOR = 1e-4
"""Of variance: 1 % of volatility. A price that stands still has no logarithm."""


@dataclass(slots=True)
class Har(OfHours):
    """What it says is of the next 24 hours."""

    _weights: npt.NDArray[np.float64] | None = field(default=None, init=False)
    _spread: float = field(default=1.0, init=False)
    """The mean of what the logarithm misses by, as a factor."""
    _least: float = field(default=FLOOR, init=False)
    """Variance of the calmest day that it learnt from: below what was ever seen a regression says nothing."""

    def _take(self, passed: int) -> None:
        self._learn()
        self._say()

    def _learn(self) -> None:
        """Once a day."""
        past = self._hours.variances
        if len(past) < MONTH + DAY * LEAST_DAYS or (
            self._weights is not None and self._since < DAY
        ):
            return
        self._since = 0
        sums = np.concatenate([[0.0], np.cumsum(past)])
        ends = np.arange(len(past) - DAY, MONTH - 1, -DAY)
        rows = np.log(np.maximum(_features(sums, ends), FLOOR))
        wanted = np.log(np.maximum((sums[ends + DAY] - sums[ends]) / DAY, FLOOR))
        rows = np.column_stack([np.ones(len(rows)), rows])
        self._weights, *_ = np.linalg.lstsq(rows, wanted, rcond=None)
        self._spread = float(np.mean(np.exp(wanted - rows @ self._weights)))
        self._least = math.exp(float(wanted.min()))

    def _say(self) -> None:
        if self._weights is None:
            return
        past = np.array(self._hours.variances[-MONTH:])
        sums = np.concatenate([[0.0], np.cumsum(past)])
        now = np.log(np.maximum(_features(sums, np.array([len(past)]))[0], FLOOR))
        log_variance = float(self._weights[0] + now @ self._weights[1:])
        said = self._spread * math.exp(min(log_variance, 5.0))
        self._said = math.sqrt(min(max(said, self._least), 25.0))


def _features(
    sums: npt.NDArray[np.float64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """[n] -> [n, 3]: mean variance of the day, week and month before each end."""
    return np.column_stack([(sums[ends] - sums[ends - span]) / span for span in (DAY, WEEK, MONTH)])


create = Har
