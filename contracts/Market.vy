# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title Market
@license AGPL-3.0-only
@author Tandem contributors
@notice The only door that traders use. An option and its perpetual hedge trade in one
        transaction, or not at all: `mint` and `close` walk nine steps, and if any of them fails
        everything reverts.
@dev Option sizes are units of 1e-6 ETH and token amounts have the quote token's six decimals,
     so that units times whole-USD ticks are token units. Prices, Greeks and hedge sizes are WAD.
     What a trade costs and how it moves the book is the Underwriter's answer; what is here is order, custody and proof.
"""

from .interfaces import IGuardian
from .interfaces import IHedgeRouter
from .interfaces import IMarket
from .interfaces import IOptionToken
from .interfaces import IRisk
from .interfaces import ISpot
from .interfaces import IUnderwriter
from .interfaces import IVault
from .interfaces import IVolSurface
from .lib import book_words
from .lib import hedging
from .lib import series
from .lib import terms
from .modules import book

implements: IMarket
initializes: book

UNDERWRITER: public(immutable(IUnderwriter))
RISK: public(immutable(IRisk))
SPOT: public(immutable(ISpot))
SURFACE: public(immutable(IVolSurface))
ROUTER: public(immutable(IHedgeRouter))
VAULT: public(immutable(IVault))
OPTION: public(immutable(IOptionToken))
GUARDIAN: public(immutable(IGuardian))
LOT: public(immutable(uint256))
IMPUTED: public(immutable(uint256))  # oracle deviation plus venue fee, WAD fraction

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12  # token units to WAD
DUST: constant(uint256) = 10**6  # 1e-12 ETH: a venue may round a position to nothing
DAY: constant(uint256) = 86_400
GRACE: constant(uint256) = 7 * DAY  # after it anybody may redeem for a holder
HORIZON: constant(uint256) = 90 * DAY  # how long a listing can keep its slot from others


# What a trade reads, once.
struct State:
    slot: uint256  # of the traded expiry
    rows: uint256[6][8]  # the open expiries and the traded one, by slot
    previous_slice: uint256  # of the traded expiry, inside the worse-of window
    desk: IUnderwriter.Desk
    funds: IVault.Funds


struct Hedge:
    order: int256
    quote_delta: int256
    venue_fee: uint256
    cost: int256
    trader_cost: int256
    residual: int256
    position: int256


@deploy
def __init__(
    underwriter: address,
    spot: address,
    surface: address,
    router: address,
    vault: address,
    option: address,
    guardian: address,
    imputed_cost: uint256,
):
    """
    @param imputed_cost Oracle deviation plus venue fee (WAD fraction of notional): what a trade
           pays on the part of its delta that needed no order.
    """
    assert imputed_cost <= WAD // 20, "market: imputed cost"
    UNDERWRITER = IUnderwriter(underwriter)
    RISK = IRisk(staticcall IUnderwriter(underwriter).RISK())
    SPOT = ISpot(spot)
    SURFACE = IVolSurface(surface)
    ROUTER = IHedgeRouter(router)
    VAULT = IVault(vault)
    OPTION = IOptionToken(option)
    GUARDIAN = IGuardian(guardian)
    LOT = staticcall IHedgeRouter(router).lot()
    IMPUTED = imputed_cost


# ---------------------------------------------------------------- the money path


@external
def mint(
    id: uint256, units: uint256, max_premium: uint256, deadline: uint256, recipient: address
) -> uint256:
    """
    @notice Buy `units` of series `id`; its hedge trades in this call, or nothing does.
    @param max_premium The most paid, everything included, token units.
    @param recipient Who gets the option.
    @return What was paid, token units.
    """
    word: uint256 = self._guard_open(deadline)
    state: State = self._read(word, series.unpack(id).expiry)
    deal: IUnderwriter.Deal = self._price(state, id, units, False)
    self._book(state, deal, False)
    hedge: Hedge = self._hedge(state, deal, False)
    self._verify_hedge(hedge, deal.hard)
    paid: uint256 = self._collect(deal, hedge, max_premium)
    floor_after: int256 = self._verify_reserve(word)
    self._log_hedge(state, deal.residual, hedge, deal.hard)
    log IMarket.OptionMinted(
        series=id,
        owner=recipient,
        units=units,
        premium=deal.premium,
        fee=deal.fee,
        capital_charge=deal.charge,
        hedge_cost=hedge.trader_cost,
        spot=state.desk.spot,
        maxima=book._maxima(),
        floor=floor_after,
    )
    extcall OPTION.mint(recipient, id, units)
    return paid


@external
def close(
    id: uint256,
    units: uint256,
    min_units: uint256,
    min_payout: uint256,
    deadline: uint256,
    recipient: address,
) -> (uint256, uint256):
    """
    @notice Sell `units` of series `id` back. When the floor binds, the largest part that fits.
    @param min_units The least part worth filling.
    @param min_payout The least payout for all of `units`, pro rata for a part; token units.
    @return Units filled, payout in token units.
    """
    expiry: uint256 = self._guard_close(id, units, deadline)
    state: State = self._read(staticcall GUARDIAN.terms(), expiry)
    deal: IUnderwriter.Deal = self._price(state, id, units, True)
    assert deal.units != 0 and deal.units >= min_units, "floor: nothing fits"
    self._book(state, deal, True)
    hedge: Hedge = self._hedge(state, deal, True)
    self._verify_hedge(hedge, max(deal.hard, convert(abs(deal.residual), uint256)))
    extcall OPTION.burn(msg.sender, id, deal.units)
    payout: uint256 = self._pay_out(deal, hedge, units, min_payout, recipient)
    floor_after: int256 = self._verify_floor()
    self._log_hedge(state, deal.residual, hedge, deal.hard)
    log IMarket.OptionClosed(
        series=id,
        owner=msg.sender,
        units=deal.units,
        premium=deal.premium,
        fee=deal.fee,
        hedge_cost=hedge.trader_cost,
        payout=payout,
        spot=state.desk.spot,
        maxima=book._maxima(),
        floor=floor_after,
    )
    return deal.units, payout


@external
def rebalance(target: int256) -> int256:
    """
    @notice Trade the residual down to `target`. Anybody may; it can only reduce the residual.
    @param target 0, or a residual of the same sign nearer to zero, WAD ETH.
    @return The order that was filled.
    """
    state: State = self._read_book()
    exposure: IRisk.Exposure = staticcall RISK.exposure(
        state.rows, state.desk.spot, block.timestamp
    )
    now: IUnderwriter.Stance = staticcall UNDERWRITER.stance(exposure, state.desk)
    before: int256 = now.residual
    assert convert(abs(before), uint256) >= now.trigger, "hedge: inside trigger"
    assert target == 0 or ((target > 0) == (before > 0) and abs(target) < abs(before)), (
        "hedge: bad target"
    )
    order: int256 = self._clip(target - before)
    assert convert(abs(order), uint256) >= LOT, "hedge: no margin"
    hedge: Hedge = self._fill(state.desk, order, now.delta, True)
    assert abs(hedge.residual) < abs(before), "hedge: not reduced"
    self._log_hedge(state, before, hedge, now.hard)
    return order


# ---------------------------------------------------------------- 1 guard


@internal
@view
def _check_deadline(deadline: uint256):
    assert block.timestamp <= deadline, "market: deadline passed"


@internal
@view
def _guard_open(deadline: uint256) -> uint256:
    """
    @return The terms of the trade.
    """
    self._check_deadline(deadline)
    word: uint256 = staticcall GUARDIAN.terms()
    assert not terms.is_paused(word), "market: paused"
    return word


@internal
@view
def _guard_close(id: uint256, units: uint256, deadline: uint256) -> uint256:
    """
    @return The expiry of the series.
    """
    self._check_deadline(deadline)
    expiry: uint256 = series.unpack(id).expiry
    assert expiry > block.timestamp, "market: expired, redeem"
    assert units != 0, "market: zero size"
    return expiry


# ---------------------------------------------------------------- 2 read once


@internal
@view
def _desk(word: uint256) -> IUnderwriter.Desk:
    """
    @notice The circumstances that every trade shares.
    """
    desk: IUnderwriter.Desk = empty(IUnderwriter.Desk)
    desk.terms = word
    desk.timestamp = block.timestamp
    desk.spot = staticcall SPOT.spot()
    desk.gross = book._gross()
    desk.lot = LOT
    desk.position = staticcall ROUTER.position()
    return desk


@internal
@view
def _read(word: uint256, expiry: uint256) -> State:
    """
    @notice Everything that a trade depends on, read once.
    """
    state: State = empty(State)
    state.desk = self._desk(word)
    state.funds = staticcall VAULT.funds()
    state.desk.nav = state.funds.nav
    headers: uint256[8] = empty(uint256[8])
    headers, state.slot = book._headers(expiry)
    reading: IVolSurface.Reading = staticcall SURFACE.read(book._expiries(headers), expiry)
    assert (
        block.timestamp <= reading.oldest + terms.field(word, terms.SURFACE_AGE)
    ), "market: surface stale"
    state.rows = book._rows(headers, reading.slices)
    state.previous_slice = reading.previous
    return state


@internal
@view
def _read_book() -> State:
    """
    @notice As `_read` for a rebalance: no series, and the last surface however old it is.
    """
    state: State = empty(State)
    state.desk = self._desk(staticcall GUARDIAN.terms())
    state.funds = staticcall VAULT.funds()
    state.desk.nav = state.funds.nav
    headers: uint256[8] = book._open_headers()
    reading: IVolSurface.Reading = staticcall SURFACE.read(book._expiries(headers), 0)
    state.rows = book._rows(headers, reading.slices)
    return state


# ---------------------------------------------------------------- 3 price


@internal
@view
def _price(state: State, id: uint256, units: uint256, is_close: bool) -> IUnderwriter.Deal:
    """
    @notice Price, limits and the book afterwards, at the state after the trade.
    """
    s: series.Series = series.unpack(id)
    exposure: IRisk.Exposure = empty(IRisk.Exposure)
    greeks: IRisk.OptionGreeks = empty(IRisk.OptionGreeks)
    exposure, greeks = staticcall RISK.assess(
        state.rows,
        state.desk.spot,
        block.timestamp,
        IRisk.OptionQuery(
            expiry=s.expiry,
            is_put=s.is_put,
            strike=s.strike,
            other=s.other,
            slice=state.rows[state.slot][1],
            previous_slice=state.previous_slice,
        ),
    )
    return staticcall UNDERWRITER.underwrite(
        exposure,
        greeks,
        book._words_in(state.rows[state.slot]),
        state.desk,
        IUnderwriter.Order(
            series=id,
            units=units,
            is_close=is_close,
            floor=self._floor_of(state.funds),
        ),
    )


# ---------------------------------------------------------------- 4 book


@internal
def _book(state: State, deal: IUnderwriter.Deal, is_close: bool):
    """
    @notice Store the book after the trade. Stop an open here if capital would not carry it:
            after the venue call the same revert costs many times as much.
    """
    book._store(state.slot, book._words_in(state.rows[state.slot]), deal.words)
    if not is_close:
        funds: IVault.Funds = state.funds
        funds.cash += deal.premium + deal.fee + deal.charge
        self._check_reserve(state.desk.terms, funds)


# ---------------------------------------------------------------- 5 hedge


@internal
@view
def _clip(order: int256) -> int256:
    """
    @notice The part of an order that the venues' margin carries.
    """
    room: int256 = convert(staticcall ROUTER.max_order(order), int256)
    return min(order, room) if order > 0 else max(order, -room)


@internal
def _hedge(state: State, deal: IUnderwriter.Deal, is_close: bool) -> Hedge:
    """
    @notice One netted order. Opens are hedged in full, closes as far as margin carries.
    """
    order: int256 = deal.order
    if is_close and order != 0:
        order = self._clip(order)
    hedge: Hedge = self._fill(state.desk, order, deal.delta, is_close)
    hedge.trader_cost = max(
        hedging.trader_cost(deal.own, hedge.order, hedge.cost, state.desk.spot, IMPUTED),
        -convert(deal.fee * TO_WAD, int256),
    )
    return hedge


@internal
def _fill(desk: IUnderwriter.Desk, order: int256, delta: int256, derisks: bool) -> Hedge:
    """
    @notice Fill an order exactly, inside the oracle band, and read the position back. Below the
            lot there is no call.
    @dev A fill worse than the oracle by more than the band is refused always; one better by
         more than it only on opens: nobody may block de-risking by moving a pool.
    @param delta The liability's delta that the hedge is held against afterwards.
    """
    hedge: Hedge = empty(Hedge)
    hedge.position = desk.position
    if convert(abs(order), uint256) >= LOT:
        width: uint256 = desk.spot * terms.field(desk.terms, terms.FILL_BAND) // 10_000
        low: uint256 = desk.spot - width
        high: uint256 = desk.spot + width
        hedge.order = order
        hedge.position, hedge.quote_delta, hedge.venue_fee = extcall ROUTER.trade(
            order, high if order > 0 else low
        )
        missed: int256 = hedge.position - desk.position - order
        assert convert(abs(missed), uint256) < DUST, "hedge: not exact"
        fill: uint256 = (
            convert(abs(hedge.quote_delta), uint256) * WAD // convert(abs(order), uint256)
        )
        assert fill <= high or (derisks and order < 0), "hedge: fill over band"
        assert fill >= low or (derisks and order > 0), "hedge: fill under band"
        hedge.cost = hedging.cost_of(order, hedge.quote_delta, desk.spot, hedge.venue_fee)
    hedge.residual = hedge.position - delta
    return hedge


# ---------------------------------------------------------------- 6 verify the hedge


@internal
@pure
def _verify_hedge(hedge: Hedge, bound: uint256):
    """
    @notice What is left unhedged, as the venues report it, lies inside the bound.
    """
    assert convert(abs(hedge.residual), uint256) <= bound, "hedge: residual over band"


# ---------------------------------------------------------------- 7 collect


@internal
@pure
def _tokens(cost: int256) -> int256:
    """
    @notice WAD USD to token units, rounded towards plus infinity.
    """
    scale: int256 = convert(TO_WAD, int256)
    return (cost + scale - 1) // scale if cost > 0 else cost // scale


@internal
def _collect(deal: IUnderwriter.Deal, hedge: Hedge, max_premium: uint256) -> uint256:
    """
    @notice Premium, fee, capital charge and hedge cost, in one transfer.
    """
    due: uint256 = convert(
        convert(deal.premium + deal.fee + deal.charge, int256) + self._tokens(hedge.trader_cost),
        uint256,
    )
    assert due <= max_premium, "market: premium over max"
    extcall VAULT.collect(msg.sender, due)
    return due


@internal
def _pay_out(
    deal: IUnderwriter.Deal, hedge: Hedge, asked: uint256, min_payout: uint256, recipient: address
) -> uint256:
    """
    @notice Bid less fee and hedge cost, never under 0.
    """
    net: int256 = (
        convert(deal.premium, int256) - convert(deal.fee, int256) - self._tokens(hedge.trader_cost)
    )
    payout: uint256 = convert(max(net, 0), uint256)
    assert payout * asked >= min_payout * deal.units, "market: payout under min"
    if payout != 0:
        extcall VAULT.pay(recipient, payout)
    return payout


# ---------------------------------------------------------------- 8 verify solvency


@internal
@view
def _floor_of(funds: IVault.Funds) -> int256:
    """
    @notice Cash less everything that could ever be owed: no model, no venue, no oracle in it.
    """
    owed: uint256 = book._owed() + funds.exits
    return convert(funds.cash, int256) - convert(owed, int256)


@internal
@view
def _check_reserve(word: uint256, funds: IVault.Funds) -> int256:
    """
    @notice Opens leave the floor above its reserve and above every queued exit.
    """
    left: int256 = self._floor_of(funds)
    reserve: uint256 = min(funds.nav * terms.field(word, terms.RESERVE) // 10_000, book._maxima())
    assert left >= convert(reserve + funds.queued, int256), "floor: under reserve"
    return left


@internal
@view
def _verify_reserve(word: uint256) -> int256:
    """
    @notice Floor, reserve and queue on the cash that is now there.
    """
    return self._check_reserve(word, staticcall VAULT.funds())


@internal
@view
def _verify_floor() -> int256:
    """
    @notice The floor on the cash that is now there.
    """
    left: int256 = self._floor_of(staticcall VAULT.funds())
    assert left >= 0, "floor: negative"
    return left


# ---------------------------------------------------------------- 9 log


@internal
def _log_hedge(state: State, before: int256, hedge: Hedge, hard: uint256):
    log IMarket.Hedged(
        caller=msg.sender,
        order=hedge.order,
        quote_delta=hedge.quote_delta,
        venue_fee=hedge.venue_fee,
        oracle_price=state.desk.spot,
        cost=hedge.cost,
        trader_cost=hedge.trader_cost,
        residual_before=before,
        residual_after=hedge.residual,
        position_after=hedge.position,
        hard_band=hard,
    )


# ---------------------------------------------------------------- expiry


@external
def settle(expiry: uint256, round_id: uint256) -> uint256:
    """
    @notice Fix the settlement price of an expiry, by proof, once; set its payouts aside.
    @dev Never asserts the floor: a floor of exactly 0 must settle, and the payouts set aside are
         at most the maximum that they replace. Touches no venue: the delta that goes with the
         expiry is the next rebalance's.
    @param round_id The oracle round to prove: the first at or after expiry.
    @return The settlement price, WAD USD.
    """
    assert block.timestamp >= expiry, "market: not expired"
    slot: uint256 = book._slot(expiry)
    price: uint256 = staticcall SPOT.settlement_price(expiry, round_id)
    words: IUnderwriter.Words = book._words(slot)
    payouts: uint256 = staticcall UNDERWRITER.payouts(words, price)
    book._set_aside(payouts)
    book._free(slot, price)
    log IMarket.Settled(
        expiry=expiry,
        price=price,
        units=book_words.units_of(words.header),
        payouts=payouts,
        maxima=book._maxima(),
        claims=book._claims(),
    )
    return price


@external
def redeem(id: uint256, units: uint256, owner: address, recipient: address) -> uint256:
    """
    @notice Exchange settled options for their payoff.
    @dev By the owner or his operator; seven days after expiry by anybody, to the owner alone.
    @return Paid, token units, rounded down.
    """
    expiry: uint256 = series.unpack(id).expiry
    price: uint256 = book._settlement(expiry)
    assert price != 0, "market: not settled"
    if msg.sender != owner and not staticcall OPTION.isOperator(owner, msg.sender):
        assert (block.timestamp >= expiry + GRACE and recipient == owner), "market: not the owner"
    paid: uint256 = staticcall UNDERWRITER.payout(id, units, price)
    extcall OPTION.burn(owner, id, units)
    book._paid(paid)
    log IMarket.Redeemed(series=id, owner=owner, units=units, paid=paid, claims=book._claims())
    if paid != 0:
        extcall VAULT.pay(recipient, paid)
    return paid


@external
def list_expiry(expiry: uint256, strikes: DynArray[uint256, 16]):
    """
    @notice List an expiry (08:00 UTC) and strikes or caps on it, whole USD. A lister's call.
    """
    assert staticcall GUARDIAN.is_lister(msg.sender), "market: not a lister"
    assert expiry > block.timestamp and expiry % DAY == DAY // 3, "market: bad expiry"
    assert expiry <= block.timestamp + HORIZON, "market: too far ahead"
    slot: uint256 = book._open(expiry)
    words: IUnderwriter.Words = book._words(slot)
    book._store(slot, words, staticcall UNDERWRITER.listed(words, strikes))
    log IMarket.ExpiryListed(expiry=expiry, strikes=strikes)


# ---------------------------------------------------------------- views


@external
@view
def settlement(expiry: uint256) -> uint256:
    """
    @return The settlement price of an expiry, WAD USD; 0 while there is none.
    """
    return book._settlement(expiry)


@external
@view
def liabilities() -> (uint256, uint256):
    """
    @return Sum of maximum payoffs, and settled claims unpaid; token units.
    """
    return book._maxima(), book._claims()


@external
@view
def floor() -> int256:
    """
    @return The floor, token units.
    """
    return self._floor_of(staticcall VAULT.funds())


@external
@view
def open_book() -> IMarket.OpenBook:
    """
    @return What a mark values, in one call.
    """
    return IMarket.OpenBook(
        rows=book._rows(book._open_headers(), empty(uint256[8])),
        maxima=book._maxima(),
        claims=book._claims(),
    )


@external
@view
def snapshot() -> IMarket.Book:
    """
    @return The whole book, as stored.
    """
    return book._snapshot()
