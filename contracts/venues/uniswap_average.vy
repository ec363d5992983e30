# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title uniswap_average
@license AGPL-3.0-only
@author Tandem contributors
@notice What a Uniswap v3 pool was over a while, by its own observations: the price that nobody can
        move inside a block, and the liquidity that nobody can lend it for one.
"""

from ..interfaces.external import IUniswapV3Pool
from . import uniswap_depth

Q96: constant(uint256) = 2**96
SECONDS: constant(uint256) = 2**32  # a pool counts time modulo this


@internal
@view
def over(pool: IUniswapV3Pool, window: uint256) -> (uint256, uint256, uint256):
    """
    @notice The average price (WAD), the depth now and the least of now and the average, all over
            `window` seconds or as far back as the pool remembers. Depth is liquidity over the root
            of the price: an order of a ten-thousandth of it moves the price by two.
    """
    root: uint256 = convert((staticcall pool.slot0())[0], uint256)
    if root == 0:
        return 0, 0, 0
    reach: uint256 = 0
    tick: int256 = 0
    now: uint256 = 0
    least: uint256 = 0
    reach, tick, now, least = self.ticks_over(pool, window)
    if reach != 0:
        root = uniswap_depth.sqrt_at(tick)
    return uniswap_depth.price_at(root), now * Q96 // root, least * Q96 // root


@internal
@view
def ticks_over(pool: IUniswapV3Pool, window: uint256) -> (uint256, int256, uint256, uint256):
    """
    @notice The seconds looked back: `window`, or as far as the pool remembers. Over them the average
            tick, the liquidity of now, and the least of that and its average.
    @dev The average of liquidity is harmonic: a moment without any weighs most. Whatever moves the price or
         the liquidity is written down: since the latest observation both are what they are now, and the
         pool's own search is spared where that is as long ago.
    """
    root: uint160 = 0
    at: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    root, at, latest, count = staticcall pool.slot0()
    tick: int256 = convert(at, int256)
    now: uint256 = convert(staticcall pool.liquidity(), uint256)
    least: uint256 = now
    reach: uint256 = min(window, self._oldest(pool, latest, count))
    if reach != 0 and self._ago(pool, convert(latest, uint256))[0] < reach:
        ticks: DynArray[int56, 2] = []
        inverse: DynArray[uint160, 2] = []
        ticks, inverse = staticcall pool.observe([convert(reach, uint32), 0])
        moved: int256 = convert(ticks[1], int256) - convert(ticks[0], int256)
        tick = uniswap_depth.compress(moved, convert(reach, int256))
        shares: uint256 = (
            convert(inverse[1], uint256) + 2**160 - convert(inverse[0], uint256)
        ) % 2**160
        least = min(now, (reach << 128) // max(shares, 1))
    return reach, tick, now, least


@internal
@view
def _reach(pool: IUniswapV3Pool) -> uint256:
    """
    @notice How many seconds the pool's observations reach back.
    """
    root: uint160 = 0
    tick: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    root, tick, latest, count = staticcall pool.slot0()
    return self._oldest(pool, latest, count)


@internal
@view
def _oldest(pool: IUniswapV3Pool, latest: uint16, count: uint16) -> uint256:
    """
    @return How many seconds ago the oldest observation is.
    """
    ago: uint256 = 0
    written: bool = False
    ago, written = self._ago(pool, (convert(latest, uint256) + 1) % convert(count, uint256))
    return ago if written else self._ago(pool, 0)[0]


@internal
@view
def _ago(pool: IUniswapV3Pool, place: uint256) -> (uint256, bool):
    """
    @return How many seconds ago an observation is, and whether it was ever written.
    """
    time: uint32 = 0
    ticks: int56 = 0
    inverse: uint160 = 0
    written: bool = False
    time, ticks, inverse, written = staticcall pool.observations(place)
    return (block.timestamp % SECONDS + SECONDS - convert(time, uint256)) % SECONDS, written
