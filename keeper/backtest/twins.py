"""Policies over all steps of all episodes, compiled: each decides as its object does that runs live.

Held to the objects step by step (`tests/keeper/backtest/test_compiled_twins.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from keeper.backtest.episodes import Episodes
from keeper.policy.bands import INSIDE_HARD, implied_risk_aversion, widths_within
from tandem.model import bands

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Costs:
    """What hedging one book costs, and whose book it is."""

    size: float = 50.0
    """ETH of notional."""
    cost: float = 5e-4
    """Share of the traded notional."""
    gas: float = 0.1
    """USD an order."""
    nav: float = math.inf
    """USD of capital behind the book. The contract's bands come from it; where it has no end, they bind
    nothing, and the least order is nothing, too."""

    @property
    def lot(self) -> float:
        """ETH."""
        return 0.001 if math.isfinite(self.nav) else 0.0


FREE = Costs()


def clock(made: Episodes, hours: float, costs: Costs = FREE) -> Float:
    """The hedge after each price [n, m], shares of the notional: `clock`, from each sale on. costs: whose
    contract lets nobody hedge below its own trigger; without them the yardstick, which nothing binds."""
    return _clock(
        made.spot, made.delta, made.slope, made.open, made.life, made.start, hours * made.per_hour,
        costs.nav / costs.size, costs.lot / costs.size,
    )  # fmt: skip


def threshold(
    made: Episodes,
    costs: Costs,
    risk_aversion: float,
    cost: float,
    of_contract: float = 0.5,
) -> Float:
    """`threshold`. What is sold at the first price is hedged to the reset point there, as a trade hedges what
    it sells. cost: what the policy believes that an order costs."""
    return _threshold(
        made.spot, made.delta, made.slope, made.tau, made.open, made.life, made.vol, made.start,
        cost, costs.gas / costs.size, risk_aversion, costs.nav / costs.size,
        costs.lot / costs.size, of_contract,
    )  # fmt: skip


def whalley_wilmott(made: Episodes, costs: Costs) -> Float:
    """`whalley-wilmott`: the contract's own band, to its edge."""
    return _edge(
        made.spot, made.delta, made.slope, made.open, made.life, made.start,
        costs.nav / costs.size, costs.lot / costs.size,
    )  # fmt: skip


def textbook_edge(made: Episodes, cost: float, risk_aversion: float) -> Float:
    """Whalley and Wilmott's band with a constant of its own, no contract about it: a peer, no policy."""
    halves = (1.5 * cost * made.slope**2 / risk_aversion) ** (1 / 3)
    return _to(made.delta, made.life, halves, halves)


def root_gamma(made: Episodes, width: float) -> Float:
    """A band of width x sqrt(gamma), brought to half of itself: a peer, no policy."""
    trigger = width * np.sqrt(made.slope)
    return _to(made.delta, made.life, trigger, 0.5 * trigger)


def band(made: Episodes, triggers: Float, resets: Float) -> Float:
    """A band of given widths [n, m], brought to `resets`: a peer, no policy."""
    return _to(made.delta, made.life, triggers, resets)


@numba.njit(error_model="numpy")
def _to(
    delta: Float, life: Int, triggers: Float, resets: Float
) -> Float:  # pragma: no cover (compiled)
    hedges = np.zeros(delta.shape)
    for i in range(delta.shape[0]):
        hedge = 0.0
        for t in range(life[i]):
            gap = hedge - delta[i, t]
            if abs(gap) > (triggers[i, t] if t else resets[i, t]):
                hedge = delta[i, t] + math.copysign(resets[i, t], gap)
            hedges[i, t] = hedge
    return hedges


@numba.njit(error_model="numpy")
def _half(slope: float, spot: float, open_: float, nav: float, lot: float) -> float:
    """The contract's half-width, share of the notional; nav and lot per ETH of notional."""
    if nav == math.inf:
        return math.inf
    free = (1.5 * bands.COST * slope * slope * nav / (bands.RISK_AVERSION * spot)) ** (1.0 / 3.0)
    return max(min(free, bands.GROSS_SHARE * open_), lot)


@numba.njit(error_model="numpy")
def _stop(stop: float, gap: float, half: float, lot: float) -> float:
    """`keeper.policy.asked.stop_at`, distances."""
    short = half - gap
    return max(stop if stop >= lot else 0.0, short + lot if 0.0 < short < math.inf else 0.0)


@numba.njit(error_model="numpy")
def _clock(
    spot: Float, delta: Float, slope: Float, open_: Float, life: Int, start: Float, every: float,
    nav: float, lot: float,
) -> Float:  # pragma: no cover (compiled)  # fmt: skip
    hedges = np.zeros(delta.shape)
    for i in range(delta.shape[0]):
        hedge, slot, waits = 0.0, -1, False
        for t in range(life[i]):
            now, gap = math.floor(t / every), hedge - delta[i, t]
            half = _half(slope[i, t], start[i] * spot[i, t], open_[i, t], nav, lot)
            least = max(0.5 * half, lot) if nav != math.inf else 0.0
            is_due = (waits or now > slot) and abs(gap) > least
            slot, stop = now, _stop(0.0, abs(gap), half, lot)
            waits = is_due and abs(gap) - stop < lot
            if is_due and not waits:
                hedge = delta[i, t] + math.copysign(stop, gap)
            hedges[i, t] = hedge
    return hedges


@numba.njit(error_model="numpy")
def _threshold(
    spot: Float, delta: Float, slope: Float, tau: Float, open_: Float, life: Int, vol: Float,
    start: Float, cost: float, gas: float, k: float, nav: float, lot: float, share: float,
) -> Float:  # pragma: no cover (compiled)  # fmt: skip
    hedges = np.zeros(delta.shape)
    for i in range(delta.shape[0]):
        hedge = 0.0
        for t in range(life[i]):
            price, left = start[i] * spot[i, t], open_[i, t]
            half = _half(slope[i, t], price, left, nav, lot)
            acts, stop = widths_within(
                INSIDE_HARD * 2.0 * half / left,
                slope[i, t] / left,
                vol[i],
                tau[i, t],
                cost,
                gas / (left * price),
                max(k, share * implied_risk_aversion(price, left, nav, bands.RISK_AVERSION)),
            )
            acts, stop = acts * left, stop * left
            if nav != math.inf:
                acts = max(acts, 0.5 * half, lot)
            gap = hedge - delta[i, t]
            if t and abs(gap) - stop >= lot:  # a sale is a trade's, which stops where it likes
                stop = _stop(stop, abs(gap), half, lot)
            if abs(gap) > (acts if t else stop) and abs(gap) - stop >= lot:
                hedge = delta[i, t] + math.copysign(stop, gap)
            hedges[i, t] = hedge
    return hedges


@numba.njit(error_model="numpy")
def _edge(
    spot: Float, delta: Float, slope: Float, open_: Float, life: Int, start: Float,
    nav: float, lot: float,
) -> Float:  # pragma: no cover (compiled)  # fmt: skip
    hedges = np.zeros(delta.shape)
    for i in range(delta.shape[0]):
        hedge = 0.0
        for t in range(life[i]):
            half = _half(slope[i, t], start[i] * spot[i, t], open_[i, t], nav, lot)
            gap = hedge - delta[i, t]
            if abs(gap) > half and abs(gap) - half >= lot:
                hedge = delta[i, t] + math.copysign(half, gap)
            hedges[i, t] = hedge
    return hedges
