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
def trade_order(own: int256, residual: int256, width: uint256) -> int256:
    """
    @notice The one netted order of a trade.
    @dev The trade's own delta, less an inherited residual that already covers part of it: so a
         trade that offsets the residual needs no order. What is inherited beyond that and lies
         past the band is brought to three quarters of it, on its own side.
    @param own The order that the trade's own delta asks for.
    @param residual The residual before the trade.
    @param width The residual past which the trade brings some of it home.
    """
    left: int256 = residual
    rest: int256 = own
    if (own > 0) == (residual > 0):
        # The residual covers part of the trade, or all of it.
        covered: int256 = own if abs(own) < abs(residual) else residual
        left -= covered
        rest -= covered
    if convert(abs(left), uint256) <= width:
        return rest
    near: int256 = convert(width * 3 // 4, int256)
    return rest - left + (near if left > 0 else -near)


@internal
@pure
def brought(own: int256, order: int256) -> int256:
    """
    @notice The part of an order that the trade itself brings. The rest is inherited.
    """
    if (order > 0) != (own > 0):
        return 0
    return own if abs(own) < abs(order) else order


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
    return abs(self.brought(own, order))


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
