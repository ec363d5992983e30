"""Delta with respect to spot, on a smile that moves with it.

At fixed basis dV/dS = exp(basis tau) dV/dF, plus what the volatility of this strike does when spot
moves: d sigma / d ln S = (R - 1) sigma_k for the skew-stickiness R, sigma_k = d sigma / d k. R = 0
is sticky moneyness, 1 sticky strike (no term), 2 what local volatility does near the money.
Source: L. Bergomi, Smile dynamics IV, 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.model.black76 import Greeks

Float = NDArray[np.float64]


def spot_delta(
    greeks: Greeks,
    spot: ArrayLike,
    growth: ArrayLike,
    vol_slope: ArrayLike,
    stickiness: ArrayLike = 1.0,
) -> Float:
    """Smile-adjusted delta with respect to spot.

    greeks [...] with respect to the forward, spot [...] USD, growth [...] = forward/spot,
    vol_slope [...] d sigma/d k in 1/sqrt(year), stickiness [...] in [0, 2] -> [...] ETH per option.
    """
    shift = np.asarray(stickiness, dtype=np.float64) - 1.0
    smile = greeks.vega * shift * np.asarray(vol_slope) / np.asarray(spot)
    return np.asarray(growth) * greeks.delta + smile


def spot_gamma(greeks: Greeks, growth: ArrayLike) -> Float:
    """Gamma with respect to spot at fixed volatility. greeks [...], growth [...] = forward/spot ->
    [...] ETH per option and USD."""
    return np.asarray(growth) ** 2 * greeks.gamma
