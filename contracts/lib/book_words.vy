# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Book words
@license AGPL-3.0-only
@author Tandem contributors
@notice The words in which a book is kept and travels: what storage holds of an expiry is what
        the mathematics reads, bit for bit.
@dev The book is the payoff that was sold. For one expiry, at a settlement price x,
     `payoff(x) = sum of size_i * max(x - K_i, 0) + forward * x + cash`.

     header word   bits 0..4      number of nodes n, 0..16
                   bit 7          whether it is delisted: what is open may be closed, nothing opens
                   bits 8..39     expiry, seconds
                   bits 40..87    units outstanding, 1e-6 ETH
                   bits 88..135   forward, int48, 1e-6 ETH
                   bits 136..195  cash, int60, 1e-6 USD (= 1e-6 ETH times whole-USD ticks)
                   bits 196..255  maximum payoff, 1e-6 USD
     node words    ceil(n / 4), by rising strike: node i in word i // 4, high quarter first;
                   per quarter: high 24 bits K in whole-USD ticks, low 40 bits size as int40
                   in 1e-6 ETH
     slice word    the expiry's volatility slice (see surface.vy); kept by the surface

     A book travels as eight rows, one an expiry: `header, slice, node words`; a row whose
     header is 0 is empty. Words are read with shifts that cannot fail; they are written with a
     range check on each field.

     Longer than a module's measure: who packs a word and who reads it belong on one page.
"""

from . import bits
from ..interfaces import IUnderwriter

MAX_NODES: constant(uint256) = 16
MAX_STRIKE: constant(uint256) = 2**24 - 1
MASK_5: constant(uint256) = 2**5 - 1
DELISTED: constant(uint256) = 1 << 7
MASK_32: constant(uint256) = 2**32 - 1
MASK_48: constant(uint256) = 2**48 - 1
MASK_60: constant(uint256) = 2**60 - 1
QUARTER: constant(uint256) = (2**64 - 1) << 192


struct Header:
    count: uint256
    expiry: uint256
    units: uint256
    forward: int256
    cash: int256
    maximum: uint256


# ---------------------------------------------------------------- ranges


@internal
@pure
def _check_range(amount: int256, width: uint256):
    """
    @dev Reverts unless the amount fits a two's complement field of that many bits.
    """
    top: int256 = amount >> (width - 1)
    self.check_fits(top == 0 or top == -1)


@internal
@pure
def check_fits(fits: bool):
    """
    @dev Reverts where a field would not hold its amount.
    """
    assert fits, "book: too large"


# ---------------------------------------------------------------- header


@internal
@pure
def pack(h: Header) -> uint256:
    """
    @notice The header word of an expiry.
    """
    assert h.count <= MAX_NODES and h.expiry <= MASK_32, "book: header range"
    self.check_fits(h.units <= MASK_48 and h.maximum <= MASK_60)
    self._check_range(h.forward, 48)
    self._check_range(h.cash, 60)
    return (
        h.count
        | (h.expiry << 8)
        | (h.units << 40)
        | ((bits.unsigned(h.forward) & MASK_48) << 88)
        | ((bits.unsigned(h.cash) & MASK_60) << 136)
        | (h.maximum << 196)
    )


@internal
@pure
def unpack(header: uint256) -> Header:
    """
    @notice The fields of a header word.
    """
    return Header(
        count=self.count_of(header),
        expiry=self.expiry_of(header),
        units=self.units_of(header),
        forward=self.forward_of(header),
        cash=self.cash_of(header),
        maximum=self.maximum_of(header),
    )


@internal
@pure
def fresh(expiry: uint256) -> uint256:
    """
    @return The header of an expiry without nodes.
    """
    h: Header = empty(Header)
    h.expiry = expiry
    return self.pack(h)


@internal
@pure
def count_of(header: uint256) -> uint256:
    """
    @return Number of nodes.
    """
    return header & MASK_5


@internal
@pure
def is_delisted(header: uint256) -> bool:
    """
    @return Whether nothing opens in the expiry any more.
    """
    return header & DELISTED != 0


@internal
@pure
def lone_header(forward: int256) -> uint256:
    """
    @return The header of a book of one node and forwards (1e-6 ETH), for the mathematics alone.
    """
    return 1 | ((bits.unsigned(forward) & MASK_48) << 88)


@internal
@pure
def expiry_of(header: uint256) -> uint256:
    """
    @return Expiry in seconds.
    """
    return (header >> 8) & MASK_32


@internal
@pure
def units_of(header: uint256) -> uint256:
    """
    @return Units outstanding, 1e-6 ETH.
    """
    return (header >> 40) & MASK_48


@internal
@pure
def forward_of(header: uint256) -> int256:
    """
    @return Forwards sold, 1e-6 ETH.
    """
    return bits.signed(header << 120) >> 208


@internal
@pure
def cash_of(header: uint256) -> int256:
    """
    @return Cash sold, 1e-6 USD.
    """
    return bits.signed(header << 60) >> 196


@internal
@pure
def maximum_of(header: uint256) -> uint256:
    """
    @return The most that the expiry can have to pay, 1e-6 USD.
    """
    return header >> 196


@internal
@pure
def words_in(row: uint256[6]) -> IUnderwriter.Words:
    """
    @return What an expiry keeps, out of its row.
    """
    return IUnderwriter.Words(header=row[0], nodes=[row[2], row[3], row[4], row[5]])


# ---------------------------------------------------------------- nodes


@internal
@pure
def strike_of(word: uint256) -> uint256:
    """
    @return The strike in a word's high quarter, ticks.
    """
    return word >> 232


@internal
@pure
def size_of(word: uint256) -> int256:
    """
    @return The size in a word's high quarter, 1e-6 ETH.
    """
    return bits.signed(word << 24) >> 216


@internal
@pure
def node(nodes: uint256[4], i: uint256) -> (uint256, int256):
    """
    @return Node i: its strike in ticks, its size in 1e-6 ETH.
    """
    top: uint256 = nodes[i >> 2] << ((i & 3) << 6)
    return self.strike_of(top), self.size_of(top)


@internal
@pure
def with_node(before: uint256[4], i: uint256, strike: uint256, size: int256) -> uint256[4]:
    """
    @notice The words with node i set; the others stay.
    """
    assert strike != 0 and strike <= MAX_STRIKE, "book: strike range"
    self._check_range(size, 40)
    nodes: uint256[4] = before
    offset: uint256 = (i & 3) << 6
    quarter: uint256 = (strike << 232) | ((bits.unsigned(size) << 216) >> 24)
    nodes[i >> 2] = (nodes[i >> 2] & ~(QUARTER >> offset)) | (quarter >> offset)
    return nodes


@internal
@pure
def find(nodes: uint256[4], count: uint256, strike: uint256) -> (bool, uint256):
    """
    @return Whether a strike is among the first `count` nodes; where it is, or belongs.
    """
    low: uint256 = 0
    high: uint256 = min(count, MAX_NODES)
    for _: uint256 in range(5):  # 2**4 = 16 nodes: five halvings end the search
        if low == high:
            break
        middle: uint256 = (low + high) >> 1
        other: uint256 = (nodes[middle >> 2] << ((middle & 3) << 6)) >> 232
        if other == strike:
            return True, middle
        if other < strike:
            low = middle + 1
        else:
            high = middle
    return False, low
