"""For how long nothing was paid of LP exits that are due: by what is seen, whoever paid."""

from __future__ import annotations

from dataclasses import dataclass

from tandem.protocol.bindings.structs import Snapshot
from tandem.units import HOUR


@dataclass(slots=True)
class Patience:
    """Of one market's exits. A process that begins knows of no payment before it."""

    _paid: int = 0
    _seen: tuple[int, int] | None = None
    """Shares that wait, and USDC units that are set aside."""

    def since(self, snapshot: Snapshot, first: int) -> int:
        """Seconds since something was paid of them, or since the first epoch is due. first: 0 where none
        is."""
        now, funds = snapshot.timestamp, snapshot.funds
        queued, aside = self._seen or (funds.queued, funds.exits)
        if funds.queued < queued or funds.exits > aside:
            self._paid = now
        self._seen = funds.queued, funds.exits
        return max(now - max(first * HOUR, self._paid), 0) if first else 0
