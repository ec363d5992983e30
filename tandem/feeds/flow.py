"""What traders want to do and when: seeded, and independent of any engine, surface or chain.

Arrivals are drawn in continuous time, so the same seed gives the same intents on any grid of
visits; an engine turns an intent into a series at the state it finds.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from tandem.feeds.realised import realised_path
from tandem.feeds.tabular import Float
from tandem.feeds.visits import Visits
from tandem.units import DAY, HOUR, YEAR


class Kind(StrEnum):
    """Open a new long position, or sell an old one back."""

    OPEN = "open"
    CLOSE = "close"


class Knowledge(StrEnum):
    """What an informed trader knows of the hour after his trade."""

    DIRECTION = "direction"
    """The sign of the move: he buys a call before a rise and a put before a fall."""
    VOLATILITY = "volatility"
    """Whether it moves more than realised volatility says: then he buys, at the money and short;
    else he sells back."""


@dataclass(frozen=True, slots=True)
class TradeIntent:
    """One wish of one trader, in terms that need no market to state."""

    time: int
    """Seconds UTC at which the trader arrives."""
    kind: Kind
    is_put: bool
    tenor_days: float
    """Days to expiry that are wanted; the nearest listed expiry will do."""
    abs_delta: float
    """|delta| of the wanted strike, 0 to 1."""
    size: float
    """ETH of options; of a close, an upper bound."""
    cap_multiple: float | None
    """A call's cap as a multiple of its strike; None for a put."""
    pick: float
    """Uniform in [0, 1): which of the open positions a close takes, as a share of their count."""
    trader: int
    """Index of the account, 0 to `traders` - 1."""
    informed: bool = False
    """Whether he knows what comes; see `Knowledge`."""
    most_above: float = math.inf
    """The most that he pays above the mark for an open, all included, as a share of the mark."""

    def strike(self, forward: float, vol: float, tau: float) -> float:
        """USD strike whose Black delta has the wanted size at `vol` and `tau` years."""
        spread = vol * math.sqrt(max(tau, 0.0))
        d1 = float(ndtri(self.abs_delta)) * (-1.0 if self.is_put else 1.0)
        return forward * math.exp(0.5 * spread * spread - d1 * spread)

    def choose(self, count: int) -> int:
        """Index of the position that a close takes, out of `count` > 0."""
        return min(int(self.pick * count), count - 1)


@dataclass(frozen=True, slots=True)
class Menu:
    """What is traded, with what weight; drawn with replacement. All arrays [n]."""

    is_put: npt.NDArray[np.bool_]
    tenor_days: Float
    abs_delta: Float
    weight: Float


@dataclass(frozen=True, slots=True)
class FlowSpec:
    """Who trades how much. Sizes in ETH; shares between 0 and 1."""

    seed: int = 1
    trades_per_day: float = 24.0
    close_share: float = 0.35
    put_share: float = 0.45
    median_size: float = 1.0
    size_spread: float = 0.9
    """Standard deviation of the log of a size."""
    min_size: float = 0.01
    max_size: float = 6.0
    min_tenor_days: float = 7.0
    max_tenor_days: float = 45.0
    min_abs_delta: float = 0.12
    max_abs_delta: float = 0.55
    cap_multiple: float = 2.0
    traders: int = 4
    standing: int = 16
    """Positions that are open when the window begins."""
    standing_inside_share: float = 0.6
    """How many of them should expire inside the window, where the shortest tenor allows it."""
    informed: float = 0.0
    """Share of arrivals that know what `knowledge` says of the next hour."""
    knowledge: Knowledge = Knowledge.DIRECTION
    reservation: float | None = None
    """The mean of what traders pay above the mark at most, as a share of it: each has his own, exponentially
    distributed, so that a cost of c above the mark keeps exp(-c / mean) of them. None: any price. It holds
    for opens; who is informed, who sells back, and the book that a window inherits take any price."""
    menu: Menu | None = None
    """Types, tenors and moneyness as seen on a real chain; None for the parametric mix."""
    sizes: Float | None = None
    """ETH [n], each as likely as the others, as seen on a real chain (`sized`); None for lognormal
    ones."""

    @property
    def mean_size(self) -> float:
        """ETH: the mean of lognormal sizes that are held between the least and the most."""
        mu, spread = math.log(self.median_size), self.size_spread
        low, high = ((math.log(x) - mu) / spread for x in (self.min_size, self.max_size))
        between = ndtr(high - spread) - ndtr(low - spread)
        mean = self.median_size * math.exp(spread**2 / 2) * between
        return float(mean + self.min_size * ndtr(low) + self.max_size * ndtr(-high))


def sized(spec: FlowSpec, amounts: Float) -> FlowSpec:
    """The same flow with sizes that are to each other as `amounts` [n] are, until the least and the most
    hold them, and on average as large as before: as much is traded in a day. All amounts above 0."""

    def held(log_scale: float) -> Float:
        return np.clip(math.exp(log_scale) * amounts, spec.min_size, spec.max_size)

    ends = math.log(spec.min_size / amounts.max()), math.log(spec.max_size / amounts.min())
    scale: Any = brentq(lambda x: float(held(x).mean()) - spec.mean_size, *ends)
    return replace(spec, sizes=held(float(scale)))


def standing_book(spec: FlowSpec, start: int, end: int) -> tuple[TradeIntent, ...]:
    """Opens at `start`: the book that the window inherits, part of which expires inside it."""
    rng = np.random.default_rng([spec.seed, 1])
    window_days = (end - start) / DAY
    book = []
    for i in range(spec.standing):
        intent = _draw(spec, rng, start, Kind.OPEN)
        inside = i < round(spec.standing * spec.standing_inside_share)
        if inside and window_days > spec.min_tenor_days + 0.5:
            latest = min(window_days - 0.5, spec.max_tenor_days)
            tenor = float(rng.uniform(spec.min_tenor_days, latest))
            intent = replace(intent, tenor_days=tenor)
        book.append(intent)
    return tuple(book)


def arrivals(spec: FlowSpec, start: int, end: int) -> tuple[TradeIntent, ...]:
    """Poisson arrivals in [start, end), in order of time."""
    if spec.trades_per_day <= 0:
        return ()
    rng, knows, bounds = (np.random.default_rng([spec.seed, stream]) for stream in (2, 4, 5))
    intents: list[TradeIntent] = []
    time = float(start)
    while True:
        time += float(rng.exponential(DAY / spec.trades_per_day))
        if time >= end:
            return tuple(intents)
        kind = Kind.CLOSE if rng.random() < spec.close_share else Kind.OPEN
        intent = _draw(spec, rng, int(time), kind)
        informed, bound = bool(knows.random() < spec.informed), float(bounds.standard_exponential())
        most = math.inf if spec.reservation is None or informed else bound * spec.reservation
        intents.append(replace(intent, informed=informed, most_above=most))


def by_visit(intents: Sequence[TradeIntent], visits: Visits) -> list[tuple[TradeIntent, ...]]:
    """The intents of each visit: all that arrived since the visit before. [len(visits)]"""
    grouped: list[list[TradeIntent]] = [[] for _ in range(len(visits))]
    times = visits.time.tolist()
    for intent in intents:
        index = bisect_left(times, intent.time)
        if index < len(grouped):
            grouped[index].append(intent)
    return [tuple(group) for group in grouped]


def with_knowledge(
    grouped: Sequence[Sequence[TradeIntent]], visits: Visits, spec: FlowSpec
) -> list[tuple[TradeIntent, ...]]:
    """The same intents by visit, with the informed ones' changed to what the hour after that visit
    makes worth doing. The others know nothing of it. [len(visits)]"""
    if spec.informed <= 0:
        return [tuple(group) for group in grouped]
    move, turbulent = _next_hour(visits)
    return [
        tuple(
            _knowing(intent, spec, float(move[i]), bool(turbulent[i]))
            if intent.informed
            else intent
            for intent in group
        )
        for i, group in enumerate(grouped)
    ]


def _next_hour(visits: Visits) -> tuple[Float, npt.NDArray[np.bool_]]:
    """The log move of the hour after each visit, and whether its squares are above what realised
    volatility says at that visit. [n], [n]"""
    log = np.log(visits.price)
    later = np.searchsorted(visits.time, visits.time + HOUR, side="right") - 1
    squares = np.concatenate([[0.0], np.cumsum(np.diff(log) ** 2)])
    expected = realised_path(visits) ** 2 * (visits.time[later] - visits.time) / YEAR
    return log[later] - log, squares[later] - squares > expected


def _knowing(intent: TradeIntent, spec: FlowSpec, move: float, turbulent: bool) -> TradeIntent:
    if spec.knowledge is Knowledge.DIRECTION:
        is_put = move < 0.0
        cap = None if is_put else spec.cap_multiple
        return replace(intent, kind=Kind.OPEN, is_put=is_put, cap_multiple=cap)
    if not turbulent:
        return replace(intent, kind=Kind.CLOSE)
    return replace(
        intent, kind=Kind.OPEN, tenor_days=spec.min_tenor_days, abs_delta=spec.max_abs_delta
    )


def _draw(spec: FlowSpec, rng: np.random.Generator, time: int, kind: Kind) -> TradeIntent:
    is_put, tenor, delta = _series(spec, rng)
    size = _size(spec, rng)
    return TradeIntent(
        time=time,
        kind=kind,
        is_put=is_put,
        tenor_days=float(np.clip(tenor, spec.min_tenor_days, spec.max_tenor_days)),
        abs_delta=float(np.clip(delta, spec.min_abs_delta, spec.max_abs_delta)),
        size=round(float(np.clip(size, spec.min_size, spec.max_size)), 2),
        cap_multiple=None if is_put else spec.cap_multiple,
        pick=float(rng.random()),
        trader=int(rng.integers(spec.traders)),
    )


def _size(spec: FlowSpec, rng: np.random.Generator) -> float:
    """ETH: one of those seen, or lognormal."""
    if spec.sizes is not None:
        return float(spec.sizes[int(rng.integers(len(spec.sizes)))])
    return spec.median_size * math.exp(spec.size_spread * float(rng.standard_normal()))


def _series(spec: FlowSpec, rng: np.random.Generator) -> tuple[bool, float, float]:
    """Put or call, tenor in days, |delta|: from the menu, or short-dated and out of the money."""
    if spec.menu is not None:
        total = np.cumsum(spec.menu.weight)
        i = int(np.searchsorted(total, rng.random() * total[-1], side="right"))
        i = min(i, len(total) - 1)
        return (
            bool(spec.menu.is_put[i]),
            float(spec.menu.tenor_days[i]),
            float(spec.menu.abs_delta[i]),
        )
    is_put = bool(rng.random() < spec.put_share)
    tenor = spec.min_tenor_days + float(rng.gamma(1.3, 9.0))
    return is_put, tenor, float(rng.beta(2.2, 4.0))
