"""The normal law: density, distribution and Mills' ratio, right to the last digit or two in both
tails.

Mills' ratio M(y) = (1 - N(y)) / n(y) carries all of it. For y in [-0.25, 46] it is one rational
P10/Q11 with positive coefficients (nothing cancels), interpolated in 70 digits at Chebyshev nodes
of y = -0.25 + 3(1+t)/(1-at); its relative error is 1.0e-17 and that of its derivative 5.1e-16, so
that differences M(y) - M(y+s) can be taken from the coefficients (`mills_pair`) and stay accurate
as s -> 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.model._jit import bits, fma, from_bits, inline, jit

Float = NDArray[np.float64]

INV_SQRT_2PI = 0.3989422804014327
NEAR = -0.25
"""Smallest argument of the rational; below it use the reflection N(y) = 1 - N(-y)."""
FAR = 46.0
"""Largest argument of the rational."""
Q_MAX = 1400.0
"""exp(-q/2) is 0 for the pricing kernel from here on (1e-304): tails saturate."""

_P = (
    1.2533141373155003,
    2.038942245184596,
    1.6463068622701835,
    0.8512487225955306,
    0.30902171452165383,
    0.0818788216338955,
    0.016005690875435227,
    0.0022805664582962494,
    0.00022731760323977602,
    1.439131466076796e-05,
    4.4351293697261256e-07,
)
_Q = (
    1.0,
    2.424725098604385,
    2.748213548116833,
    1.9255543439592486,
    0.9287105363990933,
    0.3245771941117739,
    0.08413060592608933,
    0.01623212143831069,
    0.002294957773285166,
    0.00022776111617172024,
    1.439131466081422e-05,
    4.43512936972421e-07,
)
# exp(r) = 1 + r + r^2 E(r) for |r| <= ln(2)/2, Chebyshev interpolation, relative error 1.7e-17
_E = (
    0.5000000000000001,
    0.16666666666666669,
    0.041666666666623824,
    0.008333333333330039,
    0.0013888888917367081,
    0.00019841269863171557,
    2.4801521057868204e-05,
    2.7557268276905696e-06,
    2.7620201591031547e-07,
    2.5100472505694996e-08,
)
LN2_HI = 0.6931471805592082
"""ln 2 to 40 bits: its product with a small integer is exact."""
LN2_LO = 7.371002565167799e-13
_LOG2_E = 1.4426950408889634
_ROUND = 6755399441055744.0
_S52 = np.uint64(52)


@inline
def exp_neg_half(q: float) -> float:
    """exp(-q/2) for q in [0, Q_MAX], without a branch and without a call."""
    x = -0.5 * q
    shifted = fma(x, _LOG2_E, _ROUND)
    k = shifted - _ROUND
    r = fma(-k, LN2_LO, fma(-k, LN2_HI, x))
    e = fma(fma(_E[9], r, _E[8]), r, _E[7])
    e = fma(fma(fma(e, r, _E[6]), r, _E[5]), r, _E[4])
    e = fma(fma(fma(fma(e, r, _E[3]), r, _E[2]), r, _E[1]), r, _E[0])
    return from_bits(bits(1.0 + fma(r * r, e, r)) + (bits(shifted) << _S52))


@inline
def _step(d: float, b: float, c: float, y: float, z: float, a: float) -> tuple[float, float, float]:
    """One Horner step at y and at z, and of the divided difference between the two."""
    return fma(d, z, b), fma(b, y, a), fma(c, z, a)


@inline
def mills_pair(y: float, z: float) -> tuple[float, float, float, float, float, float]:
    """M = P/Q at y and z, with divided differences: (P(y), P(z), P[y,z], Q(y), Q(z), Q[y,z])."""
    p, r, d = fma(_P[10], y, _P[9]), fma(_P[10], z, _P[9]), _P[10]
    d, p, r = _step(d, p, r, y, z, _P[8])
    d, p, r = _step(d, p, r, y, z, _P[7])
    d, p, r = _step(d, p, r, y, z, _P[6])
    d, p, r = _step(d, p, r, y, z, _P[5])
    d, p, r = _step(d, p, r, y, z, _P[4])
    d, p, r = _step(d, p, r, y, z, _P[3])
    d, p, r = _step(d, p, r, y, z, _P[2])
    d, p, r = _step(d, p, r, y, z, _P[1])
    d, p, r = _step(d, p, r, y, z, _P[0])
    q, s, e = fma(_Q[11], y, _Q[10]), fma(_Q[11], z, _Q[10]), _Q[11]
    e, q, s = _step(e, q, s, y, z, _Q[9])
    e, q, s = _step(e, q, s, y, z, _Q[8])
    e, q, s = _step(e, q, s, y, z, _Q[7])
    e, q, s = _step(e, q, s, y, z, _Q[6])
    e, q, s = _step(e, q, s, y, z, _Q[5])
    e, q, s = _step(e, q, s, y, z, _Q[4])
    e, q, s = _step(e, q, s, y, z, _Q[3])
    e, q, s = _step(e, q, s, y, z, _Q[2])
    e, q, s = _step(e, q, s, y, z, _Q[1])
    e, q, s = _step(e, q, s, y, z, _Q[0])
    return p, r, d, q, s, e


@inline
def _density(x: float) -> float:
    """n(x), the rounding of x*x repaired."""
    q = x * x
    if q > 2990.0:
        return 0.0
    return INV_SQRT_2PI * math.exp(-0.5 * q) * (1.0 - 0.5 * fma(x, x, -q))


@inline
def _mills(y: float) -> float:
    """M(y) for y >= NEAR: the rational, and beyond FAR the asymptotic series (7e-20 at FAR)."""
    if y > FAR:
        v = 1.0 / (y * y)
        return (1.0 - v * (1.0 - v * (3.0 - v * (15.0 - v * (105.0 - v * 945.0))))) / y
    p = _P[10]
    q = _Q[11]
    for i in range(9, -1, -1):
        p = fma(p, y, _P[i])
    for i in range(10, -1, -1):
        q = fma(q, y, _Q[i])
    return p / q


@jit
def _pdf(x: Float, out: Float) -> None:
    for i in range(x.size):
        out[i] = _density(x[i])


@jit
def _cdf(x: Float, out: Float) -> None:
    for i in range(x.size):
        v = x[i]
        tail = _density(v) * _mills(abs(v))
        out[i] = tail if v < 0.0 else 1.0 - tail


@jit
def _mills_all(y: Float, out: Float) -> None:
    for i in range(y.size):
        v = y[i]
        out[i] = _mills(v) if v >= NEAR else 1.0 / _density(v) - _mills(-v)


def _apply(kernel: Callable[[Float, Float], None], x: ArrayLike) -> Float:
    values = np.asarray(x, dtype=np.float64)
    out = np.empty(values.size)
    kernel(np.ascontiguousarray(values).ravel(), out)
    return out.reshape(values.shape)


def pdf(x: ArrayLike) -> Float:
    """Standard normal density. x [...] -> [...], relative error below 1e-15 where it is not
    subnormal."""
    return _apply(_pdf, x)


def cdf(x: ArrayLike) -> Float:
    """Standard normal distribution N(x). x [...] -> [...] in [0, 1], relative error below 1e-15."""
    return _apply(_cdf, x)


def mills(y: ArrayLike) -> Float:
    """Mills' ratio (1 - N(y)) / n(y). y [...] -> [...]; infinite below -38. Relative error below
    1e-15."""
    return _apply(_mills_all, y)
