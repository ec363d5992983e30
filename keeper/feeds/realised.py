"""Realised volatility along a visited path, from the range of each hour."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from keeper.feeds.candles import Visits
from keeper.feeds.tabular import Float

YEAR = 31_536_000
_RANGE_TO_VARIANCE = 1.0 / (4.0 * math.log(2.0))


@dataclass(slots=True)
class RealisedVol:
    """Exponentially weighted volatility from the squared log range of each bucket (Parkinson).

    A visited path runs through each candle's extremes, so its squared returns would count the
    range several times over; the range of a bucket counts it once. The bucket in progress enters
    as soon as it raises the estimate: a crash is seen when it happens, not when its hour ends.
    """

    start: float = 0.6
    half_life_hours: float = 24.0
    bucket_seconds: int = 3600
    _variance: float = field(init=False)
    _bucket: int | None = field(default=None, init=False)
    _low: float = field(default=0.0, init=False)
    _high: float = field(default=0.0, init=False)
    _last: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._variance = self.start * self.start

    def update(self, time: int, price: float) -> float:
        """Take in one price and return the annual volatility as of now."""
        bucket = time // self.bucket_seconds
        if self._bucket is None:
            self._bucket, self._low, self._high = bucket, price, price
        elif bucket != self._bucket:
            self._variance = self._blend(self._rate())
            self._bucket, self._low, self._high = bucket, self._last, self._last
        self._low, self._high, self._last = min(self._low, price), max(self._high, price), price
        return math.sqrt(max(self._variance, self._blend(self._rate())))

    def _rate(self) -> float:
        """Annual variance that the range of the current bucket speaks for."""
        spread = math.log(self._high / self._low)
        return spread * spread * _RANGE_TO_VARIANCE * YEAR / self.bucket_seconds

    def _blend(self, rate: float) -> float:
        keep = 0.5 ** (self.bucket_seconds / 3600.0 / self.half_life_hours)
        return keep * self._variance + (1.0 - keep) * rate


def realised_path(visits: Visits, start: float = 0.6, half_life_hours: float = 24.0) -> Float:
    """Annual realised volatility at each visit, knowing nothing later. [len(visits)]"""
    estimator = RealisedVol(start=start, half_life_hours=half_life_hours)
    pairs = zip(visits.time.tolist(), visits.price.tolist(), strict=True)
    return np.array([estimator.update(time, price) for time, price in pairs])
