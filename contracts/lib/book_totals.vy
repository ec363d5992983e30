# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Book totals
@license AGPL-3.0-only
@author Tandem contributors
@notice The one word that sums up a book: which slots are taken, what is outstanding, and the most
        that holders could ever be owed.
@dev bits 0..7      slots listed
     bits 8..15     slots with units outstanding
     bits 16..79    units outstanding over all expiries, 1e-6 ETH
     bits 80..167   sum of the expiries' maximum payoffs, token units
     bits 168..255  payouts set aside for settled options and not yet redeemed, token units

     Eight fields of 48 and of 60 bits: no sum outgrows its own.
"""

from . import book_words

MASK_64: constant(uint256) = 2**64 - 1
MASK_88: constant(uint256) = 2**88 - 1
FLAGS: constant(uint256) = 2**16 - 1


# ---------------------------------------------------------------- reading


@internal
@pure
def listed(totals: uint256) -> uint256:
    """
    @return The slots that are listed, a bit each.
    """
    return totals & 255


@internal
@pure
def open(totals: uint256) -> uint256:
    """
    @return The slots with units outstanding, a bit each.
    """
    return (totals >> 8) & 255


@internal
@pure
def gross(totals: uint256) -> uint256:
    """
    @return Option units outstanding over all expiries, 1e-6 ETH.
    """
    return (totals >> 16) & MASK_64


@internal
@pure
def maxima(totals: uint256) -> uint256:
    """
    @return Sum over expiries of the maximum payoff, token units.
    """
    return (totals >> 80) & MASK_88


@internal
@pure
def claims(totals: uint256) -> uint256:
    """
    @return Payouts set aside for settled options and not yet redeemed, token units.
    """
    return totals >> 168


@internal
@pure
def owed(totals: uint256) -> uint256:
    """
    @return The most that holders could ever be owed: maxima and claims, token units.
    """
    return ((totals >> 80) & MASK_88) + (totals >> 168)


# ---------------------------------------------------------------- moving


@internal
@pure
def moved(totals: uint256, slot: uint256, before: uint256, after: uint256) -> uint256:
    """
    @notice The totals when the expiry in `slot` goes from one header to another.
    """
    units: uint256 = book_words.units_of(after)
    flags: uint256 = totals & FLAGS & ~(256 << slot)
    if units != 0:
        flags |= 256 << slot
    gross: uint256 = ((totals >> 16) & MASK_64) + units - book_words.units_of(before)
    maxima: uint256 = (
        ((totals >> 80) & MASK_88) + book_words.maximum_of(after) - book_words.maximum_of(before)
    )
    return flags | (gross << 16) | (maxima << 80) | ((totals >> 168) << 168)


@internal
@pure
def set_aside(totals: uint256, amount: uint256) -> uint256:
    """
    @notice The totals when settled holders are owed that much more.
    """
    assert (totals >> 168) + amount <= MASK_88, "book: claims too large"
    return totals + (amount << 168)


@internal
@pure
def paid(totals: uint256, amount: uint256) -> uint256:
    """
    @notice The totals when settled holders are owed that much less.
    """
    assert amount <= (totals >> 168), "book: paid over claims"
    return totals - (amount << 168)
