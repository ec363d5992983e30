"""A Brownian path inside a candle: conditioned on its open, high, low and close, at equal steps.

Let X be the log price in units of the candle's range, so that low is 0 and high is 1, and let t be
variance in the same units: V = sigma^2 T / ln(high / low)^2 over the whole candle. Brownian motion
that is killed at the ends of [l, h] has the density (method of images)

    g(t; x, y) = sum over k of  phi_t(y - x + 2 k (h - l)) - phi_t(y + x - 2 l + 2 k (h - l)).

That a path stays inside [l, h] is g. That its maximum *is* h is the derivative of g by h, that its
minimum is l the derivative by -l, and both the mixed one. Since g is a semigroup, so are the four
together, as in the algebra of dual numbers:

    g_h(t + r; x, y)  = integral dz of  g g_h + g_h g
    g_hl(t + r; x, y) = integral dz of  g g_hl + g_h g_l + g_l g_h + g_hl g

(a boundary term holds g at a barrier, which is 0). Read as probability: the high was met before z
or after it, and so was the low. Hence the path on the grid is a Markov chain of (price, which of
the two extremes are behind), and its next point has the density

    K[s, s'](dt; x, y)  K[s', both](rest; y, close),   K in {g, g_h, g_l, g_hl},

up to a constant: no rejection, no approximation of the conditioning. The drift does not enter: given
both ends a path's law is that of the bridge. What is drawn is one number per step, from the density
on a lattice whose offset is uniform; sums over a lattice of a smooth density are exact to all
orders, so a lattice of forty points is finer than the arithmetic needs.

Images converge for small t; past `_SERIES_FROM` the same four come from the sine series, without the
common factor exp(-pi^2 t / 2), which no choice between points depends on.

Borodin and Salminen, Handbook of Brownian Motion (2002), part II, 1.15: the killed density.
Garman and Klass, On the Estimation of Security Price Volatilities, J. Business 53 (1980): sigma.
"""

from __future__ import annotations

import math

import numpy as np

from tandem.feeds.tabular import Float
from tandem.model._jit import jit

ROOT_BIAS = 0.969
"""Mean of the root of `garman_klass` over the volatility: roots of unbiased figures are too low."""
_GK_CLOSE = 2.0 * math.log(2.0) - 1.0
_POINTS = 40
_REACH = 7.0
"""Standard deviations of a step to either side that the lattice covers."""
_LONGEST_WAY = 3.0
"""Ranges that a path may still have to go: to one extreme, to the other, to the close."""
_EDGE = 1e-7
"""How far inside the range an open or close at an extreme is put; the limit is the law."""
_IMAGES = 3
_SERIES_FROM = 0.3
_SERIES = 5
_LEAST = 0.01
"""Least V: below it a path is a straight line from extreme to extreme."""


def garman_klass(open: Float, high: Float, low: Float, close: Float) -> Float:
    """Variance of the log price over each candle [n], unbiased for Brownian motion without drift.

    Garman and Klass (1980), the practical estimator: 0.5 (h - l)^2 - (2 ln 2 - 1) (c - o)^2 of logs.
    """
    spread, move = np.log(high / low), np.log(close / open)
    return 0.5 * spread**2 - _GK_CLOSE * move**2


def sample(
    open: Float, high: Float, low: Float, close: Float, variance: Float, uniforms: Float
) -> Float:
    """Log-Brownian prices at equal steps of each candle, the last its close. [n, steps]

    variance [n]: of the log price over the candle. uniforms [n, steps - 1, 2] in [0, 1): the draw.
    Each candle depends on its own row alone. A candle without range stays where it is.
    """
    count, inner = uniforms.shape[:2]
    spread = np.log(high / low)
    flat = spread <= 0.0
    width = np.where(flat, 1.0, spread)
    start = np.clip(np.log(open / low) / width, _EDGE, 1.0 - _EDGE)
    end = np.clip(np.log(close / low) / width, _EDGE, 1.0 - _EDGE)
    scaled = np.maximum(variance / width**2, _LEAST)
    places = np.empty((count, inner + 1))
    places[:, -1] = end
    if inner:
        _paths(start, end, scaled, np.ascontiguousarray(uniforms), places)
    prices = low[:, None] * np.exp(places * width[:, None])
    prices = np.clip(prices, low[:, None], high[:, None])
    prices[flat] = low[flat, None]
    prices[:, -1] = close
    return prices


@jit
def _paths(
    start: Float, end: Float, variance: Float, uniforms: Float, out: Float
) -> None:  # pragma: no cover (compiled)
    """Fill out [n, steps] but for its last column, in units of the range."""
    count, steps = out.shape
    behind = np.empty(4)
    ahead = np.empty(4)
    weight = np.empty(4 * _POINTS)
    for i in range(count):
        x, seen = start[i], 0
        dt = variance[i] / steps
        for j in range(steps - 1):
            left = steps - j
            reach = _REACH * math.sqrt(dt) + _LONGEST_WAY / left
            low, high = max(x - reach, 0.0), min(x + reach, 1.0)
            step = (high - low) / _POINTS
            first = low + uniforms[i, j, 0] * step
            total = 0.0
            for k in range(_POINTS):
                y = first + k * step
                _kernels(dt, x, y, behind)
                _kernels(dt * (left - 1), y, end[i], ahead)
                for now in range(4):
                    # extremes behind are a set of two bits: what a step adds to it, and what is left
                    w = behind[now ^ seen] * ahead[3 ^ now] if now & seen == seen else 0.0
                    weight[4 * k + now] = max(w, 0.0)
                    total += weight[4 * k + now]
            mark, chosen = uniforms[i, j, 1] * total, 0
            mark -= weight[0]
            while mark >= 0.0 and chosen < 4 * _POINTS - 1:
                chosen += 1
                mark -= weight[chosen]
            x, seen = first + (chosen // 4) * step, chosen & 3
            out[i, j] = x


@jit
def _kernels(t: float, x: float, y: float, out: Float) -> None:  # pragma: no cover (compiled)
    """g, g_h, g_l, g_hl over a variance t between x and y in (0, 1): out[0], out[1], out[2],
    out[3]; without exp(-pi^2 t / 2) where t is large."""
    if t < _SERIES_FROM:
        _images(t, x, y, out)
    else:
        _series(t, x, y, out)


@jit
def _images(t: float, x: float, y: float, out: Float) -> None:  # pragma: no cover (compiled)
    g, g_h, g_l, g_hl = 0.0, 0.0, 0.0, 0.0
    scale = 1.0 / math.sqrt(2.0 * math.pi * t)
    for k in range(-_IMAGES, _IMAGES):
        a, b = y - x + 2.0 * k, y + x + 2.0 * k
        at_a, at_b = scale * math.exp(-0.5 * a * a / t), scale * math.exp(-0.5 * b * b / t)
        slope_a, slope_b = -a / t * at_a, -b / t * at_b
        bend_a, bend_b = (a * a / t - 1.0) / t * at_a, (b * b / t - 1.0) / t * at_b
        g += at_a - at_b
        g_h += 2.0 * k * (slope_a - slope_b)
        g_l += 2.0 * k * slope_a - 2.0 * (k + 1.0) * slope_b
        g_hl += 4.0 * k * k * bend_a - 4.0 * k * (k + 1.0) * bend_b
    out[0], out[1], out[2], out[3] = g, g_h, g_l, g_hl


@jit
def _series(t: float, x: float, y: float, out: Float) -> None:  # pragma: no cover (compiled)
    g, g_h, g_l, g_hl = 0.0, 0.0, 0.0, 0.0
    for n in range(1, _SERIES + 1):
        a = n * math.pi
        c = 2.0 * math.exp(-0.5 * (a * a - math.pi * math.pi) * t)
        q = a * a * t - 1.0
        # sines, and their slopes by place
        sx, sy, dx, dy = math.sin(a * x), math.sin(a * y), a * math.cos(a * x), a * math.cos(a * y)
        value = sx * sy
        by_h = -x * dx * sy - y * sx * dy
        by_l = (1.0 - x) * dx * sy + (1.0 - y) * sx * dy
        mixed = (
            a * a * value * (x * (1.0 - x) + y * (1.0 - y))
            + (2.0 * x - 1.0) * dx * sy
            + (2.0 * y - 1.0) * sx * dy
            - dx * dy * (x * (1.0 - y) + (1.0 - x) * y)
        )
        g += c * value
        g_h += c * (q * value + by_h)
        g_l += c * (q * value + by_l)
        g_hl += c * ((q * q + 1.0 - 3.0 * a * a * t) * value + q * (by_h + by_l) + mixed)
    out[0], out[1], out[2], out[3] = g, g_h, g_l, g_hl
