# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Book stream
@license AGPL-3.0-only
@author Tandem contributors
@notice The words in which a book travels: what the book keeps in storage per expiry
        is what the mathematics reads, bit for bit.
@dev The book is the payoff that was sold. For one expiry, at a settlement price x,
     `payoff(x) = sum of size_i * max(x - K_i, 0) + forward * x + cash`.

     header word   bits 0..63     order: 16 nibbles, rank by rising strike -> node index
                   bits 64..103   expiry, seconds
                   bits 104..111  number of nodes n, 0..16
                   bits 112..175  forward, int64, 1e-6 ETH
                   bits 176..255  cash, int80, 1e-6 USD (= 1e-6 ETH times whole-USD ticks)
     slice word    the expiry's volatility slice (see surface.vy)
     node words    ceil(n / 2): node i in word i // 2, low half when i is even;
                   per half: low 64 bits ln K (K in USD) as int64 Q57,
                   high 64 bits size as int64 in 1e-6 ETH
     strike words  ceil(n / 4): node i in word i // 4, uint64 ticks, low first

     A stream is `header, slice, node words` per expiry, one expiry after the other;
     the form with strikes adds the strike words behind the node words. Words are read
     with shifts that cannot fail; they are written with a range check on each field.
"""

MAX_NODES: constant(uint256) = 16
MASK_4: constant(uint256) = 2**4 - 1
MASK_8: constant(uint256) = 2**8 - 1
MASK_40: constant(uint256) = 2**40 - 1
MASK_64: constant(uint256) = 2**64 - 1
MASK_80: constant(uint256) = 2**80 - 1
MASK_128: constant(uint256) = 2**128 - 1


# ---------------------------------------------------------------- bits


@internal
@pure
def _signed(word: uint256) -> int256:
    """
    @dev The word read as two's complement, whatever it holds.
    """
    return convert(convert(word, bytes32), int256)


@internal
@pure
def _unsigned(amount: int256) -> uint256:
    """
    @dev The two's complement of an amount as a word.
    """
    return convert(convert(amount, bytes32), uint256)


@internal
@pure
def _check_range(amount: int256, bits: uint256):
    """
    @dev Reverts unless the amount fits a two's complement field of that many bits.
    """
    top: int256 = amount >> (bits - 1)
    assert top == 0 or top == -1, "stream: field range"


# ---------------------------------------------------------------- header


@internal
@pure
def header_pack(
    order: uint256, expiry: uint256, count: uint256, forward_units: int256, cash: int256
) -> uint256:
    """
    @notice The header word of an expiry.
    @param order 16 nibbles, rank -> node index.
    @param expiry Seconds, below 2**40.
    @param count Number of nodes, at most 16.
    @param forward_units Units of forward sold, 1e-6 ETH.
    @param cash Units of cash sold, 1e-6 USD.
    """
    assert order <= MASK_64 and expiry <= MASK_40 and count <= MAX_NODES, "stream: header range"
    self._check_range(forward_units, 64)
    self._check_range(cash, 80)
    return (
        order
        | (expiry << 64)
        | (count << 104)
        | ((self._unsigned(forward_units) & MASK_64) << 112)
        | (self._unsigned(cash) << 176)
    )


@internal
@pure
def header_unpack(header: uint256) -> (uint256, uint256, uint256, int256, int256):
    """
    @return order, expiry, count, forward units (1e-6 ETH), cash (1e-6 USD).
    """
    return (
        header & MASK_64,
        (header >> 64) & MASK_40,
        (header >> 104) & MASK_8,
        self._signed(header << 80) >> 192,
        self._signed(header) >> 176,
    )


@internal
@pure
def header_order(header: uint256) -> uint256:
    """
    @return 16 nibbles, rank by rising strike -> node index.
    """
    return header & MASK_64


@internal
@pure
def header_expiry(header: uint256) -> uint256:
    """
    @return Expiry in seconds.
    """
    return (header >> 64) & MASK_40


@internal
@pure
def header_count(header: uint256) -> uint256:
    """
    @return Number of nodes.
    """
    return (header >> 104) & MASK_8


@internal
@pure
def header_forward(header: uint256) -> int256:
    """
    @return Units of forward sold, 1e-6 ETH.
    """
    return self._signed(header << 80) >> 192


@internal
@pure
def header_cash(header: uint256) -> int256:
    """
    @return Units of cash sold, 1e-6 USD.
    """
    return self._signed(header) >> 176


# ---------------------------------------------------------------- nodes


@internal
@pure
def node_entry(word: uint256, i: uint256) -> (int256, int256):
    """
    @notice Node i out of the word that holds it (word i // 2 of its expiry).
    @return ln K in Q57, size in 1e-6 ETH.
    """
    top: uint256 = word << (128 * (1 - (i & 1)))
    return self._signed(top << 64) >> 192, self._signed(top) >> 192


@internal
@pure
def with_entry(word: uint256, i: uint256, ln_k: int256, size: int256) -> uint256:
    """
    @notice The word with node i set; the other node in it stays.
    """
    self._check_range(ln_k, 64)
    self._check_range(size, 64)
    half: uint256 = (self._unsigned(ln_k) & MASK_64) | ((self._unsigned(size) & MASK_64) << 64)
    offset: uint256 = 128 * (i & 1)
    return (word & ~(MASK_128 << offset)) | (half << offset)


@internal
@pure
def strike_at(word: uint256, i: uint256) -> uint256:
    """
    @notice Strike of node i in ticks, out of the word that holds it (word i // 4).
    """
    return (word >> (64 * (i & 3))) & MASK_64


@internal
@pure
def with_strike(word: uint256, i: uint256, strike: uint256) -> uint256:
    """
    @notice The word with the strike of node i set; the other three stay.
    """
    assert strike <= MASK_64, "stream: strike range"
    offset: uint256 = 64 * (i & 3)
    return (word & ~(MASK_64 << offset)) | (strike << offset)


@internal
@pure
def node_words(count: uint256) -> uint256:
    """
    @return How many words hold that many nodes.
    """
    return (count + 1) // 2


@internal
@pure
def strike_words(count: uint256) -> uint256:
    """
    @return How many words hold that many strikes.
    """
    return (count + 3) // 4


# ---------------------------------------------------------------- order


@internal
@pure
def order_at(order: uint256, rank: uint256) -> uint256:
    """
    @return The index of the node that has this rank by rising strike.
    """
    return (order >> (4 * rank)) & MASK_4


@internal
@pure
def order_insert(order: uint256, count: uint256, rank: uint256, index: uint256) -> uint256:
    """
    @notice The order with a node inserted at a rank; those from there on move up by one.
    @param order The order of `count` nodes.
    @param count Nodes before the insertion, below 16.
    @param rank Rank of the new node, at most `count`.
    @param index Index of the new node.
    """
    assert count < MAX_NODES and rank <= count and index <= MASK_4, "stream: order range"
    offset: uint256 = 4 * rank
    below: uint256 = order & ((1 << offset) - 1)
    above: uint256 = (order >> offset) << (offset + 4)
    return (below | (index << offset) | above) & MASK_64


@internal
@pure
def order_find(
    order: uint256, count: uint256, strikes: uint256[4], strike: uint256
) -> (bool, uint256, uint256):
    """
    @notice Where a strike is, or belongs, among the nodes of an expiry.
    @param strikes The expiry's strike words.
    @return Whether it is there; its rank (or the rank to insert it at); its index (or `count`).
    """
    low: uint256 = 0
    high: uint256 = min(count, MAX_NODES)
    for _: uint256 in range(5):  # 2**4 = 16 nodes: five halvings end the search
        if low == high:
            break
        middle: uint256 = (low + high) // 2
        index: uint256 = self.order_at(order, middle)
        other: uint256 = self.strike_at(strikes[index // 4], index)
        if other == strike:
            return True, middle, index
        if other < strike:
            low = middle + 1
        else:
            high = middle
    return False, low, count
