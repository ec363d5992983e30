"""Squared moves by the hour, of prices that come at any moment: what forecasters of hours learn from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

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
