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
from contracts.lib import carry
from contracts.lib import split


@external
@pure
def poured(
    size: uint256,
    buys: bool,
    curves: IHedgeVenue.Curve[4],
    rooms: uint256[4],
    grain: uint256,
) -> (uint256[4], uint256):
    return split.poured(size, buys, curves, rooms, grain)


@external
@pure
def saved(buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256) -> uint256:
    return split.saved(buys, curve, part, level)


@external
@pure
def costed(
    paid: int256[2][4],
    known: bool[4],
    curves: IHedgeVenue.Curve[4],
    held: int256[4],
    buys: bool,
    hours: uint256,
) -> IHedgeVenue.Curve[4]:
    words: uint256[4] = empty(uint256[4])
    for i: uint256 in range(4):
        words[i] = carry.pack(known[i], paid[i][0], paid[i][1], 1_700_000_000)
    return carry.costed(words, curves, held, buys, hours)


@external
@pure
def carry_kept(is_known: bool, long: int256, short: int256, time: uint256) -> (int256, int256, uint256):
    return carry.unpack(carry.pack(is_known, long, short, time))


@external
@pure
def carry_due(is_known: bool, long: int256, short: int256, time: uint256, now: uint256) -> bool:
    return carry.is_due(carry.pack(is_known, long, short, time), now)
