"""A volatility surface for a path that has none: shapes by tenor, levels from realised vol.

A shape is an SVI slice in standard deviations x = k / (sigma sqrt(tau)) with v = sigma^2 at x = 0;
the level sigma comes from realised volatility and reverts to its mean with the tenor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.feeds.errors import FileMissingError, ThinChainError
from tandem.model.svi import Slice
from tandem.units import YEAR

Float = NDArray[np.float64]

VOL_PREMIUM = 1.08
"""Implied over realised volatility of a modelled surface where nothing else is asked for."""
GRID = np.linspace(-0.7, 0.7, 57)
"""Log-moneyness at which arbitrage is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSlice(Slice):
    """A smile and the expiry it belongs to, in seconds UTC."""

    expiry: int

    def tau(self, time: int) -> float:
        """Years left at `time`, not below 0."""
        return max(self.expiry - time, 0) / YEAR


@dataclass(frozen=True, slots=True)
class Shape:
    """A slice in standard deviations, per tenor; `normalised` makes its variance 1 at x = 0."""

    tenor_days: float
    a: float
    b: float
    rho: float
    m: float
    s: float

    def normalised(self) -> Shape:
        """The same shape scaled so that x = 0 has variance 1."""
        centre = self.a + self.b * (math.hypot(self.m, self.s) - self.rho * self.m)
        return replace(self, a=self.a / centre, b=self.b / centre)

    def at(
        self, expiry: int, vol: float, tau: float, basis: float, stickiness: float
    ) -> ListedSlice:
        """The slice of volatility `vol` at the money with `tau` years left."""
        width = vol * math.sqrt(tau)
        return ListedSlice(
            expiry=expiry, a=vol * vol * self.a, b=vol * vol * self.b / width, rho=self.rho,
            m=self.m * width, s=self.s * width, basis=basis, stickiness=stickiness,
        )  # fmt: skip


FLAT = (Shape(30.0, 1.0, 0.0, 0.0, 0.0, 1.0),)
SMILE = (Shape(30.0, 0.75, 0.25, -0.35, 0.0, 1.0),)
"""Typical of ETH: 25-delta puts about 6 % of the level above calls, both wings up."""


class Kind(StrEnum):
    """Which shapes a surface takes."""

    FLAT = "flat"
    SMILE = "smile"
    CHAIN = "chain"


class Exchange(StrEnum):
    """Whose quotes are understood."""

    DERIBIT = "deribit"


def shapes_of(kind: Kind, path: str | Path | None = None) -> tuple[Shape, ...]:
    """The shapes that a surface of this kind takes; a chain's come from the file at `path`."""
    if kind is Kind.CHAIN:
        if path is None:
            raise FileMissingError(
                "a surface from a chain needs a chain file", "give its path, or choose smile"
            )
        from tandem.feeds import chain  # whose libraries nobody else needs

        return chain.shapes(chain.smiles(chain.load(path)))
    return FLAT if kind is Kind.FLAT else SMILE


class Surfaces(Protocol):
    """Whoever says what is posted: by a model (`Modelled`) or as it was quoted (`recorded`)."""

    def slices(
        self, time: int, realised_vol: float, expiries: Sequence[int]
    ) -> tuple[ListedSlice, ...]:
        """One slice per expiry that is still ahead of `time`, in order of expiry."""
        ...


@dataclass(frozen=True, slots=True)
class SurfaceSpec:
    """How levels follow realised volatility."""

    shapes: tuple[Shape, ...] = SMILE
    premium: float = VOL_PREMIUM
    """Implied over realised volatility at the short end."""
    long_vol: float = 0.65
    reversion_per_year: float = 9.0
    min_vol: float = 0.15
    max_vol: float = 2.5
    basis: float = 0.03
    stickiness: float = 1.0
    min_shape_days: float = 1.0
    """Below this the smile keeps its form: in standard deviations it would become a spike."""

    def __post_init__(self) -> None:
        if not self.shapes:
            raise ThinChainError("a surface needs at least one shape", "use FLAT or SMILE")


@dataclass(frozen=True, slots=True)
class Modelled:
    """Slices of the model as a function of time, realised volatility and expiries alone."""

    spec: SurfaceSpec = field(default_factory=SurfaceSpec)

    def slices(
        self, time: int, realised_vol: float, expiries: Sequence[int]
    ) -> tuple[ListedSlice, ...]:
        """One slice per expiry that is still ahead, in order of expiry; free of calendar arbitrage.

        Spot does not enter: the smile is in log-moneyness and rides on the forward.
        """
        spec = self.spec
        level = min(max(spec.premium * realised_vol, spec.min_vol), spec.max_vol)
        ahead = sorted(expiry for expiry in set(expiries) if expiry > time)
        taus = (np.array(ahead, dtype=np.float64) - time) / YEAR
        vols = term_vol(level, spec.long_vol, spec.reversion_per_year, taus)
        made = []
        for expiry, tau, vol in zip(ahead, taus.tolist(), vols.tolist(), strict=True):
            shape = shape_at(spec.shapes, tau * 365.0)
            tau_shape = max(tau, spec.min_shape_days / 365.0)
            made.append(shape.at(expiry, vol, tau_shape, spec.basis, spec.stickiness))
        return without_calendar_arbitrage(made, time)


def term_vol(short: ArrayLike, long: float, reversion: float, tau: ArrayLike) -> Float:
    """Volatility to `tau` years when variance reverts from short^2 to long^2 at `reversion`/year. short, tau:
    [n], or one for all -> [n].

    Its total variance rises with tau for any short and long.
    """
    x = np.maximum(reversion * np.asarray(tau, dtype=np.float64), 1e-12)
    weight = -np.expm1(-x) / x
    return np.sqrt(long * long + (np.square(short) - long * long) * weight)


def shape_at(shapes: Sequence[Shape], tenor_days: float) -> Shape:
    """The shape of a tenor: between its neighbours, flat beyond the ends."""
    ordered = sorted(shapes, key=lambda shape: shape.tenor_days)
    tenors = [shape.tenor_days for shape in ordered]
    mixed = [
        float(np.interp(tenor_days, tenors, [getattr(shape, name) for shape in ordered]))
        for name in ("a", "b", "rho", "m", "s")
    ]
    return Shape(tenor_days, *mixed).normalised()


def without_calendar_arbitrage(slices: Sequence[ListedSlice], time: int) -> tuple[ListedSlice, ...]:
    """Lift each later slice until its total variance is nowhere below the one before it."""
    lifted: list[ListedSlice] = []
    floor = np.zeros_like(GRID)
    for slice_ in sorted(slices, key=lambda each: each.expiry):
        tau = slice_.tau(time)
        short = float((floor - slice_.variance(GRID) * tau).max())
        if short > 0:
            slice_ = replace(slice_, a=slice_.a + short * (1 + 1e-9) / tau)
        floor = slice_.variance(GRID) * tau
        lifted.append(slice_)
    return tuple(lifted)
