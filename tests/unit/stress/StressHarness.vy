# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title StressHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice lib/stress, callable.
"""

from contracts.lib import stress


@external
@pure
def bounds(
    forward: uint256, strike: uint256, k: int256, s: uint256, from_above: bool
) -> uint256[8]:
    if from_above:
        return stress.most(forward, strike, k, s)
    return stress.least(forward, strike, k, s)


@external
@view
def gas(forward: uint256, strike: uint256, k: int256, s: uint256) -> (uint256, uint256):
    """
    @return What one node takes from above, and from below.
    """
    start: uint256 = msg.gas
    above: uint256[8] = stress.most(forward, strike, k, s)
    middle: uint256 = msg.gas
    below: uint256[8] = stress.least(forward, strike, k, s)
    end: uint256 = msg.gas
    assert above[0] >= below[0]
    return start - middle, middle - end
