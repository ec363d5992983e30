"""What it is worth to know a surface before it is posted. No protocol can price that.

Whoever knows that volatility will be posted higher buys at the price of now; whoever knows that it will be
lower enters at a NAV that has yet to rise; exits are priced before it or after. He wins it fairly, at most
so much: the value by the true slice less that by the posted one, of what he bought, or of that share of
the book. What he pays for it is the spread and the fee, both ways. A plan that brings more is a hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import log

import numpy as np
from worlds import ETH, World

from tandem.engine.artifacts import compile_vyper
from tandem.model import black76, svi
from tandem.protocol.series import Series
from tandem.units import WAD
from tandem.venues import members
from tandem.venues.curie import Curie

YEAR = 365 * 86_400
LATER = 600  # seconds over which what time earns is measured
Kinks = Iterable[tuple[int, int]]  # strikes and changes of slope there, 1e-6 ETH


def worth(
    w: World, slice_: svi.Slice, expiry: int, kinks: Kinks, later: int = 0, spot: float = 0.0
) -> float:
    """USD that a payoff is worth by a slice, so many seconds from now and at the spot of now, or another."""
    tau, spot = (expiry - w.engine.now() - later) / YEAR, spot or w.spot / WAD
    strikes, sizes = (np.array(x, dtype=float) for x in zip(*kinks, strict=True))
    if tau <= 0:
        return float(np.dot(np.maximum(spot - strikes, 0.0), sizes)) / ETH
    forward = float(slice_.forward(spot, tau))
    vols = slice_.vol(np.array([log(k / forward) for k in strikes]))
    value = black76.price(False, forward, strikes, tau, vols).value
    return float(np.dot(value, sizes)) / ETH


def missing(w: World, true: Mapping[int, svi.Slice], expiry: int, kinks: Kinks) -> float:
    """USD that a payoff is worth more by the true slice than by the posted one."""
    if expiry not in true or expiry <= w.engine.now():
        return 0.0
    kinks = [*kinks]
    return worth(w, true[expiry], expiry, kinks) - worth(w, w.slices[expiry], expiry, kinks)


def of_option(w: World, true: Mapping[int, svi.Slice], what: Series, units: int) -> float:
    """What its buyer knows: USD."""
    kinks = [(what.strike, units)]
    if what.other:
        kinks.append((what.other, -units))
    return max(missing(w, true, what.expiry, kinks), 0.0)


def rows_of(w: World) -> Iterator[tuple[int, Kinks]]:
    """What is open ahead and followed by somebody: expiries with their kinks. One that nobody follows any
    more is an option whose time is cents."""
    for row in w.tandem.lens.snapshot().expiries:
        if row.strikes and row.expiry in w.slices and row.expiry > w.engine.now():
            yield row.expiry, [*zip(row.strikes, row.sizes, strict=True)]


def of_book(w: World, true: Mapping[int, svi.Slice]) -> float:
    """USD by which the book will be dearer."""
    return sum(missing(w, true, expiry, kinks) for expiry, kinks in rows_of(w))


def rest(w: World) -> float:
    """USD a second that LPs earn while nothing moves: by the book's time, which pays for a risk that a world
    at rest has not, and by what the hedge is paid where it lies."""
    return theta(w) + interest(w)


def theta(w: World) -> float:
    """The options' part."""
    passed = (
        worth(w, w.slices[e], e, kinks) - worth(w, w.slices[e], e, kinks, LATER)
        for e, kinks in rows_of(w)
    )
    return sum(passed) / LATER


def interest(w: World) -> float:
    """The hedge's part: what lenders are paid and pay. What an exchange takes as funding goes by how far its
    pool is off, which a plan may have done: it is none."""
    abi, places = compile_vyper("AaveVenue"), members(w.curie, w.tandem.venue.address)
    lenders = [w.engine.at(abi, at) for market, at in places if not isinstance(market, Curie)]

    def equity() -> int:
        return sum(int(lender.call("account", w.spot)[1]) for lender in lenders)

    with w.undone():
        before = equity()
        w.engine.advance(LATER)
        return (equity() - before) / WAD / LATER
