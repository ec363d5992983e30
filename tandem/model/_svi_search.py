"""The search behind `fit`: sums, the linear step in closed form, Nelder and Mead, the repairs.

Compiled, and only for `fit`. best [5] is (m, ln s, a, d, c) throughout: variance is
a + d (k - m) + c sqrt((k - m)^2 + s^2).
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from tandem.model._jit import inline
from tandem.model.svi import LEE

Float = NDArray[np.float64]

RHO_MAX = 0.999
WIDTH_MIN, WIDTH_MAX = 2e-3, 1.5
REACH = 0.3
"""How far from the quotes a centre may lie, log-moneyness."""
SLOPE_MAX = 71.0
"""Largest b, 1/year: the packed word holds 72."""
LEVEL_MIN = -35.0
"""Least a, 1/year: the packed word holds -36."""
GRID = 0.5
"""Butterflies are kept out within this log-moneyness of the forward."""
_EVALUATIONS = 70
_CHECKS = 41
_BIG = 1e12

plain: Any = numba.njit(error_model="numpy", nogil=True)
reassociated: Any = numba.njit(
    error_model="numpy", nogil=True, fastmath={"reassoc", "nsz", "contract"}
)


@reassociated
def _width_sums(k: Float, w: Float, wk: Float, wv: Float, m: float, s: float) -> Any:
    """The three sums that depend on the width: of w r, w k r and w v r with r =
    sqrt((k-m)^2+s^2)."""
    sr = 0.0
    skr = 0.0
    svr = 0.0
    square = s * s
    for i in range(k.shape[0]):
        y = k[i] - m
        r = math.sqrt(y * y + square)
        sr += w[i] * r
        skr += wk[i] * r
        svr += wv[i] * r
    return sr, skr, svr


@inline
def _edge(
    d0: float,
    c0: float,
    d1: float,
    c1: float,
    qdd: float,
    qdc: float,
    qcc: float,
    pd: float,
    pc: float,
) -> tuple[float, float, float]:
    """The best point of a segment: (loss, d, c), loss = x'Qx - 2p'x."""
    ud = d1 - d0
    uc = c1 - c0
    curve = qdd * ud * ud + 2.0 * qdc * ud * uc + qcc * uc * uc
    slope = (pd - qdd * d0 - qdc * c0) * ud + (pc - qdc * d0 - qcc * c0) * uc
    t = min(max(slope / curve, 0.0), 1.0) if curve > 0.0 else 0.0
    d = d0 + t * ud
    c = c0 + t * uc
    return qdd * d * d + 2.0 * qdc * d * c + qcc * c * c - 2.0 * (pd * d + pc * c), d, c


@inline
def _linear(
    qdd: float, qdc: float, qcc: float, pd: float, pc: float, limit: float
) -> tuple[float, float, float]:
    """(loss, d, c) of least loss with |d| <= RHO_MAX c and c + |d| <= limit."""
    det = qdd * qcc - qdc * qdc
    if det > 1e-14 * qdd * qcc:
        d = (qcc * pd - qdc * pc) / det
        c = (qdd * pc - qdc * pd) / det
        if abs(d) <= RHO_MAX * c and c + abs(d) <= limit:
            return -(pd * d + pc * c), d, c
    cc = limit / (1.0 + RHO_MAX)
    dd = RHO_MAX * cc
    best, d, c = _edge(0.0, 0.0, dd, cc, qdd, qdc, qcc, pd, pc)
    for side in range(3):
        if side == 0:
            loss, d1, c1 = _edge(0.0, 0.0, -dd, cc, qdd, qdc, qcc, pd, pc)
        elif side == 1:
            loss, d1, c1 = _edge(dd, cc, 0.0, limit, qdd, qdc, qcc, pd, pc)
        else:
            loss, d1, c1 = _edge(-dd, cc, 0.0, limit, qdd, qdc, qcc, pd, pc)
        if loss < best:
            best, d, c = loss, d1, c1
    return best, d, c


@inline
def least_variance(a: float, d: float, c: float, s: float) -> float:
    """The least that a slice has anywhere, 1/year."""
    return a + s * math.sqrt(max(c * c - d * d, 0.0))


@inline
def butterfly(a: float, d: float, c: float, m: float, s: float, tau: float, n: int) -> float:
    """How far Durrleman's g falls below a small margin on a grid of n points in +-GRID, summed."""
    short = 0.0
    for i in range(n):
        k = -GRID + 2.0 * GRID * i / (n - 1)
        y = k - m
        r = math.sqrt(y * y + s * s)
        w = max((a + d * y + c * r) * tau, 1e-12)
        w1 = (d + c * y / r) * tau
        w2 = c * s * s / (r * r * r) * tau
        h = 1.0 - 0.5 * k * w1 / w
        short += max(0.002 - (h * h - 0.25 * w1 * w1 * (1.0 / w + 0.25) + 0.5 * w2), 0.0)
    return short


@plain
def _loss(
    k: Float,
    w: Float,
    wk: Float,
    wv: Float,
    sums: Float,
    tau: float,
    guard: bool,
    m: float,
    log_s: float,
    out: Float,
) -> float:
    """Weighted squared error at the best (a, d, c) for this m and s, which go to out [3]."""
    s = math.exp(log_s)
    if not (WIDTH_MIN <= s <= WIDTH_MAX and sums[6] <= m <= sums[7]):
        return _BIG
    s0, sk, skk, sv, skv, svv = sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]
    sr, skr, svr = _width_sums(k, w, wk, wv, m, s)
    sy = sk - m * s0
    syy = skk - 2.0 * m * sk + m * m * s0
    syr = skr - m * sr
    syv = skv - m * sv
    inv = 1.0 / s0
    qdd = syy - sy * sy * inv
    qdc = syr - sy * sr * inv
    qcc = syy + s * s * s0 - sr * sr * inv
    pd = syv - sy * sv * inv
    pc = svr - sr * sv * inv
    loss, d, c = _linear(qdd, qdc, qcc, pd, pc, min(LEE / tau, SLOPE_MAX))
    a = (sv - d * sy - c * sr) * inv
    out[0], out[1], out[2] = a, d, c
    loss += svv - sv * sv * inv
    least = least_variance(a, d, c, s)
    if least < 1e-4:
        loss += svv * (1.0 + (1e-4 - least))
    if a < LEVEL_MIN:
        loss += svv * (1.0 + (LEVEL_MIN - a))
    if guard:
        loss += svv * butterfly(a, d, c, m, s, tau, _CHECKS)
    return loss


@plain
def search(
    k: Float,
    w: Float,
    wk: Float,
    wv: Float,
    sums: Float,
    tau: float,
    guard: bool,
    best: Float,
    size: float,
) -> float:
    """Nelder and Mead from best [5] = (m, log s, a, d, c), which it overwrites; returns the
    loss. Longer than a function should be: it is one compiled loop over arrays that it keeps."""
    out = np.empty(3)
    x = np.empty((3, 2))
    f = np.empty(3)
    for i in range(3):
        x[i, 0] = best[0] + (size if i == 1 else 0.0)
        x[i, 1] = best[1] + (6.0 * size if i == 2 else 0.0)
        f[i] = _loss(k, w, wk, wv, sums, tau, guard, x[i, 0], x[i, 1], out)
    for _ in range(_EVALUATIONS):
        low = 0 if f[0] <= f[1] and f[0] <= f[2] else (1 if f[1] <= f[2] else 2)
        high = 0 if f[0] > f[1] and f[0] > f[2] else (1 if f[1] > f[2] else 2)
        if low == high or f[high] - f[low] <= 1e-5 * (abs(f[low]) + 1e-12):
            break
        mid = 3 - low - high
        cx = 0.5 * (x[low, 0] + x[mid, 0])
        cy = 0.5 * (x[low, 1] + x[mid, 1])
        dx = cx - x[high, 0]
        dy = cy - x[high, 1]
        fr = _loss(k, w, wk, wv, sums, tau, guard, cx + dx, cy + dy, out)
        t = 1.0
        if fr < f[low]:
            fe = _loss(k, w, wk, wv, sums, tau, guard, cx + 2.0 * dx, cy + 2.0 * dy, out)
            if fe < fr:
                fr, t = fe, 2.0
        elif fr >= f[mid]:
            t = 0.5 if fr < f[high] else -0.5
            fr = _loss(k, w, wk, wv, sums, tau, guard, cx + t * dx, cy + t * dy, out)
        if fr < f[high]:
            x[high, 0], x[high, 1], f[high] = cx + t * dx, cy + t * dy, fr
            continue
        for i in range(3):
            if i != low:
                x[i, 0] = 0.5 * (x[i, 0] + x[low, 0])
                x[i, 1] = 0.5 * (x[i, 1] + x[low, 1])
                f[i] = _loss(k, w, wk, wv, sums, tau, guard, x[i, 0], x[i, 1], out)
    low = 0 if f[0] <= f[1] and f[0] <= f[2] else (1 if f[1] <= f[2] else 2)
    best[0], best[1] = x[low, 0], x[low, 1]
    loss = _loss(k, w, wk, wv, sums, tau, guard, best[0], best[1], out)
    best[2], best[3], best[4] = out[0], out[1], out[2]
    return loss


@plain
def fixed_sums(k: Float, w: Float, v: Float, wk: Float, wv: Float, sums: Float) -> None:
    """The sums that no search changes: of w, wk, wk^2, wv, wkv, wv^2; and the range of m."""
    sums[:6] = 0.0
    for i in range(k.shape[0]):
        wk[i] = w[i] * k[i]
        wv[i] = w[i] * v[i]
        sums[0] += w[i]
        sums[1] += wk[i]
        sums[2] += wk[i] * k[i]
        sums[3] += wv[i]
        sums[4] += wk[i] * v[i]
        sums[5] += wv[i] * v[i]
    sums[6] = k.min() - REACH
    sums[7] = k.max() + REACH


@inline
def check_points(tau: float, s: float) -> int:
    """How fine a grid finds every butterfly: days before expiry a smile bends within a percent, and a narrow
    one always does."""
    return 101 if tau > 0.02 and s > 0.01 else 501


@plain
def flatten(best: Float, sums: Float, tau: float) -> None:
    """Should a butterfly be left, or no variance somewhere, turn the whole smile flatter around its middle
    until neither is: a flat smile has no butterfly. Where the middle itself has no variance it is flat, at
    the quotes' mean."""
    centre = sums[1] / sums[0]
    s = math.exp(best[1])
    points = check_points(tau, s)
    for _ in range(60):
        short = butterfly(best[2], best[3], best[4], best[0], s, tau, points)
        if short <= 0.0 and least_variance(best[2], best[3], best[4], s) > 0.0:
            return
        y = centre - best[0]
        level = best[3] * y + best[4] * math.sqrt(y * y + s * s)
        best[2] += 0.1 * level
        best[3] *= 0.9
        best[4] *= 0.9
    best[2], best[3], best[4] = sums[3] / sums[0], 0.0, 0.0


@plain
def reweigh(
    k: Float, mid: Float, base: Float, bid: Float, ask: Float, best: Float, w: Float
) -> int:
    """How many quotes the curve misses; weights for the next round grow with the square of the
    distance in half-spreads, so that the sum of fourth powers is made small."""
    square = math.exp(2.0 * best[1])
    missed = 0
    for i in range(k.shape[0]):
        y = k[i] - best[0]
        fitted = best[2] + best[3] * y + best[4] * math.sqrt(y * y + square)
        vol = math.sqrt(max(fitted, 0.0))
        ratio = abs(vol - mid[i]) / max(0.5 * (ask[i] - bid[i]), 1e-9)
        w[i] = base[i] * (0.3 + min(ratio, 3.0) ** 2)
        if not bid[i] <= vol <= ask[i]:
            missed += 1
    return missed
