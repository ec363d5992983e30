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

root: uint160
place: uint16
count: uint16
depth: uint128
sums: int56[2]
inverses: uint160[2]
asked: public(uint32)
times: HashMap[uint256, uint32]


@external
def tell(root: uint160, depth: uint128, asked: uint32, sums: int56[2], inverses: uint160[2]):
    self.root = root
    self.depth = depth
    self.asked = asked
    self.sums = sums
    self.inverses = inverses


@external
def remember(place: uint16, count: uint16, times: DynArray[uint32, 8]):
    """
    @param times Of the observations, in their places; 0 for one that was never written.
    """
    self.place = place
    self.count = count
    for i: uint256 in range(8):
        self.times[i] = times[i] if i < len(times) else 0


@external
@view
def slot0() -> (uint160, int24, uint16, uint16, uint16, uint8, bool):
    return self.root, 0, self.place, self.count, 0, 0, True


@external
@view
def liquidity() -> uint128:
    return self.depth


@external
@view
def observations(index: uint256) -> (uint32, int56, uint160, bool):
    return self.times[index], 0, 0, self.times[index] != 0


@external
@view
def observe(ago: DynArray[uint32, 2]) -> (DynArray[int56, 2], DynArray[uint160, 2]):
    assert ago[0] == self.asked and ago[1] == 0, "not what was expected"
    return [self.sums[0], self.sums[1]], [self.inverses[0], self.inverses[1]]


@external
@view
def over(window: uint256) -> (uint256, uint256, uint256):
    return uniswap_average.over(IUniswapV3Pool(self), window)


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
