"""What an open answers to: the jump gate, the hour and the depth of the venue's market."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from laws import Law
from ledger import Ledger
from marks import Mark
from worlds import World

from tandem.units import HOUR, USD, WAD

STEP = 2**59 / WAD
"""What losses are kept in, USD."""
EXACT = 1e-3
"""What a book's doubles may be apart from its integers, USD."""


def of_losses(world: World, mark: Mark) -> Iterator[Law]:
    """GT-2, GT-3: of what the gate remembers of the book."""
    kept = np.array(world.tandem.stress.gate(0, 0, 0).losses) / WAD
    under, over = (mark.losses - kept).max(), (kept - mark.counted).max()
    yield "no loss counts as less than it is", bool(under < EXACT), True
    yield "none as more by a hundredth of spot an option", bool(over < allowed(mark)), True


def allowed(mark: Mark) -> float:
    """What losses may count as more than they are, USD."""
    return mark.sizes * mark.spot / WAD / 100 + (1 + mark.trades) * STEP + EXACT


def of_an_open(book: Ledger, mark: Mark, spot: int, now: int) -> Iterator[Law]:
    """GT-4, BR-4, BR-6: what the mark says of the moment, and what is open with the trade."""
    yield "the mark of an open is of its hour", now - mark.time <= HOUR, True
    far = abs(spot - mark.spot) * 50
    yield (
        "the mark of an open is within a fiftieth of its price",
        far <= mark.spot + 51 * 10**12,
        True,
    )
    yield "no expiry of an open's mark is past", now < mark.until, True
    yield "opens since a mark are within its hour", book.opened <= in_hours(book, now), True
    units = sum(book.sold().values())
    yield "the market takes home what is open", units <= mark.most, True


def in_hours(book: Ledger, now: int) -> int:
    """Units that may have been opened by what had been at each mark of the last hour, whatever was closed."""
    least = 2**255
    hour = 0
    for mark in reversed(book.marks):
        hour = max(hour, mark.hour)
        least = min(least, mark.opened + hour + hour * (now - mark.time) // HOUR)
    return least


def of_the_gate(mark: Mark, nav: int, before: float, after: float) -> Iterator[Law]:
    """GT-1: of the worst jump before an open and after it, USD. nav: token units."""
    most = nav / USD * mark.limit / 10_000
    inside = after <= max(most, before + allowed(mark)) + EXACT
    yield "an open leaves the worst jump inside the gate", inside, True


def of_a_refusal(name: str, reason: str) -> Iterator[Law]:
    """GT-5: nothing but opens meets the gate, the hour or the depth."""
    met = name != "mint" and reason.startswith("gate: ")
    yield "only opens meet the gate", met and f"{name}: {reason}", False
