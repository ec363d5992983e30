# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title asked
@license AGPL-3.0-only
@author Tandem contributors
@notice Whether a pool has been asked for a swap and has not called back: a callback is answered once, and
        only while an order of ours is there. Besides, the account as the order found it.
@dev In a file of its own because the formatter does not know `transient`: the Makefile leaves it out.
"""

from . import lent_account

_is_due: transient(bool)
_short: transient(uint256)  # as lent_account keeps them
_long: transient(uint256)
_touched: transient(uint256)
_others: transient(uint256)


@internal
def _ask(shares: lent_account.Shares):
    """
    @notice A swap is about to be asked for. @param shares As the order finds the account.
    """
    self._is_due = True
    self._short = lent_account._short_word(shares)
    self._long = lent_account._long_word(shares)


@internal
def _answer() -> lent_account.Shares:
    """
    @notice Its callback is here, or this reverts. @return The account as the order found it.
    """
    assert self._is_due, "venue: not our order"
    self._is_due = False
    return lent_account._shares_in(self._short, self._long)


@internal
def _touch(touched: uint256):
    """
    @notice What its callback moved, for the order that asked.
    """
    self._touched = touched


@internal
def _leave(shares: uint256):
    """
    @notice What others gave of the base token, and the market did not let go. Each act of ours says it first.
    """
    self._others = shares


@internal
@view
def _own_of(shares: uint256) -> uint256:
    """
    @return What is ours of what is lent of the base token after an order, in the market's units.
    """
    return shares - min(shares, self._others)


@internal
@view
def _what() -> uint256:
    """
    @return What the callback moved.
    """
    return self._touched
