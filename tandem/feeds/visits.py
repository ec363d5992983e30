"""The prices that a replay visits inside candles: a true path, or a stress through the extremes.

A conditioned path visits equal steps of each candle; the extremes are not visits of their own. A
maximum is no stopping time: visiting it adds the square of a move that no hedger could have seen,
on simulated Brownian candles 68, 24 and 5 % of the variance at 4, 12 and 60 steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tandem.feeds.bridge import ROOT_BIAS, garman_klass, sample
from tandem.feeds.candles import Candles
from tandem.feeds.errors import BadStepError, ShortPathError
from tandem.feeds.tabular import Float, Int

STEP_SECONDS = 300
"""A visit every five minutes where nothing else is asked for."""
BEFORE = 24
"""Candles before a candle whose Garman-Klass volatilities are averaged with its own. None after it:
a path that shakes before a crash would tell whoever measures its volatility that one is coming."""
_EXTREMES = 4


class PathKind(StrEnum):
    """Where a replay's prices lie inside a candle."""

    CONDITIONED = "conditioned"
    """Equal steps of a Brownian path with the candle's open, high, low and close."""
    EXTREMES = "extremes"
    """Open, the farther of low and high, the other, close: a stress, with several times the
    variance of the price it stands for. No profit may be read off it."""


@dataclass(frozen=True, slots=True)
class PathSettings:
    """How candles become prices. Raises BadStepError for a number of visits below 1."""

    kind: PathKind = PathKind.CONDITIONED
    visits: int | None = None
    """Prices in a candle of the usual length, fewer in a shorter one; None for one in 5 minutes."""
    seed: int = 1

    def __post_init__(self) -> None:
        if self.visits is not None and self.visits < 1:
            raise BadStepError(
                f"{self.visits} visits in a candle are no path",
                "give --visits 1 or more; 1 visits each close",
            )


@dataclass(frozen=True, slots=True)
class Visits:
    """Every price that a replay visits. time [n] seconds UTC, rising; price [n] USD; candle [n]."""

    time: Int
    price: Float
    candle: Int

    def __len__(self) -> int:
        return len(self.time)


def visits_of(candles: Candles, how: PathSettings | None = None) -> Visits:
    """The prices of `candles`. Raises ShortPathError for a single candle."""
    how = how or PathSettings()
    if len(candles) < 2:
        raise ShortPathError(
            f"{candles.source} gives one candle, which is no path",
            "give two candles or more: a longer window, or a smaller --every",
        )
    if how.kind is PathKind.EXTREMES:
        return _extremes(candles)
    return _conditioned(candles, how)


def candle_variance(candles: Candles) -> Float:
    """Variance of the log price over each candle [n]: its length times sigma squared.

    sigma is the mean of the Garman-Klass volatilities of a candle and up to `BEFORE` before it:
    volatilities, not variances, so that one wild hour among calm ones stays its own. With b the bias
    of a root, n of them square to b^2 + (1 - b^2) / n of the variance, which is divided out.
    """
    lengths = candles.lengths()
    own = garman_klass(candles.open, candles.high, candles.low, candles.close) / lengths
    window = np.ones(1 + BEFORE)
    total, count = (np.convolve(x, window)[: len(own)] for x in (np.sqrt(own), np.ones(len(own))))
    bias = ROOT_BIAS**2 + (1.0 - ROOT_BIAS**2) / count
    return np.asarray(lengths * (total / count) ** 2 / bias)


def _conditioned(candles: Candles, how: PathSettings) -> Visits:
    """The first open, then the visits of each candle."""
    lengths, variance = candles.lengths(), candle_variance(candles)
    steps = _steps(candles, how)
    first = np.concatenate([[0], np.cumsum(steps)])[:-1] + 1
    time = np.empty(1 + int(steps.sum()), dtype=np.int64)
    price = np.empty(len(time))
    time[0], price[0] = candles.timestamps[0], candles.open[0]
    for count in np.unique(steps):
        rows = np.flatnonzero(steps == count)
        places = first[rows, None] + np.arange(count)
        time[places] = (
            candles.timestamps[rows, None] + np.arange(1, count + 1) * lengths[rows, None] // count
        )
        price[places] = sample(
            candles.open[rows], candles.high[rows], candles.low[rows], candles.close[rows],
            variance[rows], _uniforms(candles.timestamps[rows], int(count), how.seed),
        )  # fmt: skip
    candle = np.concatenate([[0], np.repeat(np.arange(len(candles)), steps)])
    return Visits(time=time, price=price, candle=candle)


def _steps(candles: Candles, how: PathSettings) -> Int:
    """Visits of each candle, in proportion to its length, at least one. [n]"""
    spacing = STEP_SECONDS if how.visits is None else max(candles.interval / how.visits, 1.0)
    return np.maximum(np.rint(candles.lengths() / spacing).astype(np.int64), 1)


def _uniforms(timestamps: Int, count: int, seed: int) -> Float:
    """A candle's draws depend on the seed and its own timestamp alone. [n, count - 1, 2]"""
    draws = np.empty((len(timestamps), count - 1, 2))
    if count > 1:
        for row, timestamp in enumerate(timestamps.tolist()):
            key = np.array([seed, timestamp], dtype=np.uint64)
            draws[row] = np.random.Generator(np.random.Philox(key=key)).random((count - 1, 2))
    return draws


def _extremes(candles: Candles) -> Visits:
    """Open, the farther of low and high, the other, close; a quarter of the candle apart."""
    low_first = candles.open - candles.low >= candles.high - candles.open
    far = np.where(low_first, candles.low, candles.high)
    near = np.where(low_first, candles.high, candles.low)
    price = np.stack([candles.open, far, near, candles.close], axis=1).reshape(-1)
    quarters = np.arange(_EXTREMES, dtype=np.int64)
    offset = quarters[None, :] * candles.lengths()[:, None] // _EXTREMES
    time = (candles.timestamps[:, None] + offset).reshape(-1)
    candle = np.repeat(np.arange(len(candles), dtype=np.int64), _EXTREMES)
    return Visits(time=time, price=price, candle=candle)
