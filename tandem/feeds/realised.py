"""Realised volatility: squared moves of the log price, exponentially weighted by time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from tandem.feeds.tabular import Float
from tandem.feeds.visits import Visits
from tandem.units import YEAR


@dataclass(slots=True)
class RealisedVol:
    """Annual volatility whose square decays by half in `half_life_hours` towards squared moves.

    A squared move is an unbiased measure of the variance of its own step, so steps may differ in
    length and need no buckets; a price of the same second adds to the move of the next one. Unlike
    a range, it does not depend on how often one looks: the range of twelve prices an hour says 0.70
    of the variance.
    """

    start: float = 0.6
    half_life_hours: float = 24.0
    _variance: float = field(init=False)
    _time: int | None = field(default=None, init=False)
    _price: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._variance = self.start * self.start

    def update(self, time: int, price: float) -> float:
        """Take in one price and return the annual volatility as of now."""
        if self._time is None:
            self._time, self._price = time, price
        elif time > self._time:
            elapsed, move = time - self._time, math.log(price / self._price)
            keep = 0.5 ** (elapsed / (3_600.0 * self.half_life_hours))
            self._variance *= keep
            self._variance += (1.0 - keep) * move * move * YEAR / elapsed
            self._time, self._price = time, price
        return math.sqrt(self._variance)


def realised_path(visits: Visits, start: float = 0.6, half_life_hours: float = 24.0) -> Float:
    """Annual realised volatility at each visit, knowing nothing later. [len(visits)]"""
    estimator = RealisedVol(start=start, half_life_hours=half_life_hours)
    pairs = zip(visits.time.tolist(), visits.price.tolist(), strict=True)
    return np.array([estimator.update(time, price) for time, price in pairs])
