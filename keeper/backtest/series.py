"""Prices at even steps, joined from files of candles, and what is known of their volatility at each.

A price is a candle's close, known when the candle ends. A gap of up to six hours keeps the last price, at
which nobody could trade; a longer one ends a run, and no episode reaches over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tandem.errors import TandemError
from tandem.feeds.candles import Candles, check_years, load
from tandem.feeds.tabular import utc
from tandem.units import DAY, HOUR, YEAR

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

MOST_GAP = 6 * HOUR
VOL_DAYS = 14.0
"""Mean age in days of the squared moves that volatility is made of; before that many days have passed it is
not known."""
LEAST_VOL, MOST_VOL = 0.01, 20.0


class PriceSeriesError(TandemError):
    """Candles that no back-test can be run on."""


@dataclass(frozen=True, slots=True)
class Series:
    """n prices, `step` seconds apart inside a run."""

    time: Int
    """[n] seconds UTC, rising."""
    price: Float
    """[n] USD."""
    vol: Float
    """[n] annual, of moves up to then; NaN where it is not known yet."""
    last: Int
    """[n] where the run of each ends."""
    step: int

    def __len__(self) -> int:
        return len(self.time)

    @property
    def per_hour(self) -> int:
        """Prices in an hour."""
        return HOUR // self.step

    def with_vol_of(self, other: Series) -> Series:
        """The same prices with the volatility that `other` knew by then, where it reaches so far."""
        at = np.searchsorted(other.time, self.time, side="right") - 1
        fresh = (at >= 0) & (self.time - other.time[at] <= MOST_GAP)
        return replace(self, vol=np.where(fresh, other.vol[at], self.vol))


def of_files(paths: Sequence[Path]) -> Series:
    """The closes of all candles in files. Raises a TandemError as `of_candles` does, and for times that are
    none of ours."""
    read = [load(path) for path in paths]
    for candles in read:
        check_years(candles)
    return of_candles(read)


def of_candles(files: Sequence[Candles], vol_days: float = VOL_DAYS) -> Series:
    """The closes of all of them, in the order of their time. Raises PriceSeriesError for candles longer
    than an hour, of several lengths, or that overlap."""
    ordered = sorted(files, key=lambda candles: int(candles.timestamps[0]))
    steps = {candles.interval for candles in ordered}
    if len(steps) > 1:
        raise PriceSeriesError(
            f"the files have candles of {' and '.join(f'{s} s' for s in sorted(steps))}",
            "give files of one length together, and the others in another run",
        )
    step = steps.pop()
    if step > HOUR or HOUR % step:
        raise PriceSeriesError(
            f"candles of {step} s: a back-test needs an hour or a part of it that fits whole",
            "give candles of 1, 5, 15 or 60 minutes",
        )
    for before, after in pairwise(ordered):
        if after.timestamps[0] <= before.timestamps[-1]:
            raise PriceSeriesError(
                f"{after.source} begins at {utc(int(after.timestamps[0]))}, before {before.source} ends",
                "give each day once",
            )
    time = np.concatenate([candles.timestamps for candles in ordered]) + step
    return of_prices(time, np.concatenate([c.close for c in ordered]), step, vol_days)


def of_prices(time: Int, price: Float, step: int, vol_days: float = VOL_DAYS) -> Series:
    """The same from arrays: time [n] seconds UTC, rising; price [n] USD, above 0; step in seconds."""
    time, price, breaks = _even(time, price, step)
    last = np.empty(len(time), dtype=np.int64)
    vol = np.full(len(time), np.nan)
    edges = [0, *breaks.tolist(), len(time)]
    for first, end in pairwise(edges):
        last[first:end] = end - 1
        vol[first:end] = known_vol(price[first:end], step, vol_days)
    return Series(time, price, vol, last, step)


def _even(time: Int, price: Float, step: int) -> tuple[Int, Float, Int]:
    """Short gaps filled with the last price; and where each run but the first begins."""
    gaps = np.diff(time)
    short = (gaps <= MOST_GAP) & (gaps % step == 0)
    copies = np.append(np.where(short, gaps // step, 1), 1)
    filled = np.repeat(time, copies)
    first = np.repeat(np.cumsum(copies) - copies, copies)
    filled += step * (np.arange(len(filled)) - first)
    breaks = np.cumsum(copies)[:-1][~short]
    return filled, np.repeat(price, copies), breaks


def known_vol(price: Float, step: int, vol_days: float) -> Float:
    """Annual volatility [n] of one run of prices [n]: squared moves of an hour, weighted by their age; NaN in
    the first `vol_days` days."""
    lag, n = HOUR // step, len(price)
    out = np.full(n, np.nan)
    if n <= lag:
        return out
    squares = np.log(price[lag:] / price[:-lag]) ** 2 * (YEAR / HOUR)
    keep = float(np.exp(-step / (vol_days * DAY)))
    level, weight = np.empty(len(squares)), 0.0
    total = 0.0
    for i, square in enumerate(squares.tolist()):
        total, weight = keep * total + square, keep * weight + 1.0
        level[i] = total / weight
    out[lag:] = np.clip(np.sqrt(level), LEAST_VOL, MOST_VOL)
    out[: round(vol_days * DAY / step)] = np.nan
    return out
