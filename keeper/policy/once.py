"""A policy is asked once about each state, however often a plan is made of it, and what it fails with waits:
margin, settlements and exits are none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.policy.asked import asked
from keeper.policy.types import Decision, MarketState, Policy
from tandem.plugins import PlugInBrokenError


@dataclass(slots=True)
class Once:
    """Asks `policy`, and repeats its answer while the state is the same."""

    policy: Policy
    _last: tuple[MarketState, Decision] | None = field(default=None, init=False)
    _fault: PlugInBrokenError | None = field(default=None, init=False)

    def decide(self, state: MarketState) -> Decision:
        """The policy's answer to this state; where it has none, nothing is hedged by it, and `check` raises
        why."""
        if self._last is None or self._last[0] != state:
            self._last = state, self._asked(state)
        return self._last[1]

    def _asked(self, state: MarketState) -> Decision:
        try:
            return asked(self.policy, state)
        except PlugInBrokenError as error:
            self._fault = error
            return Decision(None, error.message)

    def check(self) -> None:
        """Raises what the policy failed with since the last time; the state is asked about again then."""
        fault, self._fault = self._fault, None
        if fault is not None:
            self._last = None
            raise fault
