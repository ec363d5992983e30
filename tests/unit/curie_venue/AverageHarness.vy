# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title AverageHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rules of venues/uniswap_average over a pool that says what it is told to, which is this
        contract itself; and those of venues/uniswap_depth.
"""

from contracts.interfaces.external import IUniswapV3Pool
from contracts.venues import uniswap_average
from contracts.venues import uniswap_depth

RING: constant(uint256) = 64

root: uint160
tick: int24
place: uint16
count: uint16
depth: uint128
times: HashMap[uint256, uint32]
sums: HashMap[uint256, int56]
inverses: HashMap[uint256, uint160]


@external
def tell(root: uint160, tick: int24, depth: uint128):
    self.root = root
    self.tick = tick
    self.depth = depth


@external
def remember(
    place: uint16,
    count: uint16,
    times: DynArray[uint32, RING],
    sums: DynArray[int56, RING],
    inverses: DynArray[uint160, RING],
):
    """
    @param times Of the observations, in their places; 0 for one that was never written.
    """
    self.place = place
    self.count = count
    for i: uint256 in range(RING):
        self.times[i] = times[i] if i < len(times) else 0
        self.sums[i] = sums[i] if i < len(sums) else 0
        self.inverses[i] = inverses[i] if i < len(inverses) else 0


@external
@view
def slot0() -> (uint160, int24, uint16, uint16, uint16, uint8, bool):
    return self.root, self.tick, self.place, self.count, 0, 0, True


@external
@view
def liquidity() -> uint128:
    return self.depth


@external
@view
def observations(index: uint256) -> (uint32, int56, uint160, bool):
    assert index < convert(self.count, uint256), "past the ring"
    time: uint32 = self.times[index]
    return time, self.sums[index], self.inverses[index], time != 0


@external
@view
def ticks_over(pool: address, window: uint256) -> (uint256, int256, uint256, uint256):
    """
    @param pool This contract, or a real one.
    """
    reach: uint256 = 0
    tick: int256 = 0
    now: uint256 = uniswap_average.liquidity_of(IUniswapV3Pool(pool))
    least: uint256 = 0
    root: uint256 = 0
    reach, tick, least, root = uniswap_average.ticks_over(IUniswapV3Pool(pool), window, now)
    without: (uint256, int256, uint256, uint256) = uniswap_average.ticks_over(
        IUniswapV3Pool(pool), window, 0
    )
    assert without[0] == reach and without[1] == tick, "liquidity moves the average"
    assert without[2] == 0 and without[3] == root, "more without liquidity"
    assert root == convert((staticcall IUniswapV3Pool(pool).slot0())[0], uint256), "another root"
    return reach, tick, now, least


@external
@view
def over(window: uint256) -> (uint256, uint256, uint256):
    return uniswap_average.over(IUniswapV3Pool(self), window)


@external
@view
def clock() -> uint256:
    return block.timestamp


@external
@view
def reach() -> uint256:
    return uniswap_average._reach(IUniswapV3Pool(self))


@external
@pure
def root_of(tick: int256) -> uint256:
    return uniswap_depth.sqrt_at(tick)


@external
@pure
def price_at(root: uint256) -> uint256:
    return uniswap_depth.price_at(root)


@external
@pure
def amount_left(liquidity: uint256, root: uint256, edge: uint256, base: uint256) -> uint256:
    return uniswap_depth.sqrt_after(liquidity, root, edge, base)


@external
@pure
def compress(tick: int256, spacing: int256) -> int256:
    return uniswap_depth.compress(tick, spacing)


@external
@pure
def amounts(liquidity: uint256, one: uint256, other: uint256) -> (uint256, uint256):
    return uniswap_depth.amounts(liquidity, one, other)
