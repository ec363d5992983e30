"""Bands: the residual at which to act and the one to stop at, from gamma, cost and gas.

With a proportional cost alone the best hedge stops at the edge of a band (Whalley-Wilmott); with
a fixed cost alone it goes to the centre. The closed form here covers both and what lies between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from numba.extending import register_jitable

from keeper.policy.types import Decision, MarketState

INSIDE_HARD = 0.9
"""Share of the hard band at which to act at the latest: the rest is for the time until the order
is filled."""


_ENDLESS = 1e30
"""A trigger so many times its cap is that of a price that cannot move any more."""
_CLOSE = 1e-12


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


@register_jitable(error_model="numpy")
def band_widths(
    g: float, vol: float, tau: float, cost: float, gas: float, risk_aversion: float
) -> tuple[float, float]:
    """Trigger and reset of `closed_form`, plain enough to be compiled into the back-test's loops."""
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


@register_jitable(error_model="numpy")
def widths_within(
    cap: float, g: float, vol: float, tau: float, cost: float, gas: float, risk_aversion: float
) -> tuple[float, float]:
    """Trigger and reset of `closed_form`, its trigger at most `cap`: where it would lie beyond, those of the
    higher risk aversion whose trigger is the cap. A cut trigger with its own reset would stop where the next
    tick crosses it again.

    The trigger falls with risk aversion, its logarithm by 2/9 to 1 of the other's: that brackets the
    solution, which is found by false position.
    """
    trigger, reset = band_widths(g, vol, tau, cost, gas, risk_aversion)
    if trigger <= cap:
        return trigger, reset
    if cap <= 0.0 or not trigger < _ENDLESS * cap:
        return max(cap, 0.0), 0.0
    low, above = math.log(risk_aversion), math.log(trigger / cap)
    high = low + 5.0 * above
    below = math.log(band_widths(g, vol, tau, cost, gas, math.exp(high))[0] / cap)
    for _ in range(60):
        at = (low * below - high * above) / (below - above)
        trigger, reset = band_widths(g, vol, tau, cost, gas, math.exp(at))
        miss = math.log(trigger / cap)
        if abs(miss) < _CLOSE:
            break
        if miss > 0.0:
            low, above, below = at, miss, 0.5 * below
        else:
            high, below, above = at, miss, 0.5 * above
    return min(trigger, cap), min(reset, cap)


@register_jitable(error_model="numpy")
def implied_risk_aversion(
    spot: float, gross: float, nav: float, contract_risk_aversion: float
) -> float:
    """What the contract's own band implies for `gross` ETH of options: its lambda_0 over NAV, for one unit of
    notional; half of that, because the closed form goes from the band's edge and h from its centre."""
    return 0.5 * contract_risk_aversion * spot * gross / nav


def whalley_wilmott(state: MarketState) -> Bands:
    """The contract's own: h, half of the hard band, and back to its edge."""
    half = 0.5 * state.hard_band
    return Bands(half, half)


def decide_by(state: MarketState, bands: Bands, name: str) -> Decision:
    """Clip the bands to the contract's and decide. Never crosses zero, never acts inside.

    A trigger that is cut below the hard band takes its reset point down by more than in proportion: a cut
    band is crossed more often, and stopping near it would send an order for every tick. `threshold` brings
    bands that are not cut (`widths_within`).
    """
    distance = abs(state.residual)
    trigger = max(min(bands.trigger, INSIDE_HARD * state.hard_band), state.min_trigger)
    if not distance > trigger:
        return Decision(
            None, f"{name}: |residual| {distance:.4f} inside {trigger:.4f} {state.asset}"
        )
    scale = min(1.0, trigger / bands.trigger) if bands.trigger > 0 else 1.0
    reset = min(max(bands.reset * scale * scale, 0.0), trigger)
    if distance - reset < state.lot:
        return Decision(
            None, f"{name}: order of {distance - reset:.6f} {state.asset} is below the lot"
        )
    return Decision(
        math.copysign(reset, state.residual),
        f"{name}: |residual| {distance:.4f} past {trigger:.4f} {state.asset}, to {reset:.4f}",
    )
