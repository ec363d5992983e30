"""What a policy answers, where it is an answer: of packages that nobody types."""

from __future__ import annotations

import math
from typing import cast

from keeper.policy.types import Decision, MarketState, Policy
from tandem.foreign import MOST, plain
from tandem.plugins import FAILURES, REPAIR, PlugInBrokenError, broken


def asked(policy: Policy, state: MarketState) -> Decision:
    """The policy's answer to a state, its reason on one line. Raises PlugInBrokenError where it fails, would
    end the process, or answers what is none."""
    try:
        answer = cast("object", policy.decide(state))
    except FAILURES as error:
        raise broken(f"the policy {name_of(policy)} failed", error, REPAIR) from error
    if isinstance(answer, Decision):
        wanted, why = cast("object", answer.target_residual), cast("object", answer.reason)
        is_number = isinstance(wanted, int | float) and _is_finite(wanted)
        if (wanted is None or is_number) and isinstance(why, str):
            is_shown = why.isprintable() and len(why) <= MOST
            return answer if is_shown else Decision(answer.target_residual, plain(why))
    raise PlugInBrokenError(
        f"the policy {name_of(policy)} answers {answer!r:.80}",
        f"it has to be a Decision, with a finite number of ETH or None, and why; {REPAIR}",
    )


def stop_at(wanted: float, state: MarketState) -> float:
    """Where an order stops that wants a residual: on its own side and nearer to zero, else at zero; no nearer
    than the contract lets anybody."""
    residual = state.residual
    if abs(wanted) < state.lot or wanted * residual <= 0 or abs(wanted) >= abs(residual):
        wanted = 0.0
    return math.copysign(max(abs(wanted), nearest(state)), residual)


def nearest(state: MarketState) -> float:
    """How near to zero a rebalance may stop, ETH: residual and target make at least the band h. A lot
    more, because both move until the order is mined."""
    short = 0.5 * state.hard_band - abs(state.residual)
    return short + state.lot if 0 < short < math.inf else 0.0


def name_of(policy: Policy) -> str:
    """What a policy is called where it fails."""
    return type(policy).__name__


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number that no float holds
        return False
