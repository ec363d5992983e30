"""A policy is asked once about each state, however often a plan is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.policy.types import Decision, MarketState, Policy


@dataclass(slots=True)
class Once:
    """Asks `policy`, and repeats its answer while the state is the same."""

    policy: Policy
    _last: tuple[MarketState, Decision] | None = field(default=None, init=False)

    def decide(self, state: MarketState) -> Decision:
        """The policy's answer to this state."""
        if self._last is None or self._last[0] != state:
            self._last = state, self.policy.decide(state)
        return self._last[1]
