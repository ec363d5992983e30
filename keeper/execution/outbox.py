"""Where a keeper's transactions go: the one thing that differs between a live chain and a replay."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from keeper.journal import State
from tandem.engine.base import Tx


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an action. action: its number in the journal, 0 where nothing was written."""

    state: State
    note: str = ""
    action: int = 0
    hash: str = ""


class Outbox(Protocol):
    """One account. Live it is `Sender`: journal, key and node; in a replay it is an unlocked account
    of an engine that mines a block for each transaction."""

    stopping: threading.Event
    """Set by whoever wants the keeper to end."""

    @property
    def account(self) -> str:
        """Who sends."""
        ...

    def reconcile(self) -> Sequence[object]:
        """What was sent and is not yet in a block; while there is something, nothing is sent."""
        ...

    def state_of(self, action: int) -> State:
        """Of one that was sent, by its number."""
        ...

    def may_overtake(self) -> bool:
        """Whether what waits has done so for so long that something urgent takes its place."""
        ...

    def send(
        self, kind: str, args: tuple[int, ...], reason: str, tx: Tx, *, urgent: bool = False,
        market: str = "",
    ) -> Result:  # fmt: skip
        """Simulate, send, wait. What the chain would refuse is not sent. urgent: it may cost more; market: of
        several that it sends for."""
        ...

    def close(self) -> None:
        """Let go of whatever is held."""
        ...
