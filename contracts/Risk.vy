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
@dev Units, rows and words: interfaces/IRisk.vyi, lib/book_words.vy, lib/surface.vy.
     Sizes are summed in units of 1e-6 ETH times Q96 and become WAD once per expiry.
     Longer than 450 lines: value, Greeks, payoffs and band go over the same rows, and a second contract
     would be a second call of every trade.
"""

from .interfaces import IRisk
from .lib import band
from .lib import book_words
from .lib import fixed_point
from .lib import inlined
from .lib import payoffs
from .lib import pricing
from .lib import single_option
from .lib import surface

implements: IRisk


# A book's exposure; the last deviation and root of a life, for those who look near them.
struct Total:
    exposure: IRisk.Exposure
    deviation: int256
    root_tau: int256


# One strike of a series, for 1 ETH of calls.
# call: USD (WAD). sums: for UNITS units.
struct Leg:
    call: uint256
    sums: pricing.Sums


WAD: constant(uint256) = 10**18
SLOTS: constant(uint256) = 8
MIN_LIFE: constant(uint256) = 60  # an expiry that waits for its price keeps this life
UNITS: constant(int256) = 1_000_000  # per ETH, and quote units per USD
ONE_ETH: constant(uint256) = 1_000_000  # in units
CASH_TO_WAD: constant(int256) = 10**12
MIN_SPOT: constant(uint256) = 10**16
MAX_HALF_SPREAD: constant(uint256) = 10**20


# ---------------------------------------------------------------- the book


@external
@pure
def exposure(book: uint256[6][SLOTS], spot: uint256, timestamp: uint256) -> IRisk.Exposure:
    """
    @notice Delta, gamma and vega of the whole liability.
    @param book One row an expiry.
    @param spot USD (WAD).
    @param timestamp The moment to price at.
    """
    return self._exposure(book, spot, timestamp).exposure


@external
@pure
def assess(
    book: uint256[6][SLOTS], spot: uint256, timestamp: uint256, option: IRisk.OptionQuery
) -> (IRisk.Exposure, IRisk.OptionGreeks):
    """
    @notice As `exposure`, and one series per 1 ETH.
    """
    total: Total = self._exposure(book, spot, timestamp)
    return total.exposure, self._option(option, spot, timestamp, total.deviation, total.root_tau)


@internal
@pure
def _check_spot(spot: uint256):
    """
    @dev A spot price that the mathematics takes.
    """
    assert spot >= MIN_SPOT and spot <= payoffs.MAX_PRICE, "risk: spot range"


@internal
@pure
def _life(expiry: uint256, timestamp: uint256) -> uint256:
    """
    @dev Seconds to an expiry, at least a minute.
    """
    return unsafe_sub(max(expiry, unsafe_add(timestamp, MIN_LIFE)), timestamp)


@internal
@pure
def _typical() -> pricing.Sums:
    """
    @dev Nothing yet; a deviation and a root of the life (Q96) that those of the first node are near
         enough to, as a rule: an eighth, a quarter of a year's.
    """
    sums: pricing.Sums = empty(pricing.Sums)
    sums.deviation = 2**93
    sums.root_tau = 2**94
    return sums


@internal
@pure
def _exposure(book: uint256[6][SLOTS], spot: uint256, timestamp: uint256) -> Total:
    """
    @dev One kernel evaluation per node.
    """
    self._check_spot(spot)
    sums: pricing.Sums = self._typical()
    total: IRisk.Exposure = empty(IRisk.Exposure)
    soon: uint256 = unsafe_add(timestamp, MIN_LIFE)
    for slot: uint256 in range(SLOTS):
        row: uint256[6] = book[slot]
        if row[0] == 0:
            continue
        # _life written out: every trade asks it of every expiry
        life: uint256 = unsafe_sub(max((row[0] >> 8) & book_words.MASK_32, soon), timestamp)
        smile: surface.Smile = inlined.read(row[1], spot, life)
        sums = inlined.sweep(row, smile, False, sums.deviation, sums.root_tau)
        total.delta = unsafe_add(total.delta, sums.delta)
        total.gamma = unsafe_add(total.gamma, sums.gamma)
        total.vega = unsafe_add(total.vega, sums.vega)
    return Total(
        exposure=self._in_wad(total, spot), deviation=sums.deviation, root_tau=sums.root_tau
    )


@internal
@pure
def _in_wad(total: IRisk.Exposure, spot: uint256) -> IRisk.Exposure:
    """
    @dev The sums of up to eight expiries, WAD per ETH: delta Q160 below 2**239, gamma Q96 below
         2**194, vega Q64 below 2**239; spot is 2**53 to 2**96.
    """
    # Q64 * Q64 = Q128, down to Q64 below 2**162
    gamma: int256 = (total.gamma >> 32) * (pricing.INV_SQRT_2PI >> 32) >> 64
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
    option: IRisk.OptionQuery, spot: uint256, timestamp: uint256, guess: int256, root_guess: int256
) -> IRisk.OptionGreeks:
    """
    @dev One series, long, per 1 ETH.
    """
    payoffs.check_series(option.is_put, option.strike, option.other)
    life: uint256 = self._life(option.expiry, timestamp)
    smile: surface.Smile = inlined.read(option.slice, spot, life)
    legs: Leg[2] = self._legs(option, smile, guess, root_guess)
    main: IRisk.Exposure = self._greeks(legs[0].sums, spot)
    other: IRisk.Exposure = self._greeks(legs[1].sums, spot)
    widest: uint256 = payoffs.widest(option.is_put, option.strike, option.other)
    worth: uint256 = self._series_value(option, legs, smile.forward, widest)
    forward: uint256 = convert(smile.forward, uint256)
    before: uint256 = worth
    if option.previous_slice != 0:
        smile = inlined.read(option.previous_slice, spot, life)
        before = self._series_value(
            option, self._legs(option, smile, guess, root_guess), smile.forward, widest
        )
    return IRisk.OptionGreeks(
        value=worth,
        delta=main.delta - other.delta,
        gamma=main.gamma - other.gamma,
        vega=main.vega - other.vega,
        value_previous=before,
        spread_vega=convert(main.vega + other.vega, uint256),
        uncapped_delta=main.delta,
        maximum=widest,
        sigma=self._sigma(legs[0]),
        forward=forward,
        main=self._place(legs[0]),
        other=self._place(legs[1]),
    )


@internal
@pure
def _place(leg: Leg) -> IRisk.Place:
    """
    @dev Where a leg's strike lies.
    """
    return IRisk.Place(moneyness=leg.sums.moneyness, deviation=leg.sums.deviation)


@internal
@pure
def _legs(
    option: IRisk.OptionQuery, smile: surface.Smile, guess: int256, root_guess: int256
) -> Leg[2]:
    """
    @dev The legs of a series at its strike and at its cap or floor; where it has none, zeros.
    """
    held: int256 = -UNITS if option.is_put else 0
    main: Leg = self._leg(smile, held, option.strike, guess, root_guess)
    if option.other == 0:
        return [main, empty(Leg)]
    near: pricing.Sums = main.sums
    return [main, self._leg(smile, held, option.other, near.deviation, near.root_tau)]


@internal
@pure
def _leg(
    smile: surface.Smile, held: int256, strike: uint256, guess: int256, root_guess: int256
) -> Leg:
    """
    @dev A call on 1 ETH at a strike (ticks) and forwards beside it, as a book of one node. The
         call's value leaves the forwards out.
    """
    assert strike != 0 and strike <= book_words.MAX_STRIKE, "risk: strike range"
    row: uint256[6] = empty(uint256[6])
    row[0] = book_words.lone_header(held)
    row[2] = (strike << 232) | (ONE_ETH << 192)
    sums: pricing.Sums = inlined.sweep(row, smile, True, guess, root_guess)
    worth: int256 = sums.worth - held * smile.forward
    return Leg(call=convert(worth // UNITS, uint256), sums=sums)


@internal
@pure
def _sigma(leg: Leg) -> uint256:
    """
    @dev Volatility at a leg's strike, WAD.
    """
    return convert(leg.sums.deviation, uint256) * WAD // convert(leg.sums.root_tau, uint256)


@internal
@pure
def _series_value(
    option: IRisk.OptionQuery, legs: Leg[2], forward: int256, widest: uint256
) -> uint256:
    """
    @dev Value of the series inside its range, from the calls at its two strikes; a put is
         C - F + K, and the floor's leg likewise.
    """
    worth: int256 = convert(legs[0].call, int256) - convert(legs[1].call, int256)
    if option.is_put:
        worth += convert(option.strike * WAD, int256) - convert(option.other * WAD, int256)
        if option.other == 0:
            worth -= forward
    return min(convert(max(worth, 0), uint256), widest)


# ---------------------------------------------------------------- marks


@external
@pure
def marks(
    book: uint256[6][SLOTS], spot: uint256, timestamp: uint256, half_spread: uint256
) -> IRisk.Marks:
    """
    @notice What the liability is worth, at mid, at bid and at ask.
    @param book One row an expiry.
    @param half_spread Volatility (WAD).
    """
    assert half_spread <= MAX_HALF_SPREAD, "risk: half spread"
    self._check_spot(spot)
    total: IRisk.Marks = empty(IRisk.Marks)
    raw: IRisk.Exposure = empty(IRisk.Exposure)
    sums: pricing.Sums = self._typical()
    margin: int256 = convert(half_spread, int256)
    for slot: uint256 in range(SLOTS):
        row: uint256[6] = book[slot]
        if row[0] == 0:
            continue
        h: book_words.Header = book_words.unpack(row[0])
        life: uint256 = self._life(book_words.expiry_of(row[0]), timestamp)
        smile: surface.Smile = inlined.read(row[1], spot, life)
        sums = inlined.sweep(row, smile, True, sums.deviation, sums.root_tau)
        top: int256 = convert(h.maximum, int256) * CASH_TO_WAD
        mid: int256 = sums.worth // UNITS + h.cash * CASH_TO_WAD
        spread: int256 = (sums.spread // UNITS >> 64) * margin // convert(WAD, int256)
        total.mid = unsafe_add(total.mid, self._inside(mid, top))
        total.low = unsafe_add(total.low, self._inside(unsafe_sub(mid, spread), top))
        total.high = unsafe_add(total.high, self._inside(unsafe_add(mid, spread), top))
        raw.delta = unsafe_add(raw.delta, sums.delta)
        raw.gamma = unsafe_add(raw.gamma, sums.gamma)
        raw.vega = unsafe_add(raw.vega, sums.vega)
    raw = self._in_wad(raw, spot)
    total.delta = raw.delta
    total.gamma = raw.gamma
    total.vega = raw.vega
    return total


@external
@pure
def theta(book: uint256[6][SLOTS], spot: uint256, timestamp: uint256) -> int256:
    """
    @notice What the liability changes by in a year of calendar time, WAD USD.
    """
    self._check_spot(spot)
    total: int256 = 0
    for slot: uint256 in range(SLOTS):
        row: uint256[6] = book[slot]
        life: uint256 = self._life(book_words.expiry_of(row[0]), timestamp)
        smile: surface.Smile = inlined.read(row[1], spot, life)
        sums: pricing.Sums = inlined.sweep(row, smile, True, 0, 0)
        total += pricing.theta(smile, sums.decay, sums.plain)
    return total // UNITS


@internal
@pure
def _inside(amount: int256, top: int256) -> uint256:
    """
    @dev The amount held in [0, top].
    """
    return convert(convert(min(max(amount, 0), top), bytes32), uint256)


# ---------------------------------------------------------------- payoffs


@external
@pure
def maximum(header: uint256, nodes: uint256[4]) -> uint256:
    """
    @notice The most that one expiry can have to pay, 1e-6 USD, from its nodes.
    """
    return inlined.maximum(
        book_words.forward_of(header),
        book_words.cash_of(header),
        book_words.count_of(header),
        nodes,
    )


@external
@pure
def payoff(header: uint256, nodes: uint256[4], price: uint256) -> uint256:
    """
    @notice What one expiry pays at a settlement price, 1e-6 USD, rounded up, never below 0.
    """
    return inlined.payoff(header, nodes, price)


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
    nodes: uint256[4],
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
    return inlined.max_close(header, nodes, is_put, strike, other, units, price_up, room)


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
    is_put: bool, forward: uint256, strike: uint256, other: uint256, life: uint256, vol: uint256
) -> (uint256, int256, int256, int256, int256):
    """
    @notice One option on its forward, without a surface: value and Greeks.
    """
    answer: IRisk.PriceGreeks = single_option.price(
        IRisk.PriceQuery(
            is_put=is_put, forward=forward, strike=strike, other=other, life=life, vol=vol
        )
    )
    return answer.value, answer.delta, answer.gamma, answer.vega, answer.theta


@external
@pure
def prices(queries: DynArray[IRisk.PriceQuery, 64]) -> DynArray[IRisk.PriceGreeks, 64]:
    """
    @notice Many options in one call, each as `price` has it.
    """
    answers: DynArray[IRisk.PriceGreeks, 64] = []
    for query: IRisk.PriceQuery in queries:
        answers.append(single_option.price(query))
    return answers


@external
@pure
def volatility(
    slice_word: uint256, spot: uint256, strike: uint256, seconds_left: uint256
) -> (uint256, int256, uint256):
    """
    @notice Volatility at a strike (WAD), its slope in log-moneyness (WAD), the forward (WAD).
    """
    self._check_spot(spot)
    smile: surface.Smile = inlined.read(slice_word, spot, max(seconds_left, 1))
    leg: Leg = self._leg(smile, 0, strike, 0, 0)
    k: int256 = fixed_point.ln_ratio(convert(strike * WAD, int256), smile.forward)
    # dw/dk / (2 deviation sqrt(tau))
    skew: int256 = (surface.slope(smile, k) << 64) // (2 * leg.sums.deviation)
    skew = skew * convert(WAD, int256) // (leg.sums.root_tau >> 32)
    return self._sigma(leg), skew, convert(smile.forward, uint256)
