"""What acts cost, added up from a journal's rows."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from keeper.journal_file import reading
from keeper.journal_rows import State
from tandem.units import DAY, GWEI

PAID = f"COALESCE(SUM(paid / {GWEI}), 0), COALESCE(SUM(paid % {GWEI}), 0)"
"""Gwei and wei: a file adds up no more than nine ether in one number."""
PAID_SINCE = f"SELECT {PAID} FROM transactions WHERE signed_at BETWEEN ? AND ?"  # noqa: S608 - no word of anybody's
SPENT = (
    f"SELECT kind, COUNT(*), COALESCE(SUM(gas_used), 0), {PAID}"  # noqa: S608
    " FROM transactions JOIN actions ON actions.id = transactions.action"
    " WHERE +transactions.state IN (?, ?) AND transactions.block BETWEEN ? AND ?"
    " AND actions.market IN ('', ?)"
    " GROUP BY kind"
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one kind of action cost. paid: wei."""

    kind: str
    count: int
    gas_used: int
    paid: int


def read_spent(path: Path, first: int, last: int, market: str) -> list[Spent]:
    """By kind, of a journal that another process may hold: what is in these blocks, the dearest first.
    market: by its name; what other markets of the key cost is left out."""
    with reading(path) as db:
        rows = db.execute(SPENT, (State.MINED, State.REVERTED, first, last, market)).fetchall()
    found = [Spent(kind, count, gas, _wei(*paid)) for kind, count, gas, *paid in rows]
    return sorted(found, key=lambda each: each.paid, reverse=True)


def paid_since(db: sqlite3.Connection, moment: float) -> int:
    """Wei that was paid for what was signed since, UTC seconds; what is not mined yet has cost nothing. Nor
    has what is said to be signed more than a day from now: a clock that was a year ahead for a while would
    count as this day's until then."""
    return _wei(*db.execute(PAID_SINCE, (moment, time.time() + DAY)).fetchone())


def read_paid(path: Path, moment: float) -> int:
    """The same, of a journal that another process may hold."""
    with reading(path) as db:
        return paid_since(db, moment)


def _wei(gwei: int, rest: int) -> int:
    return gwei * GWEI + rest
