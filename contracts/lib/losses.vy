# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Losses
@license AGPL-3.0-only
@author Tandem contributors
@notice What eight jumps cost, in a word, and what a hedge account gains or loses by them.
@dev Eight signed fields of 32 bits, from the lowest on in the order of lib/stress.vy, each a multiple
     of 2**57 WAD USD, about 0.144 USD, rounded up. A field that would be less than the least is the
     least; one that would be more than the most is the most from then on, and carries no open.
"""

from . import bits
from . import stress

STEP: constant(int256) = 2**57
UNITS: constant(int256) = 1_000_000
MOST: constant(int256) = 2**31 - 1
LEAST: constant(int256) = -(2**31)
MASK: constant(uint256) = 2**32 - 1
WIDTH: constant(uint256) = 32


@internal
@pure
def pack(sums: int256[stress.JUMPS]) -> uint256:
    """
    @param sums WAD USD times 1e-6, as lib/stress sums them: of units.
    """
    word: uint256 = 0
    at: uint256 = 0
    for j: uint256 in range(stress.JUMPS):
        # the quotient, rounded up
        steps: int256 = unsafe_sub(0, unsafe_div(unsafe_sub(0, sums[j]), UNITS) >> 57)
        word |= (bits.unsigned(self._held(steps)) & MASK) << at
        at = unsafe_add(at, WIDTH)
    return word


@internal
@pure
def _held(steps: int256) -> int256:
    """
    @return Steps in the range of a field.
    """
    return min(max(steps, LEAST), MOST)


@internal
@pure
def field(word: uint256, at: uint256) -> int256:
    """
    @return The field that begins at bit `at`, in steps.
    """
    return bits.signed(word << unsafe_sub(224, at)) >> 224


@internal
@pure
def plus(before: uint256, change: uint256) -> uint256:
    """
    @notice Two words, field by field.
    """
    word: uint256 = 0
    at: uint256 = 0
    for j: uint256 in range(stress.JUMPS):
        here: int256 = self.field(before, at)
        after: int256 = self._held(unsafe_add(here, self.field(change, at)))
        if here == MOST:
            after = MOST
        word |= (bits.unsigned(after) & MASK) << at
        at = unsafe_add(at, WIDTH)
    return word


@internal
@pure
def steps_of(amount: uint256) -> int256:
    """
    @return An amount (WAD USD) in steps, rounded down.
    """
    return convert(amount >> 57, int256)


@internal
@pure
def worst(word: uint256, position: int256, spot: uint256, equity: uint256, purse: uint256) -> int256:
    """
    @notice The largest loss of book and hedge over the jumps, in steps.
    @param position WAD ETH. @param spot WAD USD.
    @param equity What lies at the venue at most, WAD USD: it can lose no more.
    @param purse What the venue can pay at least, WAD USD: it can bring no more.
    """
    notional: int256 = position * convert(spot, int256) // 10**18
    lowest: int256 = -self.steps_of(equity) - 1
    highest: int256 = self.steps_of(purse)
    factors: uint256 = stress.FACTORS
    at: uint256 = 0
    result: int256 = LEAST * 4
    for j: uint256 in range(stress.JUMPS):
        percent: int256 = bits.signed(factors & 255) - 100
        factors >>= 8
        # an arithmetic shift rounds down: a loss is the larger for it
        moved: int256 = unsafe_div(unsafe_mul(notional, percent), 100) >> 57
        moved = unsafe_sub(min(max(moved, lowest), highest), 1)
        result = max(result, unsafe_sub(self.field(word, at), moved))
        at = unsafe_add(at, WIDTH)
    return result


@internal
@pure
def unpacked(word: uint256) -> int256[stress.JUMPS]:
    """
    @return The losses of a word, WAD USD.
    """
    result: int256[stress.JUMPS] = empty(int256[stress.JUMPS])
    for j: uint256 in range(stress.JUMPS):
        result[j] = self.field(word, j * WIDTH) * STEP
    return result
