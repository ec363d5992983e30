"""One SVI slice from quotes, quasi-explicitly.

For a given centre m and width s the variance a + d (k - m) + c sqrt((k - m)^2 + s^2) is linear in
(a, d = b rho, c = b): a weighted least squares of three unknowns over a convex region (a free),
solved in closed form. Only m and s are searched, by Nelder and Mead. Then quotes far from the curve
weigh more and it is fitted again, twice, and the round that misses fewest quotes is kept: what
counts is to lie between bid and ask. Should a butterfly be left near the forward, it is fitted
again with a penalty on it. Source: Zeliade Systems, Quasi-explicit calibration of Gatheral's SVI
model, 2009.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.errors import DomainError
from tandem.model._jit import jit
from tandem.model._svi_search import (
    REACH,
    butterfly,
    check_points,
    fixed_sums,
    flatten,
    least_variance,
    reweigh,
    search,
)
from tandem.model.svi import Slice

Float = NDArray[np.float64]

MIN_QUOTES = 5
_ROUNDS = 3


@jit
def _fit_all(
    start: NDArray[np.int64], k: Float, bid: Float, ask: Float, tau: Float, out: Float
) -> None:
    """Fit slice j to the quotes start[j] .. start[j+1]; out [j] = (a, b, rho, m, s). Longer than a
    function should be: it is one compiled loop over arrays that it keeps."""
    for j in range(start.shape[0] - 1):
        lo, hi = start[j], start[j + 1]
        n = hi - lo
        kj = k[lo:hi]
        mid = 0.5 * (bid[lo:hi] + ask[lo:hi])
        v = mid * mid
        base = np.empty(n)
        for i in range(n):
            half = max(0.5 * (ask[lo + i] - bid[lo + i]), 5e-4)
            base[i] = 1.0 / (4.0 * v[i] * half * half)
        w = base.copy()
        wk = np.empty(n)
        wv = np.empty(n)
        sums = np.empty(8)
        best = np.empty(5)
        kept = np.empty(5)
        # begin at the quote of least variance, with a width of one standard deviation
        # (towards the forward, as far as the search may look: past that it would have nothing to begin at)
        best[0] = min(max(kj[np.argmin(v)] * 0.5, kj.min() - REACH), kj.max() + REACH)
        best[1] = math.log(min(max(mid.mean() * math.sqrt(tau[j]), 0.02), 1.0))
        size = 0.5 * math.exp(best[1])
        fewest = n + 1
        for _ in range(_ROUNDS):
            fixed_sums(kj, w, v, wk, wv, sums)
            search(kj, w, wk, wv, sums, tau[j], False, best, size)
            missed = reweigh(kj, mid, base, bid[lo:hi], ask[lo:hi], best, w)
            if missed < fewest:
                fewest = missed
                kept[:] = best
            if missed == 0:
                break
            size = 0.1 * math.exp(best[1])
        best[:] = kept
        w[:] = base
        fixed_sums(kj, w, v, wk, wv, sums)
        a, d, c, s = best[2], best[3], best[4], math.exp(best[1])
        bent = butterfly(a, d, c, best[0], s, tau[j], check_points(tau[j], s))
        if bent > 0.0 or least_variance(a, d, c, s) <= 0.0:
            search(kj, w, wk, wv, sums, tau[j], True, best, 0.3 * math.exp(best[1]))
            flatten(best, sums, tau[j])
        out[j, 0] = best[2]
        out[j, 1] = best[4]
        out[j, 2] = best[3] / best[4] if best[4] > 0.0 else 0.0
        out[j, 3] = best[0]
        out[j, 4] = math.exp(best[1])


def fit_slices(
    starts: ArrayLike, k: ArrayLike, bid: ArrayLike, ask: ArrayLike, tau: ArrayLike
) -> Float:
    """Many slices at once.

    starts [n+1] first quote of each slice and the number of quotes, k [q] log-moneyness, bid [q]
    and ask [q] implied volatility in 1/sqrt(year), 0 < bid <= ask, tau [n] years -> [n, 5] = a, b,
    rho, m, s of annualised variance. Raises DomainError for fewer than 5 quotes in a slice or bad
    numbers.
    """
    begin = np.array(starts, dtype=np.int64)
    x, low, high, years = (np.array(v, dtype=np.float64) for v in (k, bid, ask, tau))
    if begin.size < 2 or begin[0] != 0 or begin[-1] != x.size or np.diff(begin).min() < MIN_QUOTES:
        raise DomainError(
            f"slice: fewer than {MIN_QUOTES} quotes", "five numbers need five quotes: leave it out"
        )
    sound = np.isfinite(x).all() and np.all((low > 0.0) & (low <= high) & (high <= 50.0))
    if not (sound and low.size == high.size == x.size and years.size == begin.size - 1):
        raise DomainError("slice: bad quotes", "give finite log-moneyness and 0 < bid <= ask")
    if not np.all((years > 0.0) & (years <= 10.0)):
        raise DomainError("slice: tau out of (0, 10] years", "leave expired slices out")
    out = np.empty((years.size, 5))
    _fit_all(begin, x, low, high, years, out)
    return out


def fit_slice(
    forward: float, tau: float, strikes: ArrayLike, bid: ArrayLike, ask: ArrayLike
) -> Slice:
    """One slice. forward USD, tau years, strikes [n] USD, bid [n] and ask [n] implied volatility in
    1/sqrt(year) -> the slice (basis 0, stickiness 1). Raises DomainError as `fit_slices` does."""
    k = np.log(np.asarray(strikes, dtype=np.float64) / forward)
    a, b, rho, m, s = fit_slices([0, k.size], k, bid, ask, [tau])[0].tolist()
    return Slice(a, b, rho, m, s)
