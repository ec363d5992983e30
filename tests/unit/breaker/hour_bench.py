"""Buying all that an hour lets somebody open."""

from __future__ import annotations

from filling import at_once, mint
from worlds import ETH, World

from tandem.protocol.series import Series

FULL = {"gate: hour is full"}


def room(w: World) -> int:
    return w.tandem.snapshot().gate.room


def bought(w: World, size: int = 10 * ETH, series: Series | None = None) -> int:
    """How much can be opened at once, units. Raises Reverted where it is not the hour that is full."""
    what = series or w.call(2_500)
    return at_once(lambda units: mint(w, what, units), size, ETH // 10, FULL)[0]


def sold_back(w: World, series: Series) -> None:
    """All that the trader has of it, however many calls that takes."""
    while left := w.tandem.balance_of(series):
        w.close(series, left)
        w.curie.converge()
        w.engine.advance(30)
        w.freshen()
