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
from .lib import payoffs
from .lib import pricing
from .lib import surface

implements: IRisk


# One strike of a series, for 1 ETH of calls.
# call: USD (WAD). sums: for UNITS units.
struct Leg:
    call: uint256
    sums: pricing.Sums


WAD: constant(uint256) = 10**18
ONE: constant(uint256) = 2**96
INV_SQRT_2PI: constant(int256) = 31607463825455920808620519744  # Q96
LN_WAD: constant(int256) = 3283732547111784853622338894909  # Q96
MAX_WORDS: constant(uint256) = 112
MAX_EXPIRIES: constant(uint256) = 8
MAX_NODES: constant(uint256) = 16
MIN_LIFE: constant(uint256) = 60  # an expiry that waits for its price keeps this life
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
def _check_length(end: uint256, count: uint256, length: uint256):
    """
    @dev An expiry's words lie inside the stream.
    """
    assert count <= MAX_NODES and end <= length, "risk: stream length"


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
    guess: int256 = 0
    root_guess: int256 = 0
    soonest: uint256 = timestamp + MIN_LIFE
    for _: uint256 in range(MAX_EXPIRIES):
        if cursor == length:
            break
        # what book_stream's accessors read, without their calls
        header: uint256 = stream[cursor]
        count: uint256 = (header >> 104) & 255
        at: uint256 = unsafe_add(cursor, 2)
        cursor = unsafe_add(at, unsafe_add(count, 1) >> 1)
        self._check_length(cursor, count, length)
        expiry: uint256 = (header >> 64) & (2**40 - 1)
        smile: surface.Smile = surface.read(
            stream[unsafe_sub(at, 1)],
            log_spot,
            spot,
            unsafe_sub(max(expiry, soonest), timestamp),
        )
        # written out, because an index that the compiler knows needs no check
        nodes: uint256[8] = empty(uint256[8])
        if count > 0:
            nodes[0] = stream[at]
        if count > 2:
            nodes[1] = stream[unsafe_add(at, 1)]
        if count > 4:
            nodes[2] = stream[unsafe_add(at, 2)]
        if count > 6:
            nodes[3] = stream[unsafe_add(at, 3)]
        if count > 8:
            nodes[4] = stream[unsafe_add(at, 4)]
            if count > 10:
                nodes[5] = stream[unsafe_add(at, 5)]
            if count > 12:
                nodes[6] = stream[unsafe_add(at, 6)]
            if count > 14:
                nodes[7] = stream[unsafe_add(at, 7)]
        sums: pricing.Sums = pricing.sweep(
            smile,
            convert(convert(header << 80, bytes32), int256) >> 192,
            count,
            nodes,
            empty(uint256[4]),
            False,
            guess,
            root_guess,
        )
        guess = sums.deviation
        root_guess = sums.root_tau
        total.delta = unsafe_add(total.delta, sums.delta)
        total.gamma = unsafe_add(total.gamma, sums.gamma)
        total.vega = unsafe_add(total.vega, sums.vega)
    self._check_end(cursor, length)
    return self._in_wad(total, spot)


@internal
@pure
def _in_wad(total: IRisk.Exposure, spot: uint256) -> IRisk.Exposure:
    """
    @dev The sums of up to eight expiries, WAD per ETH: delta Q160 below 2**239, gamma Q96 below
         2**194, vega Q64 below 2**239; spot is 2**53 to 2**96.
    """
    # Q64 * Q64 = Q128, down to Q64 below 2**162
    gamma: int256 = (total.gamma >> 32) * (INV_SQRT_2PI >> 32) >> 64
    return IRisk.Exposure(
        delta=(total.delta >> 64) * CASH_TO_WAD >> 96,
        gamma=(gamma * CASH_TO_WAD << 44) // convert(spot, int256) * convert(WAD, int256) >> 108,
        vega=total.vega // UNITS >> 64,
    )


@internal
@pure
def _greeks(sums: pricing.Sums, spot: uint256) -> IRisk.Exposure:
    """
    @dev One expiry on its own, WAD.
    """
    return self._in_wad(IRisk.Exposure(delta=sums.delta, gamma=sums.gamma, vega=sums.vega), spot)


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
    smile: surface.Smile = surface.read(option.slice, log_spot, spot, life)
    held: int256 = -UNITS if option.is_put else 0
    main: Leg = self._leg(smile, held, option.strike)
    other: Leg = empty(Leg)
    if option.other != 0:
        other = self._leg(smile, held, option.other)
    single: IRisk.Exposure = self._greeks(main.sums, spot)
    less: IRisk.Exposure = self._greeks(other.sums, spot)
    widest: uint256 = self._widest(option)
    worth: uint256 = self._series_value(option, main.call, other.call, smile.forward, widest)
    before: uint256 = worth
    if option.previous_slice != 0:
        far: uint256 = 0
        smile = surface.read(option.previous_slice, log_spot, spot, life)
        if option.other != 0:
            far = self._leg(smile, 0, option.other).call
        before = self._series_value(
            option, self._leg(smile, 0, option.strike).call, far, smile.forward, widest
        )
    return IRisk.OptionGreeks(
        value=worth,
        delta=single.delta - less.delta,
        gamma=single.gamma - less.gamma,
        vega=single.vega - less.vega,
        value_previous=before,
        spread_vega=convert(single.vega + less.vega, uint256),
        uncapped_delta=single.delta,
        maximum=widest,
        sigma=self._sigma(main, smile),
    )


@internal
@pure
def _check_option(option: IRisk.OptionQuery):
    """
    @dev A cap lies above the strike, a floor below.
    """
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
def _leg(smile: surface.Smile, held: int256, strike: uint256) -> Leg:
    """
    @dev A call on 1 ETH at a strike (ticks) and forwards beside it, as a book of one node. The
         call's value leaves the forwards out.
    """
    nodes: uint256[8] = empty(uint256[8])
    nodes[0] = book_stream.with_entry(0, 0, self._ln_ticks(strike), UNITS)
    strikes: uint256[4] = empty(uint256[4])
    strikes[0] = strike
    sums: pricing.Sums = pricing.sweep(smile, held, 1, nodes, strikes, True, 0, 0)
    worth: int256 = sums.worth - held * convert(smile.forward, int256)
    return Leg(call=convert(worth // UNITS, uint256), sums=sums)


@internal
@pure
def _sigma(leg: Leg, smile: surface.Smile) -> uint256:
    """
    @dev Volatility at a leg's strike, WAD.
    """
    return (
        convert(leg.sums.deviation, uint256)
        * WAD // fixed_point.sqrt(convert(smile.tau << 96, uint256))
    )


@internal
@pure
def _series_value(
    option: IRisk.OptionQuery, main: uint256, other: uint256, forward: uint256, widest: uint256
) -> uint256:
    """
    @dev Value of the series inside its range, from the calls at its two strikes; a put is
         C - F + K, and the floor's leg likewise.
    """
    worth: int256 = convert(main, int256) - convert(other, int256)
    if option.is_put:
        worth += convert(option.strike * WAD, int256) - convert(option.other * WAD, int256)
        if option.other == 0:
            worth -= convert(forward, int256)
    return min(convert(max(worth, 0), uint256), widest)


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
    raw: IRisk.Exposure = empty(IRisk.Exposure)
    theta: int256 = 0
    guess: int256 = 0
    root_guess: int256 = 0
    length: uint256 = len(stream)
    cursor: uint256 = 0
    for _: uint256 in range(MAX_EXPIRIES):
        if cursor == length:
            break
        header: uint256 = stream[cursor]
        count: uint256 = book_stream.header_count(header)
        words: uint256 = book_stream.node_words(count)
        more: uint256 = book_stream.strike_words(count)
        self._check_length(cursor + 2 + words + more, count, length)
        slice_word: uint256 = stream[cursor + 1]
        cursor += 2
        nodes: uint256[8] = empty(uint256[8])
        for i: uint256 in range(words, bound=8):
            nodes[i] = stream[cursor]
            cursor = unsafe_add(cursor, 1)
        strikes: uint256[4] = empty(uint256[4])
        for i: uint256 in range(more, bound=4):
            strikes[i] = stream[cursor]
            cursor = unsafe_add(cursor, 1)
        smile: surface.Smile = surface.read(
            slice_word, log_spot, spot, self._life(book_stream.header_expiry(header), timestamp)
        )
        sums: pricing.Sums = pricing.sweep(
            smile,
            book_stream.header_forward(header),
            count,
            nodes,
            strikes,
            True,
            guess,
            root_guess,
        )
        guess = sums.deviation
        root_guess = sums.root_tau
        peak: uint256 = 0
        slope: int256 = 0
        peak, slope = payoffs.peak(header, nodes, strikes)
        top: int256 = convert(peak, int256) * CASH_TO_WAD
        mid: int256 = sums.worth // UNITS + book_stream.header_cash(header) * CASH_TO_WAD
        spread: int256 = (
            (sums.spread // UNITS >> 64) * convert(half_spread, int256) // convert(WAD, int256)
        )
        total.mid += self._inside(mid, top)
        total.low += self._inside(mid - spread, top)
        total.high += self._inside(mid + spread, top)
        raw.delta = unsafe_add(raw.delta, sums.delta)
        raw.gamma = unsafe_add(raw.gamma, sums.gamma)
        raw.vega = unsafe_add(raw.vega, sums.vega)
        theta = unsafe_add(theta, sums.theta)
    self._check_end(cursor, length)
    raw = self._in_wad(raw, spot)
    total.delta = raw.delta
    total.gamma = raw.gamma
    total.vega = raw.vega
    total.theta = theta // UNITS
    return total


@internal
@pure
def _inside(amount: int256, top: int256) -> uint256:
    """
    @dev The amount held in [0, top].
    """
    return convert(min(max(amount, 0), top), uint256)


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
def payoff(header: uint256, nodes: uint256[8], strikes: uint256[4], price: uint256) -> uint256:
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
    return payoffs.max_close(header, nodes, strikes, is_put, strike, other, units, price_up, room)


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
    worth: uint256 = 0
    probability: int256 = 0
    bell: int256 = 0
    worth, probability, bell = pricing.call(
        fixed_point.ln(strike) - fixed_point.ln(query.forward), deviation, query.forward, strike
    )
    delta: int256 = (probability * convert(WAD, int256)) >> 96
    if query.is_put:
        # parity, exact; the call is worth at least F - K
        worth = worth + strike - query.forward
        delta -= convert(WAD, int256)
    density: uint256 = convert(bell * INV_SQRT_2PI >> 96, uint256)
    # density / deviation < 2**135 in Q96, times 10**36 < 2**255
    gamma: uint256 = ((density << 96) // deviation * 10**36 // query.forward) >> 96
    # forward * density >> 48 < 2**144, root < 2**100
    vega: uint256 = (((query.forward * density) >> 48) * root) >> 144
    return IRisk.PriceGreeks(
        value=worth,
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
    smile: surface.Smile = surface.read(
        slice_word, self._log_spot(spot), spot, max(seconds_left, 1)
    )
    leg: Leg = self._leg(smile, 0, strike)
    skew: int256 = 0
    if smile.deviation == 0:
        # dw/dk / (2 deviation sqrt(tau))
        skew = (surface.slope(smile, self._ln_ticks(strike) << 39) << 64) // (
            2 * leg.sums.deviation
        )
        root: uint256 = fixed_point.sqrt(convert(smile.tau << 96, uint256))
        skew = skew * convert(WAD, int256) // convert(root >> 32, int256)
    return self._sigma(leg, smile), skew, smile.forward


@external
@pure
def ln_strike(strike: uint256) -> int256:
    """
    @notice ln of a strike in ticks, Q57, to the nearest.
    """
    return self._ln_ticks(strike)


@internal
@pure
def _ln_ticks(strike: uint256) -> int256:
    """
    @dev ln of a strike that a node can hold, Q57.
    """
    assert strike != 0 and strike <= MAX_STRIKE, "risk: strike range"
    return (fixed_point.ln(strike) + 2**38) >> 39
