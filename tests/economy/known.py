"""What it is worth to know a surface before it is posted. No protocol can price that.

Whoever knows that volatility will be posted higher buys at the price of now; whoever knows that it will be
lower enters at a NAV that has yet to rise; exits are priced before it or after. He wins it fairly, at most
so much: the value by the true slice less that by the posted one, of what he bought, or of that share of
the book. What he pays for it is the spread and the fee, both ways. A plan that brings more is a hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log

import numpy as np
from worlds import ETH, World

from tandem.model import black76, svi
from tandem.protocol.series import Series
from tandem.units import WAD

YEAR = 365 * 86_400
Kinks = Iterable[tuple[int, int]]  # strikes and changes of slope there, 1e-6 ETH


def missing(w: World, true: Mapping[int, svi.Slice], expiry: int, kinks: Kinks) -> float:
    """USD that a payoff is worth more by the true slice than by the posted one."""
    tau = (expiry - w.engine.now()) / YEAR
    if expiry not in true or tau <= 0:
        return 0.0
    strikes, sizes = (np.array(x, dtype=float) for x in zip(*kinks, strict=True))
    values: list[float] = []
    for slice_ in (true[expiry], w.slices[expiry]):
        forward = float(slice_.forward(w.spot / WAD, tau))
        vols = slice_.vol(np.array([log(k / forward) for k in strikes]))
        worth = black76.price(False, forward, strikes, tau, vols).value
        values.append(float(np.dot(worth, sizes)) / ETH)
    return values[0] - values[1]


def of_option(w: World, true: Mapping[int, svi.Slice], what: Series, units: int) -> float:
    """What its buyer knows: USD."""
    kinks = [(what.strike, units)]
    if what.other:
        kinks.append((what.other, -units))
    return max(missing(w, true, what.expiry, kinks), 0.0)


def of_book(w: World, true: Mapping[int, svi.Slice]) -> float:
    """USD by which the book will be dearer."""
    rows = w.tandem.lens.snapshot().expiries
    return sum(
        missing(w, true, row.expiry, zip(row.strikes, row.sizes, strict=True))
        for row in rows
        if row.strikes
    )
