# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Losses
@license AGPL-3.0-only
@author Tandem contributors
@notice What eight jumps cost, in a word, and what a hedge account gains or loses by them.
@dev Eight fields of 32 bits, the first jump's the lowest, each a multiple of 2**59 WAD USD, about 0.58
     USD, rounded up, and kept as 2**30 more than it is: two words are added as two numbers. A field
     under the least is the least; one over the most is the most from then on, and carries no open.
"""

from . import bits
from . import stress

STEP: constant(int256) = 2**59
UNITS: constant(int256) = 1_000_000
BIAS: constant(int256) = 2**30
TOP: constant(int256) = 2**31 - 1  # of a field, as it is kept
MASK: constant(uint256) = 2**32 - 1
WIDTH: constant(uint256) = 32
LANES: constant(uint256) = (
    26959946673427741531515197488526605382048662297355296634326893985793  # a one in each field
)
# No losses at all.
NOTHING: constant(uint256) = 2**30 * LANES


@internal
@pure
def pack(sums: int256[stress.JUMPS]) -> uint256:
    """
    @param sums As lib/stress sums them, for sizes of 1e-6 ETH.
    """
    word: uint256 = 0
    for j: uint256 in range(stress.JUMPS):
        steps: int256 = min(max(bits.signed(self._steps(sums[j])), 0), TOP)
        word = (word >> WIDTH) | (bits.unsigned(steps) << 224)
    return word


@internal
@pure
def _steps(sum: int256) -> uint256:
    """
    @dev A field, as it is kept, where it is in its range: the quotient rounded up.
    """
    return bits.unsigned(unsafe_sub(BIAS, unsafe_div(unsafe_sub(0, sum), UNITS) >> 59))


@internal
@pure
def change(
    forward: uint256, up: stress.Side, down: stress.Side, forwards: int256, cash: int256
) -> uint256:
    """
    @notice What calls, forwards and cash add to the losses of a book, at the most: `stress.added`, packed.
            What does not fit shuts the gate until the next mark.
    """
    word: uint256 = 0
    seen: uint256 = 0
    over: int256 = 1 if forwards > 0 else 0
    factors: uint256 = stress.FACTORS
    logs: uint256 = stress.LOGS_DOWN
    for j: uint256 in range(stress.JUMPS):
        if j == 4:
            logs = stress.LOGS_UP
        way: int256 = bits.signed(logs << 192) >> 191
        logs >>= 64
        there: uint256 = unsafe_div(unsafe_mul(forward, factors & 255), 100)
        factors >>= 8
        sum: int256 = unsafe_add(unsafe_mul(forwards, unsafe_add(bits.signed(there), over)), cash)
        if up.size != 0:
            most: uint256 = stress._most(up, there, way)
            sum = unsafe_add(sum, bits.signed(unsafe_mul(up.size, most)))
        if down.size != 0:
            least: uint256 = stress._least(down, there, way)
            sum = unsafe_sub(sum, bits.signed(unsafe_mul(down.size, least)))
        steps: uint256 = self._steps(sum)
        seen |= steps
        word = (word >> WIDTH) | (steps << 224)
    return word if seen >> 31 == 0 else LANES * bits.unsigned(TOP)


@internal
@pure
def field(word: uint256, j: uint256) -> int256:
    """
    @return What jump j costs, in steps.
    """
    return bits.signed((word >> (j * WIDTH)) & MASK) - BIAS


@internal
@pure
def plus(before: uint256, change: uint256) -> uint256:
    """
    @notice Two words, field by field.
    """
    sum: uint256 = unsafe_add(before, change)
    # each field in [2**30, 3 * 2**30), and none at its most before: either of the two high bits is set
    if ((sum ^ (sum << 1)) & self._high(before)) == LANES << 31:
        return unsafe_sub(sum, NOTHING)
    return self._slow(before, change)


@internal
@pure
def _high(before: uint256) -> uint256:
    """
    @return The highest bit of each field, but of none that is at its most.
    """
    return (LANES << 31) & ~(unsafe_add(before, LANES))


@internal
@pure
def _slow(before: uint256, change: uint256) -> uint256:
    """
    @dev As `plus`, for words of which a field leaves its range.
    """
    word: uint256 = 0
    for j: uint256 in range(stress.JUMPS):
        place: uint256 = j * WIDTH
        here: int256 = self.field(before, j)
        steps: int256 = here + self.field(change, j) + BIAS
        if here + BIAS == TOP:
            steps = TOP
        word |= bits.unsigned(min(max(steps, 0), TOP)) << place
    return word


@internal
@pure
def steps_of(amount: uint256) -> int256:
    """
    @return An amount (WAD USD) in steps, rounded down.
    """
    return bits.signed(amount >> 59)


@internal
@pure
def _at(
    word: uint256, percent: int256, notional: int256, lowest: int256, highest: int256
) -> int256:
    """
    @dev What a jump costs, by the lowest field of a word, as it is kept. An arithmetic shift rounds down:
         a loss is the larger for it.
    """
    return unsafe_sub(
        bits.signed(word & MASK),
        min(max(unsafe_mul(notional, percent) >> 59, lowest), highest),
    )


@internal
@pure
def worst(
    word: uint256, position: int256, spot: uint256, equity: uint256, purse: uint256
) -> int256:
    """
    @notice The largest loss of book and hedge over the jumps, in steps.
    @param position WAD ETH. @param spot WAD USD.
    @param equity What lies at the venue at most, WAD USD: it can lose no more.
    @param purse What the venue can pay at least, WAD USD: it can bring no more.
    """
    part: int256 = position * bits.signed(spot) // 10**20  # one per cent
    lowest: int256 = -self.steps_of(equity) - 1
    highest: int256 = self.steps_of(purse)
    result: int256 = self._at(word, -50, part, lowest, highest)
    result = max(result, self._at(word >> 32, -30, part, lowest, highest))
    result = max(result, self._at(word >> 64, -20, part, lowest, highest))
    result = max(result, self._at(word >> 96, -10, part, lowest, highest))
    result = max(result, self._at(word >> 128, 10, part, lowest, highest))
    result = max(result, self._at(word >> 160, 20, part, lowest, highest))
    result = max(result, self._at(word >> 192, 40, part, lowest, highest))
    result = max(result, self._at(word >> 224, 100, part, lowest, highest))
    return unsafe_sub(result, BIAS - 1)  # a step for what rounding took


@internal
@pure
def unpacked(word: uint256) -> int256[stress.JUMPS]:
    """
    @return The losses of a word, WAD USD, from the first jump to the last.
    """
    result: int256[stress.JUMPS] = empty(int256[stress.JUMPS])
    for j: uint256 in range(stress.JUMPS):
        result[j] = self.field(word, j) * STEP
    return result
