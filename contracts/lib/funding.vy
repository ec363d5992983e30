# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title funding
@license AGPL-3.0-only
@author Tandem contributors
@notice What the venue takes for holding a position, as it said when it was last asked, and for how
        long the hedge of an open is expected to pay it.
@dev It stands above the margin proof in the router's one word, so that an open reads one slot: bits
     184..215 seconds, 216..231 hours, 232..255 the rate, 1e-7 a day, over the least there is.
"""

HOUR: constant(uint256) = 3600
DAY: constant(uint256) = 86_400
SHIFT: constant(uint256) = 184
MASK_16: constant(uint256) = 2**16 - 1
MASK_32: constant(uint256) = 2**32 - 1
STEP: constant(int256) = 10**11
MOST: constant(int256) = 2**23 - 1
# What a market's price is not known to, and nobody is charged for: 1e-4 a day.
NOISE: constant(int256) = 10**14


struct Funding:
    rate: int256  # what a long pays in a day, WAD of notional
    hours: uint256  # that the hedge of an open is expected to pay it
    time: uint256  # when the venue was asked


@internal
@pure
def unpack(word: uint256) -> Funding:
    """
    @notice What was asked for last, out of the router's word.
    """
    return Funding(
        rate=(convert(word >> 232, int256) - MOST) * STEP,
        hours=(word >> 216) & MASK_16,
        time=(word >> SHIFT) & MASK_32,
    )


@internal
@pure
def pack(f: Funding) -> uint256:
    """
    @notice Its part of the router's word.
    """
    return (convert(f.rate // STEP + MOST, uint256) << 232) | (f.hours << 216) | (f.time << SHIFT)


@internal
@pure
def part_of(word: uint256) -> uint256:
    """
    @return Its part of the router's word, the rest left 0.
    """
    return word >> SHIFT << SHIFT


@internal
@pure
def charged(rate: int256) -> int256:
    """
    @notice What is charged of the venue's rate: not what is noise, in whole steps, and no more than
            84 % a day.
    """
    over: int256 = rate - min(max(rate, -NOISE), NOISE)
    return min(max(over // STEP, -MOST), MOST) * STEP


@internal
@pure
def is_old(f: Funding, timestamp: uint256) -> bool:
    """
    @dev The rate is an average already: it is good for an hour.
    """
    return timestamp >= f.time + HOUR


@internal
@pure
def over(f: Funding, life: uint256) -> int256:
    """
    @return What a long pays in the expected time, and at most in `life` seconds, WAD of notional.
    """
    held: uint256 = min(f.hours * HOUR, life)
    return f.rate * convert(held, int256) // convert(DAY, int256)
