"""What a replay records, and what its attribution and its report read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import nan

from tandem.model.svi import Slice


@dataclass(frozen=True, slots=True)
class Leg:
    """One series as the Vault sold it. Prices in USD, expiry in seconds UTC."""

    expiry: int
    strike: float
    is_put: bool
    cap: float | None = None
    """Price from which on a call pays no more; of a put, the floor below which it pays no more."""

    def payoff(self, price: float) -> float:
        """USD per option at settlement."""
        if self.is_put:
            return max(self.strike - max(price, self.cap or 0.0), 0.0)
        top = price if self.cap is None else min(price, self.cap)
        return max(top - self.strike, 0.0)


@dataclass(frozen=True, slots=True)
class PnlState:
    """The Vault at one moment, after everything that happened in it. USD and ETH."""

    time: int
    spot: float
    nav: float
    """Cash + venue equity with the position at spot - book at mid - claims and exits set aside."""
    hedge: float
    book: Mapping[Leg, float]
    """ETH sold per series, above 0; the same object in the next state where nothing was traded."""
    surface: Mapping[int, Slice]
    """By expiry; an expiry that is past needs no entry."""


@dataclass(frozen=True, slots=True)
class PnlFlows:
    """What was paid between two states, at the prices of the later one. USD."""

    premium: float = 0.0
    """Traders' net payments less `fees`: received for opens, less paid for closes."""
    fees: float = 0.0
    """Trading fees that stay with the LPs."""
    hedge_cost: float = 0.0
    """Cost of orders, order x (fill - spot) + venue fees, less what traders were charged for them."""
    pool_lag: float = 0.0
    """Received in orders from a pool behind the index, below 0 when paid; not in `hedge_cost`."""
    funding: float = 0.0
    """Received from venues, below 0 when paid."""
    lp_flows: float = 0.0
    """Deposits less exits."""
    settled: Mapping[int, float] = field(default_factory=dict)
    """Payout set aside, by the expiry that was settled."""


@dataclass(frozen=True, slots=True)
class PnlTerms:
    """The LPs' profit by cause. USD; they add up to the change of NAV without LP flows."""

    premium: float = 0.0
    """Paid by traders above the mark of what they bought: spread and charges."""
    fees: float = 0.0
    delta: float = 0.0
    """(book delta + hedge) x move of spot."""
    gamma: float = 0.0
    """The rest of revaluing the book at the new spot: convexity, jumps in full."""
    theta: float = 0.0
    """Time, and what was left of it at settlement."""
    vega: float = 0.0
    """The new surface, basis included."""
    funding: float = 0.0
    hedge_cost: float = 0.0
    """Fees and impact, with the pool at the index, less what traders were charged: above 0 where
    that was more, as for delta that needed no order."""
    pool_lag: float = 0.0
    """What a pool behind the index gave or took: no profit of the protocol's."""
    residual: float = 0.0
    """What no cause explains."""

    def __add__(self, other: PnlTerms) -> PnlTerms:
        return PnlTerms(*(getattr(self, f) + getattr(other, f) for f in PNL_NAMES))

    def as_dict(self) -> dict[str, float]:
        """Each term by its name."""
        return {name: getattr(self, name) for name in PNL_NAMES}

    @property
    def total(self) -> float:
        """Change of NAV without LP flows."""
        return sum(getattr(self, name) for name in PNL_NAMES)

    @property
    def earned(self) -> float:
        """The total without `pool_lag`: what the LPs owe to the protocol."""
        return self.total - self.pool_lag


PNL_NAMES = tuple(each.name for each in fields(PnlTerms))


@dataclass(frozen=True, slots=True)
class StepRow:
    """One visited price, after everything that happened at it. USD and ETH."""

    time: int
    spot: float
    book_delta: float
    hedge: float
    residual: float
    trigger: float
    """|residual| up to which the contract refuses to rebalance."""
    hard_band: float
    floor: float
    nav: float
    pnl: PnlTerms = field(default_factory=PnlTerms)
    """Since the start."""
    hedged: float = 0.0
    """ETH traded on venues at this step; 0 for none."""
    realised_vol: float = 0.0
    implied_vol: float = 0.0
    residual_before: float = 0.0
    """ETH that the new price and strangers left, before the keeper acted."""
    worst_jump: float = nan
    """USD that the worst of the gate's jumps would cost LPs, as published; not a number without a mark."""
    jump_limit: float = nan
    """USD that it may cost before an open is refused."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a line of the report's table."""

    time: int
    kind: str
    """open, close, rebalance, settle, deposit, exit, top_up, sweep, delever, end, surface, revert ..."""
    text: str
    amount: float | None = None
    gas: int | None = None
