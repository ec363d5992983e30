"""How volatile the price is and will be, from prices alone: what policies and surfaces are told.

A forecaster is anything with `start` and `update(time, price) -> volatility`. They are found in the entry
point group `tandem.forecasters` (`tandem.plugins`): a file of `keeper.forecast.built_in` whose `create`
makes one, or another package's factory; `start` comes with the settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol, cast, runtime_checkable

from tandem.plugins import FAILURES, REPAIR, PlugInBrokenError, broken, make

GROUP = "tandem.forecasters"
DEFAULT = "realised"


@runtime_checkable
class Forecaster(Protocol):
    """One price's volatility, 1/sqrt(year). start: what it says before it has seen anything."""

    start: float

    def update(self, time: int, price: float) -> float:
        """Take in one price (seconds UTC, rising; USD) and say the volatility as of now."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """One that learns at once from prices of before."""

    def remember(self, prices: Iterable[tuple[int, float]]) -> None:
        """Take in prices, by rising time."""
        ...


def tell(made: Forecaster, time: int, price: float) -> float:
    """What any forecaster says of one price more. Raises PlugInBrokenError where it fails, would end the
    process, or says what is no volatility: they are of packages that nobody types."""
    try:
        said = cast("object", made.update(time, price))
    except FAILURES as error:
        raise broken(_failed(made), error, REPAIR) from error
    if isinstance(said, int | float) and 0 <= said < math.inf:
        return said
    raise PlugInBrokenError(
        f"the forecaster {type(made).__name__} answers {said!r:.80}",
        f"it has to be a finite number from 0 up; {REPAIR}",
    )


def remember(made: Forecaster, prices: Iterable[tuple[int, float]]) -> None:
    """Prices of before, told to any forecaster. Raises PlugInBrokenError."""
    try:
        if isinstance(made, Remembers):
            made.remember(prices)
            return
        for time, price in prices:
            made.update(time, price)
    except FAILURES as error:
        raise broken(_failed(made), error, REPAIR) from error


def _failed(made: Forecaster) -> str:
    return f"the forecaster {type(made).__name__} failed"


def create(name: str = DEFAULT, **settings: object) -> Forecaster:
    """The forecaster called `name`, built in or plugged in. Raises a PlugInError."""
    found = make(GROUP, name, "forecaster", settings)
    if not isinstance(found, Forecaster):
        raise PlugInBrokenError(
            f"the forecaster {name!r} has no start, or no update(time, price)",
            "return an object with both",
        )
    return found
