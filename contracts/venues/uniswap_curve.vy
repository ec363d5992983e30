# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title uniswap_curve
@license AGPL-3.0-only
@author Tandem contributors
@notice What an order would meet in a Uniswap v3 pool: stretches of equal liquidity, each by its depth and
        its length, so that several markets can share an order without trying it on any.
@dev In the pool's curve seen with the base token first: where it is the second, the root of the price is
     turned over and ticks change their sign; liquidity is the same. Where no liquidity lies the curve ends.
"""

from ..interfaces import IHedgeVenue
from ..interfaces.external import IUniswapV3Pool
from ..lib import bits
from . import uniswap_depth


# How far a walk has come. root: Q96, of quote for base. depth: WAD base, as the trader counts it. tick,
# stop: the pool's own, stop in spacings. left: of the order, WAD base.
struct Walk:
    root: uint256
    liquidity: uint256
    depth: uint256
    tick: int256
    stop: int256
    left: uint256


MILLION: constant(uint256) = 10**6
Q96: constant(uint256) = 2**96
Q192: constant(uint256) = 2**192
MOST_TICK: constant(int256) = 887_272
# Roots and liquidity outside these are no market's, and numbers stay inside a word.
LEAST_ROOT: constant(uint256) = 2**64
MOST_ROOT: constant(uint256) = 2**125
MOST_DEPTH: constant(uint256) = 2**126
MOST_ORDER: constant(int256) = 2**96
STRETCHES: constant(uint256) = 4
# Edges and words of flags that are looked at.
LOOKS: constant(uint256) = 12
# A tick moves the root by at least so much, in thousand millionths.
TICK: constant(uint256) = 49_997
BILLION: constant(uint256) = 10**9


@internal
@view
def _curve(
    pool: IUniswapV3Pool, base_first: bool, unit: uint256, kept: uint256, order: int256
) -> IHedgeVenue.Curve:
    """
    @notice What an order would meet, but for the fee. It never reverts where the pool's own views do not.
    @dev Where an edge or a word's end is so far that the order ends before it by any reckoning, its root is
         not asked for. Longer than a function should be: one walk over the pool's stretches, each
         of which begins where the last one ended.
    @param unit A price of 1 in the tokens' own units, WAD.
    @param kept Millionths of what a trader sells that meet the curve.
    @param order Signed, positive buys.
    """
    curve: IHedgeVenue.Curve = empty(IHedgeVenue.Curve)
    slot: uint160 = 0
    at: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    slot, at, latest, count = staticcall pool.slot0()
    w: Walk = empty(Walk)
    w.root = self._turned(base_first, convert(slot, uint256))
    curve.price = w.root * w.root // Q96 * unit // Q96
    w.left = convert(bits.absolute(max(min(order, MOST_ORDER), -MOST_ORDER)), uint256)
    w.liquidity = convert(staticcall pool.liquidity(), uint256)
    w.tick = convert(at, int256)
    climbs: bool = (order > 0) == base_first
    step: int256 = 1 if climbs else -1
    spacing: int256 = convert(staticcall pool.tickSpacing(), int256)
    w.stop = uniswap_depth.compress(w.tick, spacing)
    if climbs:
        w.stop += 1
    n: uint256 = 0
    begins: bool = True
    for looks: uint256 in range(LOOKS):
        if w.left == 0 or w.liquidity == 0 or n == STRETCHES:
            break
        if begins:
            w.depth = w.liquidity * Q96 // w.root
            if order < 0:
                w.depth = w.depth * MILLION // kept
            w.depth = min(w.depth, MOST_DEPTH)
        w.stop, begins = self._edge(pool, w.stop, climbs)
        edge: int256 = w.stop * spacing
        reach: uint256 = w.left
        if self._may_end(w, (edge - w.tick) * step):
            w.stop += step
            if not begins and looks != LOOKS - 1:
                continue
            root: uint256 = self._root_at(base_first, edge)
            reach = min(reach, w.depth * (max(root, w.root) - min(root, w.root)) // root)
            w.root = root
            w.tick = edge
            net: int256 = convert((staticcall pool.ticks(convert(edge, int24)))[1], int256)
            w.liquidity = convert(max(convert(w.liquidity, int256) + step * net, 0), uint256)
        w.left -= reach
        if reach != 0:
            curve.depths[n] = w.depth
            curve.reaches[n] = reach
            n += 1
    return curve


@internal
@pure
def _may_end(w: Walk, away: int256) -> bool:
    """
    @dev Whether a stretch may end, so many ticks away, before the order does. The root's tick is rounded
         down: it may be one tick less.
    """
    least: uint256 = convert(max(away - 1, 0), uint256) * TICK
    return w.left >= w.depth * least // (BILLION + least)


@internal
@view
def _edge(pool: IUniswapV3Pool, stop: int256, climbs: bool) -> (int256, bool):
    """
    @return The next place from `stop` on where the liquidity changes, or the last one of its word; whether
            it changes there. In spacings.
    """
    flags: uint256 = staticcall pool.tickBitmap(convert(stop >> 8, int16))
    place: uint256 = convert(stop & 255, uint256)
    if climbs:
        flags >>= place
        if flags == 0:
            return stop | 255, False
        # the lowest flag alone
        low: uint256 = flags & (~flags + 1)
        return stop + convert(self._highest(low), int256), True
    flags <<= 255 - place
    if flags == 0:
        return stop - convert(place, int256), False
    return stop - convert(255 - self._highest(flags), int256), True


@internal
@pure
def _highest(flags: uint256) -> uint256:
    """
    @return The place of the highest flag.
    """
    left: uint256 = flags
    place: uint256 = 0
    half: uint256 = 128
    for _: uint256 in range(8):
        if left >> half != 0:
            left >>= half
            place += half
        half >>= 1
    return place


@internal
@pure
def _turned(base_first: bool, root: uint256) -> uint256:
    """
    @return A root of the pool's as that of quote for base.
    """
    return min(max(root if base_first else Q192 // max(root, 1), LEAST_ROOT), MOST_ROOT)


@internal
@pure
def _root_at(base_first: bool, tick: int256) -> uint256:
    """
    @return The root of quote for base at a tick of the pool's.
    """
    held: int256 = min(max(tick, -MOST_TICK), MOST_TICK)
    root: uint256 = uniswap_depth.sqrt_at(held if base_first else -held)
    return min(max(root, LEAST_ROOT), MOST_ROOT)
