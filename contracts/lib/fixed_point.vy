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

# exp(r) on [0, ln 2], relative error 3.1e-18; each in the scale its step needs.
E11: constant(int256) = 81505316615  # 2**61
E10: constant(int256) = 680630673722472567300020220373  # 2**121
E9: constant(int256) = 8509670850987193945022101326921835941232902176841  # 2**181
E8: constant(int256) = 87592856205352477677731107534603478146263413192358599507037275553792  # 2**241
E7: constant(int256) = 527487211831406318247964962005575  # 2**121
E6: constant(int256) = 4256926821729999433254730561111929563403986065082056  # 2**181
E5: constant(int256) = 29447452217368930064820193730711229956324366386301294116005097674637312  # 2**241
E4: constant(int256) = 110768999546981392014237323977955284  # 2**121
E3: constant(int256) = 510831846963483544706893475400431110590417383769201664  # 2**181
E2: constant(int256) = 1766847064778046002135472611476047513381956643144978361546548393191407616  # 2**241
E1: constant(int256) = 2658455991569835294336686842639467255  # 2**121
E0: constant(int256) = 3064991081731777707354673761888492887127824100644016128  # 2**181


@internal
@pure
def exp(x: int256) -> uint256:
    """
    @notice e**x in Q96, relative error 4e-18 plus half a unit; 0 far below.
    @param x Q96, |x| < 2**102 and at most 55.0.
    """
    # n = floor(x / ln 2) up to one part in 2**90, so r lies in [0, ln 2] within that; the
    # polynomial is signed and does not mind. |x * LOG2E| < 2**199.
    n: int256 = unsafe_mul(x, LOG2E) >> 192
    # r in Q60, below 2**60: three steps without a shift stay under 2**61 * 2**180.
    r: int256 = unsafe_sub(x, unsafe_mul(n, LN2)) >> 36
    high: int256 = unsafe_add(
        unsafe_mul(
            unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(E11, r), E10), r), E9), r
        ),
        E8,
    )
    middle: int256 = unsafe_add(
        unsafe_mul(
            unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(high >> 180, r), E7), r), E6), r
        ),
        E5,
    )
    low: int256 = unsafe_add(
        unsafe_mul(
            unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(middle >> 180, r), E4), r), E3), r
        ),
        E2,
    )
    mantissa: int256 = unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(low >> 180, r), E1), r), E0)
    # Q181 down to Q96, and by n; 85 - n is in [5, 2**7 + 2**7] for the stated range, and a
    # shift of 256 or more gives 0, which is the limit.
    return convert(
        convert(
            mantissa >> convert(convert(unsafe_sub(85, n), bytes32), uint256), bytes32
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
    @notice ln x in Q96 for an integer x >= 1 (0 is taken as 1), error below 2**-88.
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
    # s**2 < 0.0295: the first term left out, s**33 / 33, is below 2**-88
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
    return (
        unsafe_mul(convert(n, int256), LN2) + HALF_LN2 + (unsafe_mul(series, s) >> 95)
    )


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
def sqrt_near(x: uint256, guess: uint256) -> uint256:
    """
    @notice sqrt(x) with relative error below 2e-18, cheaper when a near value is known.
    @param x 2**140 to 2**250.
    @param guess Any value below 2**128; within 0.6 .. 1.65 of the root it saves the search.
    """
    y: uint256 = unsafe_add(guess, unsafe_div(x, guess)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    z: uint256 = unsafe_add(y, unsafe_div(x, y)) >> 1
    # Iterates fall towards the root, y - z is y's error; one unit up may come from rounding.
    if (unsafe_sub(unsafe_add(y, 1), z) << 29) > z:
        return self.sqrt(x)
    return z


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
