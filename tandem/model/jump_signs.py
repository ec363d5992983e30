"""What jumps and moving volatility leave in a series of returns: jumps found one by one, and the
statistics by which a model is compared with a record.

A return is measured against the bipower variation of the returns before it: products of neighbours, in
which a single jump has little part. Sources: O. Barndorff-Nielsen and N. Shephard, Power and bipower
variation with stochastic volatility and jumps, 2004; S. Lee and P. Mykland, Jumps in financial markets,
2008.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tandem.model._jit import jit
from tandem.units import DAY, HOUR

Float = NDArray[np.float64]
Int = NDArray[np.int64]

A_DAY = DAY // HOUR
"""Steps over which volatility is averaged."""
WINDOW = 4 * A_DAY
"""Steps of bipower variation that a return is measured against."""
LIMITS = (3.5, 5.0, 7.0)
"""Sizes of a standardised return whose frequencies are compared."""
LAGS = (1, 2, 3, 6)
"""Days between two volatilities that are compared."""
NAMES = (
    "bipower variation", "variance", "spread of volatility",
    "volatility after 1 day", "after 2 days", "after 3 days", "after 6 days",
    "size after 1 step", "after 6 steps", "past 3.5", "past 5", "past 7", "falls past 4",
    "size past 4", "sum past 4", "volatility after a jump", "4 days after a jump",
    "return and volatility", "and volatility a day later",
)  # fmt: skip
COUNT = len(NAMES)
_FOUND = 4.0


@jit
def standardised(r: Float) -> Float:  # pragma: no cover (compiled)
    """Returns [n] over the root of the bipower variation of the `WINDOW` before them -> [n]; 0 for the
    first ones, which have none. Normal with variance about 1 where nothing jumps."""
    n = r.shape[0]
    z = np.zeros(n)
    total = 0.0
    for t in range(1, n):
        if t > WINDOW:
            scale = math.sqrt(max(0.5 * math.pi * total / (WINDOW - 1), 1e-30))
            z[t] = r[t] / scale
            total -= abs(r[t - WINDOW] * r[t - WINDOW + 1])
        total += abs(r[t] * r[t - 1])
        if t == WINDOW:
            total -= abs(r[1] * r[0])
    return z


def found(r: Float, confidence: float = 0.95) -> Int:
    """Where the returns [n] jump: places whose standardised size no diffusion would reach in n steps."""
    return np.flatnonzero(np.abs(standardised(r)) > limit(len(r), confidence))


def limit(n: int, confidence: float = 0.95) -> float:
    """What the largest of n normals stays under, with this confidence, by its law for many."""
    wide = math.sqrt(2.0 * math.log(max(n, 3)))
    centre = wide - (math.log(math.pi) + math.log(math.log(max(n, 3)))) / (2.0 * wide)
    return centre - math.log(-math.log(confidence)) / wide


@jit
def _correlation(x: Float, y: Float) -> float:  # pragma: no cover (compiled)
    mx, my = x.mean(), y.mean()
    xy, xx, yy = 0.0, 1e-100, 1e-100
    for i in range(x.shape[0]):
        a, b = x[i] - mx, y[i] - my
        xy += a * b
        xx += a * a
        yy += b * b
    return xy / math.sqrt(xx * yy)


@jit
def _around_jumps(r: Float, z: Float, out: Float) -> None:  # pragma: no cover (compiled)
    """Frequencies, signs and sizes of large standardised returns, and volatility around them."""
    n = r.shape[0]
    running = np.zeros(n + 1)
    for t in range(n):
        running[t + 1] = running[t] + abs(r[t])
    past = np.zeros(3)
    falls, rises, size, total = 0.0, 0.0, 0.0, 0.0
    soon, late, seen = 0.0, 0.0, 0.0
    for t in range(WINDOW + 1, n):
        x = abs(z[t])
        for k in range(3):
            past[k] += x > LIMITS[k]
        if x > _FOUND:
            size += math.log(x)
            total += z[t] / x * math.log(x)
            falls += z[t] < 0.0
            rises += z[t] > 0.0
            if t + 1 + WINDOW <= n:
                before = math.log((running[t] - running[t - A_DAY]) / A_DAY + 1e-300)
                after = (running[t + 1 + A_DAY // 2] - running[t + 1]) / (A_DAY // 2)
                later = (running[t + 1 + WINDOW] - running[t + 1 + A_DAY]) / (WINDOW - A_DAY)
                soon += math.log(after + 1e-300) - before
                late += math.log(later + 1e-300) - before
                seen += 1.0
    count = falls + rises
    for k in range(3):
        out[k] = math.log((past[k] + 0.5) / n)
    out[3] = (falls - rises) / (count + 4.0)
    out[4] = (size + 2.0 * 1.6) / (count + 2.0)
    out[5] = total / (count + 4.0)
    out[6] = soon / (seen + 2.0)
    out[7] = late / (seen + 2.0)


@jit
def statistics(r: Float) -> Float:  # pragma: no cover (compiled)
    """Returns [n] -> what is compared, in the order of `NAMES` [19]; n at least 9 days. All of them are
    bounded, logarithms or means of many, so that none hangs on the one largest move."""
    n = r.shape[0]
    out = np.zeros(COUNT)
    bipower, squares = 0.0, 0.0
    for t in range(1, n):
        bipower += abs(r[t] * r[t - 1])
        squares += r[t] * r[t]
    out[0] = math.log(0.5 * math.pi * bipower / (n - 1) + 1e-300)
    out[1] = math.log(squares / (n - 1) + 1e-300) - out[0]
    days = n // A_DAY
    volatility, move = np.zeros(days), np.zeros(days)
    for d in range(days):
        total = 0.0
        for t in range(d * A_DAY, (d + 1) * A_DAY):
            total += abs(r[t])
            move[d] += r[t]
        volatility[d] = math.log(total + 1e-300)
        move[d] /= total + 1e-300
    out[2] = math.log(volatility.std() + 1e-300)
    for k in range(len(LAGS)):
        lag = LAGS[k]
        out[3 + k] = _correlation(volatility[lag:], volatility[:-lag])
    root = np.sqrt(np.abs(r))
    out[7] = _correlation(root[1:], root[:-1])
    out[8] = _correlation(root[6:], root[:-6])
    _around_jumps(r, standardised(r), out[9:17])
    out[17] = _correlation(move, volatility)
    out[18] = _correlation(move[:-1], volatility[1:])
    return out


@jit
def statistics_of_each(r: Float, out: Float) -> None:  # pragma: no cover (compiled)
    """The same of each of m series [m, n] into out [m, 19]."""
    for i in range(r.shape[0]):
        out[i] = statistics(r[i])
