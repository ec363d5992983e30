# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title carry
@license AGPL-3.0-only
@author Tandem contributors
@notice What holding a leg costs at a venue, as a part of its price. A leg that enlarges a position will be held
        for an expected time and pays that venue's rate of its sign; one that lowers a position saves the rate
        of the other sign for as long. Only what it costs more than elsewhere matters, so the cheapest
        pays nothing, and the others' fees are raised.
@dev A rate is what was paid on average between two times an hour apart or more: no rate of a moment, which
     could be borrowed. One that is not known counts as the dearest that counts at all.
     A word: bits 0..31 seconds, 32..111 what a long paid in a day, 112..191 a short, both WAD over
     the least there is; 192 whether it is known.
"""

from ..interfaces import IHedgeVenue

MARKETS: constant(uint256) = 4
WAD: constant(uint256) = 10**18
HOUR: constant(uint256) = 3600
DAY_HOURS: constant(int256) = 24
# What holding may add to a leg's price, or take off it: 0.3 %. Past it the market is to be left, not priced.
MOST: constant(int256) = 3 * 10**15
LEAST: constant(int256) = 2**79
MASK_32: constant(uint256) = 2**32 - 1
MASK_80: constant(uint256) = 2**80 - 1
KNOWN: constant(uint256) = 1 << 192


@internal
@pure
def pack(is_known: bool, long: int256, short: int256, timestamp: uint256) -> uint256:
    """
    @notice What a venue said. @param is_known Whether it says anything. @param long Of a believed size.
    """
    if not is_known:
        return timestamp
    return (
        timestamp
        | (convert(long + LEAST, uint256) << 32)
        | (convert(short + LEAST, uint256) << 112)
        | KNOWN
    )


@internal
@pure
def unpack(word: uint256) -> (int256, int256, uint256):
    """
    @return What a long and a short paid in a day, WAD, and when that was asked: 0 where nothing is known.
    """
    if word < KNOWN:
        return 0, 0, 0
    return (
        convert((word >> 32) & MASK_80, int256) - LEAST,
        convert((word >> 112) & MASK_80, int256) - LEAST,
        word & MASK_32,
    )


@internal
@pure
def is_due(word: uint256, timestamp: uint256) -> bool:
    """
    @return Whether a venue is asked again.
    """
    return timestamp >= (word & MASK_32) + HOUR


@internal
@pure
def _lowers(held: int256, buys: bool) -> bool:
    """
    @return Whether an order brings a position home.
    """
    return held < 0 if buys else held > 0


@internal
@pure
def of_leg(word: uint256, held: int256, buys: bool, hours: uint256) -> int256:
    """
    @return What a leg costs by being held, WAD of its notional; what it saves is less than nothing.
    """
    long: int256 = 0
    short: int256 = 0
    time: uint256 = 0
    long, short, time = self.unpack(word)
    if time == 0:
        return MOST
    rate: int256 = long if buys else short
    if self._lowers(held, buys):
        rate = -short if buys else -long
    return min(max(rate * convert(hours, int256) // DAY_HOURS, -MOST), MOST)


@internal
@pure
def costed(
    words: uint256[MARKETS],
    curves: IHedgeVenue.Curve[MARKETS],
    held: int256[MARKETS],
    buys: bool,
    hours: uint256,
) -> IHedgeVenue.Curve[MARKETS]:
    """
    @notice Curves with fees that have in them what a leg costs besides its price.
    @dev What enlarges one while another could be lowered has to come home too, and pays its fee again.
    """
    found: IHedgeVenue.Curve[MARKETS] = curves
    costs: int256[MARKETS] = empty(int256[MARKETS])
    least: int256 = MOST
    lowers: bool = False
    for i: uint256 in range(MARKETS):
        if curves[i].price != 0:
            lowers = lowers or self._lowers(held[i], buys)
            costs[i] = self.of_leg(words[i], held[i], buys, hours)
            least = min(least, costs[i])
    for i: uint256 in range(MARKETS):
        if curves[i].price == 0:
            continue
        fee: uint256 = curves[i].fee
        if lowers and not self._lowers(held[i], buys):
            fee *= 2
        kept: uint256 = (WAD - min(fee, WAD)) * (WAD - convert(costs[i] - least, uint256)) // WAD
        found[i].fee = WAD - kept
    return found
