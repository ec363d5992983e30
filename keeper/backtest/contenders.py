"""Policies as they are typed: `threshold:risk_aversion=2..50,cost=0.0005`.

A setting that is a range is calibrated on the training span. What is built in is run by its compiled
twin, any other policy as its object.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import signature

import numpy as np
import numpy.typing as npt

from keeper.backtest import objects, twins
from keeper.backtest.episodes import Episodes
from keeper.backtest.twins import Costs
from keeper.policy import create
from keeper.policy import spec as typed
from keeper.policy.built_in.threshold import ThresholdPolicy
from keeper.policy.spec import PolicySpecError

Float = npt.NDArray[np.float64]
Watch = Callable[[], object]
"""Called between the parts of long work; what it raises ends the work."""

WIDEST = {"threshold": ("risk_aversion", 0.05, 50_000.0)}
"""What is calibrated where nothing is said of it."""
_HINT = (
    "write NAME or NAME:setting=value,setting=low..high, for example threshold:risk_aversion=2..50"
)


@dataclass(frozen=True, slots=True)
class Range:
    """A setting that is calibrated."""

    setting: str
    low: float
    high: float


def with_a_range(name: str) -> str:
    """How a policy is typed with something to calibrate; one without settings has nothing."""
    setting = next(iter(signature(type(create(name))).parameters), None)
    return f"{name}:{setting}=1..50" if setting else "threshold:risk_aversion=1..50"


@dataclass(frozen=True, slots=True)
class Contender:
    """A policy with its settings, one of which may be a range."""

    text: str
    name: str
    fixed: Mapping[str, float]
    swept: Range | None

    def settings(self, value: float | None) -> dict[str, float]:
        """All of them; value: of the one that is calibrated."""
        given = dict(self.fixed)
        if self.swept is not None and value is not None:
            given[self.swept.setting] = value
        return given

    def hedges(
        self, made: Episodes, costs: Costs, value: float | None, watch: Watch = lambda: None
    ) -> Float:
        """The hedge after each price [n, m], shares of the notional."""
        given = self.settings(value)
        twin = _twin(self.name, given, costs)
        if twin is not None:
            watch()
            return twin(made)
        return objects.hedges(made, costs, partial(create, self.name, **given), watch=watch)


def _twin(
    name: str, given: Mapping[str, float], costs: Costs
) -> Callable[[Episodes], Float] | None:
    if name == "threshold":
        policy = ThresholdPolicy(**given)
        return lambda made: twins.threshold(
            made, costs, policy.risk_aversion, policy.cost, policy.of_contract
        )
    if name == "whalley-wilmott" and not given:
        return lambda made: twins.whalley_wilmott(made, costs)
    hours = given.get("hours", 8.0)
    if name == "clock" and given.keys() <= {"hours"}:
        return lambda made: twins.clock(made, hours, costs)
    return None


def parse(text: str, costs: Costs) -> Contender:
    """A policy as it is typed, tried once. Raises PolicySpecError or a PlugInError."""
    name, given = typed.split(text, _HINT)
    fixed: dict[str, float] = {}
    swept: list[Range] = []
    for setting, value in given.items():
        low, dots, high = value.partition("..")
        if dots:
            ends = (typed.number(text, each, _HINT) for each in (low, high))
            swept.append(_range(text, setting, *ends))
        else:
            fixed[setting] = typed.number(text, value, _HINT)
    if len(swept) > 1:
        raise PolicySpecError(f"--policy {text!r} has more than one range to calibrate", _HINT)
    widest = WIDEST.get(name)
    if widest and not swept and widest[0] not in fixed:
        swept.append(Range(*widest))
    if name == "threshold":
        fixed.setdefault("cost", costs.cost)
    if name == "whalley-wilmott" and not math.isfinite(costs.nav):
        raise PolicySpecError(
            "whalley-wilmott hedges to the contract's band, which comes from the LPs' capital",
            "give --nav, or leave the policy out",
        )
    made = Contender(text.strip(), name, fixed, swept[0] if swept else None)
    for value in (made.swept.low, made.swept.high) if made.swept else (None,):
        create(name, **made.settings(value))
    return made


def _range(text: str, setting: str, low: float, high: float) -> Range:
    if not 0.0 < low < high:
        raise PolicySpecError(
            f"--policy {text!r}: {setting} needs a range above 0 that rises", _HINT
        )
    return Range(setting, low, high)
