# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title BookHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice modules/book, callable.
"""

from contracts.modules import book

initializes: book


@external
def open(expiry: uint256) -> uint256:
    return book._open(expiry)


@external
def set_sums(expiry: uint256, maximum: uint256, units: int256):
    book._set_sums(expiry, maximum, units)


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
def of(expiry: uint256) -> (uint256, uint256, uint256):
    units: uint256 = 0
    maximum: uint256 = 0
    units, maximum = book._sums(expiry)
    return units, maximum, book._settlement(expiry)


@external
@view
def totals() -> (uint256, uint256, uint256, uint256, uint256[8]):
    return (
        book._gross(), book._maxima(), book._claims(), book._owed(), book._open_slots()[1]
    )


@external
@view
def listed() -> uint256:
    return book.totals & 255
