"""What orders at the venue cost, and who bore it."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any

from keeper.replay.books import order_of
from keeper.report.reading import Found
from tandem.units import USD, WAD

DEAREST = 20
"""Orders that are told one by one."""


@dataclass(frozen=True, slots=True, order=True)
class Hedge:
    """One order. cost: against the oracle, fees included, USD; by_traders: of it. The LPs bear the rest.
    moved: what went from one of several venues to another, of the asset; the position stays, `size` is 0."""

    cost: float
    block: int
    index: int
    hash: str
    caller: str
    size: float
    price: float
    by_traders: float
    moved: float = 0.0

    @property
    def by_lps(self) -> float:
        """USD."""
        return self.cost - self.by_traders


@dataclass(slots=True)
class Hedges:
    """Sums, and the dearest orders: what is kept does not grow with the span."""

    count: int = 0
    size: float = 0.0
    """Of the asset, traded either way."""
    cost: float = 0.0
    by_traders: float = 0.0
    bounties: float = 0.0
    """Paid to whoever brought the hedge home."""
    dearest: list[Hedge] = field(default_factory=list)

    @property
    def by_lps(self) -> float:
        """What orders left to the LPs, and bounties; USD."""
        return self.cost - self.by_traders + self.bounties

    def take(self, found: Found) -> None:
        """Take in one event."""
        log = found.event
        if log.name == "BountyPaid":
            self.bounties += log["amount"] / USD
        made = order_of(log)
        if made is None:
            return
        self.by_traders += made.borne
        self.cost += made.cost
        if not made.size and not made.cost:
            return  # a trader's own delta netted what was open, or an order began to wait
        self.count += 1
        self.size += abs(made.size)
        caller = str(log["caller"]) if log.name == "Hedged" else ""
        moved = log["size"] / WAD if log.name == "Shifted" else 0.0
        hedge = Hedge(
            made.cost, *found.place, found.hash, caller, made.size, made.price, made.borne, moved
        )
        keep = heapq.heappush if len(self.dearest) < DEAREST else heapq.heappushpop
        keep(self.dearest, hedge)

    def as_dict(self) -> dict[str, Any]:
        """Sums. Money in USD."""
        return {
            "orders": self.count,
            "traded": round(self.size, 6),
            "cost_usd": round(self.cost, 2),
            "borne_by_traders_usd": round(self.by_traders, 2),
            "borne_by_lps_usd": round(self.by_lps, 2),
            "bounties_usd": round(self.bounties, 2),
        }
