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
    _went: set[Kind] = field(default_factory=set[Kind], init=False)
    """Those that had their turn."""

    def let(self, intents: Sequence[Intent], now: int) -> list[Intent]:
        """Without what waits for its turn. Who makes a trade due and not due in turns holds it off no longer:
        a turn stands until it was had, or could have been for as long as it may be waited for."""
        due = {_turn(each) for each in intents if each.kind in TRADES}
        for kind, at in list(self._goes.items()):
            if kind not in due and (kind in self._went or now > at + self.most):
                del self._goes[kind]
                self._went.discard(kind)
        for kind in due - self._goes.keys():
            self._goes[kind] = now + self.draw(0.0, self.most)
        self._went |= {kind for kind in due if now >= self._goes[kind]}
        return [each for each in intents if each.urgent or now >= self._goes.get(_turn(each), now)]


def _turn(intent: Intent) -> Kind:
    """Whose turn it takes: a bounty is the same trade, paid for."""
    return Kind.REBALANCE if intent.kind is Kind.BOUNTY else intent.kind
