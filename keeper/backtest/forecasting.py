"""Whether a forecaster is worth adopting: walking forward, beside the weighted mean of squared moves that did
best before.

Each day is forecast with what was known at its beginning, and compared with the squared hourly moves that
came. The loss is QLIKE, which ranks forecasts of a variance rightly though what came is noisy (A. Patton,
Volatility forecast comparison using imperfect volatility proxies, 2011); what decides is the mean difference
of losses, with the interval of blocks of 28 days that the back-test has. The mean of all days is among the
rivals: where volatility never moves nothing beats it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter
from scipy.stats import norm
from scipy.stats import t as student

from keeper import forecast
from keeper.backtest import series
from keeper.backtest.judging import BLOCK_DAYS, CONFIDENCE, Estimate, resampled
from keeper.backtest.series import PriceSeriesError, Series
from keeper.backtest.session import Span
from tandem.terminal.common import table
from tandem.units import DAY, HOUR, YEAR

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

HALF_LIVES = (6.0, 12.0, 24.0, 48.0, 96.0, 192.0, 384.0, 768.0, math.inf)
"""Hours; the last one is the mean of all that was seen."""
LEARN_DAYS = 100
"""Before the first day that is forecast."""
DAY_HOURS = 24
LEAST_BLOCKS = 3
HEAD = ("unseen days", "rival's half-life", "its loss", "loss", "difference")


@dataclass(frozen=True, slots=True)
class Days:
    """Days that were forecast, each by what was known at its beginning. All [n] but rivals [n, half-lives];
    variances a year."""

    time: Int
    came: Float
    said: Float
    rivals: Float


@dataclass(frozen=True, slots=True)
class Fold:
    """A span of unseen days; half_life: of the rival that did best before it. Losses are means."""

    span: Span
    half_life: float
    rival: float
    loss: float


@dataclass(frozen=True, slots=True)
class Judged:
    """difference: of the losses on all unseen days; below 0 the forecaster is better."""

    name: str
    folds: tuple[Fold, ...]
    difference: Estimate
    days: int

    @property
    def proved(self) -> bool:
        """Whether it is better at 90 %."""
        return math.isfinite(self.difference.high) and self.difference.high < 0.0


def run(files: Sequence[Path], name: str, settings: dict[str, Any], folds: int) -> Judged:
    """The verdict on recorded candles. Raises a TandemError."""
    known = series.of_files(files)
    return judge(name, forecast_days(known, name, settings), folds)


def forecast_days(known: Series, name: str, settings: dict[str, Any] | None = None) -> Days:
    """Every day that can be forecast, and what came. Raises PriceSeriesError where there are too few."""
    made = forecast.create(name, start=0.6, **(settings or {}))  # what is unknown is said first
    whole = known.time % HOUR == 0
    time, price = known.time[whole], known.price[whole]
    begin = np.searchsorted(time, time[0] + LEARN_DAYS * DAY)
    origins = np.arange(begin, len(time) - DAY_HOURS, DAY_HOURS)
    origins = origins[time[origins + DAY_HOURS] - time[origins] == DAY]
    if len(origins) < LEARN_DAYS:
        raise PriceSeriesError(
            f"{len(origins)} days can be forecast, after {LEARN_DAYS} that are only learnt from",
            f"give at least {2 * LEARN_DAYS + 1} days of prices",
        )
    prices = zip(time.tolist(), price.tolist(), strict=True)
    said = np.array([forecast.tell(made, t, p) for t, p in prices], dtype=np.float64)
    squares = np.append(0.0, np.log(price[1:] / price[:-1]) ** 2 * (YEAR / np.diff(time)))
    walked = np.cumsum(squares)
    came = (walked[origins + DAY_HOURS] - walked[origins]) / DAY_HOURS
    rivals = np.stack([_weighted(squares, each)[origins] for each in HALF_LIVES], axis=1)
    variance = said[origins] ** 2
    return Days(time[origins], np.maximum(came, 1e-6), variance, rivals)


def _weighted(squares: Float, half_life: float) -> Float:
    """Mean of squares [n] up to each, weighted by age; the first is no move."""
    keep = 0.5 ** (1.0 / half_life)
    weights = np.ones(len(squares))
    weights[0] = 0.0
    total, weight = (np.asarray(lfilter([1.0], [1.0, -keep], x)) for x in (squares, weights))
    return total / np.maximum(weight, 1e-12)


def qlike(came: Float, said: Float) -> Float:
    """The loss of variances said where others came; 0 where they are equal."""
    ratio = came / np.maximum(said, 1e-6)
    return ratio - np.log(ratio) - 1.0


def judge(name: str, days: Days, folds: int = 4) -> Judged:
    """Span by span against the half-life that had the least loss on all days before it."""
    loss = qlike(days.came, days.said)
    rivals = qlike(days.came[:, None], days.rivals)
    begin, end = int(days.time[0]), int(days.time[-1]) + DAY
    edges = [begin + (end - begin) * i // (folds + 1) for i in range(folds + 2)]
    done: list[Fold] = []
    apart: list[Float] = []
    for first, after in pairwise(edges[1:]):
        best = int(np.argmin(rivals[days.time < first].mean(axis=0)))
        unseen = (days.time >= first) & (days.time < after)
        if not unseen.any():  # a gap in the prices
            continue
        apart.append(loss[unseen] - rivals[unseen, best])
        done.append(
            Fold(
                Span(first, after), HALF_LIVES[best], float(rivals[unseen, best].mean()),
                float(loss[unseen].mean()),
            )
        )  # fmt: skip
    differences = np.concatenate(apart)
    times = days.time[len(days.time) - len(differences) :]
    return Judged(name, tuple(done), _estimate(differences, times), len(differences))


def _estimate(differences: Float, time: Int) -> Estimate:
    """Their mean, with its interval; a spread that is estimated from few blocks is Student's."""
    mean = float(differences.mean())
    blocks = len(differences) / BLOCK_DAYS
    drawn = resampled(differences[:, None], time, seed=1)[:, 0]
    if blocks < LEAST_BLOCKS or not np.isfinite(drawn).all():
        return Estimate(mean)
    tail = 0.5 + 0.5 * CONFIDENCE
    widen = float(student.ppf(tail, blocks - 1.0) / norm.ppf(tail)) * math.sqrt(
        blocks / (blocks - 1.0)
    )
    low, high = np.percentile(drawn, (100 * (1 - tail), 100 * tail))
    return Estimate(mean, mean + widen * (float(low) - mean), mean + widen * (float(high) - mean))


def lines(found: Judged) -> list[str]:
    """For a terminal."""
    d = found.difference
    told = table([HEAD, *(
        (str(f.span), "all days" if math.isinf(f.half_life) else f"{f.half_life:g} h", f"{f.rival:.4f}",
         f"{f.loss:.4f}", f"{f.loss - f.rival:+.4f}") for f in found.folds)])  # fmt: skip
    told.append(f"together {d.value:+.4f}, 90 % {d.low:+.4f} to {d.high:+.4f}, {found.days} days")
    if not found.proved:
        return [
            *told,
            "Not proved: on days it had not seen it is not better than a weighted mean, at 90 %.",
        ]
    return [*told, "For tandem.toml:", "", "[forecast]", f'name = "{found.name}"']


def as_json(found: Judged) -> dict[str, Any]:
    """Everything, for programs. A half-life of null is the mean of all days."""
    return {
        "proved": found.proved,
        "forecaster": found.name,
        "days": found.days,
        "difference": found.difference.value,
        "low": found.difference.low,
        "high": found.difference.high,
        "folds": [
            {
                "begin": f.span.begin,
                "end": f.span.end,
                "half_life_hours": None if math.isinf(f.half_life) else f.half_life,
                "rival": f.rival,
                "loss": f.loss,
            }
            for f in found.folds
        ],
    }
