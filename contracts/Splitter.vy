# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title Splitter
@license AGPL-3.0-only
@author Tandem contributors
@notice The arithmetic of an order over several markets (lib/split.vy), for the set of venues, which would not
        fit its bytes with it. Stateless; calls nobody.
"""

from .interfaces import IHedgeVenue
from .interfaces import ISplitter
from .lib import split

implements: ISplitter


@external
@pure
def poured(
    size: uint256,
    buys: bool,
    curves: IHedgeVenue.Curve[split.MARKETS],
    rooms: uint256[split.MARKETS],
) -> (uint256[split.MARKETS], uint256):
    """
    @notice The parts of an order, and the level at which it ends.
    @param curves What orders meet at each market. @param rooms The most that each may be given.
    """
    return split.poured(size, buys, curves, rooms)


@external
@pure
def saved(buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256) -> uint256:
    """
    @notice What a part of an order saves at its market against the same at the level where the order ends, WAD
            USD.
    """
    return split.saved(buys, curve, part, level)
