# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Payoffs
@license AGPL-3.0-only
@author Tandem contributors
@notice What one expiry can have to pay, does pay, and lets a holder take early: exact integer
        passes over its nodes. Sizes in 1e-6 ETH, strikes in whole-USD ticks, cash in 1e-6 USD.
"""

from . import book_stream

WAD: constant(uint256) = 10**18
UNITS: constant(int256) = 1_000_000  # per ETH, and quote units per USD
MAX_NODES: constant(uint256) = 16
MAX_PRICE: constant(uint256) = 2**96 - 1


@internal
@pure
def peak(header: uint256, nodes: uint256[8], strikes: uint256[4]) -> (uint256, int256):
    """
    @dev The largest payoff over 0 and the nodes, 1e-6 USD, at least 0; the slope beyond, units.
    """
    positions: uint256 = book_stream.header_order(header)
    slope: int256 = book_stream.header_forward(header)
    level: int256 = book_stream.header_cash(header)
    best: int256 = max(level, 0)
    here: int256 = 0
    for _: uint256 in range(book_stream.header_count(header), bound=MAX_NODES):
        i: uint256 = positions & 15
        positions >>= 4
        # what strike_at and node_entry read, without their calls
        strike: int256 = convert(
            convert((strikes[i >> 2] >> ((i & 3) << 6)) & (2**64 - 1), bytes32), int256
        )
        # |slope| < 2**68, strikes < 2**64: no sum reaches 2**138
        level = unsafe_add(level, unsafe_mul(slope, unsafe_sub(strike, here)))
        best = max(best, level)
        here = strike
        size: int256 = (
            convert(convert(nodes[i >> 1] << ((1 - (i & 1)) << 7), bytes32), int256) >> 192
        )
        slope = unsafe_add(slope, size)
    return convert(best, uint256), slope


@internal
@pure
def maximum(header: uint256, nodes: uint256[8], strikes: uint256[4]) -> uint256:
    """
    @notice The most that one expiry can have to pay, 1e-6 USD.
    """
    peak: uint256 = 0
    slope: int256 = 0
    peak, slope = self.peak(header, nodes, strikes)
    assert slope <= 0, "risk: open slope"
    return peak


@internal
@pure
def _settlement(price: uint256) -> int256:
    """
    @dev A settlement price in its range.
    """
    assert price <= MAX_PRICE, "risk: price range"
    return convert(price, int256)


@internal
@pure
def payoff(header: uint256, nodes: uint256[8], strikes: uint256[4], price: uint256) -> uint256:
    """
    @notice What one expiry pays at a settlement price, 1e-6 USD, rounded up, never below 0.
    """
    at: int256 = self._settlement(price)
    # units * WAD USD; cash in 1e-6 USD is units * USD
    total: int256 = book_stream.header_forward(header) * at + book_stream.header_cash(
        header
    ) * convert(WAD, int256)
    for i: uint256 in range(book_stream.header_count(header), bound=MAX_NODES):
        log_strike: int256 = 0
        size: int256 = 0
        log_strike, size = book_stream.node_entry(nodes[i >> 1], i)
        strike: int256 = convert(book_stream.strike_at(strikes[i >> 2], i) * WAD, int256)
        if at > strike:
            total += size * (at - strike)
    if total <= 0:
        return 0
    return (convert(total, uint256) + WAD - 1) // WAD


@internal
@pure
def _pays(is_put: bool, strike: uint256, other: uint256, price: uint256) -> uint256:
    """
    @dev What one option pays; strike, cap or floor and price in the same unit.
    """
    if is_put:
        return max(strike, price) - max(price, min(other, strike))
    ceiling: uint256 = price if other == 0 else min(price, other)
    return max(ceiling, strike) - strike


@internal
@pure
def unit_payoff(
    is_put: bool, strike: uint256, other: uint256, units: uint256, price: uint256
) -> uint256:
    """
    @notice What one holding is paid at a settlement price, 1e-6 USD, rounded down.
    """
    at: uint256 = convert(self._settlement(price), uint256)
    return units * self._pays(is_put, strike * WAD, other * WAD, at) // WAD


@internal
@pure
def max_close(
    header: uint256,
    nodes: uint256[8],
    strikes: uint256[4],
    is_put: bool,
    strike: uint256,
    other: uint256,
    units: uint256,
    price_up: uint256,
    room: int256,
) -> uint256:
    """
    @notice The largest part of a close that fits, in closed form.
    @dev Paying p per ETH for q and releasing q * g(x) keeps the floor at every price x when
         `f(x) + q * (p - g(x)) <= room`. Both sides are linear between nodes.
    """
    fits: uint256 = units
    positions: uint256 = book_stream.header_order(header)
    slope: int256 = book_stream.header_forward(header)
    level: int256 = book_stream.header_cash(header)
    here: uint256 = 0
    count: uint256 = book_stream.header_count(header)
    # the option pays |x held in [low, high] - strike|
    low: uint256 = strike
    high: uint256 = other if other != 0 else max_value(uint256)
    if is_put:
        low = min(other, strike)
        high = strike
    for rank: uint256 in range(count + 1, bound=MAX_NODES + 1):
        held: uint256 = min(max(here, low), high)
        # strikes < 2**64, so times UNITS < 2**84
        released: uint256 = (strike - held if is_put else held - strike) * 1_000_000
        if price_up > released:
            if room <= level:
                return 0
            fits = min(
                fits,
                convert((room - level) * UNITS, uint256) // (price_up - released),
            )
        if rank == count:
            break
        i: uint256 = positions & 15
        positions >>= 4
        # what strike_at and node_entry read, without their calls
        next: uint256 = (strikes[i >> 2] >> ((i & 3) << 6)) & (2**64 - 1)
        # |slope| < 2**68, strikes < 2**64: no sum reaches 2**138
        level = unsafe_add(
            level,
            unsafe_mul(slope, convert(convert(unsafe_sub(next, here), bytes32), int256)),
        )
        here = next
        slope = unsafe_add(
            slope, convert(convert(nodes[i >> 1] << ((1 - (i & 1)) << 7), bytes32), int256) >> 192
        )
    return fits
