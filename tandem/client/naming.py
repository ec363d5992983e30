"""From what people type to a series: its own name, its id, or a wish such as ATM-21D-C."""

from __future__ import annotations

from dataclasses import replace

from tandem.client import positions
from tandem.client.session import Session
from tandem.protocol import wish
from tandem.protocol.series import Series, SeriesError, parse
from tandem.protocol.waits import snapshot_of
from tandem.units import WAD


def listed(session: Session, named: Series | str) -> Series:
    """What is meant among the series that are listed; a wish is for one that opens. Raises SeriesError."""
    found = _wish(named, session.asset)
    if not isinstance(found, wish.Wish):
        return found
    now = snapshot_of(session.on)
    ladders = {expiry.expiry: expiry.strikes for expiry in now.expiries if not expiry.is_delisted}
    cap = now.parameters["call_cap"]
    spot = now.spot / WAD
    series = wish.nearest(found, ladders, now=now.timestamp, spot=spot, widest_cap=cap)
    return replace(series, asset=session.asset)


def held(session: Session, named: Series | str) -> Series:
    """What is meant among the series that the account holds. Raises SeriesError."""
    found = _wish(named, session.asset)
    if not isinstance(found, wish.Wish):
        return found
    mine = positions.read(session)
    series = [position.series for position in mine.held]
    return wish.held(found, series, now=mine.timestamp, spot=float(mine.spot))


def check(named: str) -> None:
    """Raises SeriesError for a text that can name nothing, before a node is asked."""
    _wish(named)


def _wish(named: Series | str, asset: str | None = None) -> Series | wish.Wish:
    if isinstance(named, Series):
        return named
    if not isinstance(named, str):  # pyright: ignore[reportUnnecessaryIsInstance] - programs hand over anything
        raise SeriesError(
            f"{named!r:.60} names no series", "hand over a Series, its name, or its id as text"
        )
    return wish.parse(named) or parse(named, asset)
