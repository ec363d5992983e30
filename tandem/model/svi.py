"""Raw SVI, one slice per expiry, in annualised variance, and the word that carries it on chain.

v(k) = a + b (rho (k - m) + sqrt((k - m)^2 + s^2)) per year, k = ln(K/F); total variance is w = v
tau with the time that is left, so a slice needs no rescaling between posts. Source: J. Gatheral and
A. Jacquier, Arbitrage-free SVI volatility surfaces, 2014.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.errors import DomainError

Float = NDArray[np.float64]

LEE = 2.0
"""Largest slope of total variance in log-moneyness that any law of the price allows (R. Lee,
2004)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One number of the packed word: its lowest bit, width, sign and how many steps make 1.0."""

    name: str
    low: int
    width: int
    signed: bool
    scale: int


LAYOUT = (
    Field("a", 0, 56, signed=True, scale=10**15),
    Field("b", 56, 56, signed=False, scale=10**15),
    Field("rho", 112, 32, signed=True, scale=10**9),
    Field("m", 144, 40, signed=True, scale=10**11),
    Field("s", 184, 40, signed=False, scale=10**11),
    Field("basis", 224, 24, signed=True, scale=10**6),
    Field("stickiness", 248, 8, signed=False, scale=100),
)


@dataclass(frozen=True, slots=True)
class Slice:
    """One expiry's smile. a 1/year (any sign), b >= 0 1/year, rho in (-1, 1), m log-moneyness, s >
    0 log-moneyness, basis per year (forward = spot exp(basis tau)), stickiness in [0, 2] (0 sticky
    moneyness, 1 sticky strike, 2 local volatility near the money)."""

    a: float
    b: float
    rho: float
    m: float
    s: float
    basis: float = 0.0
    stickiness: float = 1.0

    def variance(self, k: ArrayLike) -> Float:
        """Annualised variance v. k [...] log-moneyness -> [...] 1/year, not clamped."""
        x = np.asarray(k, dtype=np.float64) - self.m
        return self.a + self.b * (self.rho * x + np.hypot(x, self.s))

    def vol(self, k: ArrayLike) -> Float:
        """Implied volatility. k [...] log-moneyness -> [...] 1/sqrt(year). Raises DomainError where
        the variance is not positive."""
        v = self.variance(k)
        if not np.all(v > 0.0):
            raise DomainError("slice: variance not positive", "fit it again, or narrow the strikes")
        return np.sqrt(v)

    def vol_slope(self, k: ArrayLike) -> Float:
        """d sigma / d k. k [...] log-moneyness -> [...] 1/sqrt(year), exact."""
        x = np.asarray(k, dtype=np.float64) - self.m
        return self.b * (self.rho + x / np.hypot(x, self.s)) / (2.0 * self.vol(k))

    def forward(self, spot: ArrayLike, tau: ArrayLike) -> Float:
        """spot [...] USD, tau [...] years -> forward [...] USD."""
        return np.asarray(spot, dtype=np.float64) * np.exp(
            self.basis * np.asarray(tau, dtype=np.float64)
        )

    @property
    def least_variance(self) -> float:
        """The minimum of v over all k, 1/year."""
        return self.a + self.b * self.s * float(np.sqrt(1.0 - self.rho**2))


def pack(slice_: Slice) -> int:
    """The slice as the 256-bit word that is signed and stored: fixed point, two's complement.
    Raises DomainError naming the number that does not fit."""
    word = 0
    for f in LAYOUT:
        value = getattr(slice_, f.name)
        if not math.isfinite(value):
            raise DomainError(f"{f.name}: not a number")
        steps = round(value * f.scale)
        low, high = (-(1 << f.width - 1), 1 << f.width - 1) if f.signed else (0, 1 << f.width)
        if not low <= steps < high:
            raise DomainError(f"{f.name}: {value} does not fit the packed word")
        word |= (steps & ((1 << f.width) - 1)) << f.low
    return word


@lru_cache(maxsize=256)  # a surface's words are read at every price, and stand for many
def unpack(word: int) -> Slice:
    """The slice that a packed word spells."""
    values = {}
    for f in LAYOUT:
        steps = (word >> f.low) & ((1 << f.width) - 1)
        if f.signed and steps >> (f.width - 1):
            steps -= 1 << f.width
        values[f.name] = steps / f.scale
    return Slice(**values)


def durrleman(slice_: Slice, tau: float, k: ArrayLike) -> Float:
    """Durrleman's g(k), at or above 0 exactly where the slice has no butterfly arbitrage.
    tau years, k [...] log-moneyness -> [...] dimensionless."""
    k = np.asarray(k, dtype=np.float64)
    x = k - slice_.m
    root = np.hypot(x, slice_.s)
    w = slice_.variance(k) * tau
    w1 = slice_.b * tau * (slice_.rho + x / root)
    w2 = slice_.b * tau * slice_.s**2 / root**3
    return (1.0 - k * w1 / (2.0 * w)) ** 2 - w1**2 / 4.0 * (1.0 / w + 0.25) + w2 / 2.0
