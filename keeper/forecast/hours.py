"""Squared moves by the hour, of prices that come at any moment, and what forecasters of hours share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field

from tandem.feeds.realised import RealisedVol
from tandem.units import HOUR, YEAR

HOURS_OF_YEAR = YEAR / HOUR
MOST_GAP = 6
"""Hours."""
MOST_HOURS = 24 * 365
"""That are remembered."""


@dataclass(slots=True)
class Hours:
    """The first price at or after a full hour counts. An hour in which nothing was seen has its share of the
    move over it; a longer time in which nothing was seen is left out, for its move says little of its
    variance."""

    variances: list[float] = field(default_factory=list[float])
    """Annual, of whole hours, the oldest first."""
    _hour: int | None = field(default=None, init=False)
    _price: float = field(default=0.0, init=False)

    def take(self, time: int, price: float) -> int:
        """Take in one price and say how many hours ended with it."""
        hour = time // HOUR
        passed = 0 if self._hour is None else hour - self._hour
        if self._hour is not None and passed <= 0:
            return 0
        if 0 < passed <= MOST_GAP:
            move = math.log(price / self._price)
            self.variances += [move * move * HOURS_OF_YEAR / passed] * passed
            del self.variances[:-MOST_HOURS]
        self._hour, self._price = hour, price
        return passed if passed <= MOST_GAP else 0


@dataclass(slots=True)
class OfHours(ABC):
    """Says of the next 24 hours what it learnt from past ones, and until it has seen enough what `realised`
    says."""

    start: float = 0.6
    _hours: Hours = field(default_factory=Hours, init=False)
    _realised: RealisedVol = field(init=False)
    _since: int = field(default=0, init=False)
    """Hours since it learnt."""
    _said: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._realised = RealisedVol(start=self.start)

    def update(self, time: int, price: float) -> float:
        """Take in one price and return the annual volatility of the day to come."""
        realised = self._realised.update(time, price)
        passed = self._hours.take(time, price)
        self._since += passed
        if passed:
            self._take(passed)
        return realised if self._said is None else self._said

    def remember(self, prices: Iterable[tuple[int, float]]) -> None:
        """Take in prices of before, and learn from all of them at once."""
        passed = 0
        for time, price in prices:
            self._realised.update(time, price)
            passed += self._hours.take(time, price)
        self._since += passed
        if passed:
            self._take(passed)

    @abstractmethod
    def _take(self, passed: int) -> None:
        """So many hours have ended: learn where it is time, and say what comes."""
