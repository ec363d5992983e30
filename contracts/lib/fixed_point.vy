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
MAX_U: constant(int256) = 13593403643648453105704098098  # 3 - sqrt(8), Q96

# exp(r) = (q + r p) / (q - r p) with p, q in t = r**2, |r| <= ln(2) / 2: relative error 8.5e-19.
EXP_P2: constant(int256) = 2438010822323973  # 2**66
EXP_P1: constant(int256) = 1181395125117014041534548441888744659  # 2**126
EXP_P0: constant(int256) = 49039857307708442158520155421474439250491215419914321920  # 2**186
EXP_Q2: constant(int256) = 73176931634749357  # 2**66
EXP_Q1: constant(int256) = 9452006227753201199958783604275958700  # 2**126
EXP_Q0: constant(int256) = 98079714615416886934934209737619787751599303819750539264  # 2**186

# ln((1 + u) / (1 - u)) = u p / q with p, q in v = u**2, |u| <= 3 - sqrt(8): relative error 2.5e-19.
LN_P3: constant(int256) = -40357456984945453  # 2**60
LN_P2: constant(int256) = 1065951169357524768891174460274210295  # 2**120
LN_P1: constant(int256) = -3949749261776737059409717679615301629760183171501793280  # 2**180
LN_P0: constant(
    int256
) = 3533694129556768660016280255726246150633644845319534216133367616447184896  # 2**240
LN_Q3: constant(int256) = -95889002393109205  # 2**60
LN_Q2: constant(int256) = 985798882438387815953477669693895249  # 2**120
LN_Q1: constant(int256) = -2485706477843663606688598870993092668421171069847191552  # 2**180
LN_Q0: constant(
    int256
) = 1766847064778384329583297500742918515827483896875618958121606201292619776  # 2**240


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
def ln_ratio(a: int256, b: int256) -> int256:
    """
    @notice ln(a / b) in Q96, error below 2**-61 of it plus 2**-90.
    @param a In [1, 2**128). @param b In [1, 2**128).
    """
    # a / b = 2**n (1 + u) / (1 - u), (1 + u) / (1 - u) in (1/2, 2) and then in sqrt(1/2) to sqrt(2)
    n: int256 = convert(self.log2_floor(convert(a, uint256)), int256) - convert(
        self.log2_floor(convert(b, uint256)), int256
    )
    high: int256 = a << convert(max(-n, 0), uint256)
    low: int256 = b << convert(max(n, 0), uint256)
    u: int256 = unsafe_div(unsafe_sub(high, low) << 96, unsafe_add(high, low))
    if u > MAX_U:
        n += 1
        low <<= 1
        u = unsafe_div(unsafe_sub(high, low) << 96, unsafe_add(high, low))
    elif u < -MAX_U:
        n -= 1
        high <<= 1
        u = unsafe_div(unsafe_sub(high, low) << 96, unsafe_add(high, low))
    # v < 0.0295 in Q60: polynomials grow to Q240 without a shift, below 2**241; their ratio in Q144
    v: int256 = unsafe_mul(u, u) >> 132
    top: int256 = unsafe_add(
        unsafe_mul(unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(LN_P3, v), LN_P2), v), LN_P1), v),
        LN_P0,
    )
    bottom: int256 = unsafe_add(
        unsafe_mul(unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(LN_Q3, v), LN_Q2), v), LN_Q1), v),
        LN_Q0,
    )
    return unsafe_add(unsafe_mul(n, LN2), unsafe_mul(u, unsafe_div(top, bottom >> 144)) >> 144)


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
    @notice sqrt(x), relative error below 2e-18 and a unit, sooner than `sqrt` with a good guess.
    @param x Below 2**255. @param guess Anything.
    """
    # Heron. Iterates fall towards the root, so a step is the error before it, and half its
    # square the error after it; one unit up may come from rounding. A guess of 0 stays 0, fails
    # the check, and so does one too far off.
    y: uint256 = unsafe_add(guess, unsafe_div(x, guess)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    y = unsafe_add(y, unsafe_div(x, y)) >> 1
    z: uint256 = unsafe_add(y, unsafe_div(x, y)) >> 1
    if unsafe_sub(unsafe_add(y, 1), z) > z >> 29:
        y = unsafe_add(z, unsafe_div(x, z)) >> 1
        z = unsafe_add(y, unsafe_div(x, y)) >> 1
        if unsafe_sub(unsafe_add(y, 1), z) > z >> 29:
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
