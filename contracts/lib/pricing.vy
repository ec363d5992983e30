# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Pricing
@license AGPL-3.0-only
@author Tandem contributors
@notice Undiscounted Black-76 of one call, from log-moneyness and standard deviation.
@dev With u = |k| / deviation, h = deviation / 2, t = u - h and p = u + h, the smaller and the
     larger of |d1| and |d2| are |t| and p, and `F * bell(d1) = K * bell(d2) = A`, where
     `A = min(F, K) * bell(t)`. Every N is then A times a Mills ratio, or the complement:
     nothing cancels, and the out-of-the-money option is `A * (mills(t) - mills(p))` for
     t >= 0, else `min(F, K) - A * (mills(-t) + mills(p))`. Part of the audited kernel.
"""

from . import fixed_point
from . import normal

ONE: constant(uint256) = 2**96


@internal
@pure
def hedge(k: int256, deviation: uint256) -> (uint256, uint256):
    """
    @notice What delta, gamma and vega of a call need, without its value.
    @param k ln(K / F), Q96, |k| < 2**103.
    @param deviation sigma * sqrt(tau), Q96, in [2**56, 2**99].
    @return N(d1) and exp(-d1**2 / 2), Q96.
    """
    # |k| * 2**96 < 2**199
    d: int256 = unsafe_sub(
        convert(convert(deviation >> 1, bytes32), int256),
        unsafe_div(k << 96, convert(convert(deviation, bytes32), int256)),
    )
    if d < 0:
        z: uint256 = min(
            convert(convert(unsafe_sub(0, d), bytes32), uint256), normal.MAX_Z
        )
        bell: uint256 = normal.bell(z)
        return unsafe_mul(bell, normal.mills(z)) >> 96, bell
    z: uint256 = min(convert(convert(d, bytes32), uint256), normal.MAX_Z)
    bell: uint256 = normal.bell(z)
    return unsafe_sub(ONE, unsafe_mul(bell, normal.mills(z)) >> 96), bell


@internal
@pure
def option(
    k: int256, deviation: uint256, forward: uint256, strike: uint256
) -> (uint256, uint256, uint256):
    """
    @notice A call's value and what its Greeks need.
    @param k ln(K / F), Q96, |k| < 2**103; its sign decides which side is out of the money.
    @param deviation sigma * sqrt(tau), Q96, in [2**56, 2**99].
    @param forward WAD, 1 to 2**100.
    @param strike WAD, 1 to 2**100.
    @return The out-of-the-money option (a call when k > 0, else a put), WAD, in
            [0, min(F, K)]; N(d1) and exp(-d1**2 / 2), Q96.
    """
    above: bool = k > 0
    u: uint256 = unsafe_div(
        convert(convert((k if above else unsafe_sub(0, k)) << 96, bytes32), uint256), deviation
    )
    h: uint256 = deviation >> 1
    larger: uint256 = normal.mills(min(unsafe_add(u, h), normal.MAX_Z))
    least: uint256 = min(forward, strike)
    if u >= h:
        t: uint256 = min(unsafe_sub(u, h), normal.MAX_Z)
        bell: uint256 = normal.bell(t)
        smaller: uint256 = max(normal.mills(t), larger)
        # least * bell < 2**196; 2**132 * 2**95 below
        otm: uint256 = unsafe_mul(
            unsafe_mul(least, bell) >> 64, unsafe_sub(smaller, larger)
        ) >> 128
        if above:
            return otm, unsafe_mul(bell, smaller) >> 96, bell
        # exp(-d1**2 / 2) = bell * K / F, at most bell
        bell = min(unsafe_div(unsafe_mul(bell, strike), forward), bell)
        return otm, unsafe_sub(ONE, unsafe_mul(bell, larger) >> 96), bell
    t: uint256 = min(unsafe_sub(h, u), normal.MAX_Z)
    bell: uint256 = normal.bell(t)
    smaller: uint256 = normal.mills(t)
    # bell <= 1 and both ratios <= 1/2: the product is at most `least`
    otm: uint256 = unsafe_sub(
        least, unsafe_mul(unsafe_mul(least, bell) >> 64, unsafe_add(smaller, larger)) >> 128
    )
    if above:
        return otm, unsafe_sub(ONE, unsafe_mul(bell, smaller) >> 96), bell
    bell = min(unsafe_div(unsafe_mul(bell, strike), forward), ONE)
    return otm, unsafe_sub(ONE, unsafe_mul(bell, larger) >> 96), bell
