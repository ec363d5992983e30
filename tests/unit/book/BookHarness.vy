# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title BookHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice modules/book, callable.
"""

from contracts.interfaces import IMarket
from contracts.interfaces import IUnderwriter
from contracts.lib import book_totals
from contracts.lib import book_words
from contracts.modules import book

initializes: book


@external
def open(expiry: uint256) -> uint256:
    return book._open(expiry)


@external
def set_sums(expiry: uint256, maximum: uint256, units: uint256):
    """
    @notice What a trade does to the totals: the expiry's header with other sums.
    """
    slot: uint256 = book._slot(expiry)
    before: IUnderwriter.Words = book._words(slot)
    h: book_words.Header = book_words.unpack(before.header)
    h.units = units
    h.maximum = maximum
    after: IUnderwriter.Words = before
    after.header = book_words.pack(h)
    book._store(slot, before, after)


@external
def set_words(slot: uint256, words: IUnderwriter.Words):
    book._store(slot, book._words(slot), words)


@external
def settle(expiry: uint256, price: uint256, payouts: uint256):
    book._set_aside(payouts)
    book._free(book._slot(expiry), price)


@external
def paid(amount: uint256):
    book._paid(amount)


@external
@view
def slot(expiry: uint256) -> uint256:
    return book._slot(expiry)


@external
@view
def of(slot: uint256) -> (uint256, uint256, uint256):
    """
    @return Expiry, units and maximum of a slot.
    """
    h: book_words.Header = book_words.unpack(book.headers[slot])
    return h.expiry, h.units, h.maximum


@external
@view
def words(slot: uint256) -> IUnderwriter.Words:
    return book._words(slot)


@external
@view
def stored(slot: uint256) -> (uint256, uint256[4]):
    """
    @return A slot's words as storage holds them, counted or not.
    """
    return book.headers[slot], book.nodes[slot]


@external
@view
def open_book(expiry: uint256) -> IMarket.OpenBook:
    return book._open_book(expiry)


@external
@view
def settlement(expiry: uint256) -> uint256:
    return book._settlement(expiry)


@external
@view
def totals() -> (uint256, uint256, uint256, uint256, uint256, uint256):
    return (
        book_totals.gross(book.totals),
        book_totals.maxima(book.totals),
        book_totals.claims(book.totals),
        book_totals.owed(book.totals),
        book_totals.open(book.totals),
        book_totals.opened(book.totals),
    )


@external
@view
def listed() -> uint256:
    return book_totals.listed(book.totals)
