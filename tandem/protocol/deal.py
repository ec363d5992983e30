"""Quotes: what trades would be now, and what their hedges would cost, asked of the chain.

However many trades are asked about, they are priced at one block and in three round trips: the
Lens prices them, the router says what margin carries, the venue what their orders would fill at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.engine.abi import decode_reason
from tandem.engine.base import Call, Outcome, Tx
from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.structs import Deal, Fill, Term
from tandem.protocol.deployment import Handles
from tandem.protocol.series import Series
from tandem.protocol.terms import FIELDS
from tandem.units import BPS, UNIT, USD, WAD

TO_WAD = WAD // USD
VENUE_GAS = 5_000_000
VIEW_GAS = 5_000_000
FILL_BAND = FIELDS["fill_band"].index
NOTHING = Fill(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A trade that is asked about. units: 1e-6 ETH."""

    series: Series
    units: int
    is_close: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What a trade is worth, USD and ETH for the whole size, exact to the token's unit. size: what
    fills, less than `asked` where the floor lets only a part of a close go. total: what a mint
    takes, or a close pays out."""

    series: Series
    is_close: bool
    asked: Decimal
    size: Decimal
    mark: Decimal
    spread: Decimal
    fee: Decimal
    capital_charge: Decimal
    hedge_order: Decimal
    hedge_cost: Decimal
    """The trader's share of the order's cost, and what a part that needs no order is charged."""
    total: Decimal
    implied_vol: float
    delta: float
    gamma: float
    vega: float


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every quote at one block shares; spot WAD, imputed WAD fraction, band WAD USD."""

    spot: int
    imputed: int
    band: int


def quotes(engine: RemoteEngine, h: Handles, wanted: Sequence[Wanted]) -> list[Quote | Reverted]:
    """Each trade's quote as if it were alone, or the chain's own refusal."""
    if not wanted:
        return []
    with engine.pinned():
        try:
            desk = _desk(engine, h)
        except Reverted as stale:  # without a spot no trade is priced
            return [stale] * len(wanted)
        deals = _deals(engine, h, wanted)
        fills = _fills(engine, h, desk, deals)
    return [_quote(desk, w, deal, fill) for w, deal, fill in zip(wanted, deals, fills, strict=True)]


def _desk(engine: RemoteEngine, h: Handles) -> _Desk:
    spot, imputed, band = engine.call_many(
        [
            Call(h.spot, "spot", (), h.market),
            Call(h.market, "IMPUTED", (), h.market),
            Call(h.guardian, "term", (FILL_BAND,), h.market),
        ]
    )
    return _Desk(spot, imputed, spot * Term.decode(band).amount // BPS)


def _deals(engine: RemoteEngine, h: Handles, wanted: Sequence[Wanted]) -> list[Deal | Reverted]:
    function = Lens.ABI.function("quote", 3)
    txs = [
        Tx(
            h.market.address,
            h.lens.address,
            function.encode((w.series.id, w.units, w.is_close)),
            VIEW_GAS,
        )
        for w in wanted
    ]
    return [
        Deal.decode(function.decode(outcome.output)) if outcome.ok else _refused(outcome)
        for outcome in engine.simulate_many(txs)
    ]


def _fills(
    engine: RemoteEngine, h: Handles, desk: _Desk, deals: Sequence[Deal | Reverted]
) -> list[Fill | Reverted]:
    """What each trade's order would do at the venue. The venue itself is asked, in calls that nobody
    sends."""
    function = h.venue.abi.function("trade", 2)
    orders = [0 if isinstance(deal, Reverted) else deal.order for deal in deals]
    sent = [i for i, order in enumerate(orders) if order != 0]
    txs = [
        Tx(
            h.router.address,
            h.venue.address,
            function.encode((order, desk.spot + desk.band if order > 0 else desk.spot - desk.band)),
            VENUE_GAS,
        )
        for order in (orders[i] for i in sent)
    ]
    fills: list[Fill | Reverted] = [NOTHING] * len(orders)
    for i, outcome in zip(sent, engine.simulate_many(txs), strict=True):
        if outcome.ok:
            fills[i] = Fill.decode(function.decode(outcome.output))
        else:
            fills[i] = _refused(outcome)
    return fills


def _refused(outcome: Outcome) -> Reverted:
    return Reverted(decode_reason(outcome.output), outcome.output)


def _quote(
    desk: _Desk,
    wanted: Wanted,
    deal: Deal | Reverted,
    fill: Fill | Reverted,
) -> Quote | Reverted:
    if isinstance(deal, Reverted):
        return deal
    if isinstance(fill, Reverted):
        return fill
    borne = tokens_up(max(_trader_cost(desk, deal.own, deal.order, fill), -deal.fee * TO_WAD))
    if wanted.is_close:
        total = max(deal.premium - deal.fee - borne, 0)
    else:
        total = deal.premium + deal.fee + deal.charge + borne
    per = deal.units / UNIT / WAD
    return Quote(
        series=wanted.series,
        is_close=wanted.is_close,
        asked=_millionths(wanted.units),
        size=_millionths(deal.units),
        mark=_millionths(deal.mark),
        spread=_millionths((deal.premium - deal.mark) * (-1 if wanted.is_close else 1)),
        fee=_millionths(deal.fee),
        capital_charge=_millionths(deal.charge),
        hedge_order=Decimal(deal.order).scaleb(-18),
        hedge_cost=_millionths(borne),
        total=_millionths(total),
        implied_vol=deal.greeks.sigma / WAD,
        delta=deal.greeks.delta * per,
        gamma=deal.greeks.gamma * per,
        vega=deal.greeks.vega * per,
    )


def _trader_cost(desk: _Desk, own: int, order: int, fill: Fill) -> int:
    """The trader's share, WAD USD, to the last digit as lib/hedging.vy splits it."""
    covered, borne = 0, 0
    if order != 0 and (order > 0) == (own > 0):
        cost = fill.fee - fill.quote_delta - _towards_zero(order * desk.spot, WAD)
        covered = min(abs(own), abs(order))
        borne = _towards_zero(cost * covered, abs(order))
    spared = abs(own) - covered
    return borne + spared * desk.spot // WAD * desk.imputed // WAD


def tokens_up(cost: int) -> int:
    """WAD USD in token units, rounded towards plus infinity, as the Market does."""
    return -(-cost // TO_WAD)


def _towards_zero(a: int, b: int) -> int:
    """Integer division as the EVM's: b above 0."""
    return a // b if a >= 0 else -(-a // b)


def _millionths(units: int) -> Decimal:
    return Decimal(units).scaleb(-6)
