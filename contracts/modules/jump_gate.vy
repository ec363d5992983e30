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
LASTS: constant(uint256) = 3_601  # to its last second
HOUR: constant(uint256) = 3_600
DRIFT: constant(uint256) = 50  # a mark ends where spot is farther from it than a fiftieth
CENT: constant(uint256) = 10_000  # token units
MASK_12: constant(uint256) = 2**12 - 1
MASK_16: constant(uint256) = 2**16 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_44: constant(uint256) = 2**44 - 1
MASK_60: constant(uint256) = 2**60 - 1
# Places in the word.
PACE: constant(uint256) = 12
PURSE: constant(uint256) = 28
EQUITY: constant(uint256) = 68
PRICED: constant(uint256) = 108
TIME: constant(uint256) = 152
SECONDS: constant(uint256) = 184
ANCHOR: constant(uint256) = 196

# Losses of the book alone (layout: lib/losses.vy).
_book: uint256
# bits 0..11 the gate, 12..27 an hour's opens, 1e-4 of NAV; 28..67 what the venue can pay, 68..107 what
# lies there, cents; 108..151 spot, 1e-6 USD; 152..183 the mark's time; 184..195 for how many seconds
# it is good; 196..255 the anchor, units.
_mark: uint256


@deploy
def __init__():
    self._book = losses.NOTHING


@internal
@pure
def _held(amount: uint256, mask: uint256) -> uint256:
    """
    @return An amount as its field can hold it.
    """
    return min(amount, mask)


@internal
@pure
def _cents(amount: uint256) -> uint256:
    """
    @return Token units in cents, rounded up, as their field can hold them.
    """
    return min((amount + CENT - 1) // CENT, MASK_40)


@internal
def _remember(book: uint256, m: IHedgeRouter.GateMark, gross: uint256, nav: uint256):
    """
    @notice A mark of now. @param gross Units outstanding. @param nav Token units.
    """
    word: uint256 = self._mark
    room: uint256 = self._hour(nav, m.spot, m.hour)
    anchor: uint256 = min(self._anchor(word, room), gross)
    self._book = book
    self._mark = (
        m.limit
        | (m.hour << PACE)
        | (self._cents(m.purse) << PURSE)
        | (self._cents(m.equity) << EQUITY)
        | (self._held(m.spot // PRICE, MASK_44) << PRICED)
        | (m.time << TIME)
        | (min(m.until - m.time, LASTS) << SECONDS)
        | (self._held(anchor, MASK_60) << ANCHOR)
    )


@internal
@pure
def _hour(nav: uint256, spot: uint256, pace: uint256) -> uint256:
    """
    @return Units that opens may add within an hour. @param pace 1e-4 of NAV.
    """
    return nav * pace * WAD // (10_000 * spot)


@internal
@view
def _anchor(word: uint256, room: uint256) -> uint256:
    """
    @return How far the anchor would have come by now, were it followed by nothing. @param room An hour's.
    """
    passed: uint256 = block.timestamp - ((word >> TIME) & MASK_32)
    return (word >> ANCHOR) + room * passed // HOUR


@internal
@pure
def _unpacked(word: uint256) -> IHedgeRouter.GateMark:
    """
    @return The mark that a word keeps.
    """
    time: uint256 = (word >> TIME) & MASK_32
    return IHedgeRouter.GateMark(
        limit=word & MASK_12,
        hour=(word >> PACE) & MASK_16,
        purse=((word >> PURSE) & MASK_40) * CENT,
        equity=((word >> EQUITY) & MASK_40) * CENT,
        spot=((word >> PRICED) & MASK_44) * PRICE,
        time=time,
        until=time + ((word >> SECONDS) & MASK_12),
        anchor=word >> ANCHOR,
    )


@internal
@view
def _is_fresh(word: uint256, spot: uint256) -> bool:
    """
    @return Whether a mark says something of now.
    """
    then: uint256 = ((word >> PRICED) & MASK_44) * PRICE
    far: uint256 = max(then, spot) - min(then, spot)
    return (
        block.timestamp < ((word >> TIME) & MASK_32) + ((word >> SECONDS) & MASK_12)
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
    lies: uint256 = ((word >> EQUITY) & MASK_40) * (CENT * TO_WAD)
    purse: uint256 = ((word >> PURSE) & MASK_40) * (CENT * TO_WAD)
    return inlined.worst(book, position, spot, lies + won, purse)


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
    assert self._is_fresh(word, b.spot), "gate: stale"
    room: uint256 = self._hour(b.nav, b.spot, (word >> PACE) & MASK_16)
    assert (
        b.gross + b.units <= min(self._anchor(word, room), b.gross) + room
    ), "gate: hour is full"
    old: uint256 = self._book
    book: uint256 = inlined.plus(old, b.jumps)
    worst: int256 = self._worst(word, book, position, b.spot)
    if worst > losses.steps_of(b.nav * TO_WAD * (word & MASK_12) // 10_000):
        assert worst <= self._worst(word, old, b.position, b.spot), "gate: worst jump"
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
    word: uint256 = self._mark
    lies: uint256 = (word >> EQUITY) & MASK_40
    lies = min(lies + self._cents(amount), MASK_40) if comes else lies - min(lies, amount // CENT)
    self._mark = (word & ~(MASK_40 << EQUITY)) | (lies << EQUITY)


@internal
@view
def _shown(position: int256, spot: uint256, nav: uint256, gross: uint256) -> IHedgeRouter.Gate:
    """
    @notice The gate as it stands. @param gross Units outstanding.
    """
    word: uint256 = self._mark
    m: IHedgeRouter.GateMark = self._unpacked(word)
    book: uint256 = self._book
    room: uint256 = self._hour(nav, spot, m.hour)
    most: uint256 = min(self._anchor(word, room), gross) + room
    return IHedgeRouter.Gate(
        mark=m,
        losses=losses.unpacked(book),
        worst=self._worst(word, book, position, spot) * losses.STEP,
        limit=nav * TO_WAD * m.limit // 10_000,
        is_fresh=self._is_fresh(word, spot),
        room=most - min(most, gross),
    )
