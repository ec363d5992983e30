# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title density
@license AGPL-3.0-only
@author Tandem contributors
@notice The density that a slice implies is positive: Durrleman's function, in closed form, at 65
        log-moneynesses from -0.9 to 1.2 that lie closest where the slice bends.
@dev g(k) = (1 - k w' / 2w)**2 - w'**2 / 4 * (1 / w + 1 / 4) + w'' / 2, w the total variance; the
     density is g times something positive. With k = m + s sinh(u) an SVI slice is smooth in u
     however small its s, so equal steps of u leave no dent between two of them; what one could
     still hold is below the margin (docs/adr/0021-a-pair-and-its-pace.md). No root is taken but at
     the ends: along u, e**u and e**-u change by constant factors.
     Part of the audited kernel: nothing is checked place by place, because slices are inside their
     bounds (modules/slice_limits.vy) before they come here, a second of life or more: s, half of
     the curvature, in [2**-11, 2.5]; |m| <= 2 and |k| <= 1.2, so that e**u < 2**13; b tau (1 +
     |rho|) <= 2, so that |w'| <= 2; w >= 2**-39, so that |w' / 2w| < 2**39.
"""

from . import bits
from . import fixed_point
from . import inlined
from . import surface

WAD: constant(uint256) = 10**18
ONE: constant(int256) = 2**96
LOWEST: constant(int256) = -71305346262837903834189555302  # k = -0.9, Q96
HIGHEST: constant(int256) = 95073795017117205112252740403  # k = 1.2
STEPS: constant(uint256) = 64
DOUBLINGS: constant(uint256) = 6  # of a step, to all of them
# Of 2**64: what g is at least, and what rounding may be.
MARGIN: constant(int256) = 2**54 + 2**30


@internal
@pure
def check(slice_word: uint256, life: uint256):
    """
    @notice Refuse a slice with a negative density, `life` seconds before its expiry. Its fields are
            inside their bounds.
    @dev Longer than a function should be: one walk along u, every step of which has all terms of g.
    """
    smile: surface.Smile = inlined.read(slice_word, WAD, life)
    rising: int256 = self._exponential(smile, LOWEST)  # e**u, Q96, from 2**83 to 2**109
    factor: uint256 = bits.unsigned((self._exponential(smile, HIGHEST) << 96) // rising)
    for _: uint256 in range(DOUBLINGS):
        factor = fixed_point.sqrt(factor << 96)
    step: int256 = bits.signed(factor)
    back: int256 = unsafe_div(ONE * ONE, step)
    falling: int256 = unsafe_div(ONE * ONE, rising)
    # w = level + up e**u + down e**-u; w'' / 2 = bend / (2 cosh u)**3
    half: int256 = smile.smoothing >> 1
    up: int256 = unsafe_mul(half, unsafe_add(smile.wings, smile.tilt)) >> 96
    down: int256 = unsafe_mul(half, unsafe_sub(smile.wings, smile.tilt)) >> 96
    bend: int256 = unsafe_div(smile.wings << 98, smile.smoothing)
    for _: uint256 in range(STEPS + 1):
        # 1 / (2 cosh u), 2 sinh u, w', w' / 2w: Q96
        narrow: int256 = unsafe_div(ONE * ONE, unsafe_add(rising, falling))
        wide: int256 = unsafe_sub(rising, falling)
        slope: int256 = unsafe_add(
            smile.tilt, unsafe_mul(smile.wings, unsafe_mul(wide, narrow) >> 96) >> 96
        )
        w: int256 = unsafe_add(
            smile.level, unsafe_add(unsafe_mul(up, rising), unsafe_mul(down, falling))
        )
        ratio: int256 = unsafe_div(slope << 95, w >> 96)
        # 1 - k w' / 2w, Q64, below 2**104; g from three terms in Q64
        lean: int256 = unsafe_sub(
            2**64,
            unsafe_mul(unsafe_add(smile.centre, unsafe_mul(half, wide) >> 96), ratio) >> 128,
        )
        assert (
            unsafe_add(
                unsafe_sub(
                    unsafe_mul(lean, lean) >> 64,
                    unsafe_mul(slope, unsafe_add(ratio, slope >> 3)) >> 129,
                ),
                unsafe_mul(unsafe_mul(unsafe_mul(narrow, narrow) >> 96, narrow) >> 96, bend) >> 128,
            )
            >= MARGIN
        ), "surface: negative density"
        rising = unsafe_mul(rising, step) >> 96
        falling = unsafe_mul(falling, back) >> 96


@internal
@pure
def _exponential(smile: surface.Smile, k: int256) -> int256:
    """
    @return e**u at a log-moneyness, Q96, above 2**-13 for s of 0.001 or more.
    """
    x: int256 = k - smile.centre
    root: int256 = bits.signed(fixed_point.sqrt(bits.unsigned(x * x + smile.smoothing_squared)))
    if x < 0:
        return smile.smoothing * ONE // (root - x)
    return (root + x) * ONE // smile.smoothing
