"""Tokens of others at a lending market, which anybody may lend in our name."""

from __future__ import annotations

from lent import govern

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.venues.aave import Aave
from tandem.venues.aave.sources import AAVE


def list_token(market: Aave) -> Contract:
    """A third token of the market, that counts as collateral."""
    engine, owner = market.engine, market.owner
    third = engine.deploy(compile_vyper("WETH"), sender=owner)
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "third", sender=owner)
    feed.send("push", 10**8, sender=owner)
    market.parts["oracle"].send("setAssetSources", [third], [feed], sender=owner)
    pool, nobody = market.lending_pool, "0x" + "00" * 20
    lent = engine.deploy(AAVE.artifact("ATokenInstance"), pool, nobody, owner)
    owed = engine.deploy(AAVE.artifact("VariableDebtTokenInstance"), pool, nobody)
    rates = b"".join(value.to_bytes(32, "big") for value in (8_000, 0, 400, 7_500))
    govern(market, "initReserves", [(lent, owed, third, "a", "a", "d", "d", b"", rates)])
    govern(market, "configureReserveAsCollateral", third, 5_000, 5_500, 10_500)
    return third
