"""How far a hedge may drift: the band that the contract computes from the book's own gamma.

Whalley and Wilmott's half-width h = (3/2 c S G^2 / lambda)^(1/3): wide in calm, tight in stress.
When to act inside the band is a policy's business (`keeper.policy`). Source: A. E. Whalley and P.
Wilmott, An asymptotic analysis of an optimal hedging model for option pricing with transaction
costs, 1997.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tandem.errors import DomainError

COST = 0.001
"""c: the cost of a hedge trade as a fraction of its notional."""
RISK_AVERSION = 500.0
"""lambda_0: lambda is lambda_0 over NAV in USD."""
GROSS_SHARE = 0.05
"""The half-width is at most this share of the option units outstanding."""


@dataclass(frozen=True, slots=True)
class Band:
    """ETH, all three at least the lot: the half-width, the residual that no opening trade may
    leave, and the residual below which a rebalance is refused."""

    half: float
    hard: float
    minimum_trigger: float


def contract_band(
    spot: float,
    gamma: float,
    nav: float,
    gross: float,
    lot: float,
    cost: float = COST,
    risk_aversion: float = RISK_AVERSION,
) -> Band:
    """The band as the contract computes it.

    spot USD, gamma of the book in ETH per ETH and USD times units (ETH^2/USD), nav USD, gross
    option units outstanding in ETH, lot ETH. The clamp to 5 % of gross comes first, then the lot
    wins. Raises DomainError where nav, spot or lot is not positive.
    """
    if not (spot > 0.0 and nav > 0.0 and lot > 0.0 and gross >= 0.0):
        raise DomainError(
            "band: spot, nav and lot must be positive", "an empty vault needs no band"
        )
    free = math.cbrt(1.5 * cost * spot * gamma * gamma * nav / risk_aversion)
    half = max(min(free, GROSS_SHARE * gross), lot)
    return Band(half, 2.0 * half, max(0.5 * half, lot))
