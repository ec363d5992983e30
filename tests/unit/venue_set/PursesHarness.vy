# pragma version 0.4.3
# pragma evm-version cancun

"""
@title PursesHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice What several venues could pay together, behind an external door.
"""

from contracts.lib import purses


@external
@pure
def shared(has: uint256[4], held: int256[4], position: int256) -> uint256:
    return purses.shared(has, held, position)


@external
@pure
def after(
    before: purses.Memory, place: uint256, besides: uint256, ours: uint256, since: uint256
) -> (purses.Memory, uint256):
    return purses.after(before, place, besides, ours, since)
