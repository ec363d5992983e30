"""How volatile the price is and will be, from prices alone: what policies and surfaces are told.

A forecaster is anything with `start` and `update(time, price) -> volatility`. They are found in the entry
point group `tandem.forecasters` (`tandem.plugins`): a file of `keeper.forecast.built_in` whose `create`
makes one, or another package's factory; `start` comes with the settings.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tandem.plugins import PlugInBrokenError, make

GROUP = "tandem.forecasters"
DEFAULT = "realised"


@runtime_checkable
class Forecaster(Protocol):
    """One price's volatility, 1/sqrt(year). start: what it says before it has seen anything."""

    start: float

    def update(self, time: int, price: float) -> float:
        """Take in one price (seconds UTC, rising; USD) and say the volatility as of now."""
        ...


def create(name: str = DEFAULT, **settings: object) -> Forecaster:
    """The forecaster called `name`, built in or plugged in. Raises a PlugInError."""
    found = make(GROUP, name, "forecaster", settings)
    if not isinstance(found, Forecaster):
        raise PlugInBrokenError(
            f"the forecaster {name!r} has no start, or no update(time, price)",
            "return an object with both",
        )
    return found
