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
Q160: constant(uint256) = 2**160  # and sums of seconds per liquidity modulo this
SECONDS: constant(uint256) = 2**32  # a pool counts time modulo this


# ago: seconds. ticks, inverse: sums over time of the tick and of 1 over the liquidity, Q128, up to then.
struct Observation:
    ago: uint256
    ticks: int256
    inverse: uint256
    written: bool


@internal
@view
def over(pool: IUniswapV3Pool, window: uint256) -> (uint256, uint256, uint256):
    """
    @notice The average price (WAD), the depth now and the least of now and the average, all over
            `window` seconds or as far back as the pool remembers. Depth is liquidity over the root
            of the price: an order of a ten-thousandth of it moves the price by two.
    """
    reach: uint256 = 0
    tick: int256 = 0
    now: uint256 = self.liquidity_of(pool)
    least: uint256 = 0
    root: uint256 = 0
    reach, tick, least, root = self.ticks_over(pool, window, now)
    if root == 0:
        return 0, 0, 0
    if reach != 0:
        root = uniswap_depth.sqrt_at(tick)
    return uniswap_depth.price_at(root), now * Q96 // root, least * Q96 // root


@internal
@view
def liquidity_of(pool: IUniswapV3Pool) -> uint256:
    """
    @notice A pool's liquidity of now.
    """
    return convert(staticcall pool.liquidity(), uint256)


@internal
@view
def ticks_over(
    pool: IUniswapV3Pool, window: uint256, now: uint256
) -> (uint256, int256, uint256, uint256):
    """
    @notice The seconds looked back: `window`, or as far as the pool remembers. Over them the average
            tick, and the least of the liquidity of now and its average; and the root of now, as the pool
            has it.
    @param now The pool's liquidity of now; nothing of it is said where it is 0.
    @dev The average of liquidity is harmonic: a moment without any weighs most. Whatever moves the price or
         the liquidity is written down: since the latest observation both are what they are now. What was
         then is looked for from now on backwards, where it is near; the pool itself looks through all that it
         keeps.
    """
    slot: uint160 = 0
    at: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    slot, at, latest, count = staticcall pool.slot0()
    root: uint256 = convert(slot, uint256)
    tick: int256 = convert(at, int256)
    if root == 0:
        # it has no price yet, and no history
        return 0, tick, now, root
    place: uint256 = convert(latest, uint256)
    last: Observation = self._observed(pool, place)
    if last.ago >= window:
        return window, tick, now, root
    reach: uint256 = 0
    ticks: int256 = 0
    inverse: uint256 = 0
    reach, ticks, inverse = self._then(pool, place, convert(count, uint256), last, window)
    if reach == 0:
        return 0, tick, now, root
    moved: int256 = last.ticks + tick * convert(last.ago, int256) - ticks
    average: int256 = uniswap_depth.compress(moved, convert(reach, int256))
    if now == 0:
        return reach, average, 0, root
    shares: uint256 = (last.inverse + (last.ago << 128) // now + 2 * Q160 - inverse) % Q160
    return reach, average, min(now, (reach << 128) // max(shares, 1)), root


@internal
@view
def _then(
    pool: IUniswapV3Pool, latest: uint256, count: uint256, last: Observation, window: uint256
) -> (uint256, int256, uint256):
    """
    @return The seconds looked back, and the sums of then. @param last The latest observation, which is later.
    """
    near: Observation = last
    far: Observation = empty(Observation)
    later: uint256 = 0  # places before the latest: of the earliest that is later
    past: uint256 = count  # of one that is not, or was never written
    for _: uint256 in range(32):
        if later + 1 >= past:
            break
        # twice as far back each time, until one is early enough; then halfway between
        k: uint256 = (later + past) // 2
        if past == count:
            k = min(2 * later + 1, count - 1)
        one: Observation = self._observed(pool, (latest + count - k) % count)
        if one.written and one.ago < window:
            near = one
            later = k
        else:
            far = one
            past = k
    if not far.written:
        return near.ago, near.ticks, near.inverse
    between: uint256 = far.ago - near.ago
    passed: uint256 = far.ago - window
    each: int256 = (near.ticks - far.ticks) // convert(between, int256)
    shares: uint256 = (near.inverse + Q160 - far.inverse) % Q160 * passed // between
    return window, far.ticks + each * convert(passed, int256), far.inverse + shares


@internal
@view
def _observed(pool: IUniswapV3Pool, place: uint256) -> Observation:
    """
    @return One of a pool's observations.
    """
    time: uint32 = 0
    ticks: int56 = 0
    inverse: uint160 = 0
    written: bool = False
    time, ticks, inverse, written = staticcall pool.observations(place)
    return Observation(
        ago=(block.timestamp + SECONDS - convert(time, uint256)) % SECONDS,
        ticks=convert(ticks, int256),
        inverse=convert(inverse, uint256),
        written=written,
    )


@internal
@view
def _reach(pool: IUniswapV3Pool) -> uint256:
    """
    @return How many seconds the pool's observations reach back.
    """
    root: uint160 = 0
    tick: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    root, tick, latest, count = staticcall pool.slot0()
    oldest: Observation = self._observed(
        pool, (convert(latest, uint256) + 1) % convert(count, uint256)
    )
    if not oldest.written:
        oldest = self._observed(pool, 0)
    return oldest.ago
