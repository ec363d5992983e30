"""What a plan brought, and what of it was taken."""

from __future__ import annotations

from dataclasses import dataclass

from plans import Plan


@dataclass(frozen=True, slots=True)
class Result:
    """USD. profit: over what the parties would have had without the plan, less what the party who was an
    LP before gained together with the others; due: gas, what money earns by standing there longer, and
    what makers, lenders and who hedges for a bounty are paid; stuck: at its worst mark, what could not be
    sold; outside: what it brought the LP who plays no part; known: at most what it is worth to have known a
    surface before it was posted."""

    plan: Plan
    profit: float
    due: float
    stuck: float
    outside: float
    done: tuple[str, ...]  # acts that were not refused, by kind
    known: float = 0.0

    @property
    def net(self) -> float:
        """What was taken from the LP outside and is more than it cost. What everybody gained by, such as
        a pool made deeper, is nobody's loss."""
        return min(self.profit, -self.outside) - self.due

    @property
    def taken(self) -> float:
        """What of it nobody gave for knowledge: no plan may have any."""
        return self.net - self.known

    def __str__(self) -> str:
        parts = f"{self.profit:,.2f} less {self.due:,.2f}; LP {self.outside:,.2f}; stuck {self.stuck:,.0f}"
        knew = f"; knew {self.known:,.2f}" if self.known else ""
        return f"{self.taken:12,.2f} USD ({parts}{knew})  {self.plan}"
