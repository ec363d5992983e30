"""Episodes: what is sold when, and the price and the Greeks of it at every step to its last expiry.

An episode sells a book at one moment, hedges it to its last expiry and unwinds. All of it is per unit of
notional and over the first spot, so that episodes of different years can be averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from keeper.backtest.books import Book, Selling
from keeper.backtest.greeks import fill
from keeper.backtest.series import PriceSeriesError, Series
from tandem.errors import TandemError
from tandem.feeds.tabular import utc
from tandem.units import DAY, HOUR, YEAR

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

STRIDE_HOURS = 41
"""Hours from one start to the next: with no divisor of 24 in it, every hour of the day has its turn."""
MOST_STEPS = 25_000_000
"""Of all episodes together: a gigabyte."""


class ShortHistoryError(TandemError):
    """Fewer prices than one episode needs."""


@dataclass(frozen=True, slots=True)
class Sales:
    """When n books were sold, and how long they lived."""

    time: Int
    """[n] seconds UTC, rising."""
    life_days: Float
    """[n]"""

    def __len__(self) -> int:
        return len(self.time)

    @property
    def days(self) -> float:
        """From the first sale to the last."""
        return float(self.time[-1] - self.time[0]) / DAY

    @classmethod
    def joined(cls, parts: Sequence[Sales]) -> Sales:
        """Those of several spans, in the order of their time."""
        return cls(
            np.concatenate([part.time for part in parts]),
            np.concatenate([part.life_days for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Episodes:
    """n books from sale to expiry; m steps, of which a book may use fewer. It does not depend on a policy."""

    time: Int
    """[n] seconds UTC of the sale."""
    start: Float
    """[n] USD, the spot at the sale."""
    vol: Float
    """[n] annual, known at the sale."""
    life: Int
    """[n] steps to the last expiry."""
    spot: Float
    """[n, m + 1] over the first spot."""
    delta: Float
    """[n, m]"""
    slope: Float
    """[n, m] |gamma| times spot."""
    tau: Float
    """[n, m] years to expiry, weighted by gamma; by size where no gamma is left."""
    open: Float
    """[n, m] share of the notional that has not expired."""
    step: int
    """Seconds from one price to the next."""

    def __len__(self) -> int:
        return len(self.time)

    @property
    def per_hour(self) -> int:
        """Prices in an hour."""
        return HOUR // self.step

    @property
    def steps(self) -> int:
        """All steps of all episodes."""
        return int(self.life.sum())

    @property
    def sales(self) -> Sales:
        """When these books were sold."""
        return Sales(self.time, self.life * self.step / DAY)

    def part(self, rows: slice | Int) -> Episodes:
        """Some of them."""
        columns = ("time", "start", "vol", "life", "spot", "delta", "slope", "tau", "open")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


Vols = Callable[[int, int], float]
"""Annual volatility known at a time (seconds UTC) for a life in hours."""


def make(
    series: Series,
    selling: Selling,
    begin: int | None = None,
    end: int | None = None,
    stride_hours: int = STRIDE_HOURS,
    quoted: Vols | None = None,
) -> Episodes:
    """Every episode that lies inside [begin, end], seconds UTC: its last price as well as its first.
    quoted: volatility from elsewhere than the prices; where it is NaN nothing is sold. Raises
    ShortHistoryError where there is none."""
    first = int(series.time[0]) if begin is None else begin
    last = int(series.time[-1]) if end is None else end
    wanted = np.arange(first, last + 1, stride_hours * HOUR)
    at = np.searchsorted(series.time, wanted)
    at = np.unique(at[at < len(series)])
    at = at[np.isfinite(series.vol[at])]
    rows: list[tuple[int, float, Book]] = []
    for index in at.tolist():
        time, vol = int(series.time[index]), float(series.vol[index])
        for book in selling.at(time):
            hours = max(option.hours for option in book)
            closes = index + hours * series.per_hour
            if closes > series.last[index] or series.time[closes] > last:
                continue
            known = quoted(time, hours) if quoted else vol
            if np.isfinite(known):
                rows.append((index, known, book))
    if not rows:
        raise ShortHistoryError(
            f"no episode fits between {utc(first)} and {utc(last)} UTC: one needs up to "
            f"{selling.hours // 24} days, after the days that volatility is learnt from",
            f"the prices cover {utc(int(series.time[0]))} to {utc(int(series.time[-1]))}; give a longer "
            "span or more prices, or a shorter book",
        )
    return _filled(series, rows)


def _filled(series: Series, rows: list[tuple[int, float, Book]]) -> Episodes:
    n, most = len(rows), max(len(book) for _, _, book in rows)
    put = np.zeros((n, most), dtype=np.bool_)
    strike, weight = np.ones((n, most)), np.zeros((n, most))
    steps = np.zeros((n, most), dtype=np.int64)
    for i, (_, vol, book) in enumerate(rows):
        for j, option in enumerate(book):
            put[i, j], strike[i, j] = option.is_put, option.moneyness(vol)
            weight[i, j], steps[i, j] = option.weight, option.hours * series.per_hour
    if n * int(steps.max()) > MOST_STEPS:
        raise PriceSeriesError(
            f"{n} episodes of {int(steps.max())} steps are more than memory is meant to hold",
            "give candles of an hour, a shorter span, or a shorter book",
        )
    index = np.array([i for i, _, _ in rows], dtype=np.int64)
    vol = np.array([v for _, v, _ in rows])
    life = steps.max(axis=1)
    reach = np.minimum(index[:, None] + np.arange(int(life.max()) + 1), len(series) - 1)
    start = series.price[index]
    spot = series.price[reach] / start[:, None]
    delta, slope, tau, open_ = (np.zeros((n, int(life.max()))) for _ in range(4))
    fill(spot, put, strike, weight, steps, vol, series.step / YEAR, delta, slope, tau, open_)
    return Episodes(
        series.time[index], start, vol, life, spot, delta, slope, tau, open_, series.step
    )
