"""What a policy sees and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tandem.errors import ConfigError
from tandem.model.bands import RISK_AVERSION
from tandem.units import ETHER


@dataclass(frozen=True, slots=True)
class MarketState:
    """One market at one moment. ETH, USD, years; volatilities annual, 1.0 = 100 %."""

    time: int
    """Seconds UTC."""
    spot: float
    book_delta: float
    """ETH; delta of everything sold, from the LPs' side."""
    gamma: float
    """Change of the book's delta per USD of spot, ETH/USD; its sign does not matter here."""
    vega: float
    """USD per 1.00 of volatility."""
    hedge: float
    """ETH; position on the venues."""
    residual: float
    """ETH; book_delta + hedge."""
    hard_band: float
    """ETH; |residual| that no opening trade may leave."""
    min_trigger: float
    """ETH; |residual| up to which the contract refuses to rebalance."""
    nav: float
    """USD."""
    gross_units: float
    """ETH of options outstanding."""
    gas_cost: float
    """USD that one rebalance costs in gas."""
    realised_vol: float
    sigma_atm: float
    tau_weighted: float
    """Years to expiry, weighted by gamma over the book."""
    venue_fee: float = math.nan
    """Share of the notional that the venue takes of an order, as it says; NaN where it does not."""
    lot: float = 0.001
    """ETH; the smallest order worth sending."""
    contract_risk_aversion: float = RISK_AVERSION
    """The market's term `risk_aversion`, lambda_0 of its band."""
    asset: str = ETHER
    """What sizes are told in; where it is another, read it for ETH."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Trade until the residual is `target_residual` ETH, or do nothing; and why."""

    target_residual: float | None
    reason: str

    @property
    def acts(self) -> bool:
        """Whether there is something to send."""
        return self.target_residual is not None


@runtime_checkable
class Policy(Protocol):
    """Decides when to hedge; how much at most is the contract's own rule."""

    def decide(self, state: MarketState) -> Decision:
        """What to do now. Must be a function of `state` and of earlier states alone."""
        ...


def within(name: str, value: float, low: float, high: float) -> None:
    """Raises ConfigError for a policy's setting that is no number from low to high."""
    if not low <= value <= high:
        raise ConfigError(
            f"the policy's setting {name} = {value} is not {low:g} to {high:g}", "correct its value"
        )
