# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Fixed point
@license AGPL-3.0-only
@author Tandem contributors
@notice Exponential, logarithm and roots that never revert in their stated range.
@dev Q96 means scaled by 2**96. This file is part of the audited kernel: `unsafe_*` is used
     where the range that makes it exact is written beside it. Constants come from
     tests/reference/mills_fit.py.
"""

ONE: constant(uint256) = 2**96
LN2: constant(int256) = 54916777467707473351141471128  # Q96
LOG2E: constant(int256) = 114302077158074026402637675937  # Q96
SQRT2: constant(uint256) = 112045541949572279837463876455  # Q96
HALF_LN2: constant(int256) = 27458388733853736675570735564  # Q96

# exp(r) = (q + r p) / (q - r p) with p, q in t = r**2, |r| <= ln(2) / 2: relative error 8.5e-19.
EXP_P2: constant(int256) = 2438010822323973  # 2**66
EXP_P1: constant(int256) = 1181395125117014041534548441888744659  # 2**126
EXP_P0: constant(int256) = 49039857307708442158520155421474439250491215419914321920  # 2**186
EXP_Q2: constant(int256) = 73176931634749357  # 2**66
EXP_Q1: constant(int256) = 9452006227753201199958783604275958700  # 2**126
EXP_Q0: constant(int256) = 98079714615416886934934209737619787751599303819750539264  # 2**186


@internal
@pure
def exp(x: int256) -> uint256:
    """
    @notice e**x in Q96, relative error 1e-18 plus a unit; 0 far below; exactly 1 at 0.
    @param x Q96, |x| < 2**110 and at most 55.0.
    """
    # n = x / ln 2 to the nearest; |x * LOG2E| < 2**208
    n: int256 = unsafe_add(unsafe_mul(x, LOG2E), 2**191) >> 192
    # |r| < 0.3466 in Q96
    r: int256 = unsafe_sub(x, unsafe_mul(n, LN2))
    # t < 0.1202 in Q60: polynomials grow to Q186 without a shift, below 2**187
    t: int256 = unsafe_mul(r, r) >> 132
    q: int256 = unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(EXP_Q2, t), EXP_Q1), t), EXP_Q0)
    # r in Q96 times p in Q90
    odd: int256 = unsafe_mul(
        r,
        unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(EXP_P2, t), EXP_P1), t), EXP_P0) >> 96,
    )
    # Q254 below 2**254.3 over Q76: Q178. 82 - n lies in [2, 2**15]; a shift of 256 or more
    # gives 0, which is the limit.
    return convert(
        convert(
            unsafe_div(unsafe_add(q, odd) << 68, unsafe_sub(q, odd) >> 110)
            >> convert(convert(unsafe_sub(82, n), bytes32), uint256),
            bytes32,
        ),
        uint256,
    )


@internal
@pure
def log2_floor(x: uint256) -> uint256:
    """
    @notice Position of the highest set bit; 0 for 0.
    """
    n: uint256 = 0
    y: uint256 = x
    if y >= 2**128:
        y >>= 128
        n = 128
    if y >= 2**64:
        y >>= 64
        n = unsafe_add(n, 64)
    if y >= 2**32:
        y >>= 32
        n = unsafe_add(n, 32)
    if y >= 2**16:
        y >>= 16
        n = unsafe_add(n, 16)
    if y >= 2**8:
        y >>= 8
        n = unsafe_add(n, 8)
    if y >= 2**4:
        y >>= 4
        n = unsafe_add(n, 4)
    if y >= 2**2:
        y >>= 2
        n = unsafe_add(n, 2)
    if y >= 2:
        n = unsafe_add(n, 1)
    return n


@internal
@pure
def ln(x: uint256) -> int256:
    """
    @notice ln x in Q96 for an integer x >= 1 (0 is taken as 1), error below 2**-87.
    """
    n: uint256 = self.log2_floor(x)
    # m in [1, 2), Q96
    m: uint256 = x << unsafe_sub(96, n) if n <= 96 else x >> unsafe_sub(n, 96)
    m = max(m, ONE)
    # ln m = ln sqrt(2) + 2 atanh(s), s = (m - sqrt 2) / (m + sqrt 2) in [-0.1716, 0.1716]
    s: int256 = unsafe_div(
        unsafe_mul(convert(m, int256) - convert(SQRT2, int256), convert(ONE, int256)),
        convert(unsafe_add(m, SQRT2), int256),
    )
    # s**2 < 0.0295: the first term left out, s**33 / 33, is below 2**-88, twice that in ln
    z: int256 = unsafe_mul(s, s) >> 96
    series: int256 = 2**96 // 31
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 29
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 27
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 25
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 23
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 21
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 19
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 17
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 15
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 13
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 11
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 9
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 7
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 5
    series = (unsafe_mul(series, z) >> 96) + 2**96 // 3
    series = (unsafe_mul(series, z) >> 96) + 2**96
    return (unsafe_mul(convert(n, int256), LN2) + HALF_LN2 + (unsafe_mul(series, s) >> 95))


@internal
@pure
def sqrt(x: uint256) -> uint256:
    """
    @notice floor(sqrt(x)), for any x.
    """
    if x == 0:
        return 0
    # within a factor of sqrt 2 of the root: Heron's relative error 0.42, 6.2e-2, 1.9e-3,
    # 1.7e-6, 1.5e-12, 1e-24, 5e-49
    y: uint256 = 1 << (unsafe_add(self.log2_floor(x), 1) >> 1)
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    return min(y, unsafe_div(x, y))


@internal
@pure
def cbrt(x: uint256) -> uint256:
    """
    @notice floor(cbrt(x)), for any x.
    """
    if x == 0:
        return 0
    # a power of two above the root, at most twice it; Newton falls from there without a miss
    y: uint256 = 1 << unsafe_add(unsafe_div(self.log2_floor(x), 3), 1)
    for _: uint256 in range(9):
        y = unsafe_div(unsafe_add(y << 1, unsafe_div(x, unsafe_mul(y, y))), 3)
    # y <= 2**86; the last step may have stopped one too high or too low
    if unsafe_div(x, unsafe_mul(y, y)) < y:
        return unsafe_sub(y, 1)
    return y
