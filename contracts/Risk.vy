# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Risk
@license AGPL-3.0-only
@author Tandem contributors
@notice The stateless mathematics over a book: value, Greeks, quote, worst payoff, partial close,
        hedging band. Everything is of the liability; the caller takes the sign.
@dev Units, streams and words: interfaces/IRisk.vyi, lib/book_stream.vy, lib/surface.vy.
     Sizes are summed in units of 1e-6 ETH times Q96 and become WAD once per expiry.
"""

from .interfaces import IRisk
from .lib import band
from .lib import book_stream
from .lib import fixed_point
from .lib import normal
from .lib import payoffs
from .lib import pricing
from .lib import surface

implements: IRisk


# Sums over nodes of size times N(d1) with the smile term, exp(-d1**2/2) / deviation and
# exp(-d1**2/2); Q96 times units.
struct Sums:
    delta: int256
    curvature: int256
    density: int256


# One strike on a slice. call, put: USD (WAD). delta: N(d1) with the smile term (Q96).
# bell: exp(-d1**2/2), deviation: sigma sqrt(tau) (Q96).
struct Leg:
    call: uint256
    put: uint256
    delta: int256
    bell: uint256
    deviation: uint256


WAD: constant(uint256) = 10**18
ONE: constant(uint256) = 2**96
INV_SQRT_2PI: constant(int256) = 31607463825455920808620519744  # Q96
LN_WAD: constant(int256) = 3283732547111784853622338894909  # Q96
MAX_WORDS: constant(uint256) = 112
MAX_EXPIRIES: constant(uint256) = 8
MAX_NODES: constant(uint256) = 16
MIN_LIFE: constant(uint256) = 60  # an expiry that waits for its price keeps this life
STICKY_STRIKE: constant(int256) = 100
UNITS: constant(int256) = 1_000_000  # per ETH, and quote units per USD
CASH_TO_WAD: constant(int256) = 10**12
MIN_SPOT: constant(uint256) = 10**16
MAX_SPOT: constant(uint256) = 2**96 - 1
MAX_STRIKE: constant(uint256) = 2**40
MAX_HALF_SPREAD: constant(uint256) = 10**20
MIN_DEVIATION: constant(uint256) = 2**56
MAX_DEVIATION: constant(uint256) = 2**99


# ---------------------------------------------------------------- the book


@external
@pure
def exposure(
    stream: DynArray[uint256, MAX_WORDS], spot: uint256, timestamp: uint256
) -> IRisk.Exposure:
    """
    @notice Delta, gamma and vega of the whole liability.
    @param stream The live expiries, form without strikes.
    @param spot USD (WAD).
    @param timestamp The moment to price at.
    """
    return self._exposure(stream, spot, self._log_spot(spot), timestamp)


@external
@pure
def assess(
    stream: DynArray[uint256, MAX_WORDS],
    spot: uint256,
    timestamp: uint256,
    option: IRisk.OptionQuery,
) -> (IRisk.Exposure, IRisk.OptionGreeks):
    """
    @notice As `exposure`, and one series per 1 ETH.
    """
    log_spot: int256 = self._log_spot(spot)
    return (
        self._exposure(stream, spot, log_spot, timestamp),
        self._option(option, spot, log_spot, timestamp),
    )


@internal
@pure
def _log_spot(spot: uint256) -> int256:
    """
    @dev ln of spot in USD, Q96.
    """
    assert spot >= MIN_SPOT and spot <= MAX_SPOT, "risk: spot range"
    return fixed_point.ln(spot) - LN_WAD


@internal
@pure
def _life(expiry: uint256, timestamp: uint256) -> uint256:
    """
    @dev Seconds to expiry, at least a minute.
    """
    if expiry > timestamp:
        return max(expiry - timestamp, MIN_LIFE)
    return MIN_LIFE


@internal
@pure
def _block_end(cursor: uint256, words: uint256, count: uint256, length: uint256) -> uint256:
    """
    @dev Where an expiry's words end.
    """
    end: uint256 = cursor + 2 + words
    assert count <= MAX_NODES and end <= length, "risk: stream length"
    return end


@internal
@pure
def _check_end(cursor: uint256, length: uint256):
    """
    @dev A stream holds at most eight expiries and nothing behind them.
    """
    assert cursor == length, "risk: too many expiries"


@internal
@pure
def _exposure(
    stream: DynArray[uint256, MAX_WORDS], spot: uint256, log_spot: int256, timestamp: uint256
) -> IRisk.Exposure:
    """
    @dev One kernel evaluation per node.
    """
    total: IRisk.Exposure = empty(IRisk.Exposure)
    length: uint256 = len(stream)
    cursor: uint256 = 0
    for _: uint256 in range(MAX_EXPIRIES):
        if cursor == length:
            break
        header: uint256 = stream[cursor]
        count: uint256 = book_stream.header_count(header)
        end: uint256 = self._block_end(cursor, book_stream.node_words(count), count, length)
        smile: surface.Smile = empty(surface.Smile)
        term: surface.Term = empty(surface.Term)
        smile, term = surface.read(
            stream[unsafe_add(cursor, 1)],
            log_spot,
            spot,
            self._life(book_stream.header_expiry(header), timestamp),
        )
        sums: Sums = Sums(
            delta=book_stream.header_forward(header) << 96, curvature=0, density=0
        )
        deviation: uint256 = smile.deviation
        flat: bool = deviation != 0
        skewed: bool = not flat and term.stickiness != STICKY_STRIKE
        word: uint256 = 0
        at: uint256 = unsafe_add(cursor, 2)
        for i: uint256 in range(count, bound=MAX_NODES):
            if i & 1 == 0:
                word = stream[at]
                at = unsafe_add(at, 1)
            else:
                word >>= 128
            # the node's size, int64, and ln K, int64 Q57 brought to Q96
            size: int256 = convert(convert(word << 128, bytes32), int256) >> 192
            if size == 0:
                continue
            log_strike: int256 = convert(convert(word << 192, bytes32), int256) >> 153
            if not flat:
                deviation = surface.deviation(smile, log_strike, deviation)
            probability: uint256 = 0
            bell: uint256 = 0
            probability, bell = pricing.hedge(
                unsafe_sub(log_strike, smile.log_forward), deviation
            )
            # |size| <= 2**63, bell / deviation < 2**120 in Q96: every sum stays below 2**188
            share: int256 = convert(convert(probability, bytes32), int256)
            if skewed:
                share += self._smile_term(smile, term, log_strike, deviation, bell)
            sums.delta = unsafe_add(sums.delta, unsafe_mul(size, share))
            sums.density = unsafe_add(
                sums.density, unsafe_mul(size, convert(convert(bell, bytes32), int256))
            )
            sums.curvature = unsafe_add(
                sums.curvature,
                unsafe_mul(
                    size,
                    convert(convert(unsafe_div(bell << 96, deviation), bytes32), int256),
                ),
            )
        part: IRisk.Exposure = self._greeks(sums, term, spot)
        total.delta += part.delta
        total.gamma += part.gamma
        total.vega += part.vega
        cursor = end
    self._check_end(cursor, length)
    return total


@internal
@pure
def _smile_term(
    smile: surface.Smile,
    term: surface.Term,
    log_strike: int256,
    deviation: uint256,
    bell: uint256,
) -> int256:
    """
    @dev What a moving smile adds to N(d1): vega (R - 1) (d sigma / dk) / F, held in [-1, 1].
         vega = F n(d1) sqrt(tau) and d sigma / dk = (dw/dk) / (2 sigma sqrt(tau) sqrt(tau)).
    """
    # |dw/dk| < 2**108, so the product is below 2**203
    tilt: int256 = surface.slope(smile, log_strike) * convert(bell, int256) // (
        2 * convert(deviation, int256)
    )
    tilt = (tilt >> 32) * (INV_SQRT_2PI >> 32) >> 32
    tilt = tilt * (term.stickiness - STICKY_STRIKE) // 100
    return min(max(tilt, -convert(ONE, int256)), convert(ONE, int256))


@internal
@pure
def _greeks(sums: Sums, term: surface.Term, spot: uint256) -> IRisk.Exposure:
    """
    @dev Sums over units to WAD. Bounds at sizes of 2**63 units in 16 nodes and forwards:
         sums 2**164, 2**188, 2**164; growth 2**99; spot 2**54 to 2**96.
    """
    growth: int256 = convert(term.growth, int256)
    delta: int256 = ((sums.delta >> 32) * growth >> 64) * CASH_TO_WAD >> 96
    # Q32 * Q64 = Q96; Q64 * Q64 = Q128
    gamma: int256 = (sums.curvature >> 64) * (INV_SQRT_2PI >> 32) >> 32
    gamma = gamma * (growth >> 32) >> 64
    gamma = (gamma * CASH_TO_WAD << 50) // convert(spot, int256) * convert(WAD, int256) >> 114
    return IRisk.Exposure(
        delta=delta,
        gamma=gamma,
        vega=(sums.density >> 64) * self._vega_unit(term) // UNITS >> 64,
    )


@internal
@pure
def _vega_unit(term: surface.Term) -> int256:
    """
    @dev F * sqrt(tau) / sqrt(2 pi), USD (WAD) in Q32; below 2**132.
    """
    root: uint256 = fixed_point.sqrt(term.tau << 96)
    return convert(((term.forward * root) >> 64), int256) * INV_SQRT_2PI >> 96


# ---------------------------------------------------------------- one series


@internal
@pure
def _option(
    option: IRisk.OptionQuery, spot: uint256, log_spot: int256, timestamp: uint256
) -> IRisk.OptionGreeks:
    """
    @dev One series, long, per 1 ETH.
    """
    self._check_option(option)
    life: uint256 = self._life(option.expiry, timestamp)
    smile: surface.Smile = empty(surface.Smile)
    term: surface.Term = empty(surface.Term)
    smile, term = surface.read(option.slice, log_spot, spot, life)
    main: Leg = self._leg(smile, term, option.strike)
    other: Leg = empty(Leg)
    if option.other != 0:
        other = self._leg(smile, term, option.other)
    answer: IRisk.OptionGreeks = empty(IRisk.OptionGreeks)
    answer.maximum = self._widest(option)
    answer.value = self._range_value(option, main, other, answer.maximum)
    answer.value_previous = answer.value
    if option.previous_slice != 0:
        answer.value_previous = self._value_on(
            option, option.previous_slice, spot, log_spot, life, answer.maximum
        )
    whole: IRisk.Exposure = self._greeks(self._long(option.is_put, main, other), term, spot)
    answer.delta = whole.delta
    answer.gamma = whole.gamma
    answer.vega = whole.vega
    answer.uncapped_delta = self._greeks(
        self._long(option.is_put, main, empty(Leg)), term, spot
    ).delta
    answer.spread_vega = convert(
        (convert(main.bell + other.bell, int256) >> 32) * self._vega_unit(term) >> 96, uint256
    )
    answer.sigma = main.deviation * WAD // fixed_point.sqrt(term.tau << 96)
    return answer


@internal
@pure
def _check_option(option: IRisk.OptionQuery):
    """
    @dev Strikes inside their range, a cap above, a floor below.
    """
    assert (
        option.strike != 0 and option.strike <= MAX_STRIKE and option.other <= MAX_STRIKE
    ), "risk: strike range"
    assert (
        option.other == 0 or option.is_put == (option.other < option.strike)
    ) and option.other != option.strike, "risk: cap or floor"


@internal
@pure
def _widest(option: IRisk.OptionQuery) -> uint256:
    """
    @dev The most that the series can pay, WAD.
    """
    if option.is_put:
        return (option.strike - option.other) * WAD
    if option.other == 0:
        return max_value(uint256)
    return (option.other - option.strike) * WAD


@internal
@pure
def _leg(smile: surface.Smile, term: surface.Term, strike: uint256) -> Leg:
    """
    @dev One strike (ticks) on a slice.
    """
    log_strike: int256 = fixed_point.ln(strike)
    deviation: uint256 = smile.deviation
    flat: bool = deviation != 0
    if not flat:
        deviation = surface.deviation(smile, log_strike, 0)
    strike_wad: uint256 = strike * WAD
    k: int256 = log_strike - smile.log_forward
    otm: uint256 = 0
    probability: uint256 = 0
    bell: uint256 = 0
    otm, probability, bell = pricing.option(k, deviation, term.forward, strike_wad)
    share: int256 = convert(probability, int256)
    if not flat and term.stickiness != STICKY_STRIKE:
        share += self._smile_term(smile, term, log_strike, deviation, bell)
    return Leg(
        call=otm + (term.forward - strike_wad if term.forward > strike_wad else 0),
        put=otm + (strike_wad - term.forward if strike_wad > term.forward else 0),
        delta=share,
        bell=bell,
        deviation=deviation,
    )


@internal
@pure
def _long(is_put: bool, main: Leg, other: Leg) -> Sums:
    """
    @dev The sums of 1 ETH of the series; a leg without deviation is no leg.
    """
    curvature: uint256 = (main.bell << 96) // main.deviation
    lost: uint256 = 0
    delta: int256 = main.delta
    if other.deviation != 0:
        lost = (other.bell << 96) // other.deviation
        delta -= other.delta
    elif is_put:
        delta -= convert(ONE, int256)
    return Sums(
        delta=delta * UNITS,
        curvature=(convert(curvature, int256) - convert(lost, int256)) * UNITS,
        density=(convert(main.bell, int256) - convert(other.bell, int256)) * UNITS,
    )


@internal
@pure
def _range_value(
    option: IRisk.OptionQuery, main: Leg, other: Leg, maximum: uint256
) -> uint256:
    """
    @dev Value of the series inside its range.
    """
    up: uint256 = main.put if option.is_put else main.call
    down: uint256 = other.put if option.is_put else other.call
    return min(up - min(down, up), maximum)


@internal
@pure
def _value_on(
    option: IRisk.OptionQuery,
    slice_word: uint256,
    spot: uint256,
    log_spot: int256,
    life: uint256,
    maximum: uint256,
) -> uint256:
    """
    @dev Value of the series on another slice.
    """
    smile: surface.Smile = empty(surface.Smile)
    term: surface.Term = empty(surface.Term)
    smile, term = surface.read(slice_word, log_spot, spot, life)
    main: Leg = self._leg(smile, term, option.strike)
    other: Leg = empty(Leg)
    if option.other != 0:
        other = self._leg(smile, term, option.other)
    return self._range_value(option, main, other, maximum)


# ---------------------------------------------------------------- marks


@external
@pure
def marks(
    stream: DynArray[uint256, MAX_WORDS], spot: uint256, timestamp: uint256, half_spread: uint256
) -> IRisk.Marks:
    """
    @notice What the liability is worth, at mid, at bid and at ask.
    @param stream The live expiries, form with strikes.
    @param half_spread Volatility (WAD).
    """
    assert half_spread <= MAX_HALF_SPREAD, "risk: half spread"
    log_spot: int256 = self._log_spot(spot)
    total: IRisk.Marks = empty(IRisk.Marks)
    length: uint256 = len(stream)
    cursor: uint256 = 0
    for _: uint256 in range(MAX_EXPIRIES):
        if cursor == length:
            break
        header: uint256 = stream[cursor]
        count: uint256 = book_stream.header_count(header)
        words: uint256 = book_stream.node_words(count)
        end: uint256 = self._block_end(
            cursor, words + book_stream.strike_words(count), count, length
        )
        slice_word: uint256 = stream[cursor + 1]
        nodes: uint256[8] = empty(uint256[8])
        for i: uint256 in range(words, bound=8):
            nodes[i] = stream[cursor + 2 + i]
        strikes: uint256[4] = empty(uint256[4])
        for i: uint256 in range(end - cursor - 2 - words, bound=4):
            strikes[i] = stream[cursor + 2 + words + i]
        part: IRisk.Marks = self._expiry_marks(
            header, slice_word, nodes, strikes, spot, log_spot, timestamp, half_spread
        )
        total.mid += part.mid
        total.low += part.low
        total.high += part.high
        total.delta += part.delta
        total.gamma += part.gamma
        total.vega += part.vega
        total.theta += part.theta
        cursor = end
    self._check_end(cursor, length)
    return total


@internal
@pure
def _expiry_marks(
    header: uint256,
    slice_word: uint256,
    nodes: uint256[8],
    strikes: uint256[4],
    spot: uint256,
    log_spot: int256,
    timestamp: uint256,
    half_spread: uint256,
) -> IRisk.Marks:
    """
    @dev One expiry's mark and Greeks.
    """
    smile: surface.Smile = empty(surface.Smile)
    term: surface.Term = empty(surface.Term)
    smile, term = surface.read(
        slice_word, log_spot, spot, self._life(book_stream.header_expiry(header), timestamp)
    )
    forward_units: int256 = book_stream.header_forward(header)
    forward: int256 = convert(term.forward, int256)
    sums: Sums = Sums(delta=forward_units << 96, curvature=0, density=0)
    gross: int256 = 0  # sum of |size| * bell
    decay: int256 = 0  # sum of size * bell * deviation, Q96
    drift: int256 = sums.delta  # delta without the smile term
    worth: int256 = forward_units * forward  # units * WAD
    deviation: uint256 = smile.deviation
    flat: bool = deviation != 0
    skewed: bool = not flat and term.stickiness != STICKY_STRIKE
    for i: uint256 in range(book_stream.header_count(header), bound=MAX_NODES):
        log_strike: int256 = 0
        size: int256 = 0
        log_strike, size = book_stream.node_entry(nodes[i >> 1], i)
        if size == 0:
            continue
        log_strike = log_strike << 39
        if not flat:
            deviation = surface.deviation(smile, log_strike, deviation)
        # a strike of 0 or beyond its range cannot be listed; it is read as the nearest one
        strike: uint256 = WAD * min(
            max(book_stream.strike_at(strikes[i >> 2], i), 1), MAX_STRIKE
        )
        otm: uint256 = 0
        probability: uint256 = 0
        bell: uint256 = 0
        otm, probability, bell = pricing.option(
            unsafe_sub(log_strike, smile.log_forward), deviation, term.forward, strike
        )
        # |size| <= 2**63; value < 2**101, Q96 below 2**97, curvature below 2**120
        if term.forward > strike:
            otm = unsafe_add(otm, unsafe_sub(term.forward, strike))
        share: int256 = convert(probability, int256)
        drift = unsafe_add(drift, unsafe_mul(size, share))
        if skewed:
            share += self._smile_term(smile, term, log_strike, deviation, bell)
        worth = unsafe_add(worth, unsafe_mul(size, convert(otm, int256)))
        sums.delta = unsafe_add(sums.delta, unsafe_mul(size, share))
        weighted: int256 = unsafe_mul(size, convert(bell, int256))
        sums.density = unsafe_add(sums.density, weighted)
        gross = unsafe_add(gross, abs(weighted))
        sums.curvature = unsafe_add(
            sums.curvature, unsafe_mul(size, convert(unsafe_div(bell << 96, deviation), int256))
        )
        decay = unsafe_add(
            decay, unsafe_mul(size, convert(unsafe_mul(bell, deviation) >> 96, int256))
        )
    peak: uint256 = 0
    slope: int256 = 0
    peak, slope = payoffs.peak(header, nodes, strikes)
    top: int256 = convert(peak, int256) * CASH_TO_WAD
    mid: int256 = worth // UNITS + book_stream.header_cash(header) * CASH_TO_WAD
    spread: int256 = (gross >> 64) * self._vega_unit(term) // UNITS >> 64
    spread = spread * convert(half_spread, int256) // convert(WAD, int256)
    greeks: IRisk.Exposure = self._greeks(sums, term, spot)
    return IRisk.Marks(
        mid=self._inside(mid, top),
        low=self._inside(mid - spread, top),
        high=self._inside(mid + spread, top),
        delta=greeks.delta,
        gamma=greeks.gamma,
        vega=greeks.vega,
        theta=self._theta(decay, drift, term),
    )


@internal
@pure
def _inside(amount: int256, top: int256) -> uint256:
    """
    @dev The amount held in [0, top].
    """
    return convert(min(max(amount, 0), top), uint256)


@internal
@pure
def _theta(decay: int256, drift: int256, term: surface.Term) -> int256:
    """
    @dev Change of value per year at fixed spot, basis and volatility of each strike:
         -F n(d1) sigma / (2 sqrt(tau)) and the forward's way to spot, -basis F N(d1).
    """
    forward: int256 = convert(term.forward, int256)
    # decay < 2**171 -> Q32 2**107; forward * Q96 >> 64 < 2**131
    lost: int256 = (decay >> 64) * (forward * INV_SQRT_2PI >> 64) >> 64
    lost = (lost << 64) // (convert(term.tau, int256) >> 31) // UNITS
    carried: int256 = (drift >> 64) * forward * term.basis // UNITS // UNITS >> 32
    return -lost - carried


# ---------------------------------------------------------------- payoffs


@external
@pure
def maximum(header: uint256, nodes: uint256[8], strikes: uint256[4]) -> uint256:
    """
    @notice The most that one expiry can have to pay, 1e-6 USD.
    """
    return payoffs.maximum(header, nodes, strikes)


@external
@pure
def payoff(
    header: uint256, nodes: uint256[8], strikes: uint256[4], price: uint256
) -> uint256:
    """
    @notice What one expiry pays at a settlement price, 1e-6 USD, rounded up, never below 0.
    """
    return payoffs.payoff(header, nodes, strikes, price)


@external
@pure
def unit_payoff(
    is_put: bool, strike: uint256, other: uint256, units: uint256, price: uint256
) -> uint256:
    """
    @notice What one holding is paid at a settlement price, 1e-6 USD, rounded down.
    """
    return payoffs.unit_payoff(is_put, strike, other, units, price)


@external
@pure
def max_close(
    header: uint256,
    nodes: uint256[8],
    strikes: uint256[4],
    is_put: bool,
    strike: uint256,
    other: uint256,
    units: uint256,
    price_up: uint256,
    room: int256,
) -> uint256:
    """
    @notice The largest part of a close that fits, in closed form.
    """
    return payoffs.max_close(
        header, nodes, strikes, is_put, strike, other, units, price_up, room
    )


# ---------------------------------------------------------------- hedging band


@external
@pure
def hedge_band(
    gamma: int256,
    spot: uint256,
    nav: uint256,
    cost_bps: uint256,
    risk_aversion: uint256,
    gross_units: uint256,
    lot: uint256,
) -> IRisk.Band:
    """
    @notice The no-trade half-width from the book's own gamma.
    """
    return band.hedge_band(gamma, spot, nav, cost_bps, risk_aversion, gross_units, lot)


# ---------------------------------------------------------------- single options


@external
@pure
def price(
    is_put: bool, forward: uint256, strike: uint256, other: uint256, tau: uint256, vol: uint256
) -> (uint256, int256, int256, int256, int256):
    """
    @notice One option on its forward; all WAD, tau in years, Greeks wrt the forward.
    """
    answer: IRisk.PriceGreeks = self._price(
        IRisk.PriceQuery(
            is_put=is_put, forward=forward, strike=strike, other=other, tau=tau, vol=vol
        )
    )
    return answer.value, answer.delta, answer.gamma, answer.vega, answer.theta


@external
@pure
def prices(queries: DynArray[IRisk.PriceQuery, 64]) -> DynArray[IRisk.PriceGreeks, 64]:
    """
    @notice Many options in one call.
    """
    answers: DynArray[IRisk.PriceGreeks, 64] = []
    for query: IRisk.PriceQuery in queries:
        answers.append(self._price(query))
    return answers


@internal
@pure
def _price(query: IRisk.PriceQuery) -> IRisk.PriceGreeks:
    """
    @dev One leg, less the cap's or the floor's.
    """
    answer: IRisk.PriceGreeks = self._price_leg(query, query.strike)
    if query.other == 0:
        return answer
    less: IRisk.PriceGreeks = self._price_leg(query, query.other)
    return IRisk.PriceGreeks(
        value=answer.value - min(less.value, answer.value),
        delta=answer.delta - less.delta,
        gamma=answer.gamma - less.gamma,
        vega=answer.vega - less.vega,
        theta=answer.theta - less.theta,
    )


@internal
@pure
def _price_leg(query: IRisk.PriceQuery, strike: uint256) -> IRisk.PriceGreeks:
    """
    @dev Black-76 at a strike. Volatility and life are held below 100 and 100 years, the
         deviation in [2**-40, 8].
    """
    assert query.forward != 0 and max(query.forward, strike) <= MAX_SPOT, "risk: forward range"
    tau: uint256 = min(query.tau, 100 * WAD)
    vol: uint256 = min(query.vol, 100 * WAD)
    root: uint256 = fixed_point.sqrt((tau << 192) // WAD)
    deviation: uint256 = min(max(root * vol // WAD, MIN_DEVIATION), MAX_DEVIATION)
    otm: uint256 = 0
    probability: uint256 = 0
    bell: uint256 = 0
    otm, probability, bell = pricing.option(
        fixed_point.ln(strike) - fixed_point.ln(query.forward),
        deviation,
        query.forward,
        max(strike, 1),
    )
    delta: int256 = convert((probability * WAD) >> 96, int256)
    inner: uint256 = max(query.forward, strike) - (strike if not query.is_put else query.forward)
    if query.is_put:
        delta -= convert(WAD, int256)
    density: uint256 = (bell * convert(INV_SQRT_2PI, uint256)) >> 96
    # density / deviation < 2**135 in Q96, times 10**36 < 2**255
    gamma: uint256 = ((density << 96) // deviation * 10**36 // query.forward) >> 96
    # forward * density >> 48 < 2**144, root < 2**100
    vega: uint256 = (((query.forward * density) >> 48) * root) >> 144
    return IRisk.PriceGreeks(
        value=otm + inner,
        delta=delta,
        gamma=convert(gamma, int256),
        vega=convert(vega, int256),
        theta=-convert(vega * vol // (2 * max(tau, 1)), int256),
    )


@external
@pure
def volatility(
    slice_word: uint256, spot: uint256, strike: uint256, seconds_left: uint256
) -> (uint256, int256, uint256):
    """
    @notice Volatility at a strike (WAD), its slope in log-moneyness (WAD), the forward (WAD).
    """
    smile: surface.Smile = empty(surface.Smile)
    term: surface.Term = empty(surface.Term)
    smile, term = surface.read(slice_word, self._log_spot(spot), spot, max(seconds_left, 1))
    log_strike: int256 = fixed_point.ln(self._listed(strike))
    root: uint256 = fixed_point.sqrt(term.tau << 96)
    deviation: uint256 = smile.deviation
    skew: int256 = 0
    if deviation == 0:
        deviation = surface.deviation(smile, log_strike, 0)
        # dw/dk / (2 deviation sqrt(tau))
        skew = (
            (surface.slope(smile, log_strike) << 96)
            // convert(2 * deviation, int256)
            * convert(WAD, int256)
            // convert(root, int256)
        )
    return deviation * WAD // root, skew, term.forward


@internal
@pure
def _listed(strike: uint256) -> uint256:
    """
    @dev A strike that a node can hold.
    """
    assert strike != 0 and strike <= MAX_STRIKE, "risk: unlisted strike"
    return strike


@external
@pure
def ln_strike(strike: uint256) -> int256:
    """
    @notice ln of a strike in ticks, Q57, to the nearest.
    """
    return (fixed_point.ln(self._listed(strike)) + 2**38) >> 39
