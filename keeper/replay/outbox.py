"""How a replay's keeper sends: an unlocked account, and a block for each transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from keeper.execution.outbox import Result
from keeper.journal import State
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Receipt, Tx
from tandem.errors import Reverted

Watch = Callable[[str, tuple[int, ...], Receipt | Reverted], None]
"""Told of each intent by kind and arguments, and of what came of it."""


@dataclass(slots=True)
class LocalOutbox:
    """Sends through an engine of its own. The chain is not rehearsed for a crash, so there is no
    journal; everything else is as `Sender` has it: what a simulation refuses is not sent."""

    engine: BaseEngine
    account: str
    watch: Watch
    before: Callable[[], object] = lambda: None
    """Called before a transaction leaves: others may be in the blocks until then."""
    stopping: threading.Event = field(default_factory=threading.Event)

    def reconcile(self) -> tuple[()]:
        """A block is mined for each transaction, so none waits."""
        return ()

    def state_of(self, action: int) -> State:
        """Nothing is ever under way."""
        raise LookupError(action)

    def may_overtake(self) -> bool:
        """Nothing waits."""
        return False

    def send(
        self, kind: str, args: tuple[int, ...], reason: str, tx: Tx, *, urgent: bool = False,
        market: str = "",
    ) -> Result:  # fmt: skip
        """Mine what a simulation does not refuse."""
        self.before()
        sent, outcome = self.engine.transact_unless_refused(tx)
        self.watch(kind, args, outcome)
        if isinstance(outcome, Reverted):
            return Result(State.REVERTED if sent else State.DROPPED, outcome.reason)
        return Result(State.MINED)

    def close(self) -> None:
        """There is nothing to let go of."""
