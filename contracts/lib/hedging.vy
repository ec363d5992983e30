# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title hedging
@license AGPL-3.0-only
@author Tandem contributors
@notice How much to hedge and who pays for it: pure rules over signed WAD amounts of the base
        asset. `residual` is the hedge less the liability's delta; `own` is the order that
        offsets a trade's own delta and nothing else.
"""

WAD: constant(int256) = 10**18


@internal
@pure
def trade_order(own: int256, residual: int256, trigger: uint256) -> int256:
    """
    @notice The one netted order of a trade.
    @dev Past the trigger it is the whole residual. Inside it, the trade's own delta, less an
         inherited residual that already covers part of it: so it never exceeds the trade's own
         delta without need, and a trade that offsets the residual needs no order.
    @param own The order that the trade's own delta asks for.
    @param residual The residual before the trade.
    @param trigger The residual past which all of it is hedged.
    """
    whole: int256 = own - residual
    if convert(abs(residual), uint256) > trigger:
        return whole
    if (own > 0) == (residual > 0) and residual != 0:
        # The residual covers part of the trade: order the rest, or nothing.
        return whole if abs(own) > abs(residual) else 0
    return own


@internal
@pure
def cost_of(order: int256, quote_delta: int256, spot: uint256, venue_fee: uint256) -> int256:
    """
    @notice Cost of a filled order against the oracle: order x (fill - oracle) + venue fee, WAD USD.
    @param quote_delta Quote received (positive) or paid (negative), fee excluded.
    """
    fair: int256 = order * convert(spot, int256) // WAD
    return convert(venue_fee, int256) - quote_delta - fair


@internal
@pure
def covered(own: int256, order: int256) -> int256:
    """
    @notice The part of a trade's own delta that its order met, not signed.
    """
    if order != 0 and (order > 0) == (own > 0):
        return min(abs(own), abs(order))
    return 0


@internal
@pure
def spared(own: int256, order: int256) -> int256:
    """
    @notice The part of a trade's own delta that met no order, not signed.
    """
    return abs(own) - self.covered(own, order)


@internal
@pure
def trader_cost(own: int256, order: int256, cost: int256, spot: uint256, rate: uint256) -> int256:
    """
    @notice The part of a hedge's cost that the trader bears, WAD USD.
    @dev His share of the order at its true cost, and the part of his delta that needed no order
         at that rate, so that splitting or waiting for an offset buys nothing.
    @param rate What a trade pays where it met no order, WAD fraction of notional.
    """
    met: int256 = self.covered(own, order)
    borne: int256 = 0
    if met != 0:
        borne = cost * met // abs(order)
    left: int256 = abs(own) - met
    return borne + left * convert(spot, int256) // WAD * convert(rate, int256) // WAD
