"""What a policy answers, where it is an answer: of packages that nobody types."""

from __future__ import annotations

import math
from typing import cast

from keeper.policy.types import Decision, MarketState, Policy
from tandem.plugins import FAILURES, REPAIR, PlugInBrokenError, broken


def asked(policy: Policy, state: MarketState) -> Decision:
    """The policy's answer to a state. Raises PlugInBrokenError where it fails, would end the process, or
    answers what is none."""
    try:
        answer = cast("object", policy.decide(state))
    except FAILURES as error:
        raise broken(f"the policy {name_of(policy)} failed", error, REPAIR) from error
    if isinstance(answer, Decision):
        wanted = cast("object", answer.target_residual)
        if wanted is None or (isinstance(wanted, int | float) and _is_finite(wanted)):
            return answer
    raise PlugInBrokenError(
        f"the policy {name_of(policy)} answers {answer!r:.80}",
        f"it has to be a Decision, with a finite number of ETH or None; {REPAIR}",
    )


def name_of(policy: Policy) -> str:
    """What a policy is called where it fails."""
    return type(policy).__name__


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number that no float holds
        return False
