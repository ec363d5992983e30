# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Book totals
@license AGPL-3.0-only
@author Tandem contributors
@notice The one word that sums up a book: which slots are taken, what is outstanding, the most that
        holders could ever be owed, and what was ever opened.
@dev bits 0..7      slots listed
     bits 8..15     slots with units outstanding
     bits 16..67    units outstanding over all expiries, 1e-6 ETH
     bits 68..131   sum of the expiries' maximum payoffs, token units
     bits 132..195  payouts set aside for settled options and not yet redeemed, token units
     bits 196..255  units ever opened, 1e-6 ETH, from its end on from nothing again

     Eight fields of 48 and of 60 bits: no sum outgrows its own.
"""

from . import book_words

MASK_52: constant(uint256) = 2**52 - 1
MASK_64: constant(uint256) = 2**64 - 1


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
    return (totals >> 16) & MASK_52


@internal
@pure
def maxima(totals: uint256) -> uint256:
    """
    @return Sum over expiries of the maximum payoff, token units.
    """
    return (totals >> 68) & MASK_64


@internal
@pure
def claims(totals: uint256) -> uint256:
    """
    @return Payouts set aside for settled options and not yet redeemed, token units.
    """
    return (totals >> 132) & MASK_64


@internal
@pure
def opened(totals: uint256) -> uint256:
    """
    @return Units ever opened, 1e-6 ETH, less a multiple of 2**60.
    """
    return totals >> 196


@internal
@pure
def owed(totals: uint256) -> uint256:
    """
    @return The most that holders could ever be owed: maxima and claims, token units.
    """
    return ((totals >> 68) & MASK_64) + ((totals >> 132) & MASK_64)


# ---------------------------------------------------------------- moving


@internal
@pure
def moved(totals: uint256, slot: uint256, before: uint256, after: uint256) -> uint256:
    """
    @notice The totals when the expiry in `slot` goes from one header to another.
    """
    # each sum holds what is taken from it and has room for what comes, so no field touches the next; the
    # highest begins again at its end
    units: uint256 = book_words.units_of(after)
    was: uint256 = book_words.units_of(before)
    less: uint256 = book_words.maximum_of(before)
    word: uint256 = totals & ~(256 << slot)
    if units != 0:
        word |= 256 << slot
    if units > was:
        word = unsafe_add(word, unsafe_sub(units, was) << 196)
    word = unsafe_add(word, unsafe_sub(units, was) << 16)
    return unsafe_add(word, unsafe_sub(book_words.maximum_of(after), less) << 68)


@internal
@pure
def set_aside(totals: uint256, amount: uint256) -> uint256:
    """
    @notice The totals when settled holders are owed that much more.
    """
    assert self.claims(totals) + amount <= MASK_64, "book: claims too large"
    return totals + (amount << 132)


@internal
@pure
def paid(totals: uint256, amount: uint256) -> uint256:
    """
    @notice The totals when settled holders are owed that much less.
    """
    assert amount <= self.claims(totals), "book: paid over claims"
    return totals - (amount << 132)
