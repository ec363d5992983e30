"""What owners announce: from when on it may be taken up, and whether it still may be at all."""

from __future__ import annotations

from tandem.units import DAY

VALIDITY = 14 * DAY
"""Seconds after which what was ready lapses: the Guardian's own."""


def opens_at(ready_at: int, held_until: int, now: int) -> int | None:
    """From when on it may be taken up, seconds: not while LPs wait. None where nothing is announced, or it
    has lapsed, or will have by then: the Guardian keeps it until it is announced anew, and nothing comes
    of it."""
    opens = max(ready_at, held_until)
    return opens if ready_at and max(opens, now) <= ready_at + VALIDITY else None
