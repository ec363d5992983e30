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
     Longer than 250 lines: the loop and its terms are one formula, on scales that they share.
"""

from . import bits
from . import book_words
from . import fixed_point
from . import normal
from . import surface

# One expiry, on scales on which expiries add up; sizes count 1e-6 ETH.
# delta: dV/dS at fixed basis (Q160). gamma: dV2/dS2 times S sqrt(2 pi) (Q96).
# vega: USD WAD (Q64). Only where values are asked for: spread, as vega, of |size|;
# worth: USD WAD; decay: sum of size exp(-d1**2 / 2) deviation (Q96).
# plain: delta without growth and without what a moving smile adds (Q96).
# deviation: sigma sqrt(tau) of the last node, moneyness: ln(K / F) of it, root_tau: sqrt(tau) (Q96),
# no sums.
struct Sums:
    delta: int256
    gamma: int256
    vega: int256
    spread: int256
    worth: int256
    decay: int256
    plain: int256
    deviation: int256
    moneyness: int256
    root_tau: int256


FINE: constant(int256) = 2**8 * 10**18  # a strike's tick: 2**8 a WAD
ONE: constant(int256) = 2**96
INV_SQRT_2PI: constant(int256) = 31607463825455920808620519744  # Q96
STICKY_STRIKE: constant(int256) = 100


@internal
@pure
def sweep(
    row: uint256[6], smile: surface.Smile, valued: bool, guess: int256, root_guess: int256
) -> Sums:
    """
    @notice The nodes and the forwards of one expiry, summed.
    @param row The expiry's row of a book (layout: lib/book_words.vy).
    @param smile The expiry's slice.
    @param valued Whether to value, too.
    @param guess A deviation nearby, or 0: saves gas, changes nothing else.
    @param root_guess A root of the life nearby, or 0: as well.
    @dev Contracts run the one in lib/inlined.vy, which is this with its calls written out. Longer
         than a function should be: one loop, whose sums are read together.
    """
    sums: Sums = empty(Sums)
    deviation: int256 = guess
    forward_units: int256 = book_words.forward_of(row[0])
    sums.plain = forward_units << 96
    skewed: bool = smile.stickiness != STICKY_STRIKE
    simple: bool = not (valued or skewed)
    word: uint256 = 0
    at: uint256 = 2  # the next word
    base: int256 = smile.forward << 8
    offset: int256 = 0
    k: int256 = 0
    x: int256 = 0
    square: int256 = 0
    twice: int256 = 0
    for _: uint256 in range(book_words.count_of(row[0]), bound=book_words.MAX_NODES):
        if word == 0:
            word = row[at]
            at = unsafe_add(at, 1)
        strike: int256 = unsafe_mul(bits.signed(book_words.strike_of(word)), FINE)
        size: int256 = book_words.size_of(word)
        word <<= 64
        if size == 0:
            continue
        k, base, offset = fixed_point.ln_near(strike, smile.forward << 8, base, offset)
        deviation, x, square, twice = surface.deviation(smile, k, deviation)
        d1: int256 = self._d1(k, deviation)
        bell: int256 = self._bell(d1)
        # of no account where |d1| leaves its range: the bell is 0 there
        ratio: int256 = normal.mills(bits.magnitude(d1))
        sums.plain = unsafe_add(sums.plain, unsafe_mul(size, self._probability(d1, bell, ratio)))
        weight: int256 = unsafe_mul(bell, size)
        sums.vega = unsafe_add(sums.vega, weight)
        sums.gamma = unsafe_add(sums.gamma, unsafe_div(weight << 64, deviation))
        if simple:
            continue
        if skewed:
            lean: int256 = surface._lean(smile, x, fixed_point.heron_of_twice(square, twice))
            added: int256 = self._smile_term(smile.stickiness, lean, deviation, weight, size)
            sums.delta = unsafe_add(sums.delta, added)
        if valued:
            d2: int256 = unsafe_sub(d1, deviation)
            other: int256 = normal.mills(min(bits.magnitude(d2), normal.MAX_Z))
            worth: int256 = self._worth(d1, d2, bell, ratio, other, smile.forward, strike >> 8)
            sums.worth = unsafe_add(sums.worth, unsafe_mul(size, worth))
            sums.spread = unsafe_add(sums.spread, weight if size > 0 else unsafe_sub(0, weight))
            sums.decay = unsafe_add(sums.decay, unsafe_mul(weight >> 48, deviation) >> 48)
    sums.moneyness = k
    return self._scaled(sums, smile, forward_units, valued, deviation, root_guess)


@internal
@pure
def _scaled(
    raw: Sums,
    smile: surface.Smile,
    forward_units: int256,
    valued: bool,
    deviation: int256,
    root_guess: int256,
) -> Sums:
    """
    @dev The loop's sums on the scales of `Sums`. Raw are, with 16 sizes of 2**39 and forwards of
         2**47: plain, delta: size N(d1) and what a moving smile adds (Q96), below 2**144; gamma:
         size exp(-d1**2 / 2) / deviation (Q64), below 2**131; vega, spread: of size and of |size|
         exp(-d1**2 / 2) (Q96), below 2**139.
    """
    root_tau: int256 = fixed_point.sqrt_near(smile.tau << 96, root_guess)
    # F sqrt(tau) / sqrt(2 pi), USD WAD in Q32: forward < 2**99, root < 2**98
    unit: int256 = unsafe_mul(unsafe_mul(smile.forward, root_tau) >> 64, INV_SQRT_2PI) >> 96
    # growth < 2**99, unit < 2**132: products below 2**236
    raw.deviation = deviation
    raw.root_tau = root_tau
    raw.delta = unsafe_mul(unsafe_add(raw.plain, raw.delta) >> 32, smile.growth)
    raw.gamma = unsafe_mul(raw.gamma >> 32, smile.growth >> 32)
    raw.vega = unsafe_mul(raw.vega >> 64, unit)
    if valued:
        raw.spread = unsafe_mul(raw.spread >> 64, unit)
        raw.worth = unsafe_add(raw.worth, unsafe_mul(forward_units, smile.forward))
    return raw


@internal
@pure
def _d1(k: int256, deviation: int256) -> int256:
    """
    @dev Q96, below 2**127.
    """
    return unsafe_sub(deviation >> 1, unsafe_div(k << 96, deviation))


@internal
@pure
def _bell(d1: int256) -> int256:
    """
    @dev exp(-d1**2 / 2), Q96; 0 from |d1| = 11.6 on.
    """
    half: int256 = unsafe_mul(d1, d1) >> 97
    bell: int256 = fixed_point.exp_minus(half)
    return bell


@internal
@pure
def _tail(bell: int256, ratio: int256) -> int256:
    """
    @dev N(-|d|), Q96.
    """
    return unsafe_mul(bell, ratio) >> 96


@internal
@pure
def _probability(d1: int256, bell: int256, ratio: int256) -> int256:
    """
    @dev N(d1), Q96.
    """
    # this way round, because <= takes a step less than >
    return self._tail(bell, ratio) if d1 <= 0 else unsafe_sub(ONE, self._tail(bell, ratio))


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
    lost: int256 = (decay >> 64) * (smile.forward * INV_SQRT_2PI >> 64) >> 64
    lost = (lost << 64) // ((smile.tau >> 31) + 1)
    return -lost - ((delta >> 64) * smile.forward * smile.basis // 1_000_000 >> 32)


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
    worth: int256 = unsafe_sub(forward, strike) if forward > strike else 0
    # the ratio falls, but for its last bits
    if d1 < 0:
        worth = unsafe_add(worth, unsafe_mul(scale, max(unsafe_sub(first, second), 0)) >> 128)
    elif d2 < 0:
        worth = max(unsafe_sub(forward, unsafe_mul(scale, unsafe_add(first, second)) >> 128), worth)
    else:
        worth = unsafe_add(worth, unsafe_mul(scale, max(unsafe_sub(second, first), 0)) >> 128)
    return worth


@internal
@pure
def call(k: int256, deviation: int256, forward: int256, strike: int256) -> (int256, int256, int256):
    """
    @notice One call.
    @param k ln(K / F), Q96, |k| < 2**103.
    @param deviation sigma * sqrt(tau), Q96, in [2**56, 2**99].
    @param forward WAD, 1 to 2**100.
    @param strike WAD, 0 to 2**100.
    @return Its value (WAD) in [max(F - K, 0), F]; N(d1) and exp(-d1**2 / 2) (Q96).
    """
    d1: int256 = self._d1(k, deviation)
    d2: int256 = unsafe_sub(d1, deviation)
    z1: int256 = min(bits.absolute(d1), normal.MAX_Z)
    bell: int256 = self._bell(z1)
    first: int256 = normal.mills(z1)
    second: int256 = normal.mills(min(bits.absolute(d2), normal.MAX_Z))
    return (
        self._worth(d1, d2, bell, first, second, forward, strike),
        self._probability(d1, bell, first),
        bell,
    )
