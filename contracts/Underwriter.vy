# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title Underwriter
@license AGPL-3.0-only
@author Tandem contributors
@notice The stateless rules of a trade: what it costs, whether it may be done, how much to hedge,
        how it moves the book. The Market trades on its answers and the Lens shows them, so a
        quote and a trade cannot differ.
@dev Every input is an argument and no call is made: the caller brings the figures of Risk, which
     is named here so that whoever asks these rules asks the mathematics they are about.
"""

from .interfaces import IRisk
from .interfaces import IUnderwriter
from .lib import band
from .lib import book_totals
from .lib import book_words
from .lib import hedging
from .lib import inlined
from .lib import nodes
from .lib import payoffs
from .lib import series
from .lib import stress
from .lib import terms
from .modules import fees
from .modules import limits
from .modules import underwriting

implements: IUnderwriter

RISK: public(immutable(address))

TO_WAD: constant(uint256) = 10**12
WAD: constant(uint256) = 10**18


@deploy
def __init__(risk: address):
    RISK = risk


@external
@view
def underwrite(
    exposure: IRisk.Exposure,
    greeks: IRisk.OptionGreeks,
    words: IUnderwriter.Words,
    desk: IUnderwriter.Desk,
    order: IUnderwriter.Order,
) -> IUnderwriter.Deal:
    """
    @notice Price a trade at the state after it, check its limits, and move the book.
    @dev Of a close that is clipped, the largest part whose hedge the venue carries, and its order. What
         stays open widens the band that the part is held to. The first part is by the band of the whole,
         which is too narrow; the second by that of the first, which is too wide; the third by that of the
         second, which is too narrow again, and stands.
    """
    s: series.Series = series.unpack(order.series)
    deal: IUnderwriter.Deal = empty(IUnderwriter.Deal)
    deal.residual = desk.position - exposure.delta
    deal.greeks = IUnderwriter.Greeks(
        value=greeks.value,
        delta=greeks.delta,
        gamma=greeks.gamma,
        vega=greeks.vega,
        sigma=greeks.sigma,
    )
    if order.is_close:
        limits._check_outstanding(order.units, book_words.units_of(words.header))
        deal.units = self._fitting(s, words, order, underwriting._best_bid(desk.terms, greeks))
    else:
        assert not book_words.is_delisted(words.header), "book: expiry delisted"
        underwriting._check_open(desk, s, order.units, greeks)
        deal.units = order.units
    deal = self._priced(deal, s, words, desk, order, exposure, greeks)
    if order.clipped:
        # here, because the memory of a function of its own would be paid for by every trade
        whole: uint256 = deal.units
        own: int256 = deal.own
        left: int256 = desk.position + order.carried - deal.delta
        before: uint256 = convert(abs(deal.residual), uint256)
        room: uint256 = hedging.room(order.carried, desk.lot)
        for _: uint256 in range(3):
            part: uint256 = hedging.part(whole, own, left, max(deal.hard, before) - room)
            if part == deal.units:
                break
            deal.units = part
            deal = self._priced(deal, s, words, desk, order, exposure, greeks)
        deal.order = hedging.limited(deal.order, order.carried)
    return deal


@internal
@pure
def _jumps(
    units: uint256,
    s: series.Series,
    is_close: bool,
    greeks: IRisk.OptionGreeks,
    main: int256,
    other: int256,
) -> uint256:
    """
    @notice What a trade adds to the book's loss by each jump, at the most: its value after it, as the
            book counts a strike's calls, less its value now.
    @dev Calls that come count as sold, unless those that there are then were bought; calls that go
         count as bought, unless those that are left were sold.
    @param main How many calls there are then at the strike. @param other At the cap or floor.
    """
    size: int256 = convert(units, int256)
    cash: int256 = -convert(greeks.value, int256)
    forwards: int256 = 0
    if s.is_put:
        cash += convert((s.strike - s.other) * WAD, int256)
        forwards = -1 if s.other == 0 else 0
    up: stress.Side = empty(stress.Side)
    down: stress.Side = empty(stress.Side)
    if is_close:
        size = -size
        cash -= 1  # the value was rounded down
        down = self._less(units, s.strike, greeks.main, main)
        if s.other != 0:
            up = self._more(units, s.other, greeks.other, other)
    else:
        up = self._more(units, s.strike, greeks.main, main)
        if s.other != 0:
            down = self._less(units, s.other, greeks.other, other)
    return inlined.change(greeks.forward, up, down, forwards * size, cash * size)


@internal
@pure
def _more(units: uint256, strike: uint256, place: IRisk.Place, now: int256) -> stress.Side:
    """
    @notice Calls that come.
    """
    return stress.more(strike * WAD, place.moneyness, place.deviation, units, now > 0)


@internal
@pure
def _less(units: uint256, strike: uint256, place: IRisk.Place, now: int256) -> stress.Side:
    """
    @notice Calls that go.
    """
    return stress.less(strike * WAD, place.moneyness, place.deviation, units, now >= 0)


@internal
@pure
def _fitting(
    s: series.Series, words: IUnderwriter.Words, order: IUnderwriter.Order, bid: uint256
) -> uint256:
    """
    @notice The part of a close that keeps the floor at every price. That is all of it, without a
            look at the nodes, where the floor would carry the payout even if it released nothing.
    @param bid 1e-6 USD per ETH, rounded up.
    """
    spare: int256 = order.floor - 1
    if bid == 0 or (spare > 0 and order.units <= convert(spare, uint256) * 10**6 // bid):
        return order.units
    return inlined.max_close(
        words.header,
        words.nodes,
        s.is_put,
        s.strike,
        s.other,
        order.units,
        bid,
        convert(book_words.maximum_of(words.header), int256) + spare,
    )


@internal
@view
def _priced(
    start: IUnderwriter.Deal,
    s: series.Series,
    words: IUnderwriter.Words,
    desk: IUnderwriter.Desk,
    order: IUnderwriter.Order,
    exposure: IRisk.Exposure,
    greeks: IRisk.OptionGreeks,
) -> IUnderwriter.Deal:
    """
    @notice The deal for the units that fill.
    """
    deal: IUnderwriter.Deal = start
    p: underwriting.Price = underwriting._price(desk, deal.units, order.is_close, exposure, greeks)
    deal.premium = p.premium
    deal.fee = p.fee
    deal.half_spread = p.half_spread
    deal.mark = greeks.value * deal.units // WAD
    deal.own = p.own
    deal.delta = p.delta
    size: int256 = convert(deal.units, int256)
    gross: uint256 = book_totals.gross(desk.totals)
    gross = gross - deal.units if order.is_close else gross + deal.units
    widths: IRisk.Band = self._band(desk, p.gamma, gross)
    deal.hard = widths.hard
    # An open that finds the residual past the band brings some of it home. A close never has to:
    # whether a holder can sell back must not depend on how far behind the hedge is.
    if order.is_close:
        deal.order = hedging.close_order(p.own, deal.residual, widths.hard, desk.lot)
    else:
        deal.order = hedging.trade_order(p.own, deal.residual, widths.width)

    main: int256 = 0
    other: int256 = 0
    deal.words, main, other = nodes.with_series(words, s, -size if order.is_close else size)
    deal.jumps = self._jumps(deal.units, s, order.is_close, greeks, main, other)
    before: uint256 = book_words.maximum_of(words.header)
    after: uint256 = book_words.maximum_of(deal.words.header)
    if not order.is_close and after > before:
        margin: uint256 = deal.premium - min(deal.mark, deal.premium)
        deal.charge = fees._capital_charge(desk, after - before, s.expiry - desk.timestamp, margin)
    return deal


@internal
@pure
def _band(desk: IUnderwriter.Desk, gamma: int256, gross: uint256) -> IRisk.Band:
    """
    @notice The residual that the book may carry.
    """
    return band.hedge_band(
        gamma,
        desk.spot,
        desk.nav * TO_WAD,
        terms.field(desk.terms, terms.HEDGE_COST),
        terms.field(desk.terms, terms.RISK_AVERSION),
        gross,
        desk.lot,
    )


@external
@view
def stance(exposure: IRisk.Exposure, desk: IUnderwriter.Desk) -> IUnderwriter.Stance:
    """
    @notice The book's exact Greeks against the hedge.
    """
    return self._stance(exposure, desk)


@external
@view
def homing(
    exposure: IRisk.Exposure, desk: IUnderwriter.Desk, target: int256
) -> IUnderwriter.Stance:
    """
    @notice As `stance`, where the residual may be brought to `target`; reverts where it may not.
    @dev A band that is left at b and entered again at a is crossed as often as 1 / (a + b): so where
         somebody acts early he stops early, and nobody makes the hedge dearer than acting at h and
         stopping at nothing would.
    """
    now: IUnderwriter.Stance = self._stance(exposure, desk)
    before: int256 = now.residual
    assert (
        convert(abs(before), uint256) >= now.trigger
        and convert(abs(before) + abs(target), uint256) >= now.width
    ), "hedge: inside trigger"
    assert target == 0 or ((target > 0) == (before > 0) and abs(target) < abs(before)), (
        "hedge: bad target"
    )
    return now


@internal
@view
def _stance(exposure: IRisk.Exposure, desk: IUnderwriter.Desk) -> IUnderwriter.Stance:
    """
    @notice The book's exact Greeks against the hedge.
    """
    widths: IRisk.Band = self._band(desk, exposure.gamma, book_totals.gross(desk.totals))
    return IUnderwriter.Stance(
        delta=exposure.delta,
        gamma=exposure.gamma,
        vega=exposure.vega,
        residual=desk.position - exposure.delta,
        width=widths.width,
        hard=widths.hard,
        trigger=widths.trigger,
    )


@external
@view
def payouts(words: IUnderwriter.Words, price: uint256) -> uint256:
    """
    @notice What one expiry pays at a settlement price, token units, rounded up.
    """
    return inlined.payoff(words.header, words.nodes, price)


@external
@view
def payout(id: uint256, units: uint256, price: uint256) -> uint256:
    """
    @notice What one holding is paid at a settlement price, token units, rounded down.
    """
    s: series.Series = series.unpack(id)
    return payoffs.unit_payoff(s.is_put, s.strike, s.other, units, price)


@external
@view
def listed(words: IUnderwriter.Words, strikes: DynArray[uint256, 16]) -> IUnderwriter.Words:
    """
    @notice An expiry's words with nodes of size 0 at `strikes` (ticks); of one that has strikes, and is given none,
            delisted.
    """
    w: IUnderwriter.Words = words
    if len(strikes) == 0:
        assert book_words.count_of(w.header) != 0, "book: nothing to delist"
        w.header |= book_words.DELISTED
        return w
    w.header &= ~book_words.DELISTED
    for strike: uint256 in strikes:
        w = nodes.with_strike(w, strike)
    return w
