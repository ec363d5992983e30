"""An oracle with every source that it may ever answer from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quick_chain import reverts
from spot_bench import DAY, HOUR, WAD, Rounds, env

DELAY = 2 * DAY
MAX_AGE, GRACE = 2 * HOUR, HOUR


@dataclass
class Sources:
    """An oracle over two feeds, the same over one, and everything that they answer from."""

    oracle: Any
    alone: Any
    first: Rounds
    second: Rounds
    guardian: Any
    uptime: Any
    owner: str

    @property
    def expiry(self) -> int:
        return self.first.expiry

    def at(self, after: int) -> None:
        """Go to so many seconds after the expiry."""
        env.go_to(self.expiry + after)

    def refuses(self, round_id: int, reason: str, oracle: Any = None) -> None:
        with reverts(reason):
            (oracle or self.oracle).settlement_price(self.expiry, round_id)

    def settles(self, round_id: int, oracle: Any = None) -> int:
        """At this price, in USD."""
        return (oracle or self.oracle).settlement_price(self.expiry, round_id) // WAD

    def propose(self, usd: int) -> None:
        self.guardian.propose_price(self.expiry, usd * WAD, sender=self.owner)
