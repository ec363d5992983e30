# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title hedges
@license AGPL-3.0-only
@author Tandem contributors
@notice The one order that a trade sends: what margin and the market carry of it, its exact fill
        inside the oracle band, the position that the venues report afterwards, and who pays for it.
@dev Longer than 250 lines: one Hedge goes from the order that may be sent to its fill, its checks
     and its log.
"""

from . import parties
from ..interfaces import IHedgeRouter
from ..interfaces import IHedgeVenue
from ..interfaces import IMarket
from ..interfaces import IUnderwriter
from ..lib import book_totals
from ..lib import book_words
from ..lib import bits
from ..lib import hedging
from ..lib import terms

uses: parties

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12  # token units to WAD
DUST: constant(int256) = 10**6  # 1e-12 of the base token: a venue may round a position to nothing
GRAINS: constant(int256) = 50  # or so many of its units: what lenders round, and what they leave
SLOTS: constant(uint256) = 8


struct Hedge:
    order: int256
    quote_delta: int256
    venue_fee: uint256
    cost: int256
    trader_cost: int256
    residual: int256
    position: int256
    carry: uint256  # what an open pays for the funding of its own delta, token units


# ---------------------------------------------------------------- 5 hedge


@internal
@view
def _band(desk: IUnderwriter.Desk) -> (uint256, uint256):
    """
    @notice The oracle band: the lowest and the highest fill.
    """
    width: uint256 = desk.spot * terms.fill_band(desk.terms) // 10_000
    return desk.spot - width, desk.spot + width


@internal
@pure
def _clip(order: int256, size: uint256) -> int256:
    """
    @notice An order, or as much of it.
    """
    room: int256 = convert(size, int256)
    return min(order, room) if order > 0 else max(order, -room)


@internal
@view
def _settled(rows: uint256[6][SLOTS], position: int256, order: int256) -> int256:
    """
    @notice What of an order that no trader brings may be sent: all of it; nothing that enlarges the
            position while an expiry is past and waits for its price, because its delta is one that
            nobody can hold.
    """
    for slot: uint256 in range(SLOTS):
        expiry: uint256 = book_words.expiry_of(rows[slot][0])
        if expiry != 0 and expiry <= block.timestamp:
            if (order > 0) == (position > 0):
                return 0
            return self._clip(order, convert(bits.absolute(position), uint256))
    return order


@internal
@view
def _order(
    desk: IUnderwriter.Desk, rows: uint256[6][SLOTS], deal: IUnderwriter.Deal, is_close: bool
) -> (int256, uint256):
    """
    @notice The order that is sent: what an open brings in full, and of an inherited residual what
            may be brought home now; of a close what margin and the market carry. Below the lot
            there is none.
    @return The order, and the part of it that no trader brings.
    """
    order: int256 = deal.order
    paced: int256 = 0
    if is_close and order != 0:
        low: uint256 = 0
        high: uint256 = 0
        low, high = self._band(desk)
        order = self._clip(
            order, staticcall parties.ROUTER.max_order(order, high if order > 0 else low)
        )
    elif order != 0:
        brought: int256 = hedging.brought(deal.own, order)
        if order != brought:
            paced = self._settled(rows, desk.position, order - brought)
        if paced != 0:
            paced = self._clip(paced, staticcall parties.ROUTER.pace(paced, brought, desk.spot))
        order = brought + paced
    if convert(bits.absolute(order), uint256) < parties.LOT:
        return 0, 0
    return order, convert(bits.absolute(paced), uint256)


@internal
def _hedge(
    desk: IUnderwriter.Desk,
    deal: IUnderwriter.Deal,
    order: int256,
    paced: uint256,
    life: uint256,
    is_close: bool,
) -> Hedge:
    """
    @notice One netted order, and the trader's share of its cost.
    @param order What is sent. @param paced The part of it that no trader brings.
    @param life Seconds to the option's expiry, for an open.
    """
    rate: uint256 = self._rate(desk, deal.own, order, is_close)
    hedge: Hedge = self._fill(
        desk, order, paced, deal.own, deal.delta, life, deal.jumps, deal.units, False
    )
    hedge.trader_cost = max(
        hedging.trader_cost(deal.own, hedge.order, hedge.cost, desk.spot, rate),
        -convert(deal.fee * TO_WAD, int256),
    )
    return hedge


@internal
@view
def _rate(desk: IUnderwriter.Desk, own: int256, order: int256, is_close: bool) -> uint256:
    """
    @notice What the part of a trade's delta that met no order pays, WAD fraction of notional: the
            imputed cost, or, where that is more, what the venue is worse than the oracle by, and
            its fee. The venue is asked before the fill, and only where there is such a part, past a
            thousandth.
    @dev An open is refused where oracle and venue are further apart than a fill may be: one of the
         two is wrong, and nobody is shown which. While the venue is down nothing is compared.
    """
    if hedging.is_met(own, order) or terms.is_down(desk.terms):
        return parties.IMPUTED
    there: IHedgeVenue.Quotation = staticcall parties.ROUTER.quotation(is_close)
    width: uint256 = desk.spot * terms.fill_band(desk.terms) // 10_000
    assert is_close or (there.low + width >= desk.spot and there.high <= desk.spot + width), (
        "hedge: venue off oracle"
    )
    gap: uint256 = 0
    if own > 0:
        gap = max(there.high, desk.spot) - desk.spot
    else:
        gap = desk.spot - min(there.low, desk.spot)
    return max(parties.IMPUTED, gap * WAD // desk.spot + there.fee)


@internal
def _bring_home(
    desk: IUnderwriter.Desk, rows: uint256[6][SLOTS], wanted: int256, delta: int256
) -> Hedge:
    """
    @notice Fill what may be brought home now of a residual that nobody's trade brings. Where only
            the market's average stops it, its wait begins, and nothing is filled.
    """
    order: int256 = self._settled(rows, desk.position, wanted)
    assert order != 0, "hedge: settle first"
    return self._fill(desk, order, 0, 0, delta, 0, 0, 0, True)


@internal
@pure
def _brought(
    desk: IUnderwriter.Desk, own: int256, life: uint256, jumps: uint256, units: uint256
) -> IHedgeRouter.Brought:
    """
    @notice What comes with an order.
    """
    return IHedgeRouter.Brought(
        position=desk.position,
        own=own,
        spot=desk.spot,
        life=life,
        nav=desk.nav,
        jumps=jumps,
        opened=book_totals.opened(desk.totals),
        units=units,
    )


@internal
def _fill(
    desk: IUnderwriter.Desk,
    wanted: int256,
    paced: uint256,
    own: int256,
    delta: int256,
    life: uint256,
    jumps: uint256,
    units: uint256,
    homes: bool,
) -> Hedge:
    """
    @notice Fill an order exactly, inside the oracle band, and read the position back. A trade without
            one makes the call as well: the account must carry an open, and the gate follow the book.
    @dev Longer than a function should be: what a trade sends, what is brought home and no order at
         all are read back by the same checks.
    @param paced The part of the order that no trader brings.
    @param own The order that an open's own delta asked for. @param life Of its option, seconds; 0 for
           what derisks.
    @param delta The liability's delta that the hedge is held against afterwards.
    @param jumps What the trade adds to the book's losses by the gate's jumps. @param units Its size.
    @param homes Whether no trader brings it: then as much of it is filled as may meet the market now.
    """
    # what is finer than the venue's token counts stays in the residual
    order: int256 = wanted - wanted % parties.GRAIN
    hedge: Hedge = empty(Hedge)
    hedge.position = desk.position
    hedge.order = order
    low: uint256 = 0
    high: uint256 = 0
    low, high = self._band(desk)
    worst: uint256 = high if order > 0 else low
    if homes:
        order, hedge.position, hedge.quote_delta, hedge.venue_fee = extcall parties.ROUTER.bring(
            order, worst, parties.LOT, desk.spot, desk.position
        )
        hedge.order = order
    elif order != 0 or life != 0 or jumps != 0:
        hedge.position, hedge.quote_delta, hedge.venue_fee, hedge.carry = (
            extcall parties.ROUTER.hedge(
                order,
                worst,
                paced,
                self._brought(desk, own, life, jumps, units),
            )
        )
    if order != 0:
        missed: int256 = hedge.position - desk.position - order
        off: int256 = max(DUST, GRAINS * parties.GRAIN)
        assert abs(missed) < off, "hedge: not exact"
        self._check_fill(order, hedge.quote_delta, low, high, life == 0)
        hedge.cost = hedging.cost_of(order, hedge.quote_delta, desk.spot, hedge.venue_fee)
    hedge.residual = hedge.position - delta
    return hedge


@internal
@pure
def _check_fill(order: int256, quote_delta: int256, low: uint256, high: uint256, derisks: bool):
    """
    @dev A fill worse than the oracle by more than the band is refused always; one better by
         more than it only on opens: nobody may block de-risking by moving a pool.
    """
    fill: uint256 = convert(bits.absolute(quote_delta), uint256) * WAD // convert(
        bits.absolute(order), uint256
    )
    assert fill <= high or (derisks and order < 0), "hedge: fill over band"
    assert fill >= low or (derisks and order > 0), "hedge: fill under band"


# ---------------------------------------------------------------- 6 verify the hedge


@internal
@pure
def _verify(residual: int256, before: int256, hard: uint256, is_close: bool):
    """
    @notice What a trade leaves unhedged lies inside the hard band. A close may leave what it found.
    """
    found: uint256 = convert(bits.absolute(before), uint256) if is_close else 0
    assert convert(bits.absolute(residual), uint256) <= max(hard, found), (
        "hedge: residual over band"
    )


# ---------------------------------------------------------------- 9 log


@internal
def _log(hedge: Hedge, spot: uint256, before: int256, hard: uint256):
    """
    @notice One per trade and rebalance, also when no order was needed.
    """
    log IMarket.Hedged(
        caller=msg.sender,
        order=hedge.order,
        quote_delta=hedge.quote_delta,
        venue_fee=hedge.venue_fee,
        oracle_price=spot,
        cost=hedge.cost,
        trader_cost=hedge.trader_cost,
        residual_before=before,
        residual_after=hedge.residual,
        position_after=hedge.position,
        hard_band=hard,
    )
