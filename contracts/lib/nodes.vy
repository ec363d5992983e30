# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title nodes
@license AGPL-3.0-only
@author Tandem contributors
@notice Moving the payoff that one expiry sold: pure functions from words to words. The book
        stores what they return and computes nothing itself.
"""

from . import book_words
from . import inlined
from . import series
from ..interfaces import IUnderwriter


@internal
@pure
def _bumped(
    nodes: uint256[4], count: uint256, strike: uint256, units: int256
) -> (uint256[4], int256):
    """
    @notice The node words with `units` more of slope beyond `strike`, and the slope that is there then.
    """
    found: bool = False
    i: uint256 = 0
    found, i = book_words.find(nodes, count, strike)
    assert found, "book: strike not listed"
    size: int256 = book_words.node(nodes, i)[1] + units
    return book_words.with_node(nodes, i, strike, size), size


@internal
@pure
def with_series(
    before: IUnderwriter.Words, s: series.Series, units: int256
) -> (IUnderwriter.Words, int256, int256):
    """
    @notice The words with `units` (negative takes back) of a series in the payoff, and with the
            units outstanding and the maximum that follow from it; and how many calls there are then
            at its strike, and at its cap or floor.
    @dev call(K, cap) = (x-K)+ - (x-cap)+; put(K) = (x-K)+ - x + K;
         put(K, floor) = (x-K)+ - (x-floor)+ + K - floor.
    """
    h: book_words.Header = book_words.unpack(before.header)
    nodes: uint256[4] = empty(uint256[4])
    main: int256 = 0
    other: int256 = 0
    nodes, main = self._bumped(before.nodes, h.count, s.strike, units)
    if s.other != 0:
        nodes, other = self._bumped(nodes, h.count, s.other, -units)
    if s.is_put:
        if s.other == 0:
            h.forward -= units
        h.cash += units * convert(s.strike - s.other, int256)
    h.units = convert(convert(h.units, int256) + units, uint256)
    h.maximum = inlined.maximum(h.forward, h.cash, h.count, nodes)
    kept: uint256 = before.header & book_words.DELISTED
    return IUnderwriter.Words(header=book_words.pack(h) | kept, nodes=nodes), main, other


@internal
@pure
def with_strike(before: IUnderwriter.Words, strike: uint256) -> IUnderwriter.Words:
    """
    @notice The words with a node of size 0 at `strike`; unchanged when there is one.
    """
    h: book_words.Header = book_words.unpack(before.header)
    found: bool = False
    place: uint256 = 0
    found, place = book_words.find(before.nodes, h.count, strike)
    if found:
        return before
    assert h.count < book_words.MAX_NODES, "book: no free node"
    nodes: uint256[4] = before.nodes
    # those behind it move up by one, the last one first
    for back: uint256 in range(h.count - place, bound=book_words.MAX_NODES):
        i: uint256 = h.count - 1 - back
        moved: uint256 = 0
        size: int256 = 0
        moved, size = book_words.node(nodes, i)
        nodes = book_words.with_node(nodes, i + 1, moved, size)
    h.count += 1
    return IUnderwriter.Words(
        header=book_words.pack(h), nodes=book_words.with_node(nodes, place, strike, 0)
    )
