# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title nodes
@license AGPL-3.0-only
@author Tandem contributors
@notice Moving the payoff that one expiry sold: pure functions from words to words. The book
        stores what they return and computes nothing itself.
"""

from . import book_stream
from . import series
from ..interfaces import IUnderwriter


@internal
@pure
def _bump(before: IUnderwriter.Words, strike: uint256, units: int256) -> IUnderwriter.Words:
    """
    @notice The words with `units` more of slope beyond `strike`.
    """
    w: IUnderwriter.Words = before
    found: bool = False
    rank: uint256 = 0
    i: uint256 = 0
    found, rank, i = book_stream.order_find(
        book_stream.header_order(w.header), book_stream.header_count(w.header), w.strikes, strike
    )
    assert found, "book: strike not listed"
    ln_k: int256 = 0
    size: int256 = 0
    ln_k, size = book_stream.node_entry(w.nodes[i // 2], i)
    w.nodes[i // 2] = book_stream.with_entry(w.nodes[i // 2], i, ln_k, size + units)
    return w


@internal
@pure
def with_series(before: IUnderwriter.Words, s: series.Series, units: int256) -> IUnderwriter.Words:
    """
    @notice The words with `units` (negative takes back) of a series in the payoff.
    @dev call(K, cap) = (x-K)+ - (x-cap)+; put(K) = (x-K)+ - x + K;
         put(K, floor) = (x-K)+ - (x-floor)+ + K - floor.
    """
    w: IUnderwriter.Words = self._bump(before, s.strike, units)
    if s.other != 0:
        w = self._bump(w, s.other, -units)
    if s.is_put:
        linear: int256 = 0 if s.other != 0 else -units
        w.header = book_stream.header_pack(
            book_stream.header_order(w.header),
            s.expiry,
            book_stream.header_count(w.header),
            book_stream.header_forward(w.header) + linear,
            book_stream.header_cash(w.header) + units * convert(s.strike - s.other, int256),
        )
    return w


@internal
@pure
def with_strike(before: IUnderwriter.Words, strike: uint256, ln_k: int256) -> IUnderwriter.Words:
    """
    @notice The words with a node of size 0 at `strike`; unchanged when there is one.
    """
    w: IUnderwriter.Words = before
    order: uint256 = book_stream.header_order(w.header)
    count: uint256 = book_stream.header_count(w.header)
    found: bool = False
    rank: uint256 = 0
    i: uint256 = 0
    found, rank, i = book_stream.order_find(order, count, w.strikes, strike)
    if found:
        return w
    assert count < 16, "book: no free node"
    w.nodes[i // 2] = book_stream.with_entry(w.nodes[i // 2], i, ln_k, 0)
    w.strikes[i // 4] = book_stream.with_strike(w.strikes[i // 4], i, strike)
    w.header = book_stream.header_pack(
        book_stream.order_insert(order, count, rank, i),
        book_stream.header_expiry(w.header),
        count + 1,
        book_stream.header_forward(w.header),
        book_stream.header_cash(w.header),
    )
    return w
