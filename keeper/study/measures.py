"""What the figures of a study mean. Pure; each is held to simulated data whose truth is known.

The account is the Vault's: USD earned since the start, by cause, at each visit. It starts with `nav`
and nothing is deposited or withdrawn, so returns are shares of that capital and simple, not compounded.
What a lagging pool gave or took is left out of `Measures.earned`: nobody would leave it there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from tandem.units import DAY

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

DAYS_PER_YEAR = 365.0
CONFIDENCE = 0.90


@dataclass(frozen=True, slots=True)
class Measures:
    """One account over one window. Shares are of the starting capital, 0.01 = 1 %."""

    days: float
    return_year: float
    """Earned over the window, a year."""
    drawdown: float
    """The largest fall from an earlier high, at any visit."""
    worst_day: float
    """The least that a whole UTC day earned."""
    sharpe: float
    """Mean over standard deviation of whole days' earnings, times sqrt(365); NaN where they do not
    vary."""


@dataclass(frozen=True, slots=True)
class Hedging:
    """What an account's hedge was over one window."""

    eth_day: float
    """Traded at venues a day, ETH."""
    error: float
    """Tracking error: the root of the sum of squares of residual x move of spot, over all visits, for one
    day, as a share of the starting capital; what a day's P&L strays by for want of a hedge."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and where it lies with 90 % confidence by Student's t; one value has no interval."""

    mean: float
    low: float
    high: float
    count: int


def measure(time: Int, earned: Float, nav: float) -> Measures:
    """time [n] seconds UTC, rising; earned [n] USD since the start, 0 at time[0]; nav USD above 0.
    Raises ValueError for fewer than two visits."""
    if len(time) < 2:
        raise ValueError("an account needs two visits or more")
    days = float(time[-1] - time[0]) / DAY
    share = np.asarray(earned, dtype=np.float64) / nav
    high = np.maximum.accumulate(share)
    daily = daily_changes(time, share)
    spread = float(np.std(daily, ddof=1)) if len(daily) > 1 else 0.0
    return Measures(
        days=days,
        return_year=float(share[-1] - share[0]) * DAYS_PER_YEAR / days,
        drawdown=float(np.max(high - share)),
        worst_day=float(daily.min()) if len(daily) else math.nan,
        sharpe=float(daily.mean()) / spread * math.sqrt(DAYS_PER_YEAR) if spread > 0 else math.nan,
    )


def hedging(time: Int, spot: Float, residual: Float, traded: float, nav: float) -> Hedging:
    """time [n] seconds UTC, rising; spot [n] USD; residual [n] ETH, hedge less the book's delta, held until
    the next visit; traded ETH over all of it; nav USD above 0. Raises ValueError for fewer than two
    visits."""
    if len(time) < 2:
        raise ValueError("a hedge needs two visits or more")
    days = float(time[-1] - time[0]) / DAY
    squares = float(np.sum((np.asarray(residual)[:-1] * np.diff(spot)) ** 2))
    return Hedging(traded / days, math.sqrt(squares / days) / nav)


def at_error(frontier: Sequence[tuple[float, float]], error: float) -> float | None:
    """What a frontier of (error, traded) trades at an error, between its points on logarithmic scales; None
    where no two of them enclose it. Points that trade nothing, or err by nothing, are none."""
    points = sorted((math.log(e), math.log(t)) for e, t in frontier if e > 0.0 and t > 0.0)
    errors, traded = [e for e, _ in points], [t for _, t in points]
    if len(points) < 2 or not error > 0.0 or not errors[0] <= math.log(error) <= errors[-1]:
        return None
    return math.exp(float(np.interp(math.log(error), errors, traded)))


def daily_changes(time: Int, value: Float) -> Float:
    """Change of `value` over each whole UTC day inside the visits; at midnight it is what the last visit
    up to then left. [days]"""
    first = -(-int(time[0]) // DAY)
    last = int(time[-1]) // DAY
    midnights = np.arange(first, last + 1, dtype=np.int64) * DAY
    at = np.searchsorted(time, midnights, side="right") - 1
    return np.diff(np.asarray(value, dtype=np.float64)[at])


def interval(values: Sequence[float]) -> Interval:
    """The mean of independent values and its 90 % interval. Raises ValueError where there is none."""
    if not values:
        raise ValueError("there is nothing to average")
    numbers = np.asarray(values, dtype=np.float64)
    mean, count = float(numbers.mean()), len(numbers)
    if count == 1:
        return Interval(mean, math.nan, math.nan, 1)
    reach = float(student.ppf(0.5 + CONFIDENCE / 2, count - 1)) * float(numbers.std(ddof=1))
    reach /= math.sqrt(count)
    return Interval(mean, mean - reach, mean + reach, count)


def break_even(shares: Sequence[float], returns: Sequence[float]) -> float | None:
    """The share of informed traders at which the return crosses 0 downwards, between the points that
    were run; None where it never does. shares rising, returns alike."""
    for i in range(1, len(shares)):
        before, after = returns[i - 1], returns[i]
        if before > 0 >= after:
            return shares[i - 1] + (shares[i] - shares[i - 1]) * before / (before - after)
    return None
