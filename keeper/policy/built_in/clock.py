"""`clock`: the yardstick, everything at fixed hours."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from keeper.policy.bands import Bands, decide_by
from keeper.policy.types import Decision, MarketState, within


@dataclass(slots=True)
class FixedClockPolicy:
    """The yardstick: hedge everything every `hours`, counted from midnight UTC plus `phase`.

    An order may wait for margin or be refused; while the hedge has not moved it is still due.
    """

    hours: float = 8.0
    phase_hours: float = 0.0
    _slot: int | None = field(default=None, init=False, repr=False)
    _ordered_at: float | None = field(default=None, init=False, repr=False)
    """The hedge before the order that was last asked for; None where none was."""

    def __post_init__(self) -> None:
        within("hours", self.hours, 1e-3, 1e6)
        within("phase_hours", self.phase_hours, -1e6, 1e6)

    def decide(self, state: MarketState) -> Decision:
        """Act in the first state of each slot of the clock."""
        slot = math.floor((state.time / 3600.0 - self.phase_hours) / self.hours)
        due = self._slot is None or slot > self._slot or self._ordered_at == state.hedge
        self._slot = slot
        if not due:
            self._ordered_at = None
            return Decision(None, "clock: not due")
        decision = decide_by(state, Bands(state.min_trigger, 0.0), "clock")
        self._ordered_at = state.hedge if decision.acts else None
        return decision


create = FixedClockPolicy
