"""Order-flow toxicity: what LPs are left with of a fill some time after it.

The mark-out of an open is its premium, less what the option is worth after so long, and what the fill's own
delta, hedged at the fill's spot, has earned since; of a close the same the other way round. Who knows nothing
leaves the half-spread on average, in units of vega the half-spread itself; who knows more takes it, and then
more. Values are by the slice that stands at that moment, at the middle; fees and the capital charge are not
in it. Pure: no chain, no clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean, stdev

import numpy as np

from tandem.model.black76 import CALL, PUT, price
from tandem.model.svi import Slice
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, YEAR

HORIZONS: Mapping[str, int] = {"5m": 300, "1h": HOUR, "1d": DAY}
LATE = 0.2
"""Of a horizon, by which a fill may be looked at too late, and counts still."""
LEAST_LATE = 60
MOST_FILLS = 500
"""Of one side and horizon: the latest."""
LEAST_FILLS = 30
"""Below which nothing is concluded."""
Z = 1.645
"""Standard errors of a one-sided 95 %."""
KEPT = 0.5
"""Of the half-spread, that LPs should be left with an hour later."""
JUDGED = "1h"


class Side(StrEnum):
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Worth:
    """Of one unit: USD, per USD of spot, USD per 1.00 of volatility."""

    value: float
    delta: float
    vega: float


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade. time: seconds UTC; units: of the asset; premium: USD for all of them; spot: USD."""

    time: int
    side: Side
    series: Series
    units: float
    premium: float
    spot: float
    delta: float
    """Of a unit, at the fill."""
    vega: float


@dataclass(frozen=True, slots=True)
class Measure:
    """Mean of so many fills and its standard error; NaN where there are too few for one."""

    fills: int
    mean: float = math.nan
    error: float = math.nan

    @classmethod
    def of(cls, found: list[float]) -> Measure:
        few = len(found) < 2
        error = math.nan if few else stdev(found) / math.sqrt(len(found))
        return cls(len(found), fmean(found) if found else math.nan, error)


Key = tuple[Side, str]


@dataclass(slots=True)
class MarkOuts:
    """Of one market's fills."""

    _waiting: dict[str, deque[Fill]] = field(init=False)
    _usd: dict[Key, deque[float]] = field(init=False)
    _vol: dict[Key, deque[float]] = field(init=False)
    """The same per unit of vega: in volatility."""

    def __post_init__(self) -> None:
        keys = [(side, name) for side in Side for name in HORIZONS]
        self._waiting = {name: deque() for name in HORIZONS}
        self._usd = {key: deque(maxlen=MOST_FILLS) for key in keys}
        self._vol = {key: deque(maxlen=MOST_FILLS) for key in keys}

    def add(self, fill: Fill) -> None:
        """A fill, in the order of time."""
        for waiting in self._waiting.values():
            waiting.append(fill)

    def saw(self, time: int, spot: float, slices: Mapping[int, Slice]) -> None:
        """What the market is at a moment, USD. slices: by expiry. A fill that nobody looked at in time, or
        whose expiry is past or has no slice, counts nowhere."""
        for name, seconds in HORIZONS.items():
            waiting = self._waiting[name]
            while waiting and waiting[0].time + seconds <= time:
                fill = waiting.popleft()
                late = time - fill.time - seconds > max(LATE * seconds, LEAST_LATE)
                smile = slices.get(fill.series.expiry)
                if late or smile is None or time >= fill.series.expiry:
                    continue
                self._note((fill.side, name), fill, spot, worth(fill.series, smile, time, spot))

    def _note(self, key: Key, fill: Fill, spot: float, now: Worth) -> None:
        held = fill.units * (now.value - fill.delta * (spot - fill.spot)) - fill.premium
        left = held if fill.side is Side.CLOSE else -held
        self._usd[key].append(left)
        if fill.vega > 0.0:
            self._vol[key].append(left / (fill.vega * fill.units))

    def usd(self) -> dict[Key, Measure]:
        """What LPs were left with per fill."""
        return {key: Measure.of(list(found)) for key, found in self._usd.items()}

    @property
    def toxicity(self) -> float:
        """By how many standard errors LPs lose per fill an hour later; 0 while fills are few."""
        found = Measure.of([left for side in Side for left in self._usd[side, JUDGED]])
        if found.fills < LEAST_FILLS or not found.error > 0.0:
            return 0.0
        return -found.mean / found.error

    def advice(self, half_spread: float, least: float, most: float) -> float:
        """The half-spread, in volatility, by which LPs would be left with half of it an hour later: wider
        where they are proved to be left with less, narrower where with more than all of it; never past the
        term's bounds, and what holds while fills are few. It is said, and nobody but the owner sets it."""
        found = Measure.of([left for side in Side for left in self._vol[side, JUDGED]])
        if found.fills < LEAST_FILLS:
            return half_spread
        low, high = found.mean - Z * found.error, found.mean + Z * found.error
        change = max(KEPT * half_spread - high, 0.0) - max(low - half_spread, 0.0)
        return min(max(half_spread + change, least), most)


def worth(series: Series, smile: Slice, time: int, spot: float) -> Worth:
    """Of one unit, at the middle."""
    tau = max(series.expiry - time, 1) / YEAR
    forward = float(smile.forward(spot, tau))
    strikes = np.array([series.strike, *([series.other] if series.other else [])], dtype=np.float64)
    kind = PUT if series.is_put else CALL
    found = price(kind, forward, strikes, tau, smile.vol(np.log(strikes / forward)))
    sign = np.array([1.0, -1.0])[: len(strikes)]
    delta = float(sign @ found.delta) * forward / spot
    return Worth(float(sign @ found.value), delta, float(found.vega.sum()))
