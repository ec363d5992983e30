# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Surface
@license AGPL-3.0-only
@author Tandem contributors
@notice One expiry's volatility: an SVI slice in one word, and its standard deviation at a
        strike.
@dev Annualised variance at log-moneyness k = ln(K / F):
     `v(k) = a + b * (rho * (k - m) + sqrt((k - m)**2 + s**2))`, F = S * exp(basis * tau).

     slice word, two's complement, from bit 0:
       a int56 1e-15 | b uint56 1e-15 | rho int32 1e-9 | m int40 1e-11 | s uint40 1e-11
       | basis int24 1e-6 per year | stickiness uint8 1/100 (100 = sticky strike)
     b = 0 is a flat volatility of sqrt(a).

     Whatever the word holds, a finite positive deviation comes back: variance over the life
     is held in [2**-48, 64], so the deviation in [6e-8, 8]; the life in [0, 2**27 s].
     Part of the audited kernel.
"""

from . import bits
from . import fixed_point

# A slice word's fields, in its units.
struct Slice:
    a: int256
    b: int256
    rho: int256
    m: int256
    s: int256
    basis: int256
    stickiness: int256


# The slice at one moment: everything that no strike changes.
# level: a tau (Q192). tilt: b rho tau, wings: b tau (Q96).
# centre: m, smoothing: s (Q96), and its square (Q192).
# forward: USD (WAD). growth: F / S (Q96). basis: 1e-6 per year. tau: years (Q96).
# stickiness: 1/100.
struct Smile:
    level: int256
    tilt: int256
    wings: int256
    centre: int256
    smoothing: int256
    smoothing_squared: int256
    forward: int256
    growth: int256
    basis: int256
    tau: int256
    stickiness: int256


YEAR: constant(int256) = 31_536_000
MAX_LIFE: constant(uint256) = 2**27
MAX_BASIS_TIME: constant(int256) = 2 * 2**96
MIN_VARIANCE: constant(int256) = 2**144  # Q192: deviation 2**-24
MAX_VARIANCE: constant(int256) = 2**198  # Q192: deviation 8
VARIANCE_RANGE: constant(uint256) = 2**198 - 2**144  # from the least to the most
MASK_40: constant(uint256) = 2**40 - 1
MASK_56: constant(uint256) = 2**56 - 1


@internal
@pure
def _field(word: uint256, left: uint256, right: uint256) -> int256:
    """
    @dev The signed field that `left` higher bits hide, `256 - right` bits wide.
    """
    return bits.signed(word << left) >> right


@internal
@pure
def unpack(word: uint256) -> Slice:
    """
    @notice The fields of a slice word.
    """
    return Slice(
        a=self._field(word, 200, 200),
        b=bits.signed((word >> 56) & MASK_56),
        rho=self._field(word, 112, 224),
        m=self._field(word, 72, 216),
        s=bits.signed((word >> 184) & MASK_40),
        basis=self._field(word, 8, 232),
        stickiness=bits.signed(word >> 248),
    )


@internal
@pure
def root_tau(life: uint256) -> uint256:
    """
    @return sqrt(years), Q96.
    @param life Seconds, below 2**63.
    """
    return fixed_point.sqrt(unsafe_div(life << 192, convert(YEAR, uint256)))


@internal
@pure
def read(word: uint256, spot: uint256, life: uint256) -> Smile:
    """
    @notice The slice at one moment.
    @param word The slice word.
    @param spot USD (WAD), below 2**96.
    @param life Seconds to expiry.
    """
    x: Slice = self.unpack(word)
    # tau < 2**98.1; |a| < 2**55, b < 2**56, |rho| <= 2**31: the widest product is 2**250
    tau: int256 = unsafe_div(bits.signed(min(life, MAX_LIFE) << 96), YEAR)
    basis_time: int256 = unsafe_div(unsafe_mul(x.basis, tau), 1_000_000)
    if basis_time > MAX_BASIS_TIME:
        basis_time = MAX_BASIS_TIME
    if basis_time < -MAX_BASIS_TIME:
        basis_time = -MAX_BASIS_TIME
    growth: int256 = fixed_point.exp_minus(unsafe_sub(0, basis_time))
    smoothing: int256 = unsafe_div(x.s << 96, 10**11)
    b_tau: int256 = unsafe_mul(x.b, tau)
    return Smile(
        level=unsafe_div(unsafe_mul(x.a, tau) << 96, 10**15),
        tilt=unsafe_div(unsafe_mul(x.rho, b_tau), 10**24),
        wings=unsafe_div(b_tau, 10**15),
        centre=unsafe_div(x.m << 96, 10**11),
        smoothing=smoothing,
        smoothing_squared=unsafe_mul(smoothing, smoothing),
        forward=unsafe_mul(bits.signed(spot), growth) >> 96,
        growth=growth,
        basis=x.basis,
        tau=tau,
        stickiness=x.stickiness,
    )


@internal
@pure
def _square(smile: Smile, x: int256) -> int256:
    """
    @dev x**2 + s**2, Q192, below 2**207: |x| < 2**103.
    """
    return unsafe_add(unsafe_mul(x, x), smile.smoothing_squared)


@internal
@pure
def _held(variance: int256) -> int256:
    """
    @dev A variance over the life in its range.
    """
    # below the least, the difference wraps around to a large number
    if bits.unsigned(unsafe_sub(variance, MIN_VARIANCE)) > VARIANCE_RANGE:
        variance = min(max(variance, MIN_VARIANCE), MAX_VARIANCE)
    return variance


@internal
@pure
def deviation(smile: Smile, k: int256, guess: int256) -> (int256, int256, int256, int256):
    """
    @notice sigma * sqrt(tau) at a strike, Q96, in [2**-24, 8]; relative error below 1e-16, or of
            that part of b * (|x| + s) / v where wing and tilt cancel.
    @param smile The slice.
    @param k ln(K / F), Q96.
    @param guess A deviation nearby, or 0: saves gas, changes nothing else.
    @return The deviation; for `lean`: x = k - m (Q96), x**2 + s**2 (Q192) and twice its root, to 1.2e-8.
    """
    x: int256 = unsafe_sub(k, smile.centre)
    square: int256 = self._square(smile, x)
    # |x| + s lies in [1, sqrt 2] times the root; 213/256 of it is within 17.5 %, then Heron's
    # relative error is 1.8e-2, 1.5e-4, 1.2e-8, 7e-17
    root: int256 = unsafe_mul(unsafe_add(bits.magnitude(x), smile.smoothing), 213) >> 8
    twice: int256 = fixed_point.twice_heron(square, root)
    root = fixed_point.heron_of_twice(square, twice)
    twice = fixed_point.twice_heron(square, root)
    # tilt < 2**106, wings < 2**105
    variance: int256 = self._held(
        unsafe_add(
            smile.level,
            unsafe_add(
                unsafe_mul(smile.tilt, x),
                unsafe_mul(smile.wings, fixed_point.heron_of_twice(square, twice)),
            ),
        )
    )
    near: int256 = fixed_point.sqrt_near(variance, guess)
    return near, x, square, twice


@internal
@pure
def _lean(smile: Smile, x: int256, root: int256) -> int256:
    """
    @dev d(variance over the life)/dk, Q96. wings < 2**105, |x| < 2**103; a slice without
         smoothing has its kink at x = 0: tilt alone.
    """
    return unsafe_add(smile.tilt, unsafe_div(unsafe_mul(smile.wings, x), root))


@internal
@pure
def slope(smile: Smile, k: int256) -> int256:
    """
    @notice d(variance over the life)/dk, Q96, also where that variance is held at an end.
    @param k ln(K / F), Q96.
    """
    x: int256 = unsafe_sub(k, smile.centre)
    root: uint256 = fixed_point.sqrt(bits.unsigned(self._square(smile, x)))
    return self._lean(smile, x, bits.signed(root))
