# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title jump_gate
@license AGPL-3.0-only
@author Tandem contributors
@notice What eight jumps would cost LPs, book and hedge together, and the largest such loss that an open
        may leave; and how much opens may add within an hour. Remembered from the last mark of the whole
        book, followed trade by trade.
@dev A mark is of one moment (layout: lib/gate_word.vy). It is good for an hour, while spot stays
     within a fiftieth of it, and until an expiry of its book is past. Trades add what they change,
     rounded up; the hedge is as it stands. What lies at the venue is what lay there, what was sent
     there since, and what the position may have won inside the fiftieth either way.
"""

from ..interfaces import IHedgeRouter
from ..lib import gate_word
from ..lib import inlined
from ..lib import losses

# Losses of the book alone (layout: lib/losses.vy).
_book: uint256
# Their mark (layout: lib/gate_word.vy).
_mark: uint256


@deploy
def __init__():
    self._book = losses.NOTHING


@internal
def _remember(book: uint256, mark: uint256):
    """
    @notice A mark of now.
    """
    self._book = book
    self._mark = mark


@internal
@view
def _admitted(b: IHedgeRouter.Brought, position: int256) -> uint256:
    """
    @notice An open leaves the worst loss inside the gate, or no larger than it found it, and adds no
            more than is left of the hour.
    @param position With it.
    @return The losses of the book afterwards.
    """
    word: uint256 = self._mark
    assert gate_word.is_fresh(word, b.spot, block.timestamp), "gate: stale"
    assert b.units <= gate_word.room(word, b.opened, block.timestamp), "gate: hour is full"
    old: uint256 = self._book
    book: uint256 = inlined.plus(old, b.jumps)
    worst: int256 = gate_word.worst(word, book, position, b.spot)
    if worst > losses.steps_of(gate_word.most(word, b.nav)):
        assert worst <= gate_word.worst(word, old, b.position, b.spot), "gate: worst jump"
    return book


@internal
def _admit(b: IHedgeRouter.Brought, position: int256):
    """
    @notice Book an open that the gate admits.
    """
    self._book = self._admitted(b, position)


@internal
def _follow(change: uint256):
    """
    @notice What a close changes.
    """
    self._book = inlined.plus(self._book, change)


@internal
def _moved(amount: uint256, comes: bool):
    """
    @notice Margin that was sent to the venue, or came home; token units.
    """
    self._mark = gate_word.moved(self._mark, amount, comes)
