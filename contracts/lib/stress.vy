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


struct Half:
    strike: uint256
    width: uint256
    inverse: uint256
    shrunk: uint256  # width * exp(-width^2 / 8), at least
    from_above: bool


@internal
@pure
def bounds(
    forward: uint256, strike: uint256, k: int256, s: uint256, from_above: bool
) -> uint256[JUMPS]:
    """
    @notice A call's value after each jump, at most or at least.
    @param forward WAD, before the jump, below 2**96. @param strike The same.
    @param k ln(strike / forward), Q64, within 64. @param s sigma * sqrt(tau), Q64, at most 2 (wider: as
           if it were 2, from below; from above it reverts).
    """
    assert (forward | strike) >> 96 == 0, "stress: price range"
    width: uint256 = min(s, WIDEST)
    assert width == s or not from_above, "stress: too wide"
    h: Half = Half(
        strike=strike,
        width=width,
        inverse=unsafe_div(2**128, max(width, 1)),
        # s * exp(-s^2 / 8) >= s * (1 - s^2 / 8)
        shrunk=width * (2**64 - ((width * width) >> 67) - 1) >> 64,
        from_above=from_above,
    )
    return [
        self._after(h, unsafe_div(unsafe_mul(forward, 1), 2), unsafe_sub(k, DOWN_50)),
        self._after(h, unsafe_div(unsafe_mul(forward, 7), 10), unsafe_sub(k, DOWN_30)),
        self._after(h, unsafe_div(unsafe_mul(forward, 4), 5), unsafe_sub(k, DOWN_20)),
        self._after(h, unsafe_div(unsafe_mul(forward, 9), 10), unsafe_sub(k, DOWN_10)),
        self._after(h, unsafe_div(unsafe_mul(forward, 11), 10), unsafe_sub(k, UP_10)),
        self._after(h, unsafe_div(unsafe_mul(forward, 6), 5), unsafe_sub(k, UP_20)),
        self._after(h, unsafe_div(unsafe_mul(forward, 7), 5), unsafe_sub(k, UP_40)),
        self._after(h, unsafe_div(unsafe_mul(forward, 2), 1), unsafe_sub(k, UP_100)),
    ]


@internal
@pure
def _after(h: Half, there: uint256, k: int256) -> uint256:
    """
    @notice One of them. @param k ln(strike / there), Q64.
    """
    u: uint256 = min(unsafe_mul(bits.unsigned(bits.absolute(k)), h.inverse) >> 64, FARTHEST)
    p: uint256 = unsafe_add(C3, unsafe_mul(u, C4) >> 64)
    p = unsafe_add(C2, unsafe_mul(u, p) >> 64)
    p = unsafe_add(C1, unsafe_mul(u, p) >> 64)
    p = unsafe_add(ONE, unsafe_mul(u, p) >> 64)
    p = unsafe_mul(p, p) >> 64
    p = unsafe_mul(p, p) >> 64
    f: uint256 = unsafe_div(C0 << 128, unsafe_mul(p, p))
    value: uint256 = unsafe_sub(max(there, h.strike), h.strike)
    if h.from_above:
        sum: uint256 = unsafe_add(there, h.strike)
        time_value: uint256 = (
            unsafe_mul(unsafe_mul(h.width, sum) >> 64, unsafe_add(f, EPSILON)) >> 65
        )
        return unsafe_add(min(unsafe_add(value, time_value), there), 2)
    if f <= EPSILON:
        return value
    mean: uint256 = unsafe_div(
        unsafe_mul(there, h.strike) << 1, max(unsafe_add(there, h.strike), 1)
    )
    return unsafe_add(
        value, unsafe_mul(unsafe_mul(h.shrunk, mean) >> 64, unsafe_sub(f, EPSILON)) >> 64
    )
