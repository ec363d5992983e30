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
        Layout: lib/book_words.vy.
"""

from . import bits
from . import book_words

WAD: constant(uint256) = 10**18
UNITS: constant(int256) = 1_000_000  # per ETH, and quote units per USD
MAX_PRICE: constant(uint256) = 2**96 - 1


@internal
@pure
def maximum(forward: int256, cash: int256, count: uint256, nodes: uint256[4]) -> uint256:
    """
    @notice The most that one expiry can have to pay, 1e-6 USD: the largest payoff over 0 and the
            nodes, at least 0. Reverts where the payoff grows beyond the last node.
    """
    slope: int256 = forward
    level: int256 = cash
    best: int256 = max(level, 0)
    here: int256 = 0
    word: uint256 = 0
    for i: uint256 in range(count, bound=book_words.MAX_NODES):
        if i & 3 == 0:
            word = nodes[i >> 2]
        strike: int256 = bits.signed(book_words.strike_of(word))
        # |slope| < 2**49, strikes < 2**24: no sum reaches 2**80
        level = unsafe_add(level, unsafe_mul(slope, unsafe_sub(strike, here)))
        if level > best:
            best = level
        here = strike
        slope = unsafe_add(slope, book_words.size_of(word))
        word <<= 64
    self._check_closed(slope)
    return bits.unsigned(best)


@internal
@pure
def _check_closed(slope: int256):
    """
    @dev Nothing that grows without end was sold.
    """
    assert slope <= 0, "risk: open slope"


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
def payoff(header: uint256, nodes: uint256[4], price: uint256) -> uint256:
    """
    @notice What one expiry pays at a settlement price, 1e-6 USD, rounded up, never below 0.
    """
    at: int256 = self._settlement(price)
    h: book_words.Header = book_words.unpack(header)
    # units * WAD USD; cash in 1e-6 USD is units * USD
    total: int256 = h.forward * at + h.cash * convert(WAD, int256)
    for i: uint256 in range(h.count, bound=book_words.MAX_NODES):
        ticks: uint256 = 0
        size: int256 = 0
        ticks, size = book_words.node(nodes, i)
        strike: int256 = convert(ticks * WAD, int256)
        if at <= strike:
            break  # strikes rise
        total += size * (at - strike)
    if total <= 0:
        return 0
    return (convert(total, uint256) + WAD - 1) // WAD


@internal
@pure
def check_series(is_put: bool, strike: uint256, other: uint256):
    """
    @notice A cap lies above the strike, a floor below.
    """
    assert (other == 0 or is_put == (other < strike)) and other != strike, "risk: cap or floor"


@internal
@pure
def widest(is_put: bool, strike: uint256, other: uint256) -> uint256:
    """
    @return The most that a series can pay, USD (WAD); max_value where that has no end.
    """
    if is_put:
        return (strike - other) * WAD
    if other == 0:
        return max_value(uint256)
    return (other - strike) * WAD


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
    nodes: uint256[4],
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
         `f(x) + q * (p - g(x)) <= room`. Both sides are linear between nodes. Longer than a screen:
         one walk over the nodes, whose payoff and slope every step hands to the next.
    """
    fits: uint256 = units
    h: book_words.Header = book_words.unpack(header)
    slope: int256 = h.forward
    level: int256 = h.cash
    here: uint256 = 0
    # the option pays |x held in [low, high] - strike|
    low: uint256 = strike
    high: uint256 = other if other != 0 else max_value(uint256)
    if is_put:
        low = min(other, strike)
        high = strike
    for i: uint256 in range(h.count + 1, bound=book_words.MAX_NODES + 1):
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
        if i == h.count:
            break
        next: uint256 = 0
        size: int256 = 0
        next, size = book_words.node(nodes, i)
        level += slope * convert(next - here, int256)
        here = next
        slope += size
    return fits
