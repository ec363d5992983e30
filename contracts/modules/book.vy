# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title book
@license AGPL-3.0-only
@author Tandem contributors
@notice The book of record: for each live expiry the payoff that was sold, as nodes. Series do
        not appear here; they are what nodes add up to. Makes no external call.
@dev Law: `totals` (layout: lib/book_totals.vy) always equals the sums over headers of maxima and
     units. Headers come from lib/nodes, which sets the maximum of a payoff whenever it changes
     one: all that holders could ever be owed stands in this one word.
"""

from ..interfaces import IMarket
from ..interfaces import IUnderwriter
from ..lib import book_totals
from ..lib import book_words

SLOTS: constant(uint256) = 8

totals: uint256

headers: uint256[SLOTS]
nodes: uint256[4][SLOTS]  # [slot][word]

settlements: HashMap[uint256, uint256]  # expiry -> price, WAD USD, below 2**96


# ---------------------------------------------------------------- reading


@internal
@view
def _settlement(expiry: uint256) -> uint256:
    """
    @return The settlement price of an expiry, WAD USD; 0 while there is none.
    """
    return self.settlements[expiry]


@internal
@view
def _find(expiry: uint256, slots: uint256) -> uint256:
    """
    @return Where an expiry is among some slots, given as bits; SLOTS when it is not there.
    """
    for slot: uint256 in range(SLOTS):
        if (slots >> slot) & 1 != 0 and book_words.expiry_of(self.headers[slot]) == expiry:
            return slot
    return SLOTS


@internal
@view
def _slot(expiry: uint256) -> uint256:
    """
    @return The slot of a listed expiry.
    """
    slot: uint256 = self._find(expiry, book_totals.listed(self.totals))
    assert slot != SLOTS, "book: expiry not listed"
    return slot


@internal
@view
def _row(slot: uint256, header: uint256) -> uint256[6]:
    """
    @notice One expiry as the mathematics reads it (layout: lib/book_words.vy), its slice left 0.
    """
    row: uint256[6] = [header, 0, 0, 0, 0, 0]
    count: uint256 = header & book_words.MASK_5
    # written out, because an index that the compiler knows needs no check
    if count >= 1:
        row[2] = self.nodes[slot][0]
        if count >= 5:
            row[3] = self.nodes[slot][1]
            if count >= 9:
                row[4] = self.nodes[slot][2]
                if count >= 13:
                    row[5] = self.nodes[slot][3]
    return row


@internal
@view
def _open_book(expiry: uint256) -> IMarket.OpenBook:
    """
    @notice What is open, and a listed expiry besides, open or not (0: none).
    """
    b: IMarket.OpenBook = empty(IMarket.OpenBook)
    b.totals = self.totals
    b.slot = SLOTS
    left: uint256 = book_totals.open(b.totals)
    for slot: uint256 in range(SLOTS):
        if left == 0:
            break
        if left & 1 != 0:
            # _row and expiry_of written out: every trade asks them of every expiry
            header: uint256 = self.headers[slot]
            row: uint256[6] = [header, 0, 0, 0, 0, 0]
            count: uint256 = header & book_words.MASK_5
            if count >= 1:
                row[2] = self.nodes[slot][0]
                if count >= 5:
                    row[3] = self.nodes[slot][1]
                    if count >= 9:
                        row[4] = self.nodes[slot][2]
                        if count >= 13:
                            row[5] = self.nodes[slot][3]
            b.rows[slot] = row
            if (header >> 8) & book_words.MASK_32 == expiry:
                b.slot = slot
        left >>= 1
    if expiry != 0 and b.slot == SLOTS:
        b.slot = self._slot(expiry)
        b.rows[b.slot] = self._row(b.slot, self.headers[b.slot])
    return b


@internal
@view
def _words(slot: uint256) -> IUnderwriter.Words:
    """
    @notice Everything that one expiry keeps.
    """
    return book_words.words_in(self._row(slot, self.headers[slot]))


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
def _store(slot: uint256, before: IUnderwriter.Words, after: IUnderwriter.Words) -> uint256:
    """
    @notice Replace an expiry's payoff, and keep the totals equal to the sums.
    @return The totals afterwards.
    """
    totals: uint256 = book_totals.moved(self.totals, slot, before.header, after.header)
    self.totals = totals
    self.headers[slot] = after.header
    # written out, because an index that the compiler knows needs no check
    if after.nodes[0] != before.nodes[0]:
        self.nodes[slot][0] = after.nodes[0]
    if after.nodes[1] != before.nodes[1]:
        self.nodes[slot][1] = after.nodes[1]
    if after.nodes[2] != before.nodes[2]:
        self.nodes[slot][2] = after.nodes[2]
    if after.nodes[3] != before.nodes[3]:
        self.nodes[slot][3] = after.nodes[3]
    return totals


@internal
def _set_aside(amount: uint256):
    """
    @notice Owe settled holders that much more.
    """
    self.totals = book_totals.set_aside(self.totals, amount)


@internal
def _paid(amount: uint256):
    """
    @notice Owe settled holders that much less.
    """
    self.totals = book_totals.paid(self.totals, amount)


# ---------------------------------------------------------------- listing


@internal
def _free(slot: uint256, price: uint256):
    """
    @notice Forget the expiry in `slot`, with its nodes; keep its settlement price, if it has one.
    """
    w: IUnderwriter.Words = self._words(slot)
    if price != 0:
        self.settlements[book_words.expiry_of(w.header)] = price
    self.totals = self._store(slot, w, empty(IUnderwriter.Words)) & ~(1 << slot)


@internal
def _open(expiry: uint256) -> uint256:
    """
    @notice A slot for `expiry`: its own, a free one, or that of an expiry which is past and empty.
    """
    listed: uint256 = book_totals.listed(self.totals)
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
