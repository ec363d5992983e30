"""Hedge on a threshold: a trigger and a reset point from gamma, cost and gas.

With a proportional cost alone the best hedge stops at the edge of a band (Whalley-Wilmott); with
a fixed cost alone it goes to the centre. The closed form here covers both and what lies between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from keeper.policy.types import Decision, MarketState

INSIDE_HARD = 0.9
"""Share of the hard band at which to act at the latest: the rest is for the time until the order
is filled."""


@dataclass(frozen=True, slots=True)
class Bands:
    """|residual| at which to act, and |residual| to stop at; in the unit of the input."""

    trigger: float
    reset: float


def closed_form(
    g: float, vol: float, tau: float, cost: float, gas: float, risk_aversion: float
) -> Bands:
    """Bands per unit of notional for a proportional and a fixed cost together.

    g: |gamma| times spot, per unit of notional. vol: annual. tau: years, gamma-weighted.
    cost: share of the traded notional (5 bp = 5e-4). gas: USD per trade over (size x spot).
    risk_aversion: the one constant that is calibrated. gas -> 0 gives the edge of
    Whalley-Wilmott's band, cost -> 0 a band of sqrt(g) that is reset to its centre.
    """
    return Bands(*band_widths(g, vol, tau, cost, gas, risk_aversion))


def band_widths(
    g: float, vol: float, tau: float, cost: float, gas: float, risk_aversion: float
) -> tuple[float, float]:
    """Trigger and reset of `closed_form`, plain enough to be compiled by the back-test."""
    a = 1.5 * cost * g * g / risk_aversion
    b = 3.0 * gas * g * g / risk_aversion
    middle = (0.5 * a + (b / 8.0) ** 0.75) ** (1.0 / 3.0)
    width = 0.0
    if middle > 0.0:
        width = min((b / middle) ** (1.0 / 3.0), 2.0 * middle)
    variance = risk_aversion * vol * vol * tau
    edge, last = 0.0, 0.0
    if variance > 0.0:
        edge = cost / (2.0 * variance)
        last = edge + (gas / variance) ** 0.5
    return max(middle + 0.5 * width, last), max(middle - 0.5 * width, edge)


@dataclass(frozen=True, slots=True)
class ThresholdPolicy:
    """The closed form, clipped to what the contract allows."""

    risk_aversion: float = 5.0
    cost: float = 1e-3
    """Share of the traded notional that an order costs: venue fee and slippage."""

    def decide(self, state: MarketState) -> Decision:
        """Act past the trigger; stop at the reset point on the same side."""
        bands = self.bands(state)
        return _reset(state, bands or _whalley_wilmott(state), "closed form")

    def bands(self, state: MarketState) -> Bands | None:
        """Trigger and reset in ETH before clipping; None where the inputs cannot carry them."""
        size, spot = state.gross_units, state.spot
        inputs = (size, spot, state.gamma, state.gas_cost, state.tau_weighted)
        vol = _better(state.realised_vol, state.sigma_atm)
        if not all(map(math.isfinite, inputs)) or size <= 0 or spot <= 0 or vol <= 0:
            return None
        unit = closed_form(
            g=spot * abs(state.gamma) / size,
            vol=vol,
            tau=max(state.tau_weighted, 0.0),
            cost=self.cost,
            gas=max(state.gas_cost, 0.0) / (size * spot),
            risk_aversion=self.risk_aversion,
        )
        bands = Bands(unit.trigger * size, unit.reset * size)
        return bands if math.isfinite(bands.trigger) and math.isfinite(bands.reset) else None


@dataclass(frozen=True, slots=True)
class WhalleyWilmottPolicy:
    """The contract's own band: act past h, come back to its edge."""

    def decide(self, state: MarketState) -> Decision:
        """h is half the hard band. Orders below the lot are left."""
        return _reset(state, _whalley_wilmott(state), "Whalley-Wilmott")


@dataclass(slots=True)
class FixedClockPolicy:
    """The yardstick: hedge everything every `hours`, counted from midnight UTC plus `phase`."""

    hours: float = 8.0
    phase_hours: float = 0.0
    _slot: int | None = field(default=None, init=False, repr=False)

    def decide(self, state: MarketState) -> Decision:
        """Act in the first state of each slot of the clock."""
        slot = math.floor((state.time / 3600.0 - self.phase_hours) / self.hours)
        due = self._slot is None or slot > self._slot
        if not due:
            return Decision(None, "clock: not due")
        self._slot = slot
        return _reset(state, Bands(state.min_trigger, 0.0), "clock")


def _whalley_wilmott(state: MarketState) -> Bands:
    half = 0.5 * state.hard_band
    return Bands(half, half)


def _better(realised: float, implied: float) -> float:
    """Realised volatility where it is known, else implied; 0 where neither is."""
    return next((v for v in (realised, implied) if math.isfinite(v) and v > 0), 0.0)


def _reset(state: MarketState, bands: Bands, name: str) -> Decision:
    """Clip the bands to the contract's and decide. Never crosses zero, never acts inside.

    A trigger that is cut below the hard band takes its reset point down by more than in proportion:
    a cut band is crossed more often, and stopping near it would send an order for every tick.
    """
    distance = abs(state.residual)
    trigger = max(min(bands.trigger, INSIDE_HARD * state.hard_band), state.min_trigger)
    if not distance > trigger:
        return Decision(None, f"{name}: |residual| {distance:.4f} inside {trigger:.4f} ETH")
    scale = min(1.0, trigger / bands.trigger) if bands.trigger > 0 else 1.0
    reset = min(max(bands.reset * scale * scale, 0.0), trigger)
    if distance - reset < state.lot:
        return Decision(None, f"{name}: order of {distance - reset:.6f} ETH is below the lot")
    return Decision(
        math.copysign(reset, state.residual),
        f"{name}: |residual| {distance:.4f} past {trigger:.4f} ETH, to {reset:.4f}",
    )
