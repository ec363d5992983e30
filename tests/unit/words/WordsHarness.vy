# pragma version 0.4.3
# pragma evm-version cancun

"""
@title WordsHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice Words that are kept between calls, made and taken apart behind an external door.
"""

from contracts.lib import carry
from contracts.lib import crossings


@external
@pure
def crossing_kept(c: crossings.Crossing, p: crossings.Paid) -> (uint256, uint256):
    return crossings.pack(c), crossings.pack_beside(c.spent, p)


@external
@pure
def crossing_in(word: uint256, beside: uint256) -> (crossings.Crossing, crossings.Paid):
    return crossings.unpack(word, beside), crossings.paid(beside)


@external
@pure
def carry_kept(is_known: bool, long: int256, short: int256, timestamp: uint256) -> uint256:
    return carry.pack(is_known, long, short, timestamp)


@external
@pure
def carry_in(word: uint256) -> (int256, int256, uint256):
    return carry.unpack(word)


@external
@pure
def carry_is_due(word: uint256, timestamp: uint256) -> bool:
    return carry.is_due(word, timestamp)
