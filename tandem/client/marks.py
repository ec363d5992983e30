"""What the model says of one series on the posted slice, as the contracts reckon it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tandem.model.svi import Slice
from tandem.protocol.series import Series
from tandem.protocol.views import LEAST_LIFE
from tandem.units import YEAR


@dataclass(frozen=True, slots=True)
class Mark:
    """Per 1 ETH. mid: USD, inside the series' range; vol: at the strike, 1/sqrt(year); delta: dV/dS
    at fixed basis, with the smile's move by its stickiness."""

    mid: float
    vol: float
    delta: float


def mark(series: Series, smile: Slice, spot: float, timestamp: int) -> Mark:
    """Both legs on the slice: a capped call is two calls, a floored put two puts. spot USD."""
    tau = max(series.expiry - timestamp, LEAST_LIFE) / YEAR
    forward = float(smile.forward(spot, tau))
    value, delta = _leg(series.is_put, series.strike, smile, spot, forward, tau)
    most = float(series.strike if series.is_put else forward)
    if series.other:
        far_value, far_delta = _leg(series.is_put, series.other, smile, spot, forward, tau)
        value, delta, most = value - far_value, delta - far_delta, abs(series.strike - series.other)
    vol = float(smile.vol(math.log(series.strike / forward)))
    return Mark(min(max(value, 0.0), most), vol, delta)


def _leg(
    is_put: bool, strike: int, smile: Slice, spot: float, forward: float, tau: float
) -> tuple[float, float]:
    """(value USD, delta ETH) of one strike."""
    from tandem.model.black76 import one  # compiled: who asks for no mark does not wait for it

    k = math.log(strike / forward)
    value, by_forward, _, vega, _ = one(is_put, forward, float(strike), tau, float(smile.vol(k)))
    sticky = vega * (smile.stickiness - 1.0) * float(smile.vol_slope(k)) / spot
    return value, by_forward * forward / spot + sticky
