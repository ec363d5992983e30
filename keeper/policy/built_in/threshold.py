"""`threshold`: act past the closed form's trigger, stop at its reset point on the same side."""

from __future__ import annotations

import math
from dataclasses import dataclass

from keeper.policy.bands import (
    INSIDE_HARD,
    Bands,
    decide_by,
    implied_risk_aversion,
    whalley_wilmott,
    widths_within,
)
from keeper.policy.types import Decision, MarketState, within

USUAL_FEE = 1e-3
"""Where no venue ever said what it takes: Perp v2's."""


@dataclass(frozen=True, slots=True)
class ThresholdPolicy:
    """The closed form inside what the contract allows, tighter where the book is large for the LPs'
    capital."""

    risk_aversion: float = 5.0
    """At least; `of_contract` of what the contract's own band implies where that is more."""
    cost: float = math.nan
    """Share of the traded notional that an order costs; not set, what the venue says that it takes."""
    of_contract: float = 0.5
    """Share of what the contract's own band implies; 0 for the policy's own alone."""

    def __post_init__(self) -> None:
        within("risk_aversion", self.risk_aversion, 1e-6, 1e9)
        if not math.isnan(self.cost):
            within("cost", self.cost, 0.0, 1.0)
        within("of_contract", self.of_contract, 0.0, 1e3)

    def decide(self, state: MarketState) -> Decision:
        """Act past the trigger; stop at the reset point on the same side."""
        bands = self.bands(state)
        return decide_by(state, bands or whalley_wilmott(state), "closed form")

    def bands(self, state: MarketState) -> Bands | None:
        """Trigger and reset in ETH, the trigger inside the hard band; None where the inputs cannot carry
        them."""
        size, spot = state.gross_units, state.spot
        inputs = (size, spot, state.gamma, state.gas_cost, state.tau_weighted)
        vol = _better(state.realised_vol, state.sigma_atm)
        if not all(map(math.isfinite, inputs)) or size <= 0 or spot <= 0 or vol <= 0:
            return None
        trigger, reset = widths_within(
            cap=INSIDE_HARD * state.hard_band / size,
            g=spot * abs(state.gamma) / size,
            vol=vol,
            tau=max(state.tau_weighted, 0.0),
            cost=next(filter(math.isfinite, (self.cost, state.venue_fee, USUAL_FEE))),
            gas=max(state.gas_cost, 0.0) / (size * spot),
            risk_aversion=self._at_least(state),
        )
        bands = Bands(trigger * size, reset * size)
        return bands if math.isfinite(bands.trigger) and math.isfinite(bands.reset) else None

    def _at_least(self, state: MarketState) -> float:
        if not state.nav > 0.0:
            return self.risk_aversion
        implied = implied_risk_aversion(
            state.spot, state.gross_units, state.nav, state.contract_risk_aversion
        )
        return max(self.risk_aversion, self.of_contract * implied)


def _better(realised: float, implied: float) -> float:
    """Realised volatility where it is known, else implied; 0 where neither is."""
    return next((v for v in (realised, implied) if math.isfinite(v) and v > 0), 0.0)


create = ThresholdPolicy
