# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Stress
@license AGPL-3.0-only
@author Tandem contributors
@notice What a strike's calls may be worth after each of eight instant jumps, at the most where they
        were sold and at the least where they were bought: for a gate that may err on one side
        alone. A bound, no price: it takes no root, no exponential and one division a jump.
@dev With F the forward after the jump, s = sigma * sqrt(tau), u = |ln(K / F)| / s and
     f(u) = phi(u) - u * N(-u), a call's time value is at most `s * sqrt(F K) * f(u)` and at least
     `exp(-s^2 / 8)` times that. sqrt(F K) lies between the harmonic and the arithmetic mean, exp(-x)
     is at least 1 - x, and f is within EPSILON of C0 / (1 + C1 u + C2 u^2 + C3 u^3 + C4 u^4)^8.
     s is volatile: what is sold counts at one and a half times its volatility, what is bought at
     four fifths. Prices are WAD, k, s and u Q64.
"""

from . import bits

JUMPS: constant(uint256) = 8
# 100 (1 + j), a byte each from the lowest on: -50, -30, -20, -10, 10, 20, 40, 100 %
FACTORS: constant(uint256) = 14451057719682025010
# ln(1 + j), Q63, two's complement, from the lowest 64 bits on: of the first four, of the last
LOGS_DOWN: constant(uint256) = (
    109692132121745858759310623119329520401319594094261940579762388953827993207594
)
LOGS_UP: constant(uint256) = (
    40130480092995654432836380634084324164689764520579992727191460957592309949262
)
ONE: constant(uint256) = 2**64
C0: constant(uint256) = 7358686970447541998
C1: constant(uint256) = 2883772122345384720
C2: constant(uint256) = 918262133452154403
C3: constant(uint256) = 125964514244529358
C4: constant(uint256) = 60018142050780660
EPSILON: constant(uint256) = 516508834063867  # 2.8e-5: 2.713e-5 and what rounding may be
FARTHEST: constant(uint256) = 12 * ONE  # beyond it f is under 1e-34
WIDEST: constant(uint256) = 2 * ONE  # of more, as of a call that rises with s, at least this


@internal
@pure
def add(
    sums: int256[JUMPS],
    forward: uint256,
    strike: uint256,
    k: int256,
    deviation: int256,
    size: int256,
    is_sold: bool,
) -> int256[JUMPS]:
    """
    @notice `sums` with a strike's calls after each jump: at most where `size` is above 0, at least
            where it is below.
    @param sums WAD USD times the unit of `size`, below 2**200.
    @param forward WAD, before the jump, 1 to 2**100. @param strike The same.
    @param k ln(strike / forward), Q96. @param deviation sigma * sqrt(tau), Q96, 2**56 to 2**99.
    @param size Below 2**48 either way. @param is_sold Whether they count at the high volatility.
    @dev Longer than a screen: one loop, every step of which hands its numbers to the next.
    """
    result: int256[JUMPS] = sums
    s: uint256 = bits.unsigned(deviation) >> 32
    s = unsafe_add(s, s >> 1) if is_sold else unsafe_div(unsafe_mul(s, 4), 5)
    rises: bool = size > 0
    if rises:
        s = unsafe_add(s, 2)  # what rounding took
    else:
        s = min(s, WIDEST)
    inverse: uint256 = unsafe_div(2**128, max(s, 1))
    # at least s * exp(-s^2 / 8), which is at least s * (1 - s^2 / 8)
    width: uint256 = s
    if not rises:
        width = unsafe_mul(s, unsafe_sub(2**64 - 1, unsafe_mul(s, s) >> 67)) >> 64
    moneyness: int256 = k >> 32
    factors: uint256 = FACTORS
    logs: uint256 = LOGS_DOWN
    for j: uint256 in range(JUMPS):
        if j == 4:
            logs = LOGS_UP
        there: uint256 = unsafe_div(unsafe_mul(forward, factors & 255), 100)
        x: int256 = unsafe_sub(moneyness, bits.signed(logs << 192) >> 191)
        factors >>= 8
        logs >>= 64
        u: uint256 = min(
            unsafe_mul(bits.unsigned(bits.magnitude(x)), inverse) >> 64, FARTHEST
        )
        p: uint256 = unsafe_add(C3, unsafe_mul(u, C4) >> 64)
        p = unsafe_add(C2, unsafe_mul(u, p) >> 64)
        p = unsafe_add(C1, unsafe_mul(u, p) >> 64)
        p = unsafe_add(ONE, unsafe_mul(u, p) >> 64)
        p = unsafe_mul(p, p) >> 64
        p = unsafe_mul(p, p) >> 64
        f: uint256 = unsafe_div(C0 << 128, unsafe_mul(p, p))
        sum: uint256 = unsafe_add(there, strike)
        value: uint256 = unsafe_sub(max(there, strike), strike)
        if rises:
            f = unsafe_mul(unsafe_mul(width, sum) >> 64, unsafe_add(f, EPSILON)) >> 65
            value = unsafe_add(min(unsafe_add(value, f), there), 3)
        else:
            f = unsafe_sub(max(f, EPSILON), EPSILON)
            mean: uint256 = unsafe_div(unsafe_mul(there, strike) << 1, sum)
            value = unsafe_add(value, unsafe_mul(unsafe_mul(width, mean) >> 64, f) >> 64)
        result[j] = unsafe_add(result[j], unsafe_mul(size, bits.signed(value)))
    return result


@internal
@pure
def add_linear(
    sums: int256[JUMPS], forward: uint256, units: int256, cash: int256
) -> int256[JUMPS]:
    """
    @notice `sums` with forwards and cash.
    @param units Forwards, in the unit of the sums' sizes. @param cash WAD USD times that unit.
    """
    result: int256[JUMPS] = sums
    factors: uint256 = FACTORS
    over: int256 = 1 if units > 0 else 0  # the sums err upwards
    for j: uint256 in range(JUMPS):
        there: int256 = bits.signed(unsafe_div(unsafe_mul(forward, factors & 255), 100))
        factors >>= 8
        more: int256 = unsafe_mul(units, unsafe_add(there, over))
        result[j] = unsafe_add(result[j], unsafe_add(more, cash))
    return result
