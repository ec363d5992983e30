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

from . import fixed_point

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
    forward: uint256
    growth: int256
    basis: int256
    tau: int256
    stickiness: int256


YEAR: constant(int256) = 31_536_000
MAX_LIFE: constant(uint256) = 2**27
MAX_BASIS_TIME: constant(int256) = 2 * 2**96
MIN_VARIANCE: constant(int256) = 2**144  # Q192: deviation 2**-24
MAX_VARIANCE: constant(int256) = 2**198  # Q192: deviation 8
MASK_40: constant(int256) = 2**40 - 1
MASK_56: constant(int256) = 2**56 - 1


@internal
@pure
def _field(word: uint256, left: uint256, right: uint256) -> int256:
    """
    @dev The signed field that `left` higher bits hide, `256 - right` bits wide.
    """
    return convert(convert(word << left, bytes32), int256) >> right


@internal
@pure
def unpack(word: uint256) -> (int256, int256, int256, int256, int256, int256, int256):
    """
    @return a (1e-15), b (1e-15), rho (1e-9), m (1e-11), s (1e-11), basis (1e-6 per year),
            stickiness (1/100).
    """
    return (
        self._field(word, 200, 200),
        self._field(word, 144, 200) & MASK_56,
        self._field(word, 112, 224),
        self._field(word, 72, 216),
        self._field(word, 32, 216) & MASK_40,
        self._field(word, 8, 232),
        convert(word >> 248, int256),
    )


@internal
@pure
def read(word: uint256, spot: uint256, life: uint256) -> Smile:
    """
    @notice The slice at one moment.
    @param word The slice word.
    @param spot USD (WAD), below 2**96.
    @param life Seconds to expiry.
    """
    # the fields of `unpack`, read in place
    signed: int256 = convert(convert(word, bytes32), int256)
    b: int256 = (signed >> 56) & MASK_56
    basis: int256 = (signed << 8) >> 232
    # tau < 2**98.1; |a| < 2**55, b < 2**56, |rho| <= 2**31: the widest product is 2**250
    tau: int256 = unsafe_div(convert(convert(min(life, MAX_LIFE) << 96, bytes32), int256), YEAR)
    basis_time: int256 = unsafe_div(unsafe_mul(basis, tau), 1_000_000)
    if basis_time > MAX_BASIS_TIME:
        basis_time = MAX_BASIS_TIME
    if basis_time < -MAX_BASIS_TIME:
        basis_time = -MAX_BASIS_TIME
    growth: int256 = convert(convert(fixed_point.exp(basis_time), bytes32), int256)
    smoothing: int256 = unsafe_div(((signed >> 184) & MASK_40) << 96, 10**11)
    b_tau: int256 = unsafe_mul(b, tau)
    return Smile(
        level=unsafe_div(unsafe_mul((signed << 200) >> 200, tau) << 96, 10**15),
        tilt=unsafe_div(unsafe_mul((signed << 112) >> 224, b_tau), 10**24),
        wings=unsafe_div(b_tau, 10**15),
        centre=unsafe_div(((signed << 72) >> 216) << 96, 10**11),
        smoothing=smoothing,
        smoothing_squared=unsafe_mul(smoothing, smoothing),
        forward=convert(
            convert(unsafe_mul(convert(convert(spot, bytes32), int256), growth) >> 96, bytes32),
            uint256,
        ),
        growth=growth,
        basis=basis,
        tau=tau,
        stickiness=convert(convert(word >> 248, bytes32), int256),
    )


@internal
@pure
def deviation(smile: Smile, k: int256, guess: uint256) -> uint256:
    """
    @notice sigma * sqrt(tau) at a strike, Q96, in [2**-24, 8]; relative error below 1e-16, or of
            that part of b * (|x| + s) / v where wing and tilt cancel.
    @param smile The slice.
    @param k ln(K / F), Q96.
    @param guess A deviation nearby, or 0: saves gas, changes nothing else.
    """
    # |x| < 2**103, so its square plus s**2 < 2**207; tilt < 2**106, wings < 2**105
    x: int256 = unsafe_sub(k, smile.centre)
    square: int256 = unsafe_add(unsafe_mul(x, x), smile.smoothing_squared)
    # |x| + s lies in [1, sqrt 2] times the root; 213/256 of it is within 17.5 %, then Heron's
    # relative error is 1.8e-2, 1.5e-4, 1.2e-8, 7e-17
    root: int256 = (
        unsafe_mul(unsafe_add(x if x > 0 else unsafe_sub(0, x), smile.smoothing), 213) >> 8
    )
    root = unsafe_add(root, unsafe_div(square, root)) >> 1
    root = unsafe_add(root, unsafe_div(square, root)) >> 1
    root = unsafe_add(root, unsafe_div(square, root)) >> 1
    root = unsafe_add(root, unsafe_div(square, root)) >> 1
    variance: int256 = unsafe_add(
        smile.level,
        unsafe_add(unsafe_mul(smile.tilt, x), unsafe_mul(smile.wings, root)),
    )
    variance = min(max(variance, MIN_VARIANCE), MAX_VARIANCE)
    return fixed_point.sqrt_near(convert(variance, uint256), guess)


@internal
@pure
def slope(smile: Smile, k: int256) -> int256:
    """
    @notice d(variance over the life)/dk, Q96, also where that variance is held at an end.
    @param k ln(K / F), Q96.
    """
    x: int256 = unsafe_sub(k, smile.centre)
    root: uint256 = fixed_point.sqrt(
        convert(unsafe_add(unsafe_mul(x, x), smile.smoothing_squared), uint256)
    )
    # wings < 2**105, |x| < 2**103; a slice without smoothing has its kink at x = 0: tilt alone
    return unsafe_add(smile.tilt, unsafe_div(unsafe_mul(smile.wings, x), convert(root, int256)))
