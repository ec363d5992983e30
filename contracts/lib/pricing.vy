# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Pricing
@license AGPL-3.0-only
@author Tandem contributors
@notice Undiscounted Black-76 over the nodes of one expiry: the loop that every trade pays for.
@dev With `A = F * exp(-d1**2 / 2) = K * exp(-d2**2 / 2)` and R the Mills ratio,
     `F * N(-|d1|) = A * R(|d1|)` and `K * N(-|d2|) = A * R(|d2|)`, so a call is
       d1 < 0:        A * (R(|d1|) - R(|d2|))
       d2 < 0 <= d1:  F - A * (R(|d1|) + R(|d2|))
       0 <= d2:       F - K + A * (R(|d2|) - R(|d1|))
     one exponential and two ratios, nothing cancels, and tails saturate. Greeks need d1 alone.
     Part of the audited kernel.
"""

from . import fixed_point
from . import normal
from . import surface

# One expiry, on scales on which expiries add up; sizes count 1e-6 ETH.
# delta: dV/dS at fixed basis (Q160). gamma: dV2/dS2 times S sqrt(2 pi) (Q96).
# vega: USD WAD (Q64). Only where values are asked for: spread, as vega, of |size|;
# worth: USD WAD; decay: sum of size exp(-d1**2 / 2) deviation, plain: delta without growth and
# without what a moving smile adds, both for `theta` (Q96).
# deviation: sigma sqrt(tau) of the last node, root_tau: sqrt(tau) (Q96), no sums.
struct Sums:
    delta: int256
    gamma: int256
    vega: int256
    spread: int256
    worth: int256
    decay: int256
    plain: int256
    deviation: int256
    root_tau: int256


FINE: constant(int256) = 2**8 * 10**18
ONE: constant(int256) = 2**96
INV_SQRT_2PI: constant(int256) = 31607463825455920808620519744  # Q96
MAX_NODES: constant(uint256) = 16
TWICE_MAX_U: constant(uint256) = 27186807287296906211408196196  # of fixed_point.MAX_U
STICKY_STRIKE: constant(int256) = 100
VARIANCE_RANGE: constant(uint256) = 2**198 - 2**144  # surface.MAX_VARIANCE - MIN_VARIANCE


@internal
@pure
def sweep(
    smile: surface.Smile,
    forward_units: int256,
    count: uint256,
    nodes: uint256[4],
    valued: bool,
    guess: int256,
    root_guess: int256,
) -> Sums:
    """
    @notice The nodes and the forwards of one expiry, summed.
    @param smile The expiry's slice.
    @param forward_units Forwards, 1e-6 ETH.
    @param count How many nodes.
    @param nodes Node words (layout: lib/book_words.vy).
    @param valued Whether to value, too.
    @param guess A deviation nearby, or 0: saves gas, changes nothing else.
    @param root_guess A root of the life nearby, or 0: as well.
    @dev ln_ratio, exp, mills and surface.deviation are written out in the loop, where a call would
         cost 60 to 140 gas a node; their bounds are stated there, and tests hold the copies equal.
    """
    sums: Sums = empty(Sums)
    deviation: int256 = guess
    curvature: int256 = 0  # size * exp(-d1**2/2) / deviation, Q64
    density: int256 = 0  # size * exp(-d1**2/2), Q96
    gross: int256 = 0  # the same of |size|
    decay: int256 = 0  # size * exp(-d1**2/2) * deviation, Q96
    forward: int256 = self._signed(smile.forward)
    skew: int256 = 0  # size * what a moving smile adds to N(d1), Q96
    skewed: bool = smile.stickiness != STICKY_STRIKE
    simple: bool = not (valued or skewed)
    delta: int256 = forward_units << 96  # size * N(d1), Q96
    word: uint256 = 0
    at: uint256 = 0  # the next word
    base: int256 = forward << 8  # times a power of two, and its logarithm
    offset: int256 = 0
    for _: uint256 in range(count, bound=MAX_NODES):
        if word == 0:
            word = nodes[at]
            at = unsafe_add(at, 1)
        # strike: uint24, to 2**8 a WAD, above the size: int40
        strike: int256 = unsafe_mul(convert(convert(word >> 232, bytes32), int256), FINE)
        size: int256 = convert(convert(word << 24, bytes32), int256) >> 216
        word <<= 64
        if size == 0:
            continue
        # fixed_point.ln_ratio(strike, forward), from the base below that strikes rise to
        k: int256 = offset
        u: int256 = unsafe_div(unsafe_sub(strike, base) << 96, unsafe_add(strike, base))
        if convert(convert(unsafe_add(u, fixed_point.MAX_U), bytes32), uint256) > TWICE_MAX_U:
            if u > 0:
                base <<= 1
                offset = unsafe_add(offset, fixed_point.LN2)
            else:
                base >>= 1
                offset = unsafe_sub(offset, fixed_point.LN2)
            k = offset
            u = unsafe_div(unsafe_sub(strike, base) << 96, unsafe_add(strike, base))
            if convert(convert(unsafe_add(u, fixed_point.MAX_U), bytes32), uint256) > TWICE_MAX_U:
                k = fixed_point.ln_ratio(strike, forward << 8)
                u = 0
        v: int256 = unsafe_mul(u, u) >> 132
        k = unsafe_add(
            k,
            unsafe_mul(
                u,
                unsafe_div(
                    unsafe_add(
                        unsafe_mul(
                            unsafe_add(
                                unsafe_mul(
                                    unsafe_add(unsafe_mul(fixed_point.LN_P3, v), fixed_point.LN_P2),
                                    v,
                                ),
                                fixed_point.LN_P1,
                            ),
                            v,
                        ),
                        fixed_point.LN_P0,
                    ),
                    unsafe_add(
                        unsafe_mul(
                            unsafe_add(
                                unsafe_mul(
                                    unsafe_add(unsafe_mul(fixed_point.LN_Q3, v), fixed_point.LN_Q2),
                                    v,
                                ),
                                fixed_point.LN_Q1,
                            ),
                            v,
                        ),
                        fixed_point.LN_Q0,
                    )
                    >> 144,
                ),
            )
            >> 144,
        )
        # surface.deviation(smile, k, deviation)
        x: int256 = unsafe_sub(k, smile.centre)
        square: int256 = unsafe_add(unsafe_mul(x, x), smile.smoothing_squared)
        # x times its sign
        root: int256 = (
            unsafe_mul(unsafe_add(unsafe_mul(x, (x >> 255) | 1), smile.smoothing), 213) >> 8
        )
        root = unsafe_add(root, unsafe_div(square, root)) >> 1
        root = unsafe_add(root, unsafe_div(square, root)) >> 1
        root = unsafe_add(root, unsafe_div(square, root)) >> 1
        variance: int256 = unsafe_add(
            smile.level,
            unsafe_add(
                unsafe_mul(smile.tilt, x),
                unsafe_mul(smile.wings, unsafe_add(root, unsafe_div(square, root)) >> 1),
            ),
        )
        # below the least, the difference wraps around to a large number
        if (
            convert(convert(unsafe_sub(variance, surface.MIN_VARIANCE), bytes32), uint256)
            > VARIANCE_RANGE
        ):
            variance = min(max(variance, surface.MIN_VARIANCE), surface.MAX_VARIANCE)
        y: int256 = unsafe_add(deviation, unsafe_div(variance, deviation)) >> 1
        y = unsafe_add(y, unsafe_div(variance, y)) >> 1
        y = unsafe_add(y, unsafe_div(variance, y)) >> 1
        deviation = unsafe_add(y, unsafe_div(variance, y)) >> 1
        if unsafe_sub(y, deviation) >= deviation >> 29:
            y = unsafe_add(deviation, unsafe_div(variance, deviation)) >> 1
            deviation = unsafe_add(y, unsafe_div(variance, y)) >> 1
            if unsafe_sub(y, deviation) >= deviation >> 29:
                deviation = self._signed(
                    fixed_point.sqrt(convert(convert(variance, bytes32), uint256))
                )
        d: int256 = unsafe_sub(deviation >> 1, unsafe_div(k << 96, deviation))
        # fixed_point.exp(-d * d / 2): |d| < 2**127, so e < 2**157; 0 from |d| = 11.6 on
        e: int256 = unsafe_mul(d, d) >> 97
        n: int256 = unsafe_add(unsafe_mul(e, fixed_point.LOG2E), 2**191) >> 192
        e = unsafe_sub(unsafe_mul(n, fixed_point.LN2), e)
        t: int256 = unsafe_mul(e, e) >> 132
        even: int256 = unsafe_add(
            unsafe_mul(unsafe_add(unsafe_mul(fixed_point.EXP_Q2, t), fixed_point.EXP_Q1), t),
            fixed_point.EXP_Q0,
        )
        e = unsafe_mul(
            e,
            unsafe_add(
                unsafe_mul(unsafe_add(unsafe_mul(fixed_point.EXP_P2, t), fixed_point.EXP_P1), t),
                fixed_point.EXP_P0,
            )
            >> 96,
        )
        bell: int256 = unsafe_div(unsafe_add(even, e) << 68, unsafe_sub(even, e) >> 110) >> convert(
            convert(unsafe_add(82, n), bytes32), uint256
        )
        # normal.mills(|d|), of no account where it leaves its range: bell is 0 there
        z: int256 = unsafe_mul(d, (d >> 255) | 1) >> 39
        ratio: int256 = unsafe_div(
            unsafe_add(
                unsafe_mul(
                    unsafe_add(
                        unsafe_mul(
                            unsafe_add(
                                unsafe_mul(
                                    unsafe_add(
                                        unsafe_mul(
                                            unsafe_add(
                                                unsafe_mul(
                                                    unsafe_add(unsafe_mul(normal.P6, z), normal.P5),
                                                    z,
                                                ),
                                                normal.P4,
                                            ),
                                            z,
                                        ),
                                        normal.P3,
                                    )
                                    >> 182,
                                    z,
                                ),
                                normal.P2,
                            ),
                            z,
                        ),
                        normal.P1,
                    ),
                    z,
                ),
                normal.P0,
            ),
            unsafe_add(
                unsafe_mul(
                    unsafe_add(
                        unsafe_mul(
                            unsafe_add(
                                unsafe_mul(
                                    unsafe_add(
                                        unsafe_mul(
                                            unsafe_add(
                                                unsafe_mul(
                                                    unsafe_add(
                                                        unsafe_mul(unsafe_add(z, normal.Q6), z),
                                                        normal.Q5,
                                                    ),
                                                    z,
                                                ),
                                                normal.Q4,
                                            ),
                                            z,
                                        ),
                                        normal.Q3,
                                    )
                                    >> 180,
                                    z,
                                ),
                                normal.Q2,
                            ),
                            z,
                        ),
                        normal.Q1,
                    ),
                    z,
                ),
                normal.Q0,
            )
            >> 91,
        )
        # with 16 sizes of 2**39: density below 2**139, curvature below 2**131, and with forwards of
        # 2**47 delta below 2**144
        if d > 0:
            delta = unsafe_add(
                delta, unsafe_mul(size, unsafe_sub(ONE, unsafe_mul(bell, ratio) >> 96))
            )
        else:
            delta = unsafe_add(delta, unsafe_mul(size, unsafe_mul(bell, ratio) >> 96))
        weight: int256 = unsafe_mul(bell, size)
        density = unsafe_add(density, weight)
        curvature = unsafe_add(curvature, unsafe_div(weight << 64, deviation))
        if simple:
            continue
        if skewed:
            # d variance / dk, as surface.slope
            root = unsafe_add(root, unsafe_div(square, root)) >> 1
            lean: int256 = unsafe_add(smile.tilt, unsafe_div(unsafe_mul(smile.wings, x), root))
            skew = unsafe_add(
                skew, self._smile_term(smile.stickiness, lean, deviation, weight, size)
            )
        if valued:
            d2: int256 = unsafe_sub(d, deviation)
            other: int256 = normal.mills(min(unsafe_mul(d2, (d2 >> 255) | 1), normal.MAX_Z))
            # as _worth: A in Q32 below 2**133, ratios at most 2**95
            scale: int256 = unsafe_mul(forward, bell) >> 64
            strike >>= 8
            worth: int256 = unsafe_sub(forward, strike) if forward > strike else 0
            if d < 0:
                worth = unsafe_add(
                    worth, unsafe_mul(scale, max(unsafe_sub(ratio, other), 0)) >> 128
                )
            elif d2 < 0:
                worth = max(
                    unsafe_sub(forward, unsafe_mul(scale, unsafe_add(ratio, other)) >> 128), worth
                )
            else:
                worth = unsafe_add(
                    worth, unsafe_mul(scale, max(unsafe_sub(other, ratio), 0)) >> 128
                )
            sums.worth = unsafe_add(sums.worth, unsafe_mul(size, worth))
            gross = unsafe_add(gross, weight if size > 0 else unsafe_sub(0, weight))
            decay = unsafe_add(decay, unsafe_mul(weight >> 48, deviation) >> 48)
    root_tau: int256 = self._signed(
        fixed_point.sqrt_near(
            convert(convert(smile.tau << 96, bytes32), uint256),
            convert(convert(root_guess, bytes32), uint256),
        )
    )
    # F sqrt(tau) / sqrt(2 pi), USD WAD in Q32: forward < 2**99, root < 2**98
    unit: int256 = unsafe_mul(unsafe_mul(forward, root_tau) >> 64, INV_SQRT_2PI) >> 96
    # growth < 2**99, unit < 2**132: products below 2**236
    sums.delta = unsafe_mul(unsafe_add(delta, skew) >> 32, smile.growth)
    sums.gamma = unsafe_mul(curvature >> 32, smile.growth >> 32)
    sums.vega = unsafe_mul(density >> 64, unit)
    sums.deviation = deviation
    sums.root_tau = root_tau
    if valued:
        sums.spread = unsafe_mul(gross >> 64, unit)
        sums.worth = unsafe_add(sums.worth, unsafe_mul(forward_units, forward))
        sums.decay = decay
        sums.plain = delta
    return sums


@internal
@pure
def _signed(word: uint256) -> int256:
    """
    @dev A number below 2**255 as a signed one.
    """
    return convert(convert(word, bytes32), int256)


@internal
@pure
def _smile_term(
    stickiness: int256, lean: int256, deviation: int256, bell: int256, size: int256
) -> int256:
    """
    @dev What a moving smile adds to size * N(d1): vega (R - 1) (d sigma / dk) / F, held in
         [-1, 1] times size, from size * exp(-d1**2 / 2).
         vega = F n(d1) sqrt(tau), d sigma / dk = (dw / dk) / (2 deviation sqrt(tau)).
    """
    # (dw / dk) / (2 deviation) < 2**132 in Q64; bell / size is at most 1
    tilt: int256 = (lean << 63) // deviation
    tilt = min(max(tilt, -(2**84)), 2**84) * (stickiness - STICKY_STRIKE) // 100
    tilt = ((bell >> 32) * (INV_SQRT_2PI >> 32) >> 32) * tilt >> 64
    most: int256 = abs(size) << 96
    return min(max(tilt, -most), most)


@internal
@pure
def theta(smile: surface.Smile, decay: int256, delta: int256) -> int256:
    """
    @notice USD WAD per year of a sweep's sums, for 1e-6 ETH.
    @dev Change of value per year at fixed spot, basis and volatility of each strike:
         -F n(d1) sigma / (2 sqrt(tau)) and the forward's way to spot, -basis F N(d1).
         decay < 2**171, delta < 2**164 (Q96); forward < 2**99; tau >= 2**71 for a second.
    """
    forward: int256 = self._signed(smile.forward)
    lost: int256 = (decay >> 64) * (forward * INV_SQRT_2PI >> 64) >> 64
    lost = (lost << 64) // ((smile.tau >> 31) + 1)
    return -lost - ((delta >> 64) * forward * smile.basis // 1_000_000 >> 32)


@internal
@pure
def _worth(
    d1: int256,
    d2: int256,
    bell: int256,
    first: int256,
    second: int256,
    forward: int256,
    strike: int256,
) -> int256:
    """
    @dev A call, WAD, in [max(F - K, 0), F]: bell is exp(-d1**2 / 2), first and second the Mills
         ratios of |d1| and |d2| (Q96). A in Q32 is below 2**133, ratios at most 2**95.
    """
    scale: int256 = unsafe_mul(forward, bell) >> 64
    inner: int256 = unsafe_sub(forward, strike) if forward > strike else 0
    # the ratio falls, but for its last bits
    if d1 < 0:
        return unsafe_add(inner, unsafe_mul(scale, max(unsafe_sub(first, second), 0)) >> 128)
    if d2 < 0:
        return max(unsafe_sub(forward, unsafe_mul(scale, unsafe_add(first, second)) >> 128), inner)
    return unsafe_add(inner, unsafe_mul(scale, max(unsafe_sub(second, first), 0)) >> 128)


@internal
@pure
def call(
    k: int256, deviation: uint256, forward: uint256, strike: uint256
) -> (uint256, int256, int256):
    """
    @notice One call.
    @param k ln(K / F), Q96, |k| < 2**103.
    @param deviation sigma * sqrt(tau), Q96, in [2**56, 2**99].
    @param forward WAD, 1 to 2**100.
    @param strike WAD, 0 to 2**100.
    @return Its value (WAD) in [max(F - K, 0), F]; N(d1) and exp(-d1**2 / 2) (Q96).
    """
    d1: int256 = unsafe_sub(
        self._signed(deviation >> 1), unsafe_div(k << 96, self._signed(deviation))
    )
    d2: int256 = unsafe_sub(d1, self._signed(deviation))
    z1: int256 = min(d1 if d1 > 0 else unsafe_sub(0, d1), normal.MAX_Z)
    z2: int256 = min(d2 if d2 > 0 else unsafe_sub(0, d2), normal.MAX_Z)
    bell: int256 = self._signed(fixed_point.exp(unsafe_sub(0, unsafe_mul(z1, z1) >> 97)))
    first: int256 = normal.mills(z1)
    second: int256 = normal.mills(z2)
    tail: int256 = unsafe_mul(bell, first) >> 96
    worth: int256 = self._worth(
        d1, d2, bell, first, second, self._signed(forward), self._signed(strike)
    )
    return (
        convert(convert(worth, bytes32), uint256),
        tail if d1 < 0 else unsafe_sub(ONE, tail),
        bell,
    )
