"""`whalley-wilmott`: the contract's own band, to its edge."""

from __future__ import annotations

from dataclasses import dataclass

from keeper.policy.bands import decide_by, whalley_wilmott
from keeper.policy.types import Decision, MarketState


@dataclass(frozen=True, slots=True)
class WhalleyWilmottPolicy:
    """The contract's own band: act past h, come back to its edge."""

    def decide(self, state: MarketState) -> Decision:
        """h is half the hard band. Orders below the lot are left."""
        return decide_by(state, whalley_wilmott(state), "Whalley-Wilmott")


create = WhalleyWilmottPolicy
