# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Stress
@license AGPL-3.0-only
@author Tandem contributors
@notice What an option may be worth after each of eight instant jumps, from above and from below: for
        gates that may err on one side alone. A bound, no price: it needs one division a jump.
@dev With F the forward after the jump, s = sigma * sqrt(tau), u = |ln(K / F)| / s and
     f(u) = phi(u) - u * N(-u), a call's time value is at most `s * sqrt(F K) * f(u)` and at least
     `exp(-s^2 / 8)` times that. sqrt(F K) lies between the harmonic and the arithmetic mean, exp(-x)
     is at least 1 - x, and f is within EPSILON of C0 / (1 + C1 u + C2 u^2 + C3 u^3 + C4 u^4)^8, so
     nothing here takes a root or an exponential. Prices are WAD, k and s Q64.
"""

from . import bits

ONE: constant(uint256) = 2**64
JUMPS: constant(uint256) = 8
# ln(1 + j)
DOWN_50: constant(int256) = -12786308645202655660
DOWN_30: constant(int256) = -6579491408342498069
DOWN_20: constant(int256) = -4116271982791902041
DOWN_10: constant(int256) = -1943558467813989743
UP_10: constant(int256) = 1758162494469621403
UP_20: constant(int256) = 3363239097298381938
UP_40: constant(int256) = 6206817236860157591
UP_100: constant(int256) = 12786308645202655659
C0: constant(uint256) = 7358686970447541998
C1: constant(uint256) = 2883772122345384720
C2: constant(uint256) = 918262133452154403
C3: constant(uint256) = 125964514244529358
C4: constant(uint256) = 60018142050780660
EPSILON: constant(uint256) = 516508834063867  # 2.8e-5: 2.713e-5 and what rounding may be
FARTHEST: constant(uint256) = 12 * ONE  # beyond it f is under 1e-34
WIDEST: constant(uint256) = 2 * ONE


@internal
@pure
def most(forward: uint256, strike: uint256, k: int256, s: uint256) -> uint256[JUMPS]:
    """
    @notice A call's value after each jump, at most.
    @param forward WAD, before the jump, below 2**96. @param strike The same.
    @param k ln(strike / forward), Q64, within 64. @param s sigma * sqrt(tau), Q64, at most 2.
    """
    inverse: uint256 = self._inverse(forward, strike, s)
    return [
        self._most(
            unsafe_div(unsafe_mul(forward, 1), 2), strike, unsafe_sub(k, DOWN_50), s, inverse
        ),
        self._most(
            unsafe_div(unsafe_mul(forward, 7), 10), strike, unsafe_sub(k, DOWN_30), s, inverse
        ),
        self._most(
            unsafe_div(unsafe_mul(forward, 4), 5), strike, unsafe_sub(k, DOWN_20), s, inverse
        ),
        self._most(
            unsafe_div(unsafe_mul(forward, 9), 10), strike, unsafe_sub(k, DOWN_10), s, inverse
        ),
        self._most(
            unsafe_div(unsafe_mul(forward, 11), 10), strike, unsafe_sub(k, UP_10), s, inverse
        ),
        self._most(unsafe_div(unsafe_mul(forward, 6), 5), strike, unsafe_sub(k, UP_20), s, inverse),
        self._most(unsafe_div(unsafe_mul(forward, 7), 5), strike, unsafe_sub(k, UP_40), s, inverse),
        self._most(
            unsafe_div(unsafe_mul(forward, 2), 1), strike, unsafe_sub(k, UP_100), s, inverse
        ),
    ]


@internal
@pure
def least(forward: uint256, strike: uint256, k: int256, s: uint256) -> uint256[JUMPS]:
    """
    @notice The same, at least.
    """
    inverse: uint256 = self._inverse(forward, strike, s)
    # s * exp(-s^2 / 8) >= s * (1 - s^2 / 8)
    width: uint256 = s * (2**64 - ((s * s) >> 67) - 1) >> 64
    return [
        self._least(
            unsafe_div(unsafe_mul(forward, 1), 2), strike, unsafe_sub(k, DOWN_50), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 7), 10), strike, unsafe_sub(k, DOWN_30), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 4), 5), strike, unsafe_sub(k, DOWN_20), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 9), 10), strike, unsafe_sub(k, DOWN_10), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 11), 10), strike, unsafe_sub(k, UP_10), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 6), 5), strike, unsafe_sub(k, UP_20), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 7), 5), strike, unsafe_sub(k, UP_40), width, inverse
        ),
        self._least(
            unsafe_div(unsafe_mul(forward, 2), 1), strike, unsafe_sub(k, UP_100), width, inverse
        ),
    ]


@internal
@pure
def _inverse(forward: uint256, strike: uint256, s: uint256) -> uint256:
    """
    @return 1 / s, Q64.
    """
    assert (forward | strike) >> 96 == 0 and s <= WIDEST, "stress: range"
    return unsafe_div(2**128, max(s, 1))


@internal
@pure
def _most(there: uint256, strike: uint256, k: int256, s: uint256, inverse: uint256) -> uint256:
    """
    @param k ln(strike / there).
    """
    sum: uint256 = unsafe_add(there, strike)
    f: uint256 = unsafe_add(self._f(k, inverse), EPSILON)
    time_value: uint256 = unsafe_mul(unsafe_mul(s, sum) >> 64, f) >> 65
    value: uint256 = unsafe_sub(max(there, strike), strike)
    return unsafe_add(min(unsafe_add(value, time_value), there), 2)


@internal
@pure
def _least(there: uint256, strike: uint256, k: int256, width: uint256, inverse: uint256) -> uint256:
    """
    @param k ln(strike / there). @param width At most s * exp(-s^2 / 8).
    """
    f: uint256 = unsafe_sub(max(self._f(k, inverse), EPSILON), EPSILON)
    sum: uint256 = max(unsafe_add(there, strike), 1)
    mean: uint256 = unsafe_div(unsafe_mul(there, strike) << 1, sum)
    value: uint256 = unsafe_sub(max(there, strike), strike)
    return unsafe_add(value, unsafe_mul(unsafe_mul(width, mean) >> 64, f) >> 64)


@internal
@pure
def _f(k: int256, inverse: uint256) -> uint256:
    """
    @notice phi(u) - u * N(-u), within EPSILON.
    """
    u: uint256 = min(unsafe_mul(bits.unsigned(bits.absolute(k)), inverse) >> 64, FARTHEST)
    p: uint256 = unsafe_add(C3, unsafe_mul(u, C4) >> 64)
    p = unsafe_add(C2, unsafe_mul(u, p) >> 64)
    p = unsafe_add(C1, unsafe_mul(u, p) >> 64)
    p = unsafe_add(ONE, unsafe_mul(u, p) >> 64)
    p = unsafe_mul(p, p) >> 64
    p = unsafe_mul(p, p) >> 64
    return unsafe_div(C0 << 128, unsafe_mul(p, p))
