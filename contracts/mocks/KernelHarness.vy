# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title KernelHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The internal mathematics behind external doors, for tests and benchmarks only.
"""

from ..lib import book_stream


@external
@pure
def header_round(order: uint256, expiry: uint256, count: uint256, forward_units: int256, cash: int256) -> (
    uint256, uint256, uint256, int256, int256
):
    return book_stream.header_unpack(
        book_stream.header_pack(order, expiry, count, forward_units, cash)
    )


@external
@pure
def header_fields(header: uint256) -> (uint256, uint256, uint256, int256, int256):
    return (
        book_stream.header_order(header),
        book_stream.header_expiry(header),
        book_stream.header_count(header),
        book_stream.header_forward(header),
        book_stream.header_cash(header),
    )


@external
@pure
def header_pack(
    order: uint256, expiry: uint256, count: uint256, forward_units: int256, cash: int256
) -> uint256:
    return book_stream.header_pack(order, expiry, count, forward_units, cash)


@external
@pure
def with_entry(word: uint256, i: uint256, ln_k: int256, size: int256) -> uint256:
    return book_stream.with_entry(word, i, ln_k, size)


@external
@pure
def node_entry(word: uint256, i: uint256) -> (int256, int256):
    return book_stream.node_entry(word, i)


@external
@pure
def with_strike(word: uint256, i: uint256, strike: uint256) -> uint256:
    return book_stream.with_strike(word, i, strike)


@external
@pure
def strike_at(word: uint256, i: uint256) -> uint256:
    return book_stream.strike_at(word, i)


@external
@pure
def order_insert(order: uint256, count: uint256, rank: uint256, index: uint256) -> uint256:
    return book_stream.order_insert(order, count, rank, index)


@external
@pure
def order_find(
    order: uint256, count: uint256, strikes: uint256[4], strike: uint256
) -> (bool, uint256, uint256):
    return book_stream.order_find(order, count, strikes, strike)
