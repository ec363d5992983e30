"""What a book is worth at a moment, in one compiled loop: a replay asks at every price."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keeper.replay.types import Leg
from tandem.errors import TandemError
from tandem.model._jit import jit
from tandem.model.black76 import one
from tandem.model.svi import Slice
from tandem.units import YEAR

LEAST_SECONDS = 60
"""Time value between expiry and settlement, as the contracts have it."""
LEAST_VARIANCE = 1e-12

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]


class AttributionError(TandemError):
    """States and flows that do not fit together."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When, at which spot in USD, under which surface by expiry."""

    time: int
    spot: float
    surface: Mapping[int, Slice]


@dataclass(frozen=True, slots=True)
class Nodes:
    """A book as vanilla options. size [n] ETH (sold above 0), strike [n] USD, expiry [n], which [n]
    index into `expiries`, is_put [n]."""

    size: Float
    strike: Float
    expiry: Int
    which: Int
    is_put: npt.NDArray[np.bool_]
    expiries: tuple[int, ...]

    @classmethod
    def of(cls, book: Mapping[Leg, float]) -> Nodes:
        """The options of a book: a capped call is a call less the call at its cap, a put with a floor a put
        less the put there."""
        rows: list[tuple[float, float, int, bool]] = []
        for leg, size in book.items():
            rows.append((size, leg.strike, leg.expiry, leg.is_put))
            if leg.cap is not None:
                rows.append((-size, leg.cap, leg.expiry, leg.is_put))
        sizes, strikes, expiry, puts = zip(*rows, strict=True) if rows else ((), (), (), ())
        expiries = tuple(sorted(set(expiry)))
        return cls(
            np.array(sizes, dtype=np.float64),
            np.array(strikes, dtype=np.float64),
            np.array(expiry, dtype=np.int64),
            np.array([expiries.index(e) for e in expiry], dtype=np.int64),
            np.array(puts, dtype=np.bool_),
            expiries,
        )

    def at(self, moment: Moment) -> Float:
        """Per expiry: years left, basis, and the slice. [expiries, 7]"""
        rows: list[tuple[float, ...]] = []
        for expiry in self.expiries:
            smile = moment.surface.get(expiry)
            if smile is None:
                raise AttributionError(
                    f"no smile for the expiry {expiry} in the state at {moment.time}",
                    "give each state the surface of every expiry that was open in it",
                )
            tau = max(expiry - moment.time, LEAST_SECONDS) / YEAR
            rows.append((tau, smile.basis, smile.a, smile.b, smile.rho, smile.m, smile.s))
        return np.array(rows, dtype=np.float64).reshape(-1, 7)


def worth(nodes: Nodes, moment: Moment) -> float:
    """USD value of the book."""
    at = nodes.at(moment)
    out = _sweep(
        nodes.size, nodes.strike, nodes.which, nodes.is_put, at, at, moment.spot, moment.spot
    )
    return float(out[0].sum())


def sweep(nodes: Nodes, old: Moment, new: Moment) -> Float:
    """Value at the old moment and its slope in spot, then the value with the new spot, with the new
    time too, and with the new surface too; each times its size. [5, n]"""
    return _sweep(
        nodes.size, nodes.strike, nodes.which, nodes.is_put,
        nodes.at(old), nodes.at(new), old.spot, new.spot,
    )  # fmt: skip


@jit
def _sweep(
    size: Float,
    strike: Float,
    which: Int,
    is_put: npt.NDArray[np.bool_],
    old: Float,
    new: Float,
    spot: float,
    later: float,
) -> Float:  # pragma: no cover (compiled)
    out = np.empty((5, size.size))
    for i in range(size.size):
        a, b = old[which[i]], new[which[i]]
        put, k, n = is_put[i], strike[i], size[i]
        growth = math.exp(a[1] * a[0])
        vol = _vol(a, k, spot)
        value, delta, _, _, _ = one(put, spot * growth, k, a[0], vol)
        out[0, i], out[1, i] = n * value, n * delta * growth
        out[2, i] = n * one(put, later * growth, k, a[0], vol)[0]
        out[3, i] = n * one(put, later * math.exp(a[1] * b[0]), k, b[0], vol)[0]
        vol = _vol(b, k, later)
        out[4, i] = n * one(put, later * math.exp(b[1] * b[0]), k, b[0], vol)[0]
    return out


@jit
def _vol(at: Float, strike: float, spot: float) -> float:  # pragma: no cover (compiled)
    """Volatility of a strike. at: a row of `Nodes.at`."""
    x = math.log(strike / spot) - at[1] * at[0] - at[5]
    variance = at[2] + at[3] * (at[4] * x + math.sqrt(x * x + at[6] * at[6]))
    return math.sqrt(max(variance, LEAST_VARIANCE))
