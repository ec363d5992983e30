"""Implied volatility, by Newton's method on the logarithm of the value, safeguarded by a
bracket."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.model._jit import inline, jit
from tandem.model.black76 import one

Float = NDArray[np.float64]

_S_MIN, _S_MAX = 1e-7, 40.0
_STEPS = 60


@inline
def _deviation(lo: float, hi: float, target: float) -> float:
    """sigma sqrt(tau) at which a call on lo struck at hi >= lo is worth target; NaN where none is.
    ln(value) is concave and rising in it, so Newton's steps close in from the left."""
    if not 0.0 < target < lo:
        return math.nan
    low, high = _S_MIN, _S_MAX
    # where vega is largest, or the straight line through 0 at the money
    s = max(math.sqrt(2.0 * math.log(hi / lo)), min(2.5 * target / lo, 1.0), 1e-6)
    for _ in range(_STEPS):
        value, _d, _g, vega, _t = one(is_put=False, forward=lo, strike=hi, tau=1.0, vol=s)
        if value > target:
            high = s
        else:
            low = s
        step = math.nan
        if value > 0.0 and vega > 0.0:
            step = s + math.log(target / value) * value / vega
        if not low < step < high:
            step = 0.5 * (low + high)
        if abs(step - s) <= 4e-16 * s:
            return step
        s = step
    return s


@jit
def _all(
    is_put: NDArray[np.bool_], forward: Float, strike: Float, tau: Float, value: Float, out: Float
) -> None:
    for i in range(forward.shape[0]):
        f = forward[i]
        k = strike[i]
        inner = max(k - f, 0.0) if is_put[i] else max(f - k, 0.0)
        deviation = _deviation(min(f, k), max(f, k), value[i] - inner)
        out[i] = deviation / math.sqrt(tau[i]) if tau[i] > 0.0 else math.nan


def implied_vol(
    is_put: ArrayLike, forward: ArrayLike, strike: ArrayLike, tau: ArrayLike, value: ArrayLike
) -> Float:
    """Black-76 implied volatility.

    is_put [...] bool, forward, strike, value [...] USD, tau [...] years, broadcast together ->
    [...] 1/sqrt(year), NaN where no volatility gives that value (at or below the intrinsic one,
    at or above the limit, no time left, or not a number).
    """
    given = [np.asarray(x, dtype=np.float64) for x in (forward, strike, tau, value)]
    shape = np.broadcast_shapes(np.shape(is_put), *(x.shape for x in given))
    flags = np.broadcast_to(np.asarray(is_put, dtype=np.bool_), shape).flatten()
    f, k, t, v = (np.broadcast_to(x, shape).flatten() for x in given)
    out = np.empty(f.size)
    _all(flags, f, k, t, v, out)
    return out.reshape(shape)
