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
TO_WAD: constant(uint256) = 10**12  # token units to WAD
# Of what an order moves, WAD of a WAD, LPs bear one part in five hundred of its cost at most.
SPARE: constant(uint256) = 500 * 10**18
# What of a trade met no order is nothing where it is one part or less in 2 to this.
MET: constant(uint256) = 10
# Of a lot, one part in so many is more than any venue rounds of an order.
ROOM: constant(uint256) = 1_000


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
def room(order: int256, lot: uint256) -> uint256:
    """
    @notice What an order may be off by in what it leaves: nothing where there is none.
    """
    return lot // ROOM if order != 0 else 0


@internal
@pure
def close_order(own: int256, residual: int256, hard: uint256, lot: uint256) -> int256:
    """
    @notice The order of a close: as a trade's that brings nothing home, and beside a hedge that is behind past
            its hard band as much more as a venue may round, so that what is left is never more than what was
            found.
    """
    order: int256 = self.trade_order(own, residual, max_value(uint256))
    spare: uint256 = self.room(order, lot)
    if spare == 0 or convert(abs(residual + order - own), uint256) + spare <= hard:
        return order
    more: int256 = convert(spare, int256)
    return order + (more if order > 0 else -more)


@internal
@pure
def brought(own: int256, order: int256) -> int256:
    """
    @notice The part of an order that the trade itself brings. The rest is inherited.
    """
    if (order > 0) != (own > 0):
        return 0
    return min(own, order) if own > 0 else max(own, order)


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
def part(units: uint256, own: int256, left: int256, bound: uint256) -> uint256:
    """
    @notice The units of a close whose hedge the venue carries: all of them, where what the order
            leaves is inside its bound, else the part whose own delta brings it there.
    @param left The residual after the order that is sent for all units.
    """
    over: uint256 = convert(abs(left), uint256)
    size: uint256 = convert(abs(own), uint256)
    if over <= bound or size == 0:
        return units
    return units * (size - min(over - bound, size)) // size


@internal
@pure
def limited(wanted: int256, order: int256) -> int256:
    """
    @notice The order of a part, where the venue was asked for that of the whole.
    """
    if wanted == 0 or (wanted > 0) != (order > 0):
        return 0
    return min(wanted, order) if order > 0 else max(wanted, order)


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
def is_met(own: int256, order: int256) -> bool:
    """
    @return Whether a trade's own delta met its order, but for a thousandth (a part in 1,024): at a price
            that is off by two per cent that is 0.2 bp of the trade, for which no market is asked.
    """
    return self.spared(own, order) << MET <= abs(own)


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


@internal
@pure
def is_worth(bid: uint256, cost: int256, order: int256, spot: uint256) -> bool:
    """
    @notice Whether a close is worth its order: what that costs past the bid the holder does not pay, so that
            LPs bear it. They bear what it costs them to bring the same hedge home without him, venue
            fee and as much again, and not what a pool costs that somebody moved.
    @param bid Token units. @param cost Of the order, WAD USD.
    @dev Bare arithmetic: an order is what a venue holds, and a price is inside the oracle's bounds.
    """
    moved: uint256 = unsafe_mul(convert(max(order, unsafe_sub(0, order)), uint256), spot)
    worth: uint256 = unsafe_add(unsafe_mul(bid, TO_WAD), unsafe_div(moved, SPARE))
    return cost <= convert(worth, int256)
