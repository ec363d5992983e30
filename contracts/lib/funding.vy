# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title funding
@license AGPL-3.0-only
@author Tandem contributors
@notice What the venue takes for holding a position of either sign, as the last mark of the book had it, and
        for how long the hedge of an open is expected to pay it.
@dev It stands above the margin proof in the router's one word, so that an open reads one slot: bits
     184..194 hours, 195..211 a long's rate, 212..228 a short's, both 2e-6 a day, over the least there is.
"""

HOUR: constant(uint256) = 3600
DAY: constant(int256) = 86_400
SHIFT: constant(uint256) = 184
HOURS_AT: constant(uint256) = 184
LONG_AT: constant(uint256) = 195
SHORT_AT: constant(uint256) = 212
MASK_11: constant(uint256) = 2**11 - 1
MASK_17: constant(uint256) = 2**17 - 1
STEP: constant(int256) = 2 * 10**12
MOST: constant(int256) = 2**16 - 1
# What an exchange's price is not known to, and nobody is charged for: 1e-4 a day.
NOISE: constant(int256) = 10**14


struct Funding:
    long: int256  # what a long pays in a day, WAD of notional
    short: int256  # what a short does
    hours: uint256  # that the hedge of an open is expected to pay it


@internal
@pure
def pack(f: Funding) -> uint256:
    """
    @notice Its part of the router's word.
    """
    return (
        (convert(f.short // STEP + MOST, uint256) << SHORT_AT)
        | (convert(f.long // STEP + MOST, uint256) << LONG_AT)
        | (f.hours << HOURS_AT)
    )


@internal
@pure
def part_of(word: uint256) -> uint256:
    """
    @return Its part of the router's word, the rest left 0.
    """
    return word >> SHIFT << SHIFT


@internal
@pure
def charged(rate: int256, other: int256) -> int256:
    """
    @notice What is charged of the venue's rate: in whole steps, and no more than 13 % a day. Not what is noise, where
            what the one side pays the other is paid: an exchange's rate is the distance of two prices. A lender's is
            what it takes.
    @param other What the other side pays.
    """
    over: int256 = rate
    if rate == -other:
        over -= min(max(rate, -NOISE), NOISE)
    return min(max(over // STEP, -MOST), MOST) * STEP


@internal
@pure
def over(word: uint256, is_long: bool, life: uint256) -> int256:
    """
    @return What a position of that sign pays in the expected time, and at most in `life` seconds, WAD of
            notional.
    """
    at: uint256 = LONG_AT if is_long else SHORT_AT
    rate: int256 = (convert((word >> at) & MASK_17, int256) - MOST) * STEP
    held: uint256 = min(((word >> HOURS_AT) & MASK_11) * HOUR, life)
    return rate * convert(held, int256) // DAY
