# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title gate_word
@license AGPL-3.0-only
@author Tandem contributors
@notice The moment whose mark the gate goes by, in one word, and what follows from it: whether it says
        something of now, the worst loss, and what opens may still add within the hour.
@dev bits 0..11 the gate, 1e-4 of NAV; 12..39 an hour's opens, 1e-4 ETH; 40..79 what the venue can pay
     besides, 80..119 what lies there, cents rounded up; 120..163 spot, 1e-6 USD; 164..195 the mark's
     time; 196..207 for how many seconds it is good; 208..255 the anchor, units.

     The hour counts what is opened, whatever is closed. The book sums it up (lib/book_totals.vy); the
     anchor is how much of it the hour had given back. It follows at the hour's pace, moved by marks
     alone and reckoned on to now by opens, so that no trade writes it. Both begin again at 2**48.
"""

from . import inlined
from ..interfaces import IStress

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
PRICE: constant(uint256) = 10**12  # a step of the price kept
LASTS: constant(uint256) = 3_601  # to its last second
HOUR: constant(uint256) = 3_600
DRIFT: constant(uint256) = 50  # a mark ends where spot is farther from it than a fiftieth
CENT: constant(uint256) = 10_000  # token units
PIECE: constant(uint256) = 100  # units, of an hour's opens
MASK_12: constant(uint256) = 2**12 - 1
MASK_28: constant(uint256) = 2**28 - 1
MASK_32: constant(uint256) = 2**32 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_44: constant(uint256) = 2**44 - 1
MASK_48: constant(uint256) = 2**48 - 1
# Places in the word.
PACE: constant(uint256) = 12
PURSE: constant(uint256) = 40
EQUITY: constant(uint256) = 80
PRICED: constant(uint256) = 120
TIME: constant(uint256) = 164
SECONDS: constant(uint256) = 196
ANCHOR: constant(uint256) = 208


@internal
@pure
def _cents(amount: uint256) -> uint256:
    """
    @return Token units in cents, rounded up, as their field can hold them.
    """
    return min((amount + CENT - 1) // CENT, MASK_40)


@internal
@pure
def pack(m: IStress.GateMark) -> uint256:
    """
    @notice A mark's word.
    """
    return (
        m.limit
        | (min(m.hour // PIECE, MASK_28) << PACE)
        | (self._cents(m.purse) << PURSE)
        | (self._cents(m.equity) << EQUITY)
        | (min(m.spot // PRICE, MASK_44) << PRICED)
        | (m.time << TIME)
        | (min(m.until - m.time, LASTS) << SECONDS)
        | (m.anchor << ANCHOR)
    )


@internal
@pure
def unpack(word: uint256) -> IStress.GateMark:
    """
    @return The mark that a word keeps.
    """
    time: uint256 = (word >> TIME) & MASK_32
    return IStress.GateMark(
        limit=word & MASK_12,
        hour=((word >> PACE) & MASK_28) * PIECE,
        purse=((word >> PURSE) & MASK_40) * CENT,
        equity=((word >> EQUITY) & MASK_40) * CENT,
        spot=((word >> PRICED) & MASK_44) * PRICE,
        time=time,
        until=time + ((word >> SECONDS) & MASK_12),
        anchor=word >> ANCHOR,
    )


@internal
@pure
def moved(word: uint256, amount: uint256, comes: bool) -> uint256:
    """
    @return The word with margin that was sent to the venue, or came home; token units.
    """
    lies: uint256 = (word >> EQUITY) & MASK_40
    lies = min(lies + self._cents(amount), MASK_40) if comes else lies - min(lies, amount // CENT)
    return (word & ~(MASK_40 << EQUITY)) | (lies << EQUITY)


@internal
@pure
def age(word: uint256, timestamp: uint256) -> uint256:
    """
    @return Seconds since a mark. Before the first there is none to go by.
    """
    return timestamp - ((word >> TIME) & MASK_32)


@internal
@pure
def is_fresh(word: uint256, spot: uint256, timestamp: uint256) -> bool:
    """
    @return Whether a mark says something of a moment.
    """
    then: uint256 = ((word >> PRICED) & MASK_44) * PRICE
    far: uint256 = max(then, spot) - min(then, spot)
    return (
        timestamp < ((word >> TIME) & MASK_32) + ((word >> SECONDS) & MASK_12)
        and far * DRIFT <= then
    )


@internal
@pure
def worst(word: uint256, book: uint256, position: int256, spot: uint256) -> int256:
    """
    @return The largest loss over the jumps, in steps of lib/losses.
    """
    won: uint256 = convert(abs(position), uint256) * spot // WAD * 2 // DRIFT
    lies: uint256 = ((word >> EQUITY) & MASK_40) * (CENT * TO_WAD)
    purse: uint256 = ((word >> PURSE) & MASK_40) * (CENT * TO_WAD)
    return inlined.worst(book, position, spot, lies + won, purse)


@internal
@pure
def most(word: uint256, nav: uint256) -> uint256:
    """
    @return The worst loss that an open may leave, WAD USD. @param nav Token units.
    """
    return nav * TO_WAD * (word & MASK_12) // 10_000


@internal
@pure
def hour(nav: uint256, spot: uint256, pace: uint256) -> uint256:
    """
    @return Units that opens may add within an hour. @param pace 1e-4 of NAV.
    """
    return nav * pace * WAD // (10_000 * spot)


@internal
@pure
def pending(word: uint256, whole: uint256, opened: uint256, timestamp: uint256) -> uint256:
    """
    @return Units of what was opened that the hour has not given back by now.
    @param whole What an hour adds. @param opened Units ever opened.
    """
    since: uint256 = unsafe_sub(opened, word >> ANCHOR) & MASK_48
    return since - min(whole * (timestamp - ((word >> TIME) & MASK_32)) // HOUR, since)


@internal
@pure
def anchor(opened: uint256, left: uint256) -> uint256:
    """
    @return How much of what was opened the hour has given back. @param left What it has not.
    """
    return unsafe_sub(opened, left) & MASK_48


@internal
@pure
def room(word: uint256, opened: uint256, timestamp: uint256) -> uint256:
    """
    @return Units that opens may add now. @param opened Units ever opened.
    """
    whole: uint256 = ((word >> PACE) & MASK_28) * PIECE
    return whole - min(self.pending(word, whole, opened, timestamp), whole)
