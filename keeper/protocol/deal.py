"""A quote: what a trade would be now, and what its hedge would cost, asked of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keeper.engine.abi import decode_reason
from keeper.engine.base import Contract, Tx
from keeper.engine.remote import RemoteEngine
from keeper.errors import Reverted
from keeper.protocol.deployment import Handles
from keeper.protocol.series import UNIT, Series
from keeper.protocol.terms import FIELDS
from keeper.venues.reverts import explain

WAD = 10**18
BPS = 10_000
VENUE_GAS = 5_000_000
FILL_BAND = FIELDS["fill_band"].index


@dataclass(frozen=True, slots=True)
class Quote:
    """All in USD and ETH for the whole size. total: what a mint takes, or a close pays out."""

    series: Series
    is_close: bool
    size: float
    mark: float
    spread: float
    fee: float
    capital_charge: float
    hedge_order: float
    hedge_cost: float
    """The trader's share of the order's cost, and what a part that needs no order is charged."""
    total: float
    implied_vol: float
    delta: float
    gamma: float
    vega: float


def named(contract: Contract, fn: str, value: Any) -> dict[str, Any]:
    """A returned struct by its field names, as the ABI has them."""
    entry = next(e for e in contract.abi.raw if e.get("name") == fn)
    return _by_name(entry["outputs"][0]["components"], value)


def _by_name(components: list[dict[str, Any]], value: Any) -> dict[str, Any]:
    return {
        c["name"]: _by_name(c["components"], v) if c["type"] == "tuple" else v
        for c, v in zip(components, value, strict=True)
    }


def quote(
    engine: RemoteEngine, handles: Handles, series: Series, units: int, *, is_close: bool = False
) -> Quote:
    """What `units` cost now. Raises Reverted with the reason for which the trade would be refused,
    the venue's included."""
    try:
        raw = handles.lens.call("quote", series.id, units, is_close)
    except Reverted as error:
        raise _explained(error.reason, error.data) from error
    deal = named(handles.lens, "quote", raw)
    spot = handles.spot.call("spot")
    cost = _hedge_cost(engine, handles, deal, spot)
    mark, premium, fee = deal["mark"] / UNIT, deal["premium"] / UNIT, deal["fee"] / UNIT
    charge, borne = deal["charge"] / UNIT, max(cost / WAD, -fee)
    total = max(premium - fee - borne, 0.0) if is_close else premium + fee + charge + borne
    greeks, size = deal["greeks"], deal["units"] / UNIT
    return Quote(
        series=series,
        is_close=is_close,
        size=size,
        mark=mark,
        spread=(mark - premium) if is_close else (premium - mark),
        fee=fee,
        capital_charge=charge,
        hedge_order=deal["order"] / WAD,
        hedge_cost=borne,
        total=total,
        implied_vol=greeks["sigma"] / WAD,
        delta=greeks["delta"] * size / WAD,
        gamma=greeks["gamma"] * size / WAD,
        vega=greeks["vega"] * size / WAD,
    )


def _hedge_cost(engine: RemoteEngine, h: Handles, deal: dict[str, Any], spot: int) -> int:
    """The trader's share, WAD: the venue itself is asked what the order would cost, in a call that
    nobody sends (as lib/hedging.vy splits it)."""
    own, order = int(deal["own"]), int(deal["order"])
    covered, borne = 0, 0
    if abs(order) >= h.router.call("lot"):
        filled, fee = _fill(engine, h, order, spot)
        cost = fee - filled - order * spot // WAD
        if (order > 0) == (own > 0):
            covered = min(abs(own), abs(order))
            borne = cost * covered // abs(order)
    spared = abs(own) - covered
    return borne + spared * spot // WAD * h.market.call("IMPUTED") // WAD


def _fill(engine: RemoteEngine, h: Handles, order: int, spot: int) -> tuple[int, int]:
    """(quote received or paid without fee, fee) of an order at the venue, WAD."""
    band = spot * (h.guardian.call("term", FILL_BAND)[0]) // BPS
    function = h.venue.abi.function("trade", 2)
    data = function.encode((order, spot + band if order > 0 else spot - band))
    outcome = engine.simulate(Tx(h.router.address, h.venue.address, data, VENUE_GAS))
    if not outcome.ok:
        raise _explained(decode_reason(outcome.output), outcome.output)
    _, quote_delta, fee = function.decode(outcome.output)
    return int(quote_delta), int(fee)


def _explained(reason: str, data: bytes) -> Reverted:
    meaning = explain(reason)
    return Reverted(f"{meaning.what} [{meaning.code}]", data, meaning.todo)
