"""For how long nothing was paid of LP exits that are due: by what is seen, whoever paid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keeper.last_act import last_act
from tandem.engine.remote import RemoteEngine
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import HOUR


@dataclass(slots=True)
class Patience:
    """Of one market's exits. A process that begins knows of its own payments before it alone."""

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

    def remember(self, engine: RemoteEngine, journal: Path, market: str) -> None:
        """What this key paid last, by its journal: `--once` every minute is a process every minute, and each
        would pay what is due by the cent. A node that keeps no such block leaves it to what is seen."""
        self._paid = last_act(engine, journal, market, "process") or self._paid
