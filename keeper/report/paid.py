"""What logs alone say: what was paid, to whom, and the Vault's own marks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from keeper.replay.books import Books
from keeper.report.hedges import Hedges
from keeper.report.reading import Found
from tandem.units import USD


@dataclass(slots=True)
class Sums:
    """Of a day, or of a span. USD."""

    books: Books = field(default_factory=lambda: Books(0.0))
    deposits: float = 0.0
    exits: float = 0.0
    hedges: Hedges = field(default_factory=Hedges)

    def take(self, found: Found) -> None:
        """Take in one event."""
        self.books.take(found.event)
        self.books.holdings.clear()  # which options are sold is not asked here
        self.hedges.take(found)
        if found.event.name == "Deposit":
            self.deposits += found.event["assets"] / USD
        elif found.event.name == "EpochProcessed":
            self.exits += found.event["assets"] / USD

    def as_dict(self) -> dict[str, Any]:
        """Whole cents."""
        return {
            "premium_usd": round(self.books.flows.premium, 2),
            "fees_usd": round(self.books.flows.fees, 2),
            "hedge_cost_of_lps_usd": round(self.hedges.by_lps, 2),
            "payouts_usd": round(self.books.payouts / USD, 2),
            "deposits_usd": round(self.deposits, 2),
            "exits_usd": round(self.exits, 2),
            "trades": self.books.trades,
        }


@dataclass(slots=True)
class Paid:
    """A span's sums, and each day's; days are told by their first blocks. decimals: of a share."""

    decimals: int
    whole: Sums = field(default_factory=Sums)
    midnights: Sequence[int] = ()
    days: dict[int, Sums] = field(default_factory=dict)
    """By how many midnights lie before."""
    marks: list[tuple[int, float, float]] = field(default_factory=list)
    """The Vault's own first and last: block, NAV a share at the low and at the high, USD."""

    def take(self, block: int, events: Sequence[Found]) -> None:
        """Take in what happened at a block."""
        for found in events:
            self.whole.take(found)
            number = bisect_right(self.midnights, block)
            self.days.setdefault(number, Sums()).take(found)
            if found.event.name == "Marked" and found.event["supply"]:
                log = found.event
                supply = log["supply"] / 10**self.decimals
                low, high = (log[name] / USD / supply for name in ("nav_low", "nav_high"))
                self.marks = [*self.marks[:1], (found.block, low, high)]
