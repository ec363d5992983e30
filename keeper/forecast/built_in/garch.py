"""`garch`: GARCH(1,1) of hourly moves, fitted once a week to the last year's, whose mean variance is kept.

Source: T. Bollerslev, Generalized autoregressive conditional heteroskedasticity, 1986; variance targeting,
normal likelihood. Two numbers are searched and the recursion is a linear filter, which is not worth a library
with another one of statistics under it. Until it has seen enough hours it says what `realised` says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.signal import lfilter

from keeper.forecast.hours import OfHours

LEAST_HOURS = 24 * 60
LEARN_HOURS = 24 * 7
HORIZON_HOURS = 24
MOST = 0.9995
"""Of alpha + beta: then half of a shock is left after two months."""


@dataclass(slots=True)
class Garch(OfHours):
    """What it says is of the next 24 hours."""

    _fit: tuple[float, float, float] | None = field(default=None, init=False)
    """Mean variance, alpha, beta."""
    _variance: float = field(default=0.0, init=False)
    """Of the hour to come."""

    def _take(self, passed: int) -> None:
        past = self._hours.variances
        if len(past) < LEAST_HOURS:
            return
        if self._fit is None or self._since >= LEARN_HOURS:
            self._since = 0
            squares = np.array(past)
            mean, alpha, beta = self._fit = fitted(squares)
            self._variance = float(_filtered(squares, mean, alpha, beta)[-1])
        else:
            mean, alpha, beta = self._fit
            for square in past[-passed:]:
                self._variance = (
                    (1.0 - alpha - beta) * mean + alpha * square + beta * self._variance
                )
        kept = alpha + beta
        share = (1.0 - kept**HORIZON_HOURS) / (HORIZON_HOURS * (1.0 - kept))
        self._said = math.sqrt(mean + (self._variance - mean) * share)


def fitted(squares: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean variance, alpha and beta of squared moves [n], which have any unit."""
    mean = max(float(squares.mean()), 1e-8)

    def misses(at: npt.NDArray[np.float64]) -> float:
        alpha, beta = _shares(at)
        variance = np.maximum(_filtered(squares, mean, alpha, beta)[:-1], 1e-12)
        return float(np.mean(np.log(variance) + squares / variance))

    starts = [np.array(each) for each in ((4.0, -2.5), (2.5, -2.0), (6.0, -3.5))]
    found = min(
        (minimize(misses, each, method="Nelder-Mead") for each in starts), key=lambda r: r.fun
    )
    return mean, *_shares(found.x)


def _shares(at: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Any two numbers -> alpha and beta: how much lasts, and how much of that is of the last hour."""
    kept = MOST / (1.0 + math.exp(-min(max(float(at[0]), -30.0), 30.0)))
    new = 1.0 / (1.0 + math.exp(-min(max(float(at[1]), -30.0), 30.0)))
    return kept * new, kept * (1.0 - new)


def _filtered(
    squares: npt.NDArray[np.float64], mean: float, alpha: float, beta: float
) -> npt.NDArray[np.float64]:
    """Variances [n + 1] before each move and after the last one; the first is the mean."""
    driven = (1.0 - alpha - beta) * mean + alpha * squares
    after, _ = lfilter([1.0], [1.0, -beta], driven, zi=[beta * mean])
    return np.append(mean, after)


create = Garch
