"""What a chain says against the exchange that a deployment file names."""

from __future__ import annotations

from collections.abc import Iterator

from tandem.engine.artifacts import load_npm
from tandem.engine.base import Engine
from tandem.errors import EngineError, Reverted
from tandem.venues import Fault

PACKAGE = "@perp/curie-contract"
HOUSE = "clearing_house"
ASKED = ("getVault", "getAccountBalance", "getClearingHouseConfig", "getDelegateApproval")
"""Of a clearing house by the adapter's constructor, besides its exchange."""


def exchange_faults(engine: Engine, house: str, base: str) -> Iterator[Fault]:
    """At most one: what is no clearing house, or trades no such base token. house, base: addresses."""
    if not engine.code(house):
        yield Fault(HOUSE, house, "no code at this address")
        return
    there = engine.at(load_npm(PACKAGE, "ClearingHouse"), house)
    try:
        exchange = engine.at(load_npm(PACKAGE, "Exchange"), there.call("getExchange"))
        registry = engine.at(
            load_npm(PACKAGE, "MarketRegistry"), exchange.call("getMarketRegistry")
        )
        for part in ASKED:
            there.call(part)
    except (Reverted, EngineError) as error:
        yield Fault(HOUSE, house, f"is no clearing house of Perp v2: {error}")
        return
    try:
        registry.call("getPool", base)
    except (Reverted, EngineError) as error:
        yield Fault("base", base, f"has no market at the clearing house {there.address}: {error}")
