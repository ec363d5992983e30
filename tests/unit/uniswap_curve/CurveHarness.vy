# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title CurveHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice What an order meets in a pool, asked of any pool.
"""

from contracts.interfaces import IHedgeVenue
from contracts.interfaces.external import IUniswapV3Pool
from contracts.venues import uniswap_curve
from contracts.venues import uniswap_depth


@external
@view
def curve(
    pool: address, base_first: bool, unit: uint256, kept: uint256, order: int256
) -> IHedgeVenue.Curve:
    return uniswap_curve._curve(IUniswapV3Pool(pool), base_first, unit, kept, order)


@external
@pure
def root_at(tick: int256) -> uint256:
    return uniswap_depth.sqrt_at(tick)
