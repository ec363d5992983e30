"""Whether the quote token's issuer has listed one of a market's contracts, which nothing else shows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from keeper.logs import Log
from tandem.errors import EngineError, Reverted
from tandem.protocol.frozen import frozen
from tandem.protocol.handles import Handles

SECONDS = 600.0
"""After which it is looked at again, where something is to be sent."""


@dataclass(slots=True)
class Frozen:
    """Of one market."""

    handles: Handles
    log: Log
    _next: float = field(default=0.0, init=False)
    _said: tuple[str, ...] = field(default=(), init=False)

    def look(self) -> None:
        """Say who is listed, once. A node that does not answer in full says nothing."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + SECONDS
        try:
            found = frozen(self.handles)
        except (EngineError, Reverted):
            return
        if found and found != self._said:
            self.log.warning("the quote token moves nothing for", of=", ".join(found))
        self._said = found
