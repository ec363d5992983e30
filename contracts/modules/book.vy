# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title book
@license AGPL-3.0-only
@author Tandem contributors
@notice The book of record: for each live expiry the payoff that was sold, as nodes. Series do
        not appear here; they are what nodes add up to. Makes no external call.
@dev Law: `totals` always equals the sums over slots of maxima and units, and a slot's maximum
     is the exact maximum of its nodes' payoff. Whoever changes nodes sets the maximum in the
     same call. All that holders could ever be owed stands in this one word.
"""

from ..interfaces import IMarket
from ..interfaces import IUnderwriter
from ..lib import book_stream

SLOTS: constant(uint256) = 8
MASK_64: constant(uint256) = 2**64 - 1
MASK_88: constant(uint256) = 2**88 - 1

# Bits 0..7 slots listed, 8..15 slots with units outstanding, 16..79 units outstanding over all
# expiries (1e-6 ETH), 80..167 sum of the expiries' maximum payoffs, 168..255 payouts set aside
# for settled options and not yet redeemed (token units).
totals: uint256

headers: uint256[SLOTS]
nodes: uint256[SLOTS][SLOTS]  # [slot][word]
strikes: uint256[4][SLOTS]  # [slot][word]

# What is known of an expiry. While it is listed: bits 0..7 its slot plus one, 8..71 units
# outstanding (1e-6 ETH), 72..159 maximum payoff (token units). Once it is settled: bits 160..255
# its settlement price (WAD USD), and nothing else.
expiries: HashMap[uint256, uint256]


# ---------------------------------------------------------------- totals


@internal
@view
def _gross() -> uint256:
    """
    @return Option units outstanding over all expiries, 1e-6 ETH.
    """
    return (self.totals >> 16) & MASK_64


@internal
@view
def _maxima() -> uint256:
    """
    @return Sum over expiries of the maximum payoff, token units.
    """
    return (self.totals >> 80) & MASK_88


@internal
@view
def _claims() -> uint256:
    """
    @return Payouts set aside for settled options and not yet redeemed, token units.
    """
    return self.totals >> 168


@internal
@view
def _owed() -> uint256:
    """
    @return The most that holders could ever be owed: maxima and claims, token units.
    """
    totals: uint256 = self.totals
    return ((totals >> 80) & MASK_88) + (totals >> 168)


@internal
@view
def _settlement(expiry: uint256) -> uint256:
    """
    @return The settlement price of an expiry, WAD USD; 0 while there is none.
    """
    return self.expiries[expiry] >> 160


@internal
@view
def _slot(expiry: uint256) -> uint256:
    """
    @return The slot of a listed expiry.
    """
    place: uint256 = self.expiries[expiry] & 255
    assert place != 0, "book: expiry not listed"
    return place - 1


@internal
@view
def _sums(expiry: uint256) -> (uint256, uint256):
    """
    @return Option units outstanding of a listed expiry, 1e-6 ETH; its maximum payoff, token units.
    """
    word: uint256 = self.expiries[expiry]
    return (word >> 8) & MASK_64, (word >> 72) & MASK_88


# ---------------------------------------------------------------- reading


@internal
@view
def _open_slots() -> (uint256[8], uint256[8]):
    """
    @return Headers of the slots with units outstanding, and their expiries; 0 elsewhere.
    """
    headers: uint256[8] = empty(uint256[8])
    expiries: uint256[8] = empty(uint256[8])
    open: uint256 = (self.totals >> 8) & 255
    for slot: uint256 in range(SLOTS):
        if open == 0:
            break
        if open & 1 != 0:
            headers[slot] = self.headers[slot]
            expiries[slot] = book_stream.header_expiry(headers[slot])
        open >>= 1
    return headers, expiries


@internal
@view
def _stream(headers: uint256[8], slices: uint256[8], with_strikes: bool) -> DynArray[uint256, 112]:
    """
    @notice The open expiries as a stream (layout: lib/book_stream.vy).
    """
    words: DynArray[uint256, 112] = []
    for slot: uint256 in range(SLOTS):
        if headers[slot] == 0:
            continue
        count: uint256 = book_stream.header_count(headers[slot])
        words.append(headers[slot])
        words.append(slices[slot])
        for i: uint256 in range(book_stream.node_words(count), bound=8):
            words.append(self.nodes[slot][i])
        if with_strikes:
            for i: uint256 in range(book_stream.strike_words(count), bound=4):
                words.append(self.strikes[slot][i])
    return words


@internal
@view
def _words(slot: uint256) -> IUnderwriter.Words:
    """
    @notice Everything that one expiry keeps.
    """
    w: IUnderwriter.Words = empty(IUnderwriter.Words)
    w.header = self.headers[slot]
    count: uint256 = book_stream.header_count(w.header)
    for i: uint256 in range(book_stream.node_words(count), bound=8):
        w.nodes[i] = self.nodes[slot][i]
    for i: uint256 in range(book_stream.strike_words(count), bound=4):
        w.strikes[i] = self.strikes[slot][i]
    return w


@internal
@view
def _snapshot() -> IMarket.Book:
    """
    @notice The whole book, as stored.
    """
    b: IMarket.Book = empty(IMarket.Book)
    b.totals = self.totals
    for slot: uint256 in range(SLOTS):
        if (b.totals >> slot) & 1 != 0:
            b.words[slot] = self._words(slot)
            units: uint256 = 0
            maximum: uint256 = 0
            units, maximum = self._sums(book_stream.header_expiry(b.words[slot].header))
            b.sums[slot] = units | (maximum << 128)
    return b


# ---------------------------------------------------------------- writing


@internal
def _store(slot: uint256, header: uint256, nodes: uint256[8]):
    """
    @notice Store an expiry's payoff. The caller sets the maximum that follows from it.
    """
    self.headers[slot] = header
    for i: uint256 in range(book_stream.node_words(book_stream.header_count(header)), bound=8):
        self.nodes[slot][i] = nodes[i]


@internal
def _set_sums(expiry: uint256, maximum: uint256, units: int256):
    """
    @notice Set a listed expiry's maximum payoff and move its units outstanding by `units`.
    """
    word: uint256 = self.expiries[expiry]
    held: uint256 = (word >> 8) & MASK_64
    left: uint256 = convert(convert(held, int256) + units, uint256)
    self.expiries[expiry] = (word & 255) | (left << 8) | (maximum << 72)

    totals: uint256 = self.totals
    gross: uint256 = ((totals >> 16) & MASK_64) + left - held
    maxima: uint256 = ((totals >> 80) & MASK_88) + maximum - ((word >> 72) & MASK_88)
    # no part is larger than its sum
    assert maxima <= MASK_88 and gross <= MASK_64, "book: too large"
    open: uint256 = 256 << ((word & 255) - 1)
    flags: uint256 = totals & 65535 & ~open
    if left != 0:
        flags |= open
    self.totals = flags | (gross << 16) | (maxima << 80) | ((totals >> 168) << 168)


@internal
def _set_aside(amount: uint256):
    """
    @notice Owe settled holders that much more.
    """
    assert (self.totals >> 168) + amount <= MASK_88, "book: claims too large"
    self.totals += amount << 168


@internal
def _paid(amount: uint256):
    """
    @notice Owe settled holders that much less.
    """
    assert amount <= (self.totals >> 168), "book: paid over claims"
    self.totals -= amount << 168


# ---------------------------------------------------------------- listing


@internal
def _free(slot: uint256, price: uint256):
    """
    @notice Forget the expiry in `slot`, with its nodes; keep its settlement price, if it has one
            (below 2**96: payoffs know no higher one).
    """
    expiry: uint256 = book_stream.header_expiry(self.headers[slot])
    self._set_sums(expiry, 0, -convert((self.expiries[expiry] >> 8) & MASK_64, int256))
    self.expiries[expiry] = price << 160
    self.headers[slot] = 0
    self.totals &= ~(1 << slot)


@internal
def _open(expiry: uint256) -> uint256:
    """
    @notice A slot for `expiry`: its own, a free one, or that of an expiry which is past and empty.
    """
    place: uint256 = self.expiries[expiry] & 255
    if place != 0:
        return place - 1
    for slot: uint256 in range(SLOTS):
        header: uint256 = self.headers[slot]
        if header != 0:
            other: uint256 = book_stream.header_expiry(header)
            if other > block.timestamp or (self.expiries[other] >> 8) & MASK_64 != 0:
                continue
            self._free(slot, 0)
        self.headers[slot] = book_stream.header_pack(0, expiry, 0, 0, 0)
        self.expiries[expiry] = slot + 1
        self.totals |= 1 << slot
        return slot
    raise "book: no free slot"


@internal
def _store_listing(slot: uint256, w: IUnderwriter.Words):
    """
    @notice Store an expiry's payoff and its strikes.
    """
    self._store(slot, w.header, w.nodes)
    for i: uint256 in range(book_stream.strike_words(book_stream.header_count(w.header)), bound=4):
        self.strikes[slot][i] = w.strikes[i]
