"""The price of a local market: recorded candles played from now on, or a walk that never ends."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from tandem.feeds.candles import Candles
from tandem.feeds.tabular import Float, Int
from tandem.feeds.visits import PathSettings, visits_of
from tandem.units import YEAR

FINEST_SECONDS = 10.0
"""Recorded candles are visited at least this far apart."""


class Prices(Protocol):
    """Where spot is, as a function of the market's own time."""

    def at(self, seconds: float) -> float:
        """USD, `seconds` after the market opened; asked in rising order."""
        ...

    def ended(self, seconds: float) -> bool:
        """Whether the last price is all that is left."""
        ...


@dataclass(slots=True)
class Walk:
    """A geometric Brownian walk without drift. vol: 1/sqrt(year)."""

    start: float = 2_500.0
    vol: float = 0.6
    seed: int = 1
    _price: float = field(init=False)
    _seconds: float = field(default=0.0, init=False)
    _random: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._price, self._random = self.start, np.random.default_rng(self.seed)

    def at(self, seconds: float) -> float:
        width = self.vol * math.sqrt(max(seconds - self._seconds, 0.0) / YEAR)
        self._price *= math.exp(width * self._random.standard_normal() - 0.5 * width * width)
        self._seconds = max(seconds, self._seconds)
        return self._price

    def ended(self, seconds: float) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Recorded:
    """Candles played as if the first one opened now."""

    time: Int
    price: Float

    @classmethod
    def of(cls, candles: Candles, step: float, seed: int) -> Recorded:
        """step: seconds of the market's time between two looks at the price."""
        visits = max(round(candles.interval / max(step, FINEST_SECONDS)), 1)
        path = visits_of(candles, PathSettings(visits=visits, seed=seed))
        return cls(path.time - path.time[0], path.price)

    def at(self, seconds: float) -> float:
        place = int(np.searchsorted(self.time, seconds, side="right")) - 1
        return float(self.price[max(place, 0)])

    def ended(self, seconds: float) -> bool:
        return seconds > float(self.time[-1])
