# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title believed
@license AGPL-3.0-only
@author Tandem contributors
@notice What is believed of what one of several venues says of itself. No market and no account was ever near
        these bounds, and inside them nothing that is reckoned with it overflows: what lies past them is no
        answer. Inside them a venue may lie, and what that costs is another matter (docs/trust.md).
@dev Nothing here takes the absolute value of a number that it has not bounded: that of the least reverts.
"""

from ..interfaces import IHedgeVenue

STRETCHES: constant(uint256) = 4
MOST_PRICE: constant(uint256) = 2**90  # 1.2e9 USD, WAD
MOST_DEPTH: constant(uint256) = 2**100  # 1.3e12 ETH, WAD
LEAST_DEPTH: constant(uint256) = 10**6  # 1e-12 ETH, WAD: under it a stretch cannot be divided
MOST_FEE: constant(uint256) = 10**17  # a tenth
MOST_HELD: constant(int256) = 2**100  # 1.3e12 ETH, WAD
MOST_EQUITY: constant(int256) = 2**100  # 1.3e12 USD, WAD
MOST_MARGIN: constant(uint256) = 2**70  # 1,180 times the notional
MOST_LOT: constant(uint256) = 10**18  # 1 ETH
MOST_SECONDS: constant(uint256) = 2**32 - 1
MOST_FUNDING: constant(int256) = 10**18  # all of it in a day
MOST_PURSE: constant(uint256) = 2**100  # token units
# What rounding makes of a position, and keeping it in steps of a third of that.
ROUNDED: constant(int256) = 3 * 10**8


@internal
@pure
def is_price(price: uint256) -> bool:
    """
    @param price WAD USD.
    """
    return price != 0 and price <= MOST_PRICE


@internal
@pure
def is_curve(c: IHedgeVenue.Curve) -> bool:
    """
    @return Whether an order may be split by it. One without a stretch is believed, and takes no part.
    """
    if not self.is_price(c.price) or c.fee > MOST_FEE:
        return False
    for k: uint256 in range(STRETCHES):
        depth: uint256 = c.depths[k]
        if depth > MOST_DEPTH or c.reaches[k] > MOST_DEPTH or (depth != 0 and depth < LEAST_DEPTH):
            return False
    return True


@internal
@pure
def is_average(price: uint256, now: uint256, steady: uint256) -> bool:
    """
    @param price WAD USD. @param now Depth, WAD base. @param steady The same, on average.
    """
    return self.is_price(price) and now <= MOST_DEPTH and steady <= MOST_DEPTH


@internal
@pure
def is_quotation(q: IHedgeVenue.Quotation) -> bool:
    """
    @return Whether a trade without an order may be held against it.
    """
    return q.low != 0 and q.low <= q.high and q.high <= MOST_PRICE and q.fee <= MOST_FEE


@internal
@pure
def is_margin(b: IHedgeVenue.Bounds) -> bool:
    """
    @return Whether margin may be judged by it.
    """
    return b.least != 0 and b.least <= b.target and b.target <= b.most and b.most <= MOST_MARGIN


@internal
@pure
def is_equity(equity: int256) -> bool:
    """
    @param equity WAD USD, of either sign.
    """
    return equity <= MOST_EQUITY and equity >= -MOST_EQUITY


@internal
@pure
def is_funding(rate: int256) -> bool:
    """
    @param rate What a long pays in a day, WAD of notional.
    """
    return rate <= MOST_FUNDING and rate >= -MOST_FUNDING


@internal
@pure
def is_held(said: int256) -> bool:
    """
    @notice Whether a position can be reckoned with at all. What is ours of it is another matter (`nearest`).
    """
    return said <= MOST_HELD and said >= -MOST_HELD


@internal
@pure
def is_position(left: int256, said: int256) -> bool:
    """
    @notice Whether a position may be what became of ours: a liquidation makes it less, as far as nothing. It is
            never one of the other sign, nor one that nobody opened.
    @param left After our last order there, with the interest that it may have borne since, WAD base.
    """
    return said == self.nearest(left, said)


@internal
@pure
def nearest(left: int256, said: int256) -> int256:
    """
    @return Of what may have become of ours what is nearest to what is said.
    @param left As for `is_position`.
    """
    most: int256 = abs(left) + ROUNDED
    above: int256 = most if left > 0 else ROUNDED
    under: int256 = most if left < 0 else ROUNDED
    return max(min(said, above), -under)


@internal
@pure
def is_account(left: int256, a: IHedgeVenue.VenueAccount) -> bool:
    """
    @param left As for a position.
    """
    return (
        self.is_position(left, a.position)
        and self.is_equity(a.equity)
        and self.is_equity(a.venue_equity)
        and self.is_equity(a.margin_equity)
    )
