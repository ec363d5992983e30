"""What a hedging policy costs at the tracking error it leaves, against a clock, on recorded prices.

An episode sells options at one hour, hedges to their last expiry, and unwinds. Its cost is what
the orders cost, entry and exit included; its tracking error is the sum of (hedge - delta) x move of
spot, so a hedge at every price has none. Both are in shares of the first spot per unit of notional.
Total P&L would be dominated by the mismatch of implied and realised volatility instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from keeper.policy.bands import band_widths
from tandem.errors import TandemError
from tandem.model.black76 import price

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

HOURS_PER_YEAR = 8_760.0
CLOCKS = (2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72)
"""Hours between hedges that span the frontier to compare with."""
YARDSTICK = 8


class ShortHistoryError(TandemError):
    """Fewer prices than one episode needs."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an episode: strike over spot, life in hours, share of the notional."""

    moneyness: float
    hours: int
    weight: float
    is_put: bool = False


ONE = (Option(1.0, 720, 1.0),)
"""One 30-day option at the money."""
TWELVE = tuple(
    Option(moneyness, 24 * days, 1 / 12, is_put=moneyness < 1)
    for days in (10, 20, 30, 40)
    for moneyness in (0.9, 1.0, 1.12)
)
"""A book: three strikes at four expiries."""


@dataclass(frozen=True, slots=True)
class Case:
    """A book and what it costs to hedge it."""

    options: tuple[Option, ...] = ONE
    size: float = 50.0
    """ETH of notional."""
    cost: float = 5e-4
    """Share of the traded notional."""
    gas: float = 0.1
    """USD per order."""


@dataclass(frozen=True, slots=True)
class Episodes:
    """Prices and Greeks of every episode; they do not depend on the policy. Shapes [n, steps]."""

    spot: Float
    """[n, steps + 1] over the first spot."""
    delta: Float
    slope: Float
    """|gamma| x spot, per unit of notional."""
    tau: Float
    """Years to expiry, weighted by gamma."""
    vol: Float
    """[n] annual, known at the start."""
    start: Float
    """[n] USD."""
    per_hour: int
    """Prices in an hour."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A policy over all episodes. Cost and error in % of spot per unit of notional."""

    cost: float
    error: float
    trades: float
    """Per episode."""


def episodes(
    closes: Float, case: Case, *, per_hour: int = 1, stride_hours: int = 5, vol_hours: int = 720
) -> Episodes:
    """Every `stride_hours`-th start along closes [n]; 5 visits every hour of the day in turn.

    Volatility is that of hourly moves in the `vol_hours` before: nothing later is known.
    """
    life = per_hour * max(option.hours for option in case.options)
    known = per_hour * vol_hours
    starts = np.arange(known, len(closes) - life, stride_hours * per_hour)
    if not len(starts):
        raise ShortHistoryError(
            f"{len(closes)} closes are too few: one episode needs {known + life + 1}",
            "give a longer price file, or a shorter volatility window",
        )
    spot = closes[starts[:, None] + np.arange(life + 1)] / closes[starts][:, None]
    squares = np.concatenate([[0.0], np.cumsum(np.diff(np.log(closes[::per_hour])) ** 2)])
    hour = starts // per_hour
    vol = np.sqrt((squares[hour] - squares[hour - vol_hours]) / vol_hours * HOURS_PER_YEAR)
    delta, slope, weighted = (np.zeros((len(starts), life)) for _ in range(3))
    for option in case.options:
        steps = option.hours * per_hour
        tau = (steps - np.arange(steps)) / (per_hour * HOURS_PER_YEAR)
        greeks = price(option.is_put, spot[:, :steps], option.moneyness, tau, vol[:, None])
        g = option.weight * greeks.gamma * spot[:, :steps]
        delta[:, :steps] += option.weight * greeks.delta
        slope[:, :steps] += g
        weighted[:, :steps] += g * tau
    tau_weighted = weighted / np.maximum(slope, 1e-300)
    return Episodes(spot, delta, slope, tau_weighted, vol, closes[starts], per_hour)


def run_clock(made: Episodes, case: Case, hours: int) -> Outcome:
    """Hedge everything every `hours` from the start of each episode."""
    return _outcome(made, case, clock_hedges(made, hours))


def run_closed_form(made: Episodes, case: Case, risk_aversion: float) -> Outcome:
    """Hedge as `ThresholdPolicy` does, with one constant."""
    return _outcome(made, case, closed_form_hedges(made, case, risk_aversion))


def run_whalley_wilmott(made: Episodes, case: Case, risk_aversion: float) -> Outcome:
    """Hedge to the edge of Whalley and Wilmott's band, blind to gas."""
    return _outcome(made, case, whalley_wilmott_hedges(made, case, risk_aversion))


def clock_hedges(made: Episodes, hours: int) -> Float:
    """The hedge after each price [n, steps], shares of the notional: `FixedClockPolicy`, compiled."""
    return _clock(made.delta, hours * made.per_hour)


def closed_form_hedges(made: Episodes, case: Case, risk_aversion: float) -> Float:
    """The same by `ThresholdPolicy` with room under the contract's band; what is sold at the first
    price is hedged to the reset point there, as a trade hedges what it sells."""
    return _bands(
        made.spot, made.delta, made.slope, made.tau, made.vol, made.start,
        case.cost, case.gas / case.size, risk_aversion, False,
    )  # fmt: skip


def whalley_wilmott_hedges(made: Episodes, case: Case, risk_aversion: float) -> Float:
    """The same by `WhalleyWilmottPolicy`, the contract's band having this constant."""
    return _bands(
        made.spot, made.delta, made.slope, made.tau, made.vol, made.start,
        case.cost, case.gas / case.size, risk_aversion, True,
    )  # fmt: skip


Runner = Callable[[Episodes, Case, float], Outcome]


@dataclass(frozen=True, slots=True)
class Frontier:
    """What clocks cost by the tracking error they leave."""

    clocks: tuple[Outcome, ...]

    @classmethod
    def of(cls, made: Episodes, case: Case, clocks: Sequence[int] = CLOCKS) -> Frontier:
        """The frontier of these episodes."""
        return cls(tuple(run_clock(made, case, hours) for hours in clocks))

    def cost_at(self, error: float) -> float:
        """Cost of a clock with that tracking error, between the clocks tried; NaN outside."""
        errors = np.log([each.error for each in self.clocks])
        costs = np.log([each.cost for each in self.clocks])
        order = np.argsort(errors)
        wanted = math.log(error)
        if not errors[order[0]] <= wanted <= errors[order[-1]]:
            return math.nan
        return float(np.exp(np.interp(wanted, errors[order], costs[order])))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy against the clock of the same tracking error, on episodes it was not tuned on."""

    risk_aversion: float
    cost_ratio: float
    """Below 1 is cheaper than the clock."""
    trades_ratio: float
    """Orders per order of the 8 h clock."""
    outcome: Outcome
    yardstick: Outcome


def calibrate(made: Episodes, case: Case, runner: Runner = run_closed_form) -> float:
    """The constant whose tracking error is that of the 8 h clock, by bisection."""
    wanted = run_clock(made, case, YARDSTICK).error
    low, high = math.log(1e-2), math.log(1e5)
    for _ in range(18):
        middle = 0.5 * (low + high)
        wide = runner(made, case, math.exp(middle)).error > wanted
        low, high = (middle, high) if wide else (low, middle)
    return math.exp(0.5 * (low + high))


def judge(
    made: Episodes, case: Case, risk_aversion: float, runner: Runner = run_closed_form
) -> Verdict:
    """Cost at equal tracking error, with a constant that is frozen."""
    outcome = runner(made, case, risk_aversion)
    yardstick = run_clock(made, case, YARDSTICK)
    clock = Frontier.of(made, case).cost_at(outcome.error)
    return Verdict(
        risk_aversion, outcome.cost / clock, outcome.trades / yardstick.trades, outcome, yardstick
    )


def _outcome(made: Episodes, case: Case, hedges: Float) -> Outcome:
    gas = case.gas / case.size
    cost, error, trades = _costs(made.spot, made.delta, made.start, hedges, case.cost, gas)
    return Outcome(
        cost=float(100 * cost.mean()),
        error=float(100 * np.sqrt((error * error).mean())),
        trades=float(trades.mean()),
    )


_widths = numba.njit(band_widths)


@numba.njit
def _clock(delta: Float, every: int) -> Float:  # pragma: no cover (compiled)
    n, life = delta.shape
    hedges = np.empty((n, life))
    for i in range(n):
        for t in range(life):
            hedges[i, t] = delta[i, t - t % every]
    return hedges


@numba.njit
def _bands(
    spot: Float, delta: Float, slope: Float, tau: Float, vol: Float, start: Float,
    cost: float, gas: float, k: float, edge_only: bool,
) -> Float:  # pragma: no cover (compiled)  # fmt: skip
    n, life = delta.shape
    hedges = np.empty((n, life))
    for i in range(n):
        hedge = 0.0
        for t in range(life):
            share = 0.0 if edge_only else gas / (start[i] * spot[i, t])
            trigger, reset = _widths(slope[i, t], vol[i], tau[i, t], cost, share, k)
            if edge_only:
                trigger = reset = (1.5 * cost * slope[i, t] ** 2 / k) ** (1.0 / 3.0)
            gap = hedge - delta[i, t]
            if abs(gap) > (reset if t == 0 else trigger):
                hedge = delta[i, t] + (reset if gap > 0 else -reset)
            hedges[i, t] = hedge
    return hedges


@numba.njit
def _costs(
    spot: Float, delta: Float, start: Float, hedges: Float, cost: float, gas: float
) -> tuple[Float, Float, Float]:  # pragma: no cover (compiled)
    """What the orders cost, entry and exit included, the tracking error, and the orders. [n] each."""
    n, life = delta.shape
    costs, errors, trades = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(n):
        hedge = 0.0
        for t in range(life):
            order = abs(hedges[i, t] - hedge)
            if order > 0.0:
                costs[i] += cost * order * spot[i, t] + gas / start[i]
                trades[i] += 1
                hedge = hedges[i, t]
            errors[i] += (hedge - delta[i, t]) * (spot[i, t + 1] - spot[i, t])
        if hedge != 0.0:
            costs[i] += cost * abs(hedge) * spot[i, life] + gas / start[i]
            trades[i] += 1
    return costs, errors, trades
