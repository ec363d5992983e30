# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Band
@license AGPL-3.0-only
@author Tandem contributors
@notice How much residual the book may carry, from its own gamma.
"""

from . import fixed_point
from ..interfaces import IRisk

WAD: constant(uint256) = 10**18


@internal
@pure
def hedge_band(
    gamma: int256,
    spot: uint256,
    nav: uint256,
    cost_bps: uint256,
    risk_aversion: uint256,
    gross_units: uint256,
    lot: uint256,
) -> IRisk.Band:
    """
    @notice The no-trade half-width from the book's own gamma (Whalley and Wilmott).
    @dev Factors are held where the clamp to gross has long decided: gamma and NAV below
         2**100 (WAD), their products with spot below 2**95.
    """
    assert risk_aversion != 0 and cost_bps <= 10_000, "risk: band terms"
    steep: uint256 = convert(abs(min(max(gamma, -(2**100)), 2**100)), uint256)
    # ETH (WAD) twice: S * gamma and gamma * NAV
    first: uint256 = min(min(spot, 2**100) * steep // WAD, 2**95)
    second: uint256 = min(min(nav, 2**120) * steep // WAD, 2**95)
    cube: uint256 = first * second * WAD // (20_000 * min(risk_aversion, 2**128)) * (3 * cost_bps)
    width: uint256 = fixed_point.cbrt(cube)
    width = max(min(width, min(gross_units, 2**128) * 10**12 // 20), lot)
    return IRisk.Band(width=width, hard=2 * width, trigger=max(width // 2, lot))
