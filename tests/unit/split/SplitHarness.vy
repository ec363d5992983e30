# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title SplitHarness
@license AGPL-3.0-only
@notice The split of an order behind an external door.
"""

from contracts.interfaces import IHedgeVenue
from contracts.lib import split


@external
@pure
def poured(
    size: uint256, buys: bool, curves: IHedgeVenue.Curve[4], rooms: uint256[4]
) -> (uint256[4], uint256):
    return split.poured(size, buys, curves, rooms)


@external
@pure
def saved(buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256) -> uint256:
    return split.saved(buys, curve, part, level)
