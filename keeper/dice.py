"""When a keeper trades at the venue, to within seconds: who knows its code would wait for it.

A pool that is pushed just before costs who pushes it more the longer he holds it, and he does not know how
long he has to. What cannot wait does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from secrets import SystemRandom

from keeper.planner import Intent, Kind

TRADES = (Kind.REBALANCE, Kind.BOUNTY, Kind.SHIFT)
"""What a pool is pushed for."""


@dataclass(slots=True)
class Dice:
    """most: seconds of the chain that a trade waits at the most, from when it is due first; 0 for none."""

    most: float = 0.0
    draw: Callable[[float, float], float] = SystemRandom().uniform
    _goes: dict[Kind, float] = field(default_factory=dict[Kind, float], init=False)

    def let(self, intents: Sequence[Intent], now: int) -> list[Intent]:
        """Without what waits for its turn."""
        due = {each.kind for each in intents if each.kind in TRADES}
        self._goes = {kind: at for kind, at in self._goes.items() if kind in due}
        for kind in due - self._goes.keys():
            self._goes[kind] = now + self.draw(0.0, self.most)
        return [each for each in intents if each.urgent or now >= self._goes.get(each.kind, now)]
