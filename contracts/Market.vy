# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize

"""
@title Market
@license AGPL-3.0-only
@author Tandem contributors
@notice The only door that traders use. An option and its perpetual hedge trade in one
        transaction, or not at all: `mint` and `close` walk nine steps, and if any of them fails
        everything reverts.
@dev Option sizes are units of 1e-6 ETH and token amounts have the quote token's six decimals,
     so that units times whole-USD ticks are token units. Prices, Greeks and hedge sizes are WAD.
     What a trade costs and how it moves the book is the Underwriter's answer; what is here is
     order, custody and proof.

     Its rooms: `trades` reads and refuses, for the Lens's quotes too; `hedges` fills the one order;
     `book` is the book of record; `expiries` lists, settles and redeems; `parties` are whom all of
     them meet.
"""

from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import IUnderwriter
from .interfaces import IVault
from .lib import book_totals
from .lib import book_words
from .lib import hedging
from .lib import series
from .modules import book
from .modules import expiries
from .modules import hedges
from .modules import parties
from .modules import trades

implements: IMarket

initializes: parties
initializes: book
initializes: trades[parties := parties]
initializes: hedges[parties := parties]
initializes: expiries[book := book, parties := parties]
exports: (
    expiries.list_expiry,
    expiries.redeem,
    expiries.settle,
    expiries.settlement,
    parties.GUARDIAN,
    parties.IMPUTED,
    parties.LOT,
    parties.OPTION,
    parties.ROUTER,
    parties.SPOT,
    parties.SURFACE,
    parties.UNDERWRITER,
    parties.VAULT,
)

TO_WAD: constant(uint256) = 10**12  # token units to WAD

BOUNTY: public(immutable(address))


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
    bounty: address,
):
    """
    @param imputed_cost Oracle deviation plus venue fee (WAD fraction of notional): what a trade
           pays on the part of its delta that needed no order.
    @param bounty Says what is paid for a rebalance, and to whom.
    """
    parties.__init__(underwriter, spot, surface, router, vault, option, guardian, imputed_cost)
    BOUNTY = bounty


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
    expiry: uint256 = series.expiry_of(id)
    word: uint256 = self._guard(expiry, units, False, deadline)
    state: trades.State = trades._read(word, book._open_book(expiry), False)
    deal: IUnderwriter.Deal = trades._price(state, id, units, False)
    self._book(state, deal, False)
    order: int256 = 0
    paced: uint256 = 0
    order, paced = hedges._order(state.desk, state.book.rows, deal, False)
    life: uint256 = expiry - block.timestamp
    hedge: hedges.Hedge = hedges._hedge(state.desk, deal, order, paced, life, False)
    hedges._verify(hedge.residual, deal.residual, deal.hard, False)
    deal.charge += hedge.carry
    paid: uint256 = self._collect(deal, hedge.trader_cost, max_premium)
    # floor, reserve and queue on the cash that is now there
    funds: IVault.Funds = staticcall parties.VAULT.funds()
    floor_after: int256 = trades._check_reserve(word, funds, book.totals)
    hedges._log(hedge, state.desk.spot, deal.residual, deal.hard)
    log IMarket.OptionMinted(
        series=id,
        owner=recipient,
        units=units,
        premium=deal.premium,
        fee=deal.fee,
        capital_charge=deal.charge,
        hedge_cost=hedge.trader_cost,
        spot=state.desk.spot,
        maxima=book_totals.maxima(book.totals),
        floor=floor_after,
    )
    extcall parties.OPTION.mint(recipient, id, units)
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
    @notice Sell `units` of series `id` back. Where floor or margin bind, the largest part that fits.
    @param min_units The least part worth filling.
    @param min_payout The least payout for all of `units`, pro rata for a part; token units.
    @return Units filled, payout in token units.
    """
    expiry: uint256 = series.expiry_of(id)
    word: uint256 = self._guard(expiry, units, True, deadline)
    state: trades.State = trades._read(word, book._open_book(expiry), True)
    deal: IUnderwriter.Deal = trades._price(state, id, units, True)
    order: int256 = hedges._order(state.desk, state.book.rows, deal, True)[0]
    if order != deal.order:
        deal = trades._carried(state, id, units, order)
        order = deal.order
    trades._check_part(deal, min_units)
    self._book(state, deal, True)
    hedge: hedges.Hedge = hedges._hedge(state.desk, deal, order, 0, 0, True)
    hedges._verify(hedge.residual, deal.residual, deal.hard, True)
    assert hedging.is_worth(deal.premium, hedge.cost, hedge.order, state.desk.spot), (
        "market: order over bid"
    )
    extcall parties.OPTION.burn(msg.sender, id, deal.units)
    payout: uint256 = self._pay_out(deal, hedge.trader_cost, units, min_payout, recipient)
    floor_after: int256 = self._verify_floor()
    hedges._log(hedge, state.desk.spot, deal.residual, deal.hard)
    log IMarket.OptionClosed(
        series=id,
        owner=msg.sender,
        units=deal.units,
        premium=deal.premium,
        fee=deal.fee,
        hedge_cost=hedge.trader_cost,
        payout=payout,
        spot=state.desk.spot,
        maxima=book_totals.maxima(book.totals),
        floor=floor_after,
    )
    return deal.units, payout


@external
def rebalance(target: int256) -> IMarket.Homing:
    """
    @notice Trade the residual towards `target`, as far as may be now. Anybody may; it can only
            reduce the residual. Who comes again finishes what did not fit.
    @param target 0, or a residual of the same sign nearer to zero, WAD ETH; with the residual
           together at least the band h.
    @return What was done: an order of 0 where its wait for a price near the market's average begins.
    """
    word: uint256 = staticcall parties.GUARDIAN.terms()
    trades._check_up(word)
    state: trades.State = trades._read(word, book._open_book(0), False)
    exposure: IRisk.Exposure = staticcall parties.RISK.exposure(
        state.book.rows, state.desk.spot, block.timestamp
    )
    now: IUnderwriter.Stance = staticcall parties.UNDERWRITER.homing(exposure, state.desk, target)
    before: int256 = now.residual
    hedge: hedges.Hedge = hedges._bring_home(
        state.desk, state.book.rows, target - before, now.delta
    )
    assert hedge.order == 0 or abs(hedge.residual) < abs(before), "hedge: not reduced"
    hedges._log(hedge, state.desk.spot, before, now.hard)
    return IMarket.Homing(
        order=hedge.order,
        before=before,
        after=hedge.residual,
        trigger=max(now.width, now.trigger),
        spot=state.desk.spot,
    )


@external
def reward(recipient: address, amount: uint256):
    """
    @notice Pay for a rebalance, inside the floor. The bounty's contract only.
    """
    assert msg.sender == BOUNTY, "market: not the bounty"
    expiries._pay(recipient, amount)
    self._verify_floor()


# ---------------------------------------------------------------- 1 guard


@internal
@view
def _guard(expiry: uint256, units: uint256, is_close: bool, deadline: uint256) -> uint256:
    """
    @return The terms of the trade.
    """
    assert block.timestamp <= deadline, "market: deadline passed"
    return trades._guard(expiry, units, is_close)


# ---------------------------------------------------------------- 4 book


@internal
def _book(state: trades.State, deal: IUnderwriter.Deal, is_close: bool):
    """
    @notice Store the book after the trade. An open that capital would not carry stops here.
    """
    slot: uint256 = state.book.slot
    before: IUnderwriter.Words = book_words.words_in(state.book.rows[slot])
    totals: uint256 = book._store(slot, before, deal.words)
    if not is_close:
        added: uint256 = deal.premium + deal.fee + deal.charge
        trades._check_capital(state.desk, state.funds, added, totals)


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
def _collect(deal: IUnderwriter.Deal, hedge_cost: int256, max_premium: uint256) -> uint256:
    """
    @notice Premium, fee, capital charge and hedge cost, in one transfer.
    """
    due: uint256 = convert(
        convert(deal.premium + deal.fee + deal.charge, int256) + self._tokens(hedge_cost),
        uint256,
    )
    assert due <= max_premium, "market: premium over max"
    extcall parties.VAULT.collect(msg.sender, due)
    return due


@internal
def _pay_out(
    deal: IUnderwriter.Deal,
    hedge_cost: int256,
    asked: uint256,
    min_payout: uint256,
    recipient: address,
) -> uint256:
    """
    @notice Bid less fee and hedge cost, never under 0.
    """
    net: int256 = (
        convert(deal.premium, int256) - convert(deal.fee, int256) - self._tokens(hedge_cost)
    )
    payout: uint256 = convert(max(net, 0), uint256)
    assert payout * asked >= min_payout * deal.units, "market: payout under min"
    expiries._pay(recipient, payout)
    return payout


# ---------------------------------------------------------------- 8 verify solvency


@internal
@view
def _verify_floor() -> int256:
    """
    @notice The floor on the cash that is now there.
    """
    left: int256 = self._floor()
    assert left >= 0, "floor: negative"
    return left


@internal
@view
def _floor() -> int256:
    """
    @notice The floor, token units.
    """
    return trades._floor(staticcall parties.VAULT.funds(), book.totals)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def liabilities() -> (uint256, uint256):
    """
    @notice Sum of maximum payoffs, and settled claims unpaid; token units.
    @dev Open during a trade: before the router enlarges the hedge it asks what the Vault may lend. By
         then an open has its maximum in and its premium not, and a close asks nothing.
    """
    totals: uint256 = book.totals
    return book_totals.maxima(totals), book_totals.claims(totals)


@external
@view
def floor() -> int256:
    """
    @notice The floor, token units.
    """
    return self._floor()


@external
@view
def open_book(expiry: uint256) -> IMarket.OpenBook:
    """
    @notice What is open, and a listed expiry besides (0: none): what a mark and a trade read.
    """
    return book._open_book(expiry)


@external
@view
def slot_of(expiry: uint256) -> uint256:
    """
    @notice The slot of a listed expiry, where the surface keeps its slice too; from bit 8 on the book's totals,
            which begin with the slots that have anything open.
    """
    return book._slot(expiry) | ((book.totals >> 8) << 8)


@external
@view
def snapshot() -> IMarket.Book:
    """
    @notice The whole book, as stored.
    """
    return book._snapshot()
