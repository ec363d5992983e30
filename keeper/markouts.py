"""Order-flow toxicity: what LPs are left with of a fill some time after it.

The mark-out of an open is its premium, less what the option is worth after so long, and what the fill's own
delta, hedged at the fill's spot, has earned since; of a close the same the other way round. Who knows nothing
leaves the half-spread on average, in units of vega the half-spread itself; who knows more takes it, and then
more. Values are by the slice that stands at that moment, at the middle; fees and the capital charge are not
in it.

What is concluded of them goes by vega, not by their number: a thousand small fills weigh what they risk.
Fills that are near in time share one move of the market, and count as one. Pure: no chain, no clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

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
SPAN = 4 * HOUR
"""Of time, whose fills are one observation: an hour's moves of two of them are nearly independent."""
MOST_SPANS = 2 * MOST_FILLS
"""The latest that have fills in them."""
LEAST_SPANS = 5.0
"""As many equally large ones as make the same error; below which nothing is concluded."""
Z = 1.645
"""Standard errors of a one-sided 95 %."""
SHARED = 2
"""Horizons: fills of so long a time share their market's moves, and are one observation of its error."""
LEAST_TIMES = 4
"""Of those, below which no error is told."""
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
    """Mean of so many fills and its standard error; NaN where there are too few for one. Fills that are near
    in time share what the market does after them: each such time is one observation."""

    fills: int
    mean: float = math.nan
    error: float = math.nan

    @classmethod
    def of(cls, found: Sequence[float], times: Sequence[int] | None = None) -> Measure:
        """times: which one each of them is of; every one of its own where that is not said."""
        if not found:
            return cls(0)
        mean, sums = fmean(found), dict[int, float]()
        for time, left in zip(times or range(len(found)), found, strict=True):
            sums[time] = sums.get(time, 0.0) + left - mean
        n, least = len(sums), LEAST_TIMES if times else 2
        if n < least:
            return cls(len(found), mean)
        squares = sum(each * each for each in sums.values())
        return cls(len(found), mean, math.sqrt(n / (n - 1) * squares) / len(found))


@dataclass(frozen=True, slots=True)
class Weighed:
    """What LPs are left with per unit of vega, in volatility, and its standard error; NaN where nothing can
    be concluded. freedom: degrees of it that the error has."""

    mean: float = math.nan
    error: float = math.nan
    freedom: float = 0.0

    @classmethod
    def of(cls, left: list[float], vega: list[float]) -> Weighed:
        """A ratio of sums, its error as leaving out one after the other has it. left: USD [n]; vega: USD per
        1.00 of volatility [n], above 0."""
        whole = sum(vega)
        squares = [each * each for each in vega]
        fourths = sum(each * each for each in squares)
        freedom = sum(squares) ** 2 / fourths - 1.0 if fourths > 0.0 else 0.0
        if freedom < LEAST_SPANS - 1.0:
            return cls()
        mean, n = sum(left) / whole, len(left)
        strays = [
            (found - mean * risk) / (whole - risk) for found, risk in zip(left, vega, strict=True)
        ]
        centre = fmean(strays)
        spread = sum((each - centre) ** 2 for each in strays)
        return cls(mean, math.sqrt((n - 1) / n * spread), freedom)

    @property
    def score(self) -> float:
        """By how many standard errors it is below 0, as a normal number that is as rare (Wallace)."""
        v, t = self.freedom, -self.mean / self.error
        size = math.sqrt(v * math.log1p(t * t / v)) * (8 * v + 1) / (8 * v + 3)
        return math.copysign(size, t)

    @property
    def width(self) -> float:
        """Of a one-sided 95 %, in volatility: the inverse of the same."""
        v = self.freedom
        normal = Z * (8 * v + 3) / (8 * v + 1)
        return math.sqrt(v * math.expm1(normal * normal / v)) * self.error


@dataclass(slots=True)
class _Span:
    """Its fills together. left: USD; vega: USD per 1.00 of volatility."""

    place: int
    left: float = 0.0
    vega: float = 0.0


Key = tuple[Side, str]


@dataclass(slots=True)
class MarkOuts:
    """Of one market's fills."""

    _waiting: dict[str, deque[Fill]] = field(init=False)
    _times: dict[Key, deque[int]] = field(init=False)
    """When fills that are judged were, in times that share moves."""
    _usd: dict[Key, deque[float]] = field(init=False)
    _spans: deque[_Span] = field(init=False)
    """Of both sides, after the time by which they are judged."""
    _judged: int = field(default=0, init=False)
    """Fills in them."""

    def __post_init__(self) -> None:
        keys = [(side, name) for side in Side for name in HORIZONS]
        self._waiting = {name: deque() for name in HORIZONS}
        self._times = {key: deque(maxlen=MOST_FILLS) for key in keys}
        self._usd = {key: deque(maxlen=MOST_FILLS) for key in keys}
        self._spans = deque(maxlen=MOST_SPANS)

    def add(self, fill: Fill) -> None:
        """A fill, in the order of time."""
        for waiting in self._waiting.values():
            waiting.append(fill)

    def add_all(self, fills: Iterable[Fill]) -> None:
        """Each of them."""
        for each in fills:
            self.add(each)

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
        self._times[key].append(fill.time // (SHARED * HORIZONS[key[1]]))
        self._usd[key].append(left)
        if key[1] != JUDGED or not fill.vega > 0.0:
            return
        place = fill.time // SPAN
        if not self._spans or self._spans[-1].place != place:
            self._spans.append(_Span(place))
        span = self._spans[-1]
        span.left, span.vega = span.left + left, span.vega + fill.vega * fill.units
        self._judged += 1

    def usd(self) -> dict[Key, Measure]:
        """What LPs were left with per fill."""
        return {key: Measure.of(found, self._times[key]) for key, found in self._usd.items()}

    def _weighed(self) -> Weighed:
        """Of all that was judged; of nothing while fills are few."""
        if self._judged < LEAST_FILLS:
            return Weighed()
        return Weighed.of([each.left for each in self._spans], [each.vega for each in self._spans])

    @property
    def toxicity(self) -> float:
        """By how many standard errors LPs lose per unit of vega an hour later, as a normal number that is as
        rare; 0 while too few fills say it."""
        found = self._weighed()
        return found.score if found.error > 0.0 else 0.0

    def advice(self, half_spread: float, least: float, most: float) -> float:
        """The half-spread, in volatility, by which LPs would be left with half of it an hour later: wider
        where they are proved to be left with less, narrower where with more than all of it; never past the
        term's bounds, and what holds while fills are few. It is said, and nobody but the owner sets it."""
        found = self._weighed()
        if math.isnan(found.mean):
            return half_spread
        low, high = found.mean - found.width, found.mean + found.width
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
