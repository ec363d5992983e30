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
     the ends: along u, e**u grows by a constant factor.
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
MARGIN: constant(int256) = 2**54  # of 2**64: what g is at least


@internal
@pure
def check(slice_word: uint256, life: uint256):
    """
    @notice Refuse a slice with a negative density, `life` seconds before its expiry. Its fields are
            inside their bounds.
    """
    smile: surface.Smile = inlined.read(slice_word, WAD, life)
    at: int256 = self._exponential(smile, LOWEST)
    factor: uint256 = bits.unsigned((self._exponential(smile, HIGHEST) << 96) // at)
    for _: uint256 in range(DOUBLINGS):
        factor = fixed_point.sqrt(factor << 96)
    step: int256 = bits.signed(factor)
    for _: uint256 in range(STEPS + 1):
        assert self._durrleman(smile, at) >= MARGIN, "surface: negative density"
        at = at * step >> 96


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


@internal
@pure
def _durrleman(smile: surface.Smile, e: int256) -> int256:
    """
    @return g, Q64, where e**u is `e`.
    """
    inverse: int256 = ONE * ONE // e
    cosh: int256 = (e + inverse) // 2
    x: int256 = smile.smoothing * ((e - inverse) // 2) >> 96
    w: int256 = smile.level + smile.tilt * x + smile.wings * (smile.smoothing * cosh >> 96) >> 96
    slope: int256 = smile.tilt + smile.wings * (e - inverse) // (2 * cosh)
    lean: int256 = 2**64 - ((smile.centre + x) * slope // (2 * w) >> 32)
    square: int256 = slope * slope
    narrow: int256 = ONE * ONE // cosh  # of cosh, its third power and b tau make s times w''
    bend: int256 = (narrow * narrow >> 96) * narrow // smile.smoothing * smile.wings >> 96
    return (lean * lean >> 64) - ((square // w + (square >> 98)) >> 34) + (bend >> 33)
