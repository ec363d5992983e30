# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title jump_gate
@license AGPL-3.0-only
@author Tandem contributors
@notice What eight jumps would cost LPs, book and hedge together, and the largest such loss that an open
        may leave. Remembered from the last mark of the whole book, followed trade by trade.
@dev A mark is of one moment: the words below say of which. It is good for an hour, while spot stays
     within a fiftieth of it, and until an expiry of its book is past. Trades add what they change,
     rounded up; the hedge is as it stands. What lies at the venue is what lay there, what was sent
     there since, and what the position may have won inside the fiftieth either way.
"""

from ..interfaces import IHedgeRouter
from ..lib import inlined
from ..lib import losses
from ..lib import terms

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
PRICE: constant(uint256) = 10**12  # a step of the price kept
LASTS: constant(uint256) = 3_600
DRIFT: constant(uint256) = 50  # a mark ends where spot is farther from it than a fiftieth
MASK_14: constant(uint256) = 2**14 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_57: constant(uint256) = 2**57 - 1
EQUITY: constant(uint256) = 71  # its place in the word

# Losses of the book alone (layout: lib/losses.vy).
_book: uint256
# bits 0..13 the gate, 1e-4 of NAV; 14..70 what the venue can pay, 71..127 what lies there, token
# units; 128..184 spot, 1e-6 USD; 185..216 the mark's time; 217..248 when the next expiry is past.
_mark: uint256


@deploy
def __init__():
    self._book = losses.NOTHING


@internal
@pure
def _held(amount: uint256) -> uint256:
    """
    @return An amount as its field can hold it.
    """
    return min(amount, MASK_57)


@internal
def _remember(book: uint256, m: IHedgeRouter.GateMark):
    """
    @notice A mark of now.
    """
    self._book = book
    self._mark = (
        m.limit
        | (self._held(m.purse) << 14)
        | (self._held(m.equity) << EQUITY)
        | (self._held(m.spot // PRICE) << 128)
        | (m.time << 185)
        | (min(m.until, MASK_32) << 217)
    )


@internal
@pure
def _unpacked(word: uint256) -> IHedgeRouter.GateMark:
    """
    @return The mark that a word keeps.
    """
    return IHedgeRouter.GateMark(
        limit=word & MASK_14,
        purse=(word >> 14) & MASK_57,
        equity=(word >> EQUITY) & MASK_57,
        spot=((word >> 128) & MASK_57) * PRICE,
        time=(word >> 185) & MASK_32,
        until=word >> 217,
    )


@internal
@view
def _is_fresh(word: uint256, spot: uint256) -> bool:
    """
    @return Whether a mark says something of now.
    """
    then: uint256 = ((word >> 128) & MASK_57) * PRICE
    far: uint256 = max(then, spot) - min(then, spot)
    return (
        block.timestamp <= ((word >> 185) & MASK_32) + LASTS
        and block.timestamp < word >> 217
        and far * DRIFT <= then
    )


@internal
@pure
def _worst(word: uint256, book: uint256, position: int256, spot: uint256) -> int256:
    """
    @param word The mark.
    @return The largest loss over the jumps, in steps of lib/losses.
    """
    won: uint256 = convert(abs(position), uint256) * spot // WAD * 2 // DRIFT
    lies: uint256 = ((word >> EQUITY) & MASK_57) * TO_WAD
    return inlined.worst(book, position, spot, lies + won, ((word >> 14) & MASK_57) * TO_WAD)


@internal
@view
def _admitted(
    change: uint256, before: int256, position: int256, spot: uint256, nav: uint256
) -> uint256:
    """
    @notice An open leaves the worst loss inside the gate, or no larger than it found it.
    @param change What it adds to the losses of the book. @param before The position without it.
    @return The losses of the book afterwards.
    """
    word: uint256 = self._mark
    assert self._is_fresh(word, spot), "gate: stale"
    old: uint256 = self._book
    book: uint256 = inlined.plus(old, change)
    worst: int256 = self._worst(word, book, position, spot)
    if worst > losses.steps_of(nav * TO_WAD * (word & MASK_14) // 10_000):
        assert worst <= self._worst(word, old, before, spot), "gate: worst jump"
    return book


@internal
def _admit(change: uint256, before: int256, position: int256, spot: uint256, nav: uint256):
    """
    @notice Book an open that the gate admits.
    """
    self._book = self._admitted(change, before, position, spot, nav)


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
    word: uint256 = self._mark
    lies: uint256 = (word >> EQUITY) & MASK_57
    lies = self._held(lies + amount) if comes else lies - min(lies, amount)
    self._mark = (word & ~(MASK_57 << EQUITY)) | (lies << EQUITY)


@internal
@view
def _shown(position: int256, spot: uint256, nav: uint256) -> IHedgeRouter.Gate:
    """
    @notice The gate as it stands.
    """
    word: uint256 = self._mark
    m: IHedgeRouter.GateMark = self._unpacked(word)
    book: uint256 = self._book
    return IHedgeRouter.Gate(
        mark=m,
        losses=losses.unpacked(book),
        worst=self._worst(word, book, position, spot) * losses.STEP,
        limit=nav * TO_WAD * m.limit // 10_000,
        is_fresh=self._is_fresh(word, spot),
    )
