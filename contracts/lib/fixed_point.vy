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
     Longer than 250 lines: the elementary functions share constants and each other.
"""

from . import bits

LN2: constant(int256) = 54916777467707473351141471128  # Q96
LOG2E: constant(int256) = 114302077158074026402637675937  # Q96
MAX_U: constant(int256) = 13593403643648453105704098098  # 3 - sqrt(8), Q96
TWICE_MAX_U: constant(uint256) = 27186807287296906211408196196

# exp(r) = (q + r p) / (q - r p) with p, q in t = r**2, |r| <= ln(2) / 2: relative error 8.5e-19.
EXP_P2: constant(int256) = 2438010822323973  # 2**66
EXP_P1: constant(int256) = 1181395125117014041534548441888744659  # 2**126
EXP_P0: constant(int256) = 49039857307708442158520155421474439250491215419914321920  # 2**186
EXP_Q2: constant(int256) = 73176931634749357  # 2**66
EXP_Q1: constant(int256) = 9452006227753201199958783604275958700  # 2**126
EXP_Q0: constant(int256) = 98079714615416886934934209737619787751599303819750539264  # 2**186

# ln((1 + u) / (1 - u)) = u p / q with p, q in v = u**2, |u| <= 3 - sqrt(8): relative error 2.5e-19.
LN_P3: constant(int256) = -40357456984945453  # 2**60
LN_P2: constant(int256) = 8527609354860198151129395682193682359  # 2**123
LN_P1: constant(int256) = -252783952753711171802221931495379304304651722976114769920  # 2**186
LN_P0: constant(
    int256
) = 1809251394333065553928335490931838029124426160803601518660284219620958666752  # 2**249
LN_Q3: constant(int256) = -95889002393109205  # 2**60
LN_Q2: constant(int256) = 7886391059507102527627821357551161996  # 2**123
LN_Q1: constant(int256) = -159085214581994470828070327743557930778954948470220259328  # 2**186
LN_Q0: constant(
    int256
) = 904625697166532776746648320380374280103671755200316906558262375061821325312  # 2**249


@internal
@pure
def exp_minus(x: int256) -> int256:
    """
    @notice e**-x in Q96, relative error 1e-18 plus a unit; 0 far out; exactly 1 at 0.
    @param x Q96, below 2**157 and at least -55.0.
    """
    # n = x / ln 2 to the nearest; x * LOG2E < 2**254
    n: int256 = unsafe_add(unsafe_mul(x, LOG2E), 2**191) >> 192
    # |r| < 0.3466 in Q96
    r: int256 = unsafe_sub(unsafe_mul(n, LN2), x)
    # t < 0.1202 in Q60: polynomials grow to Q186 without a shift, below 2**187
    t: int256 = unsafe_mul(r, r) >> 132
    even: int256 = unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(EXP_Q2, t), EXP_Q1), t), EXP_Q0)
    # r in Q96 times p in Q90
    odd: int256 = unsafe_mul(
        r,
        unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(EXP_P2, t), EXP_P1), t), EXP_P0) >> 96,
    )
    # Q254 below 2**254.3 over Q76: Q178. 82 + n is at least 2; a shift of 256 or more gives 0,
    # which is the limit.
    return unsafe_div(unsafe_add(even, odd) << 68, unsafe_sub(even, odd) >> 110) >> bits.unsigned(
        unsafe_add(82, n)
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
def _outside(u: int256) -> bool:
    """
    @dev Whether |u| is above MAX_U: one comparison, where a number below wraps around.
    """
    return bits.unsigned(unsafe_add(u, MAX_U)) > TWICE_MAX_U


@internal
@pure
def _part(high: int256, low: int256) -> int256:
    """
    @dev The u of high / low = (1 + u) / (1 - u), Q96.
    """
    return unsafe_div(unsafe_sub(high, low) << 96, unsafe_add(high, low))


@internal
@pure
def _ln_of(u: int256) -> int256:
    """
    @dev ln((1 + u) / (1 - u)), Q96, for |u| up to MAX_U.
    """
    # v < 0.0295 in Q63: polynomials grow to Q249 without a shift, below 2**251; their ratio in Q144
    v: int256 = unsafe_mul(u, u) >> 129
    top: int256 = unsafe_add(
        unsafe_mul(unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(LN_P3, v), LN_P2), v), LN_P1), v),
        LN_P0,
    )
    bottom: int256 = unsafe_add(
        unsafe_mul(unsafe_add(unsafe_mul(unsafe_add(unsafe_mul(LN_Q3, v), LN_Q2), v), LN_Q1), v),
        LN_Q0,
    )
    return unsafe_mul(u, unsafe_div(top, bottom >> 144)) >> 144


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
    u: int256 = self._part(high, low)
    if u > MAX_U:
        n += 1
        u = self._part(high, low << 1)
    elif u < -MAX_U:
        n -= 1
        u = self._part(high << 1, low)
    return unsafe_add(unsafe_mul(n, LN2), self._ln_of(u))


@internal
@pure
def ln_near(a: int256, b: int256, base: int256, offset: int256) -> (int256, int256, int256):
    """
    @notice ln(a / b) as `ln_ratio` has it, sooner where `base` is near: for one a after another.
    @param a In [2**67, 2**128). @param b In [2**67, 2**128).
    @param base b times a power of two, its last bits lost, or an earlier a; at first b itself.
    @param offset ln(base / b), Q96; at first 0.
    @return ln(a / b) in Q96; base and offset for the next.
    """
    u: int256 = self._part(a, base)
    if self._outside(u):
        # one step towards a, which as a rule is one strike further on
        if u > 0:
            base <<= 1
            offset = unsafe_add(offset, LN2)
        else:
            base >>= 1
            offset = unsafe_sub(offset, LN2)
        u = self._part(a, base)
        if self._outside(u):
            base = a
            offset = self.ln_ratio(a, b)
            u = 0
    rest: int256 = self._ln_of(u)
    return unsafe_add(offset, rest), base, offset


@internal
@pure
def heron(x: int256, y: int256) -> int256:
    """
    @return The next iterate towards sqrt(x) from y: half the square of y's relative error.
    """
    return unsafe_add(y, unsafe_div(x, y)) >> 1


@internal
@pure
def twice_heron(x: int256, y: int256) -> int256:
    """
    @return Twice the next iterate: who goes on from it with `heron_of_twice` halves once for two.
    """
    return unsafe_add(y, unsafe_div(x, y))


@internal
@pure
def heron_of_twice(x: int256, twice: int256) -> int256:
    """
    @return The iterate after one that is given twice: twice / 4 + x / twice.
    """
    return unsafe_add(twice >> 2, unsafe_div(x, twice))


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
def sqrt_near(x: int256, guess: int256) -> int256:
    """
    @notice sqrt(x), relative error below 7e-18 and a unit, sooner than `sqrt` with a good guess.
    @param x At least 0. @param guess At least 0; within 1.3 % three steps are enough.
    """
    # Iterates fall towards the root, so a step is the error before it, and half its square the
    # error after it; a few units either way come from rounding. A guess of 0 stays 0, fails the
    # check, and so does one too far off; one less than half off needs two steps more.
    twice: int256 = self.twice_heron(x, guess)
    y: int256 = self.heron_of_twice(x, twice)
    z: int256 = self.heron(x, y)
    if unsafe_sub(y, z) >= z >> 28:
        y = self.heron(x, z)
        z = self.heron(x, y)
        if unsafe_sub(y, z) >= z >> 28:
            z = bits.signed(self.sqrt(bits.unsigned(x)))
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
    # Its relative error is at most 1, 0.42, 0.11, 1.1e-2, 1.2e-4, 1.3e-8, 1.6e-16, 2.4e-32.
    y: uint256 = 1 << unsafe_add(unsafe_div(self.log2_floor(x), 3), 1)
    for _: uint256 in range(7):
        y = unsafe_div(unsafe_add(y << 1, unsafe_div(x, unsafe_mul(y, y))), 3)
    # y <= 2**86; the last step may have stopped one too high or too low
    if unsafe_div(x, unsafe_mul(y, y)) < y:
        return unsafe_sub(y, 1)
    return y
