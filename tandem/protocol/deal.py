"""Quotes: what trades would be now, and what their hedges would cost, asked of the chain.

However many trades are asked about, they are priced at one block and in three round trips: the
Lens prices them, the router says what margin carries, the venue what their orders would fill at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from tandem.engine.base import Call, Outcome, Tx
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.errors import EngineError, Reverted
from tandem.protocol import terms
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.structs import Deal, Fill, Ledger, Quotation, SplitFill
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.handles import Handles
from tandem.protocol.series import Series
from tandem.protocol.waits import is_relieved
from tandem.units import BPS, TO_WAD, UNIT, WAD, decimal

VENUE_GAS = 5_000_000
TRIED_GAS = 4_000_000 + 25_160
"""`TRIAL` of the router, and what a call with that data costs before it begins."""
VIEW_GAS = 5_000_000
UNBOUNDED = 2**256 - 1
"""The better side of a sale that has no bound there."""
NOTHING = Fill(0, 0, 0)
OFF_ORACLE = "hedge: venue off oracle"
MET = 10
"""What of a trade met no order is nothing where it is one part or less in 2 to this (lib/hedging.vy)."""


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
    takes, or a close pays out. delta, gamma, vega: of all of the size, in the asset, in it per USD, and
    USD per 1.00 of volatility."""

    series: Series
    is_close: bool
    asked: Decimal
    size: Decimal
    mark: Decimal
    spread: Decimal
    fee: Decimal
    capital_charge: Decimal
    carry: Decimal
    """What an open's hedge is expected to pay the venue in funding; the chain collects it with the
    capital charge."""
    hedge_order: Decimal
    hedge_cost: Decimal
    """The trader's share of the order's cost, and what a part that needs no order is charged."""
    total: Decimal
    implied_vol: float
    delta: float
    gamma: float
    vega: float

    @property
    def short(self) -> str:
        """Why this is not the price of what was asked for; "" where it is."""
        only = f"only {self.size:f} {self.series.asset} can be closed now"
        return only if self.size < self.asked else ""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every quote at one block shares; spot WAD, imputed a WAD fraction, band WAD USD. market: the
    venue's price now and of late, as opens are held against it; eased: as closes are. carry: by expiry, what
    a long and a short pay in funding, WAD fraction. is_set: whether orders are split over several venues;
    is_relieved: whether what no trader brings has waited so long that the depth of now bounds it. grain: of
    the venue's base token, WAD: an order is a multiple of it."""

    spot: int
    imputed: int
    band: int
    market: Quotation
    eased: Quotation
    carry: Mapping[int, tuple[int, int]]
    is_set: bool
    is_relieved: bool
    grain: int

    def sent(self, deal: Deal) -> int:
        """The order that reaches the venue: what is finer than its token counts stays in the residual."""
        return _towards_zero(deal.order, self.grain) * self.grain


def quotes(engine: RemoteEngine, h: Handles, wanted: Sequence[Wanted]) -> list[Quote | Reverted]:
    """Each trade's quote as if it were alone, or the chain's own refusal."""
    if not wanted:
        return []
    with engine.pinned():
        try:
            desk = _desk(engine, h, {w.series.expiry for w in wanted if not w.is_close})
        except Reverted as stale:  # without a spot no trade is priced
            return [stale] * len(wanted)
        deals = _deals(engine, h, wanted)
        fills = _fills(engine, h, desk, wanted, deals)
    return [_quote(desk, w, deal, fill) for w, deal, fill in zip(wanted, deals, fills, strict=True)]


def _desk(engine: RemoteEngine, h: Handles, expiries: Set[int]) -> _Desk:
    _, now = engine.stands()
    lives = {expiry: max(expiry - now, 0) for expiry in sorted(expiries)}
    spot, imputed, word, there, eased, is_set, spent, grain, *carried = engine.call_many(
        [
            Call(h.spot, "spot", (), h.market),
            Call(h.market, "IMPUTED", (), h.market),
            Call(h.guardian, "terms", (), h.market),
            Call(h.router, "quotation", (False,), h.market),
            Call(h.router, "quotation", (True,), h.market),
            Call(h.router, "IS_SET", (), h.market),
            Call(h.router, "ledger", (), h.market),
            Call(h.venue, "grain", (), h.market),
            *(Call(h.router, "carry", (life,), h.market) for life in lives.values()),
        ]
    )
    if not spot or not grain:  # no contract says so
        raise EngineError("the node's price, or its grain, is 0", "ask another node with --rpc")
    width = spot * terms.fill_band(terms.unpack((word, 0))) // BPS
    sides = Quotation.decode(there), Quotation.decode(eased)
    carry = dict(zip(lives, carried, strict=True))
    relieved = is_relieved(Ledger.decode(spent), now)
    return _Desk(spot, imputed, width, *sides, carry, is_set, relieved, grain)


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
    engine: RemoteEngine,
    h: Handles,
    desk: _Desk,
    wanted: Sequence[Wanted],
    deals: Sequence[Deal | Reverted],
) -> list[Fill | Reverted]:
    """What each trade's order would do at the venue, or over several. The venue itself is asked, in calls
    that nobody sends; of several each order is tried as it is, and as one of which venues are asked first."""
    function = VenueSet.ABI.function("fill", 8) if desk.is_set else h.venue.abi.function("trade", 2)
    ways = {(True,): TRIED_GAS, (False,): VENUE_GAS} if desk.is_set else {(): VENUE_GAS}
    fills: list[Fill | Reverted] = [NOTHING] * len(deals)
    sent = [
        (i, _order(desk, deal, is_close=wanted[i].is_close))
        for i, deal in enumerate(deals)
        if not isinstance(deal, Reverted) and desk.sent(deal) != 0
    ]
    txs = [
        Tx(h.router.address, h.venue.address, function.encode((*order, *way)), gas)
        for _, order in sent
        for way, gas in ways.items()
    ]
    outcomes = iter(engine.simulate_many(txs))
    for i, _ in sent:
        tried = [next(outcomes) for _ in ways]
        outcome = next((each for each in tried if each.ok), tried[-1])
        if not outcome.ok:
            fills[i] = _refused(outcome)
        elif desk.is_set:
            filled = SplitFill.decode(function.decode(outcome.output))
            fills[i] = Fill(filled.position_after, filled.quote_delta, filled.fee)
        else:
            fills[i] = Fill.decode(function.decode(outcome.output))
    return fills


def _order(desk: _Desk, deal: Deal, *, is_close: bool) -> tuple[int | bool, ...]:
    """What the router asks of the venue for the trade's order, and of several venues, as HedgeRouter has it:
    each leg of an open is no further from spot on its better side than on the worse, and what no trader
    brings is held to each market's chunk."""
    order = desk.sent(deal)
    buys = order > 0
    worst = desk.spot + desk.band if buys else desk.spot - desk.band
    if not desk.is_set:
        return order, worst
    if is_close:
        return order, worst, 0 if buys else UNBOUNDED, 0, False, 0, 0
    paced = abs(deal.order) - _covered(deal.own, deal.order)
    relieved = paced != 0 and desk.is_relieved
    return order, worst, 2 * desk.spot - worst, paced, relieved, desk.spot, 0


def _refused(outcome: Outcome) -> Reverted:
    return Reverted(decode_reason(outcome.output), outcome.output)


def _quote(
    desk: _Desk, wanted: Wanted, deal: Deal | Reverted, fill: Fill | Reverted
) -> Quote | Reverted:
    if isinstance(deal, Reverted):
        return deal
    if isinstance(fill, Reverted):
        return fill
    rate = _rate(desk, deal, is_close=wanted.is_close)
    if rate is None:
        return Reverted(OFF_ORACLE, b"")
    carry = 0 if wanted.is_close else _carry(desk, deal, wanted.series.expiry)
    borne = tokens_up(max(_trader_cost(desk, rate, deal, fill), -deal.fee * TO_WAD))
    if wanted.is_close:
        total = max(deal.premium - deal.fee - borne, 0)
    else:
        total = deal.premium + deal.fee + deal.charge + carry + borne
    per = deal.units / UNIT / WAD
    return Quote(
        series=wanted.series,
        is_close=wanted.is_close,
        asked=decimal(wanted.units),
        size=decimal(deal.units),
        mark=decimal(deal.mark),
        spread=decimal((deal.premium - deal.mark) * (-1 if wanted.is_close else 1)),
        fee=decimal(deal.fee),
        capital_charge=decimal(deal.charge),
        carry=decimal(carry),
        hedge_order=decimal(desk.sent(deal), 18),
        hedge_cost=decimal(borne),
        total=decimal(total),
        implied_vol=deal.greeks.sigma / WAD,
        delta=deal.greeks.delta * per,
        gamma=deal.greeks.gamma * per,
        vega=deal.greeks.vega * per,
    )


def _covered(own: int, order: int) -> int:
    """The part of the trade's own delta that its order meets."""
    if order == 0 or (order > 0) != (own > 0):
        return 0
    return min(abs(own), abs(order))


def _rate(desk: _Desk, deal: Deal, *, is_close: bool) -> int | None:
    """What the part of its delta that meets no order pays, WAD fraction, as modules/hedges.vy has it;
    None where an open is refused for it."""
    if (abs(deal.own) - _covered(deal.own, deal.order)) << MET <= abs(deal.own):
        return desk.imputed
    there = desk.eased if is_close else desk.market
    within = there.low + desk.band >= desk.spot and there.high <= desk.spot + desk.band
    if not is_close and not within:
        return None
    gap = max(there.high - desk.spot if deal.own > 0 else desk.spot - there.low, 0)
    return max(desk.imputed, gap * WAD // desk.spot + there.fee)


def _carry(desk: _Desk, deal: Deal, expiry: int) -> int:
    """What an open pays for the funding of its own delta, token units, as the router has it."""
    long, short = desk.carry[expiry]
    notional = abs(deal.own) * desk.spot // WAD
    return tokens_up(notional * max(long if deal.own > 0 else short, 0) // WAD)


def _trader_cost(desk: _Desk, rate: int, deal: Deal, fill: Fill) -> int:
    """The trader's share, WAD USD, to the last digit as lib/hedging.vy splits it."""
    order, borne = desk.sent(deal), 0
    covered = _covered(deal.own, order)
    if covered:
        cost = fill.fee - fill.quote_delta - _towards_zero(order * desk.spot, WAD)
        borne = _towards_zero(cost * covered, abs(order))
    return borne + (abs(deal.own) - covered) * desk.spot // WAD * rate // WAD


def tokens_up(cost: int) -> int:
    """WAD USD in token units, rounded towards plus infinity, as the Market does."""
    return -(-cost // TO_WAD)


def _towards_zero(a: int, b: int) -> int:
    """Integer division as the EVM's: b above 0."""
    return a // b if a >= 0 else -(-a // b)
