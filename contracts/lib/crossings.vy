# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title crossings
@license AGPL-3.0-only
@author Tandem contributors
@notice A residual that was seen past the trigger: since when, and what of it is still there.
@dev One word: bits 0..31 time, 32..63 of the router's last paced order, 64..95 volatility in 1e-6,
     96..222 residual without its sign, 223 the sign. Another beside it: bits 0..127 what was spent of the
     minute after that order, 128..159 a day since 1970, 160..255 what was paid in it.
"""

MASK_32: constant(uint256) = 2**32 - 1
MASK_96: constant(uint256) = 2**96 - 1
MASK_127: constant(uint256) = 2**127 - 1
MASK_128: constant(uint256) = 2**128 - 1
MICRO: constant(uint256) = 10**12  # of a WAD


# time: 0 for none. residual: WAD ETH. sigma: WAD. order_time, spent: of the router's ledger.
struct Crossing:
    time: uint256
    residual: int256
    sigma: uint256
    order_time: uint256
    spent: uint256


# What was paid in a day.
struct Paid:
    day: uint256
    amount: uint256


@internal
@pure
def unpack(word: uint256, beside: uint256) -> Crossing:
    """
    @notice What the words say.
    """
    size: int256 = convert((word >> 96) & MASK_127, int256)
    return Crossing(
        time=word & MASK_32,
        residual=-size if word >> 223 != 0 else size,
        sigma=((word >> 64) & MASK_32) * MICRO,
        order_time=(word >> 32) & MASK_32,
        spent=beside & MASK_128,
    )


@internal
@pure
def pack(c: Crossing) -> uint256:
    """
    @notice The word that says it; what was spent of the minute stands beside it.
    """
    size: uint256 = min(convert(abs(c.residual), uint256), MASK_127)
    sign: uint256 = 1 if c.residual < 0 else 0
    times: uint256 = c.time | (c.order_time << 32)
    return times | (min(c.sigma // MICRO, MASK_32) << 64) | (size << 96) | (sign << 223)


@internal
@pure
def paid(beside: uint256) -> Paid:
    """
    @notice What was paid, and on which day.
    """
    return Paid(day=(beside >> 128) & MASK_32, amount=beside >> 160)


@internal
@pure
def pack_beside(spent: uint256, p: Paid) -> uint256:
    """
    @notice The word beside it.
    """
    return min(spent, MASK_128) | (p.day << 128) | (min(p.amount, MASK_96) << 160)


@internal
@pure
def removed(stamped: int256, before: int256, after: int256) -> uint256:
    """
    @return What of the residual that was stamped a rebalance brought home: nothing of what came after the
            stamp, nor of another sign.
    """
    if stamped == 0 or (stamped > 0) != (before > 0):
        return 0
    counted: uint256 = convert(min(abs(stamped), abs(before)), uint256)
    return counted - min(counted, convert(abs(after), uint256))


@internal
@pure
def left(stamped: int256, after: int256) -> int256:
    """
    @return What of the residual that was stamped is still there.
    """
    size: int256 = min(abs(stamped), abs(after))
    return size if stamped > 0 else -size
