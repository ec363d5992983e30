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
     What is sold counts at one and a half times its volatility, what is bought at four fifths.
     Prices are WAD, k, s and u Q64. Contracts run what lib/inlined.vy makes of this.
"""

from . import bits

JUMPS: constant(uint256) = 8
# The jumps, in order: -50, -30, -20, -10, 10, 20, 40, 100 %.
# 100 (1 + j), a byte each from the lowest on.
FACTORS: constant(uint256) = 14451057719682025010
# ln(1 + j), Q63, two's complement, 64 bits each from the lowest on: of the first four, of the others.
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
FAR: constant(uint256) = 3750 * ONE // 1000  # from here on f is under EPSILON
WIDEST: constant(uint256) = 2 * ONE  # of more, as of a call that rises with s, at least this

# Calls at one strike, more or less of them. strike: WAD. moneyness: ln(K / F) before the jump.
# width: at least s where there are more, at most s * exp(-s^2 / 8) where there are less.
# inverse: 1 / s. size: how many.
struct Side:
    strike: uint256
    moneyness: int256
    width: uint256
    inverse: uint256
    size: uint256


@internal
@pure
def more(strike: uint256, k: int256, deviation: int256, size: uint256, is_sold: bool) -> Side:
    """
    @notice Calls that count at the most.
    @param strike WAD, 1 to 2**100. @param k ln(strike / forward), Q96.
    @param deviation sigma * sqrt(tau), Q96, 2**56 to 2**99. @param size Below 2**48.
    @param is_sold Whether they count at the high volatility.
    """
    s: uint256 = unsafe_add(self._stressed(deviation, is_sold), 2)  # what rounding took
    return Side(
        strike=strike, moneyness=k >> 32, width=s, inverse=unsafe_div(2**128, s), size=size
    )


@internal
@pure
def less(strike: uint256, k: int256, deviation: int256, size: uint256, is_sold: bool) -> Side:
    """
    @notice Calls that count at the least, as `more`.
    """
    s: uint256 = min(self._stressed(deviation, is_sold), WIDEST)
    # s * exp(-s^2 / 8) is at least s * (1 - s^2 / 8)
    width: uint256 = unsafe_mul(s, unsafe_sub(2**64 - 1, unsafe_mul(s, s) >> 67)) >> 64
    return Side(
        strike=strike, moneyness=k >> 32, width=width, inverse=unsafe_div(2**128, s), size=size
    )


@internal
@pure
def _stressed(deviation: int256, is_sold: bool) -> uint256:
    """
    @dev Q64.
    """
    s: uint256 = bits.unsigned(deviation >> 32)
    return unsafe_add(s, s >> 1) if is_sold else unsafe_div(unsafe_mul(s, 4), 5)


@internal
@pure
def _f(k: int256, inverse: uint256) -> uint256:
    """
    @dev phi(u) - u * N(-u), within EPSILON; u = |k| / s.
    """
    u: uint256 = unsafe_mul(bits.unsigned(bits.magnitude(k)), inverse) >> 64
    f: uint256 = 0
    if u < FAR:
        p: uint256 = unsafe_add(
            ONE,
            unsafe_mul(
                u,
                unsafe_add(
                    C1,
                    unsafe_mul(
                        u,
                        unsafe_add(
                            C2, unsafe_mul(u, unsafe_add(C3, unsafe_mul(u, C4) >> 64)) >> 64
                        ),
                    )
                    >> 64,
                ),
            )
            >> 64,
        )
        p = unsafe_mul(p, p) >> 64
        p = unsafe_mul(p, p) >> 64
        f = unsafe_div(C0 << 128, unsafe_mul(p, p))
    return f


@internal
@pure
def _most(x: Side, there: uint256, way: int256) -> uint256:
    """
    @dev One call at a forward, at the most, WAD. way: how far the forward has come, ln.
    """
    f: uint256 = self._f(unsafe_sub(x.moneyness, way), x.inverse)
    time_value: uint256 = (
        unsafe_mul(unsafe_mul(x.width, unsafe_add(there, x.strike)) >> 64, unsafe_add(f, EPSILON))
        >> 65
    )
    return unsafe_add(unsafe_sub(max(there, x.strike), x.strike), unsafe_add(time_value, 3))


@internal
@pure
def _least(x: Side, there: uint256, way: int256) -> uint256:
    """
    @dev The same, at the least.
    """
    f: uint256 = self._f(unsafe_sub(x.moneyness, way), x.inverse)
    mean: uint256 = unsafe_div(unsafe_mul(there, x.strike) << 1, unsafe_add(there, x.strike))
    return unsafe_add(
        unsafe_sub(max(there, x.strike), x.strike),
        unsafe_mul(unsafe_mul(x.width, mean) >> 64, unsafe_sub(max(f, EPSILON), EPSILON)) >> 64,
    )


@internal
@pure
def added(
    sums: int256[JUMPS], forward: uint256, up: Side, down: Side, forwards: int256, cash: int256
) -> int256[JUMPS]:
    """
    @notice `sums` with calls, forwards and cash, at the most.
    @param sums WAD USD times the unit of sizes, below 2**200, a jump each.
    @param forward WAD, before the jump, 1 to 2**100.
    @param up What there is more of. @param down What there is less of.
    @param forwards In the unit of sizes. @param cash WAD USD times that unit.
    """
    result: int256[JUMPS] = sums
    over: int256 = 1 if forwards > 0 else 0  # the sums err upwards
    factors: uint256 = FACTORS
    logs: uint256 = LOGS_DOWN
    for j: uint256 in range(JUMPS):
        if j == 4:
            logs = LOGS_UP
        way: int256 = bits.signed(logs << 192) >> 191
        logs >>= 64
        there: uint256 = unsafe_div(unsafe_mul(forward, factors & 255), 100)
        factors >>= 8
        total: int256 = unsafe_add(unsafe_mul(forwards, unsafe_add(bits.signed(there), over)), cash)
        if up.size != 0:
            most: uint256 = self._most(up, there, way)
            total = unsafe_add(total, bits.signed(unsafe_mul(up.size, most)))
        if down.size != 0:
            least: uint256 = self._least(down, there, way)
            total = unsafe_sub(total, bits.signed(unsafe_mul(down.size, least)))
        result[j] = unsafe_add(result[j], total)
    return result
