"""When this keeper last marked the book itself.

What a venue has is remembered by the marks of two hours (GT-6): one of them has to be of somebody who makes
none beside money that is lent, or taken, for a moment. A keeper that took anybody's for its own left all of
them to whoever marked a little sooner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keeper.last_act import last_act
from tandem.engine.remote import RemoteEngine
from tandem.protocol.bindings.structs import Snapshot


@dataclass(slots=True)
class OwnMarks:
    """Of one market. Who knows of none takes the one that stands when it begins for its own, and who only
    looks takes any."""

    last: int = 0

    def since(self, snapshot: Snapshot) -> int:
        """Seconds since it made one."""
        return max(snapshot.timestamp - (self.last or snapshot.gate.mark.time), 0)

    def begins(self, snapshot: Snapshot) -> None:
        """Who acts counts from here on."""
        self.last = self.last or snapshot.gate.mark.time

    def made(self, now: int) -> None:
        """One was sent, on what was seen then."""
        self.last = now

    def remember(self, engine: RemoteEngine, journal: Path, market: str) -> None:
        """By its journal, as far as the node keeps that block."""
        self.last = last_act(engine, journal, market, "remark") or self.last
