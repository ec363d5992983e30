"""What listers do: an expiry and its strikes from their listing until nothing opens there any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.client.errors import ListingError
from tandem.client.governance import Role, need
from tandem.client.session import Prepared, Session, prepare, step
from tandem.protocol.bindings.structs import Expiry
from tandem.protocol.series import EXPIRY_HOUR, day_of, moment_of
from tandem.units import DAY, decimal

HORIZON = 90 * DAY
FAR = 2**32
MOST_STRIKES = 16
MOST_STRIKE = 2**24 - 1
"""Whole USD, of a node's word."""


@dataclass(frozen=True, slots=True)
class ListPreview:
    """An expiry, and its ladder once it is listed. reopens: whether it was delisted."""

    expiry: int
    strikes: tuple[int, ...]
    added: tuple[int, ...]
    reopens: bool


@dataclass(frozen=True, slots=True)
class DelistPreview:
    """An expiry in which nothing opens any more. open: options that can be closed there."""

    expiry: int
    open: Decimal
    asset: str


def list_expiry(
    session: Session, expiry: int, strikes: Sequence[int]
) -> Prepared[ListPreview, tuple[int, ...]]:
    """List an expiry and strikes on it, or more strikes on one that is listed; one that was delisted opens
    again. Raises ListingError, RoleError."""
    need(session, Role.lister)
    there = _listed(session, expiry)
    before = tuple(there.strikes) if there else ()
    added = tuple(sorted({*strikes} - {*before}))
    ladder = tuple(sorted({*before, *strikes}))
    _check_listing(session, expiry, strikes, ladder)
    note = f"list {day_of(expiry)} with {', '.join(f'{each:,}' for each in strikes)}"
    call = step(session.on.market.list_expiry(expiry, list(strikes)), note)
    preview = ListPreview(expiry, ladder, added, there is not None and there.is_delisted)
    return prepare(session, "list", preview, [call], lambda _: _ladder(session, expiry))


def delist(session: Session, expiry: int) -> Prepared[DelistPreview, bool]:
    """Let nothing open in an expiry any more: what is open there can be closed, and is hedged on. Answers
    whether it is delisted then. Raises ListingError, RoleError."""
    need(session, Role.lister)
    there = _listed(session, expiry)
    if there is None or not there.strikes:
        raise ListingError(
            f"{_spelled(expiry)} is not listed", "`tandem chain` says which expiries are"
        )
    if there.is_delisted:
        raise ListingError(f"{day_of(expiry)} is delisted already", "nothing is left to do")
    if expiry <= session.engine.now():
        raise ListingError(f"{day_of(expiry)} is past: nothing opens there", "let it settle")
    call = step(session.on.market.list_expiry(expiry, []), f"delist {day_of(expiry)}")
    preview = DelistPreview(expiry, decimal(there.units), session.on.asset)
    return prepare(session, "delist", preview, [call], lambda _: _is_delisted(session, expiry))


def _check_listing(
    session: Session, expiry: int, strikes: Sequence[int], ladder: tuple[int, ...]
) -> None:
    now = session.engine.now()
    if expiry % DAY != EXPIRY_HOUR or not now < expiry <= now + HORIZON:
        raise ListingError(
            f"{_spelled(expiry)} is no expiry to list",
            "08:00 UTC of a day ahead, at most 90 days away",
        )
    if not strikes or len({*strikes}) != len(strikes):
        raise ListingError("strikes are named once each, one at least", "as 2000 2500 3000 6000")
    if not all(0 < strike <= MOST_STRIKE for strike in strikes):
        raise ListingError(f"strikes are whole USD from 1 to {MOST_STRIKE:,}", "correct them")
    if len(ladder) > MOST_STRIKES:
        raise ListingError(
            f"the ladder would have {len(ladder)} strikes, an expiry carries {MOST_STRIKES}",
            "leave some out: a strike stays until its expiry is settled",
        )


def _spelled(time: int) -> str:
    """A moment as people read it; digits where it is none of this age of the world."""
    if 0 <= time < FAR:
        return moment_of(time)
    return str(time)


def _listed(session: Session, expiry: int) -> Expiry | None:
    found = (each for each in session.on.lens.expiries() if each.expiry == expiry)
    return next(found, None)


def _ladder(session: Session, expiry: int) -> tuple[int, ...]:
    """Strikes of a listed expiry, rising; () where it is not listed."""
    there = _listed(session, expiry)
    return tuple(sorted(there.strikes)) if there else ()


def _is_delisted(session: Session, expiry: int) -> bool:
    there = _listed(session, expiry)
    return there is not None and there.is_delisted
