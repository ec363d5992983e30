"""A policy against the clock of the same tracking error, with 90 % intervals.

Clocks of 2 to 96 hours make a frontier: what a clock costs by the error that it leaves. A policy's cost over
the frontier's at the policy's own error is its cost ratio; below 1 it is cheaper than any clock as exact.
Episodes overlap and markets have moods, so the intervals come from resampling blocks of 28 days, policy and
clocks on the same days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from keeper.backtest import twins
from keeper.backtest.episodes import Episodes, Sales
from keeper.backtest.outcomes import Outcome, Tally, tally
from keeper.backtest.twins import Costs
from tandem.errors import TandemError
from tandem.units import DAY

Float = npt.NDArray[np.float64]

CLOCKS = (2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72, 96)
"""Hours between hedges that span the frontier."""
YARDSTICK = 8
BLOCK_DAYS = 28
DRAWS = 2_000
CONFIDENCE = 0.90


@dataclass(frozen=True, slots=True)
class Frontier:
    """What clocks cost on these episodes."""

    tallies: tuple[Tally, ...]

    @classmethod
    def of(cls, made: Episodes, costs: Costs) -> Frontier:
        """The clocks' tallies."""
        return cls(tuple(tally(made, twins.clock(made, hours), costs) for hours in CLOCKS))

    @classmethod
    def joined(cls, parts: Sequence[Frontier]) -> Frontier:
        """Those of several spans, in the order of their time."""
        columns = zip(*(part.tallies for part in parts), strict=True)
        return cls(tuple(Tally.joined(column) for column in columns))

    @property
    def yardstick(self) -> Tally:
        """The 8 h clock's."""
        return self.tallies[CLOCKS.index(YARDSTICK)]

    @property
    def outcomes(self) -> list[Outcome]:
        """One a clock."""
        return [each.outcome for each in self.tallies]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 90 % interval; NaN where there are too few blocks for one."""

    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy on episodes, beside the clocks there."""

    outcome: Outcome
    yardstick: Outcome
    cost_ratio: Estimate
    """Cost over the frontier's at the policy's own error; NaN where no clock is so exact or so loose."""
    error_ratio: Estimate
    """Tracking error over the 8 h clock's."""
    trades_ratio: Estimate
    """Orders over the 8 h clock's."""
    episodes: int
    days: float


def judge(sales: Sales, found: Tally, frontier: Frontier, seed: int = 1) -> Verdict:
    """The policy's figures with intervals."""
    sums = np.stack([found.sums, *(each.sums for each in frontier.tallies)], axis=1)
    value = ratios(sums.mean(axis=0)[None])[0]
    drawn = ratios(resampled(sums, sales.time, seed))
    low, high = _interval(value, drawn, widening(sales))
    estimates = [Estimate(*map(float, each)) for each in zip(value, low, high, strict=True)]
    return Verdict(
        found.outcome, frontier.yardstick.outcome, estimates[0], estimates[1], estimates[2],
        len(sales), sales.days,
    )  # fmt: skip


def ratios(means: Float) -> Float:
    """[draws, 1 + clocks, 3] mean cost, square and trades, the policy's first -> [draws, 3] cost ratio, error
    ratio, trades ratio."""
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = 0.5 * np.log(means[:, :, 1])
        costs = np.log(means[:, :, 0])
        eight = 1 + CLOCKS.index(YARDSTICK)
        own = np.array([_at(e[0], e[1:], c[1:]) for e, c in zip(errors, costs, strict=True)])
        return np.stack(
            [
                np.exp(costs[:, 0] - own),
                np.exp(errors[:, 0] - errors[:, eight]),
                means[:, 0, 2] / means[:, eight, 2],
            ],
            axis=1,
        )


def _at(error: float, errors: Float, costs: Float) -> float:
    """The frontier's log cost at a log error; NaN outside."""
    order = np.argsort(errors)
    return float(np.interp(error, errors[order], costs[order], left=np.nan, right=np.nan))


def resampled(sums: Float, time: npt.NDArray[np.int64], seed: int, draws: int = DRAWS) -> Float:
    """Means over episodes of draws of blocks, the last block followed by the first. sums [n, ...] of episodes
    at rising times [n] -> [draws, ...]; NaN where the episodes make fewer than three blocks."""
    starts, first = np.unique(time, return_index=True)
    by_start = np.add.reduceat(sums, first, axis=0)
    counts = np.diff(np.append(first, len(time))).astype(float)
    n = len(starts)
    length = max(round(BLOCK_DAYS * DAY / stride(starts)), 1) if n > 1 else 1
    blocks = round(n / length)
    if blocks < 3:
        return np.full((draws, *sums.shape[1:]), np.nan)
    turned = np.concatenate([by_start, by_start[: length - 1]])
    rows = np.concatenate([counts, counts[: length - 1]])
    zero = np.zeros((1, *sums.shape[1:]))
    walked = np.cumsum(np.concatenate([zero, turned]), axis=0)
    passed = np.cumsum(np.append(0.0, rows))
    block_sums, block_rows = walked[length:] - walked[:-length], passed[length:] - passed[:-length]
    drawn = np.random.default_rng(seed).integers(0, n, (draws, blocks))
    total = block_rows[drawn].sum(axis=1).reshape(-1, *([1] * (sums.ndim - 1)))
    return block_sums[drawn].sum(axis=1) / total


def stride(starts: npt.NDArray[np.int64]) -> float:
    """Seconds from one start to the next, whatever holes the prices have. starts [n] rising, two or more."""
    return float(np.median(np.diff(starts)))


def widening(sales: Sales) -> float:
    """By how much percentiles of the draws are too near to the estimate; held to simulated prices.

    A spread estimated from b blocks is Student's; and two episodes that overlap but lie in different
    blocks are drawn as if they were strangers, which loses a known share of the mean's variance (a
    triangle of covariances as wide as an episode, under one as wide as a block).
    """
    starts = np.unique(sales.time)
    covered = (len(starts) - 1) * stride(starts) / DAY if len(starts) > 1 else 0.0
    blocks = covered / BLOCK_DAYS
    if blocks <= 2.0:
        return math.nan
    wide = float(sales.life_days.mean()) / BLOCK_DAYS
    kept = 1.0 - wide / 3.0 if wide <= 1.0 else 1.0 / wide - 1.0 / (3.0 * wide * wide)
    tail = 0.5 + 0.5 * CONFIDENCE
    few = float(student.ppf(tail, blocks - 1.0) / norm.ppf(tail)) ** 2 * blocks / (blocks - 1.0)
    return math.sqrt(few / kept)


def _interval(value: Float, drawn: Float, widen: float) -> tuple[Float, Float]:
    """Percentiles of the draws [draws, 3], their distance from the estimate [3] widened; NaN where the
    estimate or a twentieth of the draws is."""
    tail = 50.0 * (1.0 - CONFIDENCE)
    out = np.full((2, 3), np.nan)
    for j in range(3):
        good = drawn[np.isfinite(drawn[:, j]) & (drawn[:, j] > 0.0), j]
        if np.isfinite(value[j]) and value[j] > 0.0 and len(good) > 0.95 * len(drawn):
            reach = np.log(np.percentile(good, (tail, 100.0 - tail)) / value[j])
            out[:, j] = value[j] * np.exp(widen * reach)
    return out[0], out[1]


class FlatPricesError(TandemError):
    """Prices along which every way to hedge is as good."""


Hedging = Callable[[Episodes, float], Float]
"""Hedges [n, m] by the value of the one setting that is calibrated."""


def calibrate(
    made: Episodes, costs: Costs, hedging: Hedging, low: float, high: float, margin: float = 0.0
) -> float:
    """The value between low and high at which the tracking error is the 8 h clock's less `margin` of
    it; the end that comes nearest where there is none."""
    eight = tally(made, twins.clock(made, YARDSTICK), costs).outcome.error
    if not eight > 0.0:
        raise FlatPricesError(
            "nothing can be calibrated: a clock of 8 hours leaves no tracking error on these prices",
            "give prices that move",
        )
    return meet(made, costs, hedging, low, high, (1.0 - margin) * eight)


def meet(
    made: Episodes, costs: Costs, hedging: Hedging, low: float, high: float, wanted: float
) -> float:
    """The same for any tracking error, %."""

    def misses(at: float) -> float:
        error = tally(made, hedging(made, math.exp(at)), costs).outcome.error
        return math.log(max(error, 1e-12) / wanted)

    least, most = math.log(low), math.log(high)
    below, above = misses(least), misses(most)
    if (below > 0.0) == (above > 0.0):
        return low if abs(below) < abs(above) else high
    found: Any = brentq(misses, least, most, xtol=1e-4)
    return math.exp(float(found))
