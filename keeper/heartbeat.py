"""A line now and then that says that the keeper is there, and how it stands."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from keeper.cycle import Keeper
from keeper.execution.sender import Sender
from keeper.logs import Log
from keeper.metrics import Meter, Sight
from tandem.client.bounty import trigger
from tandem.engine.node import Node
from tandem.units import WAD


@dataclass(slots=True)
class Heartbeat:
    """The first line comes after the first cycle, others `seconds` apart; none for 0."""

    keeper: Keeper
    node: Node | None
    meter: Meter
    log: Log
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _next: float = field(default=float("-inf"), init=False)
    _last: Sight | None = field(default=None, init=False)
    _cycles: int = field(default=0, init=False)

    def beat(self, *, is_well: bool) -> None:
        """Called after each cycle. is_well: whether a node answered; else the account is not spoken of."""
        if not self.seconds:
            return
        sight, now = self.meter.sight, self.clock()
        self._cycles += sight is not self._last
        self._last = sight
        if now < self._next:
            return
        self._next = now + self.seconds
        seen = self._seen(sight) if sight else {}
        node = self.node.shown if self.node else None
        self.log.info(
            "heartbeat",
            **seen,
            **self._account(is_known=is_well),
            node=node,
            cycles=self._cycles,
        )
        self._cycles = 0

    def _seen(self, sight: Sight) -> dict[str, Any]:
        """Sizes of the asset; lag: seconds that the block is old by this machine's clock."""
        stance = sight.snapshot.stance
        return {
            "block": sight.block,
            "lag": round(time.time() - sight.snapshot.timestamp),
            "residual": round(stance.residual / WAD, 4),
            "trigger": round(trigger(stance) / WAD, 4),
            "hard_band": round(stance.hard / WAD, 4),
            "asset": self.keeper.observer.handles.asset,
        }

    def _account(self, *, is_known: bool) -> dict[str, Any]:
        """Ether that pays for gas, as the meter weighed it within the minute, and transactions that are in no
        block yet."""
        sender = self.keeper.sender
        if not isinstance(sender, Sender):
            return {}
        found: dict[str, Any] = {"waiting": len(sender.journal.open_attempts())}
        if is_known and (purse := self.meter.purse) is not None:
            found["balance"] = round(purse.balance, 6)
        return found
