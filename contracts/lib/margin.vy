# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title margin
@license AGPL-3.0-only
@author Tandem contributors
@notice What a venue's account is judged by: the equity that counts, what lacks of the target, and what
        was lost that no move of the price explains.
"""

from . import terms
from ..interfaces import IHedgeVenue

WAD: constant(uint256) = 10**18
IWAD: constant(int256) = 10**18
TO_WAD: constant(uint256) = 10**12


# The venue account when margin was last moved. equity: WAD USD, with the position at that spot, and after the
# move. position: WAD base. spot: WAD USD.
struct Seen:
    equity: int256
    position: int256
    spot: uint256


@internal
@pure
def usable(venue: IHedgeVenue.VenueAccount) -> int256:
    """
    @return The equity that margin is judged by: at spot or what carries orders, if that is less.
    """
    return min(venue.equity, venue.margin_equity)


@internal
@pure
def headroom(nav: uint256, word: uint256) -> uint256:
    """
    @return The notional of the largest order that a trade may bring, WAD USD.
    @param nav Token units. @param word The terms.
    """
    return nav * TO_WAD * terms.field(word, terms.MAX_TRADE) // 10_000


@internal
@pure
def need(position: int256, spot: uint256, headroom: uint256) -> uint256:
    """
    @return Hedge notional plus headroom, WAD USD.
    """
    return convert(abs(position), uint256) * spot // WAD + headroom


@internal
@pure
def is_short(equity: int256, needed: uint256, bounds: IHedgeVenue.Bounds) -> bool:
    """
    @return Whether it is under the least.
    """
    return equity < convert(needed * bounds.least // WAD, int256)


@internal
@pure
def gap(usable: int256, needed: uint256, bounds: IHedgeVenue.Bounds) -> uint256:
    """
    @return What brings equity that is under the least to the target, WAD USD; else 0.
    """
    if not self.is_short(usable, needed, bounds):
        return 0
    return convert(convert(needed * bounds.target // WAD, int256) - usable, uint256)


@internal
@pure
def lacking(
    venue: IHedgeVenue.VenueAccount, sent: uint256, needed: uint256, bounds: IHedgeVenue.Bounds
) -> uint256:
    """
    @return What a top-up brings to an account that is under its least, token units; else 0. With what is there of
            what was sent there, no more than all that margin is for: who says that it is there asks for no more of
            it, and who says that it is gone has lost it (`lost`). What a hedge gained is not of what was sent.
    @param sent There and not home again, token units.
    """
    there: uint256 = min(convert(max(venue.equity, 0), uint256), sent * TO_WAD)
    most: uint256 = needed - min(needed, there)
    return (min(self.gap(self.usable(venue), needed, bounds), most) + TO_WAD - 1) // TO_WAD


@internal
@pure
def is_worth_saving(venue: IHedgeVenue.VenueAccount, spot: uint256, band: uint256) -> bool:
    """
    @notice Whether margin follows what was lost.
    @dev A loss beyond what lies there is the venue's: what is sent after it is gone. It is sent only
         where the hedge that it keeps would cost more to open again, inside the fill band.
    @param band Ten-thousandths.
    """
    gap: int256 = -min(venue.equity, venue.venue_equity)
    if gap <= 0:
        return True
    return convert(gap, uint256) <= self.need(venue.position, spot, 0) * band // 10_000


@internal
@pure
def borne(equity: int256, spot: uint256, target: uint256) -> int256:
    """
    @return The largest position of which that equity is the target, WAD ETH.
    """
    return max(equity, 0) * IWAD // convert(target, int256) * IWAD // convert(spot, int256)


@internal
@pure
def expected(before: Seen, position: int256, spot: uint256) -> int256:
    """
    @notice What an account would be worth if the price alone had moved since it was seen.
    @dev The position went from one to the other, so the price explains what the worse of the two
         would have lost.
    @param position As it is now.
    """
    move: int256 = convert(spot, int256) - convert(before.spot, int256)
    return before.equity + min(before.position * move // IWAD, position * move // IWAD)


@internal
@pure
def lost(venue: IHedgeVenue.VenueAccount, before: Seen, spot: uint256) -> uint256:
    """
    @notice What the venue account lost since margin was last moved, and no move of the price
            explains, token units rounded down.
    @dev Fees and slippage of orders, the cost of hedging an option's gamma, funding, penalties and whatever else
         a venue takes are what is left.
    """
    expected: int256 = self.expected(before, venue.position, spot)
    return convert(max(expected - venue.equity, 0), uint256) // TO_WAD
