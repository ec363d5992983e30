"""What the contract takes of a slice: its law off chain, so that nothing is signed and sent that it
refuses.

The rules of `VolSurface.post` about the smile itself, in the contract's order and by its reasons: bounds,
levels, butterflies, density, calendar (lib/arbitrage.vy, lib/density.vy, modules/slice_limits.vy). How fast
a slice moved decides whether it stands or is quoted beside what stands (`in_pace`); nothing is refused
for it. Who signs, and when, is not here. Held equal to the contract on random slices by
tests/unit/vol_surface/test_arbitrage.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tandem.model.black76 import CALL, price
from tandem.model.svi import LEE, Slice, durrleman
from tandem.units import HOUR, YEAR

Float = NDArray[np.float64]

GRID: Float = np.array([
    -0.9, -0.7, -0.5, -0.36, -0.25, -0.16, -0.08, 0.0,
    0.08, 0.16, 0.25, 0.36, 0.5, 0.7, 0.95, 1.2,
])  # fmt: skip
"""Log-moneyness at which prices and paces are looked at."""
AT_THE_MONEY = 7
WING_FACTOR = 3.0
LIMITS: Float = np.where(np.abs(GRID) <= 0.36, 1.0, WING_FACTOR)
"""The wings may move faster by so much."""
BASIS_HOURLY = 0.05
STICKINESS_HOURLY = 0.10

MIN_VARIANCE, MAX_VOL = 1e-4, 5.0
FIRST_LOW, FIRST_HIGH = 0.1, 3.0
MIN_DEVIATION, MAX_DEVIATION = 2.0**-24, 8.0
SLOPE_SLACK = 2.0**-40
LOWEST, HIGHEST, STEPS = -0.9, 1.2, 64
"""Where density is looked at, log-moneyness, and in how many steps."""
MARGIN = 2.0**-10
"""What Durrleman's function is at least there."""
GUARD, SLOPE_GUARD = 1e-9, 2e-13
"""Relative, of a volatility and of a strike's step: both sides' rounding is far below."""

_STRIKES: Float = np.exp(GRID)
_STEPS: Float = np.diff(_STRIKES, prepend=0.0)
_SHARES: Float = np.arange(STEPS + 1) / STEPS


class Refusal(StrEnum):
    """The contract's reasons, in the order in which it looks."""

    LEVEL = "surface: level bounds"
    SKEW = "surface: skew bounds"
    CURVATURE = "surface: curvature bounds"
    BASIS = "surface: basis bounds"
    STICKINESS = "surface: stickiness bounds"
    STEEP = "surface: wings too steep"
    NO_VARIANCE = "surface: variance not positive"
    VOLATILITY = "surface: volatility bounds"
    RISING = "surface: calls not falling"
    BUTTERFLY = "surface: calls not convex"
    DENSITY = "surface: negative density"
    UNDER_NEARER = "surface: under nearer expiry"
    OVER_FARTHER = "surface: over farther expiry"
    FIRST = "surface: first level"


@dataclass(frozen=True, slots=True)
class Place:
    """What a new slice is measured against. life: seconds to its expiry, above 0. is_first: none of its
    expiry was there before. nearer, farther: total deviations on the grid of the fresh slices next to it,
    [16], see `deviations`."""

    life: float
    is_first: bool = True
    nearer: Float | None = None
    farther: Float | None = None


@lru_cache(maxsize=64)  # each slice of a surface is held against both of its neighbours
def deviations(x: Slice, life: float) -> Float:
    """sigma sqrt(tau) on the grid, held in the contract's range; life in seconds. [16], read-only"""
    total = np.maximum(x.variance(GRID), 0.0) * life / YEAR
    found = np.minimum(np.maximum(np.sqrt(total), MIN_DEVIATION), MAX_DEVIATION)
    found.flags.writeable = False
    return found


def refusal(new: Slice, place: Place, strict: float = 1.0) -> Refusal | None:
    """Why the contract refuses a slice, None where it takes it. new: as `unpack` gives it; one that no
    word can hold is out of bounds. strict: 1 refuses what rounding could, too; 0 is the law itself; -1
    takes what rounding could."""
    found = _bounds(new, place.life, strict)
    if found is not None:
        return found
    devs, guard = deviations(new, place.life), 1.0 - strict * GUARD
    root_tau = math.sqrt(place.life / YEAR)
    if devs.max() > MAX_VOL * root_tau * guard:
        return Refusal.VOLATILITY
    found = _butterfly(devs / root_tau, place.life / YEAR, strict)
    if found is not None:
        return found
    if not _is_dense(new, place.life / YEAR, strict):
        return Refusal.DENSITY
    if place.nearer is not None and np.any(devs * guard < place.nearer):
        return Refusal.UNDER_NEARER
    if place.farther is not None and np.any(devs > place.farther * guard):
        return Refusal.OVER_FARTHER
    if place.is_first:
        first = devs[AT_THE_MONEY] / root_tau
        inside = first * guard >= FIRST_LOW and first <= FIRST_HIGH * guard
        return None if inside else Refusal.FIRST
    return None


def _bounds(x: Slice, life: float, strict: float) -> Refusal | None:
    """Every field inside its bounds, variance positive everywhere, wings within Lee's slope."""
    for inside, reason in (
        (abs(x.a) <= 30.0 and 0.0 <= x.b <= 60.0, Refusal.LEVEL),
        (abs(x.rho) <= 0.999 and abs(x.m) <= 2.0, Refusal.SKEW),
        (1e-3 <= x.s <= 5.0, Refusal.CURVATURE),
        (abs(x.basis) <= 0.5, Refusal.BASIS),
        (0.0 <= x.stickiness <= 2.0, Refusal.STICKINESS),
        (
            x.b * (1.0 + abs(x.rho)) * life / YEAR <= LEE * (1.0 - strict * GUARD),
            Refusal.STEEP,
        ),
        (x.least_variance >= MIN_VARIANCE * (1.0 + 1e3 * strict * GUARD), Refusal.NO_VARIANCE),
    ):
        if not inside:
            return reason
    return None


def _butterfly(vols: Float, tau: float, strict: float) -> Refusal | None:
    """Calls on the grid, and the one at strike 0 that is worth the forward, fall with the strike, by at
    most the strike's step and ever more slowly."""
    calls = price(CALL, 1.0, _STRIKES, tau, vols).value
    falls = (_after_one(calls) - calls) / _STEPS
    slack = SLOPE_SLACK - strict * SLOPE_GUARD
    rising = falls < -slack
    held = np.maximum(falls, 0.0)
    steeper = held - _after_one(held) > slack
    bad = np.flatnonzero(rising | steeper)
    if not len(bad):
        return None
    return Refusal.RISING if rising[bad[0]] else Refusal.BUTTERFLY


def _after_one(row: Float) -> Float:
    """What stands before each element of a row, 1 before the first. [n] -> [n]"""
    before = np.empty_like(row)
    before[0], before[1:] = 1.0, row[:-1]
    return before


def _is_dense(x: Slice, tau: float, strict: float) -> bool:
    """Durrleman's function is at least the margin at points that lie evenly in u, k = m + s sinh(u)."""
    low, high = math.asinh((LOWEST - x.m) / x.s), math.asinh((HIGHEST - x.m) / x.s)
    k = x.m + x.s * np.sinh(low + (high - low) * _SHARES)
    w = x.variance(k) * tau
    largest = 1.0 + np.square(k * x.b * tau / w) + np.square(x.b * tau) / w
    return bool(np.all(durrleman(x, tau, k) >= MARGIN + strict * GUARD * largest))


def in_pace(
    new: Slice, old: Slice, life: float, elapsed: float, hourly: float, strict: float = 1.0
) -> bool:
    """Whether a slice moved slowly enough to stand alone. life: seconds to expiry. elapsed: seconds
    between the moments that the two describe. hourly: the most that a volatility may move in an hour,
    0.1 = 10 points. strict: as in `refusal`."""
    hours = elapsed / HOUR
    loose = GUARD * (1.0 - strict)  # these are sums of a field's steps, which are coarser
    if abs(new.basis - old.basis) > BASIS_HOURLY * hours + loose:
        return False
    if abs(new.stickiness - old.stickiness) > STICKINESS_HOURLY * hours + loose:
        return False
    vols, before = (deviations(x, life) / math.sqrt(life / YEAR) for x in (new, old))
    allowed = hourly * hours * LIMITS - strict * GUARD
    return bool(np.all(np.abs(vols - before) <= allowed))
