# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title book
@license AGPL-3.0-only
@author Tandem contributors
@notice The book of record: for each live expiry the payoff that was sold, as nodes. Series do
        not appear here; they are what nodes add up to. Makes no external call.
@dev Law: `totals` always equals the sums over headers of maxima and units. Headers come from
     lib/nodes, which sets the maximum of a payoff whenever it changes one: all that holders could
     ever be owed stands in this one word.
"""

from ..interfaces import IMarket
from ..interfaces import IUnderwriter
from ..lib import book_words

SLOTS: constant(uint256) = 8
MASK_64: constant(uint256) = 2**64 - 1
MASK_88: constant(uint256) = 2**88 - 1

# Bits 0..7 slots listed, 8..15 slots with units outstanding, 16..79 units outstanding over all
# expiries (1e-6 ETH), 80..167 sum of the expiries' maximum payoffs, 168..255 payouts set aside
# for settled options and not yet redeemed (token units).
totals: uint256

headers: uint256[SLOTS]
nodes: uint256[4][SLOTS]  # [slot][word]

settlements: HashMap[uint256, uint256]  # expiry -> price, WAD USD, below 2**96


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
    return self.settlements[expiry]


# ---------------------------------------------------------------- reading


@internal
@view
def _find(expiry: uint256, slots: uint256) -> uint256:
    """
    @return Where an expiry is among some slots, given as bits; SLOTS when it is not there.
    """
    left: uint256 = slots
    for slot: uint256 in range(SLOTS):
        if left == 0:
            break
        if left & 1 != 0 and book_words.expiry_of(self.headers[slot]) == expiry:
            return slot
        left >>= 1
    return SLOTS


@internal
@view
def _slot(expiry: uint256) -> uint256:
    """
    @return The slot of a listed expiry.
    """
    slot: uint256 = self._find(expiry, self.totals & 255)
    assert slot != SLOTS, "book: expiry not listed"
    return slot


@internal
@view
def _open_headers() -> uint256[8]:
    """
    @return Headers of the slots with units outstanding, 0 elsewhere.
    """
    headers: uint256[8] = empty(uint256[8])
    open: uint256 = (self.totals >> 8) & 255
    for slot: uint256 in range(SLOTS):
        if open == 0:
            break
        if open & 1 != 0:
            headers[slot] = self.headers[slot]
        open >>= 1
    return headers


@internal
@pure
def _expiries(headers: uint256[8]) -> uint256[8]:
    """
    @return The expiries of headers, 0 where there is none.
    """
    expiries: uint256[8] = empty(uint256[8])
    for slot: uint256 in range(SLOTS):
        expiries[slot] = book_words.expiry_of(headers[slot])
    return expiries


@internal
@view
def _row(header: uint256, slot: uint256, smile: uint256) -> uint256[6]:
    """
    @notice One expiry as the mathematics reads it (layout: lib/book_words.vy).
    """
    row: uint256[6] = empty(uint256[6])
    row[0] = header
    row[1] = smile
    count: uint256 = header & 255
    # written out, because an index that the compiler knows needs no check
    if count > 0:
        row[2] = self.nodes[slot][0]
    if count > 4:
        row[3] = self.nodes[slot][1]
    if count > 8:
        row[4] = self.nodes[slot][2]
    if count > 12:
        row[5] = self.nodes[slot][3]
    return row


@internal
@view
def _rows(headers: uint256[8], slices: uint256[8]) -> uint256[6][SLOTS]:
    """
    @notice The expiries whose headers are given, a row each.
    """
    rows: uint256[6][SLOTS] = empty(uint256[6][SLOTS])
    for slot: uint256 in range(SLOTS):
        if headers[slot] != 0:
            rows[slot] = self._row(headers[slot], slot, slices[slot])
    return rows


@internal
@view
def _headers(expiry: uint256) -> (uint256[8], uint256):
    """
    @return Headers of the slots with units outstanding and of a listed expiry's own, 0 elsewhere;
            that expiry's slot.
    """
    headers: uint256[8] = self._open_headers()
    for slot: uint256 in range(SLOTS):
        if book_words.expiry_of(headers[slot]) == expiry:
            return headers, slot
    own: uint256 = self._slot(expiry)
    headers[own] = self.headers[own]
    return headers, own


@internal
@view
def _words(slot: uint256) -> IUnderwriter.Words:
    """
    @notice Everything that one expiry keeps.
    """
    return self._words_in(self._row(self.headers[slot], slot, 0))


@internal
@pure
def _words_in(row: uint256[6]) -> IUnderwriter.Words:
    """
    @notice The words of an expiry in its row.
    """
    return IUnderwriter.Words(header=row[0], nodes=[row[2], row[3], row[4], row[5]])


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
    return b


# ---------------------------------------------------------------- writing


@internal
def _store(slot: uint256, before: IUnderwriter.Words, after: IUnderwriter.Words):
    """
    @notice Replace an expiry's payoff, and keep the totals equal to the sums.
    """
    units: uint256 = book_words.units_of(after.header)
    totals: uint256 = self.totals
    gross: uint256 = ((totals >> 16) & MASK_64) + units - book_words.units_of(before.header)
    maxima: uint256 = (
        ((totals >> 80) & MASK_88)
        + book_words.maximum_of(after.header)
        - book_words.maximum_of(before.header)
    )
    # eight fields of 48 and 60 bits: no sum outgrows its own
    flags: uint256 = totals & 65535 & ~(256 << slot)
    if units != 0:
        flags |= 256 << slot
    self.totals = flags | (gross << 16) | (maxima << 80) | ((totals >> 168) << 168)
    self.headers[slot] = after.header
    for i: uint256 in range(4):
        if after.nodes[i] != before.nodes[i]:
            self.nodes[slot][i] = after.nodes[i]


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
    @notice Forget the expiry in `slot`, with its nodes; keep its settlement price, if it has one.
    """
    w: IUnderwriter.Words = self._words(slot)
    if price != 0:
        self.settlements[book_words.expiry_of(w.header)] = price
    self._store(slot, w, empty(IUnderwriter.Words))
    self.totals &= ~(1 << slot)


@internal
def _open(expiry: uint256) -> uint256:
    """
    @notice A slot for `expiry`: its own, a free one, or that of an expiry which is past and empty.
    """
    listed: uint256 = self.totals & 255
    own: uint256 = self._find(expiry, listed)
    if own != SLOTS:
        return own
    for slot: uint256 in range(SLOTS):
        if (listed >> slot) & 1 != 0:
            header: uint256 = self.headers[slot]
            if book_words.expiry_of(header) > block.timestamp or book_words.units_of(header) != 0:
                continue
            self._free(slot, 0)
        self.headers[slot] = book_words.fresh(expiry)
        self.totals |= 1 << slot
        return slot
    raise "book: no free slot"
