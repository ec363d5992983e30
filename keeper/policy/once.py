"""A policy is asked once about each state, however often a plan is made of it, and what it fails with waits:
margin, settlements and exits are none of its business.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import cast

from keeper.policy.types import Decision, MarketState, Policy
from tandem.plugins import PlugInBrokenError


@dataclass(slots=True)
class Once:
    """Asks `policy`, and repeats its answer while the state is the same."""

    policy: Policy
    _last: tuple[MarketState, Decision] | None = field(default=None, init=False)
    _fault: Exception | None = field(default=None, init=False)

    def decide(self, state: MarketState) -> Decision:
        """The policy's answer to this state; where it has none, nothing is hedged by it, and `check` raises
        why."""
        if self._last is None or self._last[0] != state:
            self._last = state, self._asked(state)
        return self._last[1]

    def _asked(self, state: MarketState) -> Decision:
        try:
            return _checked(self.policy, self.policy.decide(state))
        except Exception as error:
            self._fault = error
            said = f"{type(error).__name__}: {error}"
            return Decision(None, f"the policy {_name(self.policy)} failed, {said}")

    def check(self) -> None:
        """Raises what the policy failed with since the last time; the state is asked about again then."""
        fault, self._fault = self._fault, None
        if fault is not None:
            self._last = None
            raise fault


def _checked(policy: Policy, answer: object) -> Decision:
    """The answer, where it is one. Raises PlugInBrokenError."""
    if isinstance(answer, Decision):
        wanted = cast("object", answer.target_residual)  # of packages that nobody types
        if wanted is None or (isinstance(wanted, int | float) and math.isfinite(wanted)):
            return answer
    raise PlugInBrokenError(
        f"the policy {_name(policy)} answers {answer!r:.80}",
        "it has to be a Decision, with a finite number of ETH or None; repair or uninstall its package",
    )


def _name(policy: Policy) -> str:
    return type(policy).__name__
