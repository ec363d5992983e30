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

# Sums over nodes of size (units) times:
# delta: N(d1) (Q96). smile: what a moving smile adds to it (Q96).
# curvature: exp(-d1**2/2) / deviation (Q96). density: exp(-d1**2/2) (Q96).
# gross: as density, of |size|. decay: exp(-d1**2/2) * deviation (Q96). worth: the call (WAD).
# deviation: sigma sqrt(tau) of the last node (Q96), no sum.
# gross, decay and worth only where values are asked for.
struct Sums:
    delta: int256
    smile: int256
    curvature: int256
    density: int256
    gross: int256
    decay: int256
    worth: int256
    deviation: uint256


WAD: constant(uint256) = 10**18
ONE: constant(int256) = 2**96
INV_SQRT_2PI: constant(int256) = 31607463825455920808620519744  # Q96
MAX_NODES: constant(uint256) = 16
STICKY_STRIKE: constant(int256) = 100


@internal
@pure
def sweep(
    smile: surface.Smile,
    stickiness: int256,
    forward: uint256,
    count: uint256,
    nodes: uint256[8],
    strikes: uint256[4],
    valued: bool,
    guess: uint256,
) -> Sums:
    """
    @notice The nodes of one expiry, summed.
    @param smile The expiry's slice.
    @param stickiness 1/100; 100 adds nothing.
    @param forward USD (WAD), below 2**100.
    @param count How many nodes.
    @param nodes Node words.
    @param strikes Strike words, read only where values are asked for.
    @param valued Whether to value, too.
    @param guess A deviation nearby, or 0: saves gas, changes nothing else.
    """
    sums: Sums = empty(Sums)
    flat: bool = smile.deviation != 0
    skewed: bool = not flat and stickiness != STICKY_STRIKE
    deviation: int256 = self._signed(smile.deviation if flat else guess)
    word: uint256 = 0
    for i: uint256 in range(count, bound=MAX_NODES):
        if i & 1 == 0:
            word = nodes[i >> 1]
        else:
            word >>= 128
        # size: int64. ln K: int64 Q57, brought to Q96; |k| < 2**103
        size: int256 = convert(convert(word << 128, bytes32), int256) >> 192
        if size == 0:
            continue
        log_strike: int256 = convert(convert(word << 192, bytes32), int256) >> 153
        k: int256 = unsafe_sub(log_strike, smile.log_forward)
        if not flat:
            # the steps of surface.deviation, where their bounds are stated; a call here would
            # cost 9k gas over 64 nodes
            x: int256 = unsafe_sub(log_strike, smile.centre)
            square: int256 = unsafe_add(unsafe_mul(x, x), smile.smoothing_squared)
            root: int256 = unsafe_mul(
                unsafe_add(x if x > 0 else unsafe_sub(0, x), smile.smoothing), 213
            ) >> 8
            root = unsafe_add(root, unsafe_div(square, root)) >> 1
            root = unsafe_add(root, unsafe_div(square, root)) >> 1
            root = unsafe_add(root, unsafe_div(square, root)) >> 1
            variance: int256 = unsafe_add(
                smile.level,
                unsafe_add(
                    unsafe_mul(smile.tilt, x),
                    unsafe_mul(
                        smile.wings, unsafe_add(root, unsafe_div(square, root)) >> 1
                    ),
                ),
            )
            if variance < surface.MIN_VARIANCE:
                variance = surface.MIN_VARIANCE
            if variance > surface.MAX_VARIANCE:
                variance = surface.MAX_VARIANCE
            y: int256 = unsafe_add(deviation, unsafe_div(variance, deviation)) >> 1
            y = unsafe_add(y, unsafe_div(variance, y)) >> 1
            y = unsafe_add(y, unsafe_div(variance, y)) >> 1
            y = unsafe_add(y, unsafe_div(variance, y)) >> 1
            deviation = unsafe_add(y, unsafe_div(variance, y)) >> 1
            if unsafe_sub(unsafe_add(y, 1), deviation) << 29 > deviation:
                deviation = self._signed(
                    fixed_point.sqrt(convert(convert(variance, bytes32), uint256))
                )
        probability: int256 = 0
        bell: int256 = 0
        if valued:
            # a strike of 0 or beyond its range cannot be listed; it is read as the nearest one
            strike: uint256 = min((strikes[i >> 2] >> ((i & 3) << 6)) & (2**64 - 1), 2**40)
            call: uint256 = 0
            call, probability, bell = self.call(
                k, convert(convert(deviation, bytes32), uint256), forward, unsafe_mul(strike, WAD)
            )
            # |size| <= 2**63, a call < 2**101
            sums.worth = unsafe_add(
                sums.worth, unsafe_mul(size, convert(convert(call, bytes32), int256))
            )
            sums.decay = unsafe_add(
                sums.decay,
                unsafe_mul(size, unsafe_mul(bell, deviation) >> 96),
            )
            sums.gross = unsafe_add(
                sums.gross,
                unsafe_mul(size if size > 0 else unsafe_sub(0, size), bell),
            )
        else:
            # |k| * 2**96 < 2**199
            d: int256 = unsafe_sub(deviation >> 1, unsafe_div(k << 96, deviation))
            z: int256 = d if d > 0 else unsafe_sub(0, d)
            if z > normal.MAX_Z:
                z = normal.MAX_Z
            bell = convert(
                convert(fixed_point.exp(unsafe_sub(0, unsafe_mul(z, z) >> 97)), bytes32), int256
            )
            probability = unsafe_mul(bell, normal.mills(z)) >> 96
            if d > 0:
                probability = unsafe_sub(ONE, probability)
        # bell / deviation < 2**120 in Q96: with 16 sizes every sum stays below 2**188
        sums.delta = unsafe_add(sums.delta, unsafe_mul(size, probability))
        sums.density = unsafe_add(sums.density, unsafe_mul(size, bell))
        sums.curvature = unsafe_add(
            sums.curvature, unsafe_mul(size, unsafe_div(bell << 96, deviation))
        )
        if skewed:
            sums.smile = unsafe_add(
                sums.smile,
                unsafe_mul(size, self._smile_term(smile, stickiness, log_strike, deviation, bell)),
            )
    sums.deviation = convert(convert(deviation, bytes32), uint256)
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
    smile: surface.Smile,
    stickiness: int256,
    log_strike: int256,
    deviation: int256,
    bell: int256,
) -> int256:
    """
    @dev What a moving smile adds to N(d1): vega (R - 1) (d sigma / dk) / F, held in [-1, 1].
         vega = F n(d1) sqrt(tau), d sigma / dk = (dw / dk) / (2 deviation sqrt(tau)).
    """
    # |dw / dk| < 2**108, so the product is below 2**205
    tilt: int256 = surface.slope(smile, log_strike) * bell // (2 * deviation)
    tilt = (tilt >> 32) * (INV_SQRT_2PI >> 32) >> 32
    tilt = tilt * (stickiness - STICKY_STRIKE) // 100
    return min(max(tilt, -ONE), ONE)


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
    # A in Q32 < 2**133, ratios <= 2**95
    scale: int256 = unsafe_mul(self._signed(forward), bell) >> 64
    inner: int256 = self._signed(unsafe_sub(forward, strike) if forward > strike else 0)
    tail: int256 = unsafe_mul(bell, first) >> 96
    worth: int256 = 0
    if d1 < 0:
        # the ratio falls, but for its last bits
        worth = unsafe_add(inner, unsafe_mul(scale, max(unsafe_sub(first, second), 0)) >> 128)
    else:
        tail = unsafe_sub(ONE, tail)
        if d2 < 0:
            worth = max(
                unsafe_sub(
                    self._signed(forward), unsafe_mul(scale, unsafe_add(first, second)) >> 128
                ),
                inner,
            )
        else:
            worth = unsafe_add(inner, unsafe_mul(scale, max(unsafe_sub(second, first), 0)) >> 128)
    return convert(convert(worth, bytes32), uint256), tail, bell
