"""What a whole market comes down to. Integers are as the chain has them (WAD, token units, units of
1e-6 ETH); `Lens.snapshot()` reads all of it in one call and so at one block."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tandem.model import svi
from tandem.model._jit import jit
from tandem.model.black76 import one
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import WAD


def tenor_and_vol(snapshot: Snapshot) -> tuple[float, float]:
    """(years to expiry, volatility at the money), both weighted over the open expiries by the size
    of their gamma, by their units where no gamma is left; (0, NaN) for an empty book."""
    open_ = [e for e in snapshot.open_expiries if e.slice]
    if not open_:
        return 0.0, math.nan
    book = _book(tuple([(e.units, e.slice, e.strikes, e.sizes) for e in open_]))
    tau = np.array([e.tau(snapshot.timestamp) for e in open_])
    return _weighted(tau, *book, snapshot.spot / WAD)


Float = npt.NDArray[np.float64]
Sold = tuple[int, int, tuple[int, ...], tuple[int, ...]]
"""Of one expiry: units, the packed slice, strikes, and what is sold at each."""


@lru_cache(maxsize=64)
def _book(sold: tuple[Sold, ...]) -> tuple[Float, Float, npt.NDArray[np.int64], Float, Float]:
    """What is open, for the compiled sum: the same at many snapshots. Units [n]; slices with their
    volatility at the money [n, 7]; where each expiry's strikes end [n]; strikes and sizes, one expiry
    after the other. Not to be written to."""
    smiles = [svi.unpack(word) for _, word, _, _ in sold]
    shapes = [(x.basis, x.a, x.b, x.rho, x.m, x.s, float(x.vol(0.0))) for x in smiles]
    return (
        np.array([units for units, *_ in sold], dtype=np.float64),
        np.array(shapes),
        np.cumsum([len(strikes) for _, _, strikes, _ in sold]),
        np.array([k for _, _, strikes, _ in sold for k in strikes], dtype=np.float64),
        np.array([size for *_, sizes in sold for size in sizes], dtype=np.float64),
    )


@jit
def _weighted(
    tau: Float, units: Float, shapes: Float, ends: npt.NDArray[np.int64], strikes: Float, sizes: Float,
    spot: float,
) -> tuple[float, float]:  # pragma: no cover (compiled)  # fmt: skip
    """Years and volatility at the money, weighted as `tenor_and_vol` says. tau: years [n]; the rest as
    `_book` has it."""
    gammas = np.empty(tau.size)
    start = 0
    for i in range(tau.size):
        basis, a, b, rho, m, s, _ = shapes[i]
        forward = spot * math.exp(basis * tau[i])
        total = 0.0
        for j in range(start, ends[i]):
            x = math.log(strikes[j] / forward) - m
            variance = a + b * (rho * x + math.sqrt(x * x + s * s))
            if sizes[j] != 0.0 and variance > 0.0:
                total += sizes[j] * one(False, forward, strikes[j], tau[i], math.sqrt(variance))[2]
        gammas[i] = abs(total)
        start = ends[i]
    weights = gammas if gammas.sum() > 0.0 else units
    years = vol = 0.0
    for i in range(tau.size):
        years += weights[i] * tau[i]
        vol += weights[i] * shapes[i, 6]
    return years / weights.sum(), vol / weights.sum()
