"""`regimes`: calm and stress, of hourly moves whose variance is one of two and changes by chance; fitted once
a week to the last quarter's by expectation and maximisation.

Source: J. D. Hamilton, A new approach to the economic analysis of nonstationary time series, 1989. Until it
has seen enough hours it says what `realised` says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from keeper.forecast.hours import OfHours
from tandem.model._jit import jit

LEAST_HOURS = 24 * 30
MOST_HOURS = 24 * 90
LEARN_HOURS = 24 * 7
HORIZON_HOURS = 24
ROUNDS = 60
FLOOR = 1e-4
"""Of variance: 1 % of volatility."""
STAYS = 0.999
"""The most of a state's chance to last another hour: six weeks."""

Float = npt.NDArray[np.float64]


@dataclass(slots=True)
class Regimes(OfHours):
    """What it says is of the next 24 hours."""

    _fit: tuple[float, float, float, float] | None = field(default=None, init=False)
    """Variances of calm and stress, and the chance that each lasts another hour."""

    def _take(self, passed: int) -> None:
        past = np.array(self._hours.variances[-MOST_HOURS:])
        if len(past) < LEAST_HOURS:
            return
        if self._fit is None or self._since >= LEARN_HOURS:
            self._since = 0
            self._fit = fitted(past)
        calm, stress, stays_calm, stays = self._fit
        chance = float(_chances(past, calm, stress, stays_calm, stays)[-1])
        self._said = math.sqrt(mean_ahead(chance, calm, stress, stays_calm, stays))


def mean_ahead(chance: float, calm: float, stress: float, stays_calm: float, stays: float) -> float:
    """Mean variance of the hours ahead. chance: that it is stress in the hour that ended."""
    leaves, kept = 1.0 - stays_calm, stays_calm + stays - 1.0
    usual = leaves / (leaves + 1.0 - stays)
    share = kept * (1.0 - kept**HORIZON_HOURS) / (HORIZON_HOURS * (1.0 - kept))
    return calm + (stress - calm) * (usual + (chance - usual) * share)


def fitted(squares: Float) -> tuple[float, float, float, float]:
    """Of squared moves [n], which have any unit: the variances of calm and stress, and how each lasts."""
    mean = max(float(squares.mean()), FLOOR)
    return _fitted(np.maximum(squares, 0.0), 0.4 * mean, 2.5 * mean, 0.98, 0.95)


@jit
def _chances(
    squares: Float, calm: float, stress: float, stays_calm: float, stays: float
) -> Float:  # pragma: no cover (compiled)
    """That each hour was stress, by what was known at its end. [n]"""
    found = np.empty(squares.size)
    before = (1.0 - stays_calm) / (2.0 - stays_calm - stays)
    for i in range(squares.size):
        in_calm = (1.0 - before) * math.exp(-0.5 * squares[i] / calm) / math.sqrt(calm) + 1e-300
        in_stress = before * math.exp(-0.5 * squares[i] / stress) / math.sqrt(stress) + 1e-300
        found[i] = in_stress / (in_calm + in_stress)
        before = found[i] * stays + (1.0 - found[i]) * (1.0 - stays_calm)
    return found


@jit
def _fitted(
    squares: Float, calm: float, stress: float, stays_calm: float, stays: float
) -> tuple[float, float, float, float]:  # pragma: no cover (compiled)
    """Baum and Welch's rounds: chances by all hours (Kim's smoother), then what they say."""
    n = squares.size
    for _ in range(ROUNDS):
        seen = _chances(squares, calm, stress, stays_calm, stays)
        after = seen[n - 1]
        weight, calm_sum, stress_sum = after, (1 - after) * squares[n - 1], after * squares[n - 1]
        both, from_stress = 0.0, 0.0
        calm_both, from_calm = 0.0, 0.0
        for i in range(n - 2, -1, -1):
            next_stress = seen[i] * stays + (1 - seen[i]) * (1 - stays_calm)
            stayed = after * seen[i] * stays / next_stress
            calmed = (1 - after) * seen[i] * (1 - stays) / (1 - next_stress)
            stayed_calm = (1 - after) * (1 - seen[i]) * stays_calm / (1 - next_stress)
            now = stayed + calmed
            both, from_stress = both + stayed, from_stress + now
            calm_both, from_calm = calm_both + stayed_calm, from_calm + 1 - now
            weight += now
            calm_sum += (1 - now) * squares[i]
            stress_sum += now * squares[i]
            after = now
        calm = max(calm_sum / max(n - weight, 1e-9), FLOOR)
        stress = max(stress_sum / max(weight, 1e-9), 1.01 * calm)
        stays_calm = min(max(calm_both / max(from_calm, 1e-9), 0.5), STAYS)
        stays = min(max(both / max(from_stress, 1e-9), 0.5), STAYS)
    return calm, stress, stays_calm, stays


create = Regimes
