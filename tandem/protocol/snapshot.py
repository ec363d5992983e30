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
    found: list[tuple[float, float, float, float]] = []
    for e in snapshot.open_expiries:
        if not e.slice:
            continue
        (smile, at_the_money), tau = _smile(e.slice), e.tau(snapshot.timestamp)
        forward = float(smile.forward(snapshot.spot / WAD, tau))
        strikes, sizes = _floats(e.strikes), _floats(e.sizes)
        shape = (smile.a, smile.b, smile.rho, smile.m, smile.s)
        gamma = abs(_gamma(strikes, sizes, forward, tau, *shape))
        found.append((tau, at_the_money, gamma, float(e.units)))
    if not found:
        return 0.0, math.nan
    rows = np.array(found)
    weights = rows[:, 2] if rows[:, 2].sum() > 0.0 else rows[:, 3]
    tau, vol = weights @ rows[:, :2] / weights.sum()
    return float(tau), float(vol)


@lru_cache(maxsize=256)
def _smile(word: int) -> tuple[svi.Slice, float]:
    """A packed slice and its volatility at the money: a slice stands for many snapshots."""
    smile = svi.unpack(word)
    return smile, float(smile.vol(0.0))


@lru_cache(maxsize=256)
def _floats(integers: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """A ladder, or what is sold at it, for the compiled sum: the same at many snapshots. Not to be
    written to."""
    return np.array(integers, dtype=np.float64)


@jit
def _gamma(
    strikes: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], forward: float, tau: float,
    a: float, b: float, rho: float, m: float, s: float,
) -> float:  # pragma: no cover (compiled)  # fmt: skip
    """Gamma of changes of slope [n] at strikes [n], times their unit."""
    total = 0.0
    for i in range(strikes.size):
        x = math.log(strikes[i] / forward) - m
        variance = a + b * (rho * x + math.sqrt(x * x + s * s))
        if sizes[i] != 0.0 and variance > 0.0:
            total += sizes[i] * one(False, forward, strikes[i], tau, math.sqrt(variance))[2]
    return total
