# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title StressHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice lib/stress and lib/losses, callable.
"""

from contracts.lib import inlined
from contracts.lib import losses
from contracts.lib import stress


@external
@pure
def added(
    forward: uint256, strike: uint256, k: int256, deviation: int256, is_sold: bool, rises: bool
) -> int256[8]:
    """
    @notice A million calls more, or less.
    """
    empty_side: stress.Side = empty(stress.Side)
    if rises:
        up: stress.Side = stress.more(strike, k, deviation, 10**6, is_sold)
        return inlined.added(empty(int256[8]), forward, up, empty_side, 0, 0)
    down: stress.Side = stress.less(strike, k, deviation, 10**6, is_sold)
    return inlined.added(empty(int256[8]), forward, empty_side, down, 0, 0)


@external
@pure
def packed(sums: int256[8]) -> uint256:
    return inlined.pack(sums)


@external
@pure
def plus(before: uint256, change: uint256) -> uint256:
    return inlined.plus(before, change)


@external
@pure
def worst(word: uint256, position: int256, spot: uint256, equity: uint256, purse: uint256) -> int256:
    return inlined.worst(word, position, spot, equity, purse)


@external
@pure
def unpacked(word: uint256) -> int256[8]:
    return losses.unpacked(word)


@external
@view
def gas(
    forward: uint256, strike: uint256, k: int256, deviation: int256
) -> (uint256, uint256, uint256, uint256):
    """
    @return What a trade of two strikes takes, a packing, a sum of words, the worst of them.
    """
    marks: uint256[5] = empty(uint256[5])
    marks[0] = msg.gas
    up: stress.Side = stress.more(strike, k, deviation, 10**6, True)
    down: stress.Side = stress.less(strike, k, deviation, 10**6, False)
    word: uint256 = inlined.change(forward, up, down, -10**6, 10**20)
    marks[1] = msg.gas
    other: uint256 = inlined.pack([1, 2, 3, 4, 5, 6, 7, 8])
    marks[2] = msg.gas
    sum: uint256 = inlined.plus(word, other)
    marks[3] = msg.gas
    worst: int256 = inlined.worst(sum, 10**18, forward, 10**24, 10**24)
    marks[4] = msg.gas
    assert worst != 0
    return marks[0] - marks[1], marks[1] - marks[2], marks[2] - marks[3], marks[3] - marks[4]
