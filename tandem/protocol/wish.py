"""A series as people think of one: "a call near the money, in about three weeks".

`ATM-21D-C` and `2600-21D-P` name the listed series that is nearest: first in time, then in strike. A call
takes the widest cap that its ladder offers and the protocol allows, a put no floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tandem.protocol.series import Series, SeriesError
from tandem.units import DAY

_WISH = re.compile(r"(ATM|\d{1,12})-(\d{1,3})D-([CP])", re.ASCII)
NARROWEST_CAP = 125
"""Of a call, 1e-2 of its strike: a nearer cap is a spread, which nobody who says "call" means."""


@dataclass(frozen=True, slots=True)
class Wish:
    """strike: USD, None at the money; days: to expiry."""

    strike: int | None
    days: int
    is_put: bool


def parse(text: str) -> Wish | None:
    """What `ATM-21D-C` says; None where it is no wish (a series' own name, say)."""
    found = _WISH.fullmatch(text.strip().upper())
    if found is None:
        return None
    strike, days, kind = found.groups()
    return Wish(None if strike == "ATM" else int(strike), int(days), kind == "P")


def nearest(
    wish: Wish, ladders: Mapping[int, Sequence[int]], *, now: int, spot: float, widest_cap: int
) -> Series:
    """The listed series that is meant. ladders: strikes by expiry; now: seconds; spot: USD; widest_cap:
    1e-2 of the strike. Raises SeriesError where nothing of the kind is listed."""
    offered = {
        expiry: _offered(wish, expiry, rungs, widest_cap) for expiry, rungs in ladders.items()
    }
    ahead = [expiry for expiry, series in offered.items() if expiry > now and series]
    if not ahead:
        kind = "put" if wish.is_put else "call"
        raise SeriesError(f"no {kind} is listed", "`tandem chain` shows what is")
    expiry = min(ahead, key=lambda e: (abs(e - now - wish.days * DAY), e))
    return near_strike(wish, offered[expiry], spot)


def near_strike(wish: Wish, among: Sequence[Series], spot: float) -> Series:
    """Of some series that which lies nearest in strike; the lower of two."""
    meant = spot if wish.strike is None else wish.strike
    return min(among, key=lambda series: (abs(series.strike - meant), series.strike))


def held(wish: Wish, among: Sequence[Series], *, now: int, spot: float) -> Series:
    """The same among series that somebody holds. Raises SeriesError where he holds none of the kind."""
    kind = [series for series in among if series.is_put == wish.is_put]
    if not kind:
        name = "put" if wish.is_put else "call"
        raise SeriesError(f"you hold no {name}", "`tandem positions` shows what you hold")
    nearest_day = min((abs(s.expiry - now - wish.days * DAY), s.expiry) for s in kind)[1]
    return near_strike(wish, [s for s in kind if s.expiry == nearest_day], spot)


def _offered(wish: Wish, expiry: int, rungs: Sequence[int], widest_cap: int) -> list[Series]:
    if wish.is_put:
        return [Series(expiry, True, strike) for strike in rungs]
    capped = ((strike, cap_of(strike, rungs, widest_cap)) for strike in rungs)
    return [Series(expiry, False, strike, cap) for strike, cap in capped if cap is not None]


def cap_of(strike: int, rungs: Sequence[int], widest: int) -> int | None:
    """The widest cap of a call among `rungs` that is no spread; None where there is none. widest: 1e-2
    of the strike."""
    return max(
        (k for k in rungs if NARROWEST_CAP * strike <= 100 * k <= widest * strike), default=None
    )
