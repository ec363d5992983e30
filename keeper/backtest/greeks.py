"""Delta, gamma and tenor of many books along their paths, compiled: every option of a book in one pass.

The loop over steps is the inner one, because a sum over options cannot be taken four at a time without
changing its order, and a sum for each of many steps can.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from tandem.model.black76 import TAU_MIN, one

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_BLOCK = 256
_NO_GAMMA = 1e-290
"""Gamma per unit of notional below which its weights are rounding."""


@numba.njit(error_model="numpy")
def fill(
    spot: Float, put: Bool, strike: Float, weight: Float, steps: Int, vol: Float, dt: float,
    delta: Float, slope: Float, tau: Float, open_: Float,
) -> None:  # pragma: no cover (compiled)  # fmt: skip
    """Fill the last four [n, m]. spot [n, m + 1] over the first; put, strike over the first spot, weight and
    steps to expiry [n, options]; vol [n] annual; dt: years in a step."""
    n, m = delta.shape
    tile = np.empty(5 * _BLOCK)
    for i in range(n):
        for start in range(0, m, _BLOCK):
            size = min(_BLOCK, m - start)
            tile[:] = 0.0
            for j in range(strike.shape[1]):
                left = steps[i, j] - start
                live = min(size, left)
                w, k, is_put, sigma = weight[i, j], strike[i, j], put[i, j], vol[i]
                path = spot[i, start : start + size]
                for t in range(live):
                    years = max((left - t) * dt, TAU_MIN)
                    _, d, g, _, _ = one(is_put, path[t], k, years, sigma)
                    g *= w * path[t]
                    tile[t] += w * d
                    tile[t + _BLOCK] += g
                    tile[t + 2 * _BLOCK] += g * years
                    tile[t + 3 * _BLOCK] += w
                    tile[t + 4 * _BLOCK] += w * years
            for t in range(size):
                g, w = tile[t + _BLOCK], tile[t + 3 * _BLOCK]
                delta[i, start + t], slope[i, start + t], open_[i, start + t] = tile[t], g, w
                if g > _NO_GAMMA:
                    tau[i, start + t] = tile[t + 2 * _BLOCK] / g
                elif w > 0.0:
                    tau[i, start + t] = tile[t + 4 * _BLOCK] / w
