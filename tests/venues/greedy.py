"""A pool that says it filled an order and never asked to be paid, under the adapter of any lender."""

from __future__ import annotations

from adapter_bench import LenderBench, places
from harnesses import harness
from refusals import refuses

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.units import USD, WAD

PART = 10**15
"""WAD base, of each order."""


def fills_once_it_asks(bench: LenderBench, reason: str) -> Contract:
    """Base tokens came, and the pool says exactly how many; what is lent is as it was: refused, with this
    reason. Where it asks to be paid, the same order fills. The adapter."""
    engine, market, router = bench.engine, bench.market, bench.router
    pool = engine.deploy(harness("unit/aave_venue/GreedyPool.vy"), market.weth, market.usdc)
    told = places(market, router, pool=pool.address)
    venue = engine.deploy(compile_vyper(market.recipe.adapter), *told)
    for token, to in ((market.weth, pool), (market.usdc, venue)):
        token.send("mint", to, WAD, sender=market.owner)
    venue.send("deposit", 10 * USD, sender=router)
    spot = market.index()
    before = venue.call("account", spot)
    with refuses(reason):
        venue.send("trade", PART, 2**255, sender=router)
    assert venue.call("account", spot) == before
    assert market.weth.call("balanceOf", pool) == WAD
    pool.send("set_calls", 1, sender=bench.stranger)
    venue.send("trade", PART, 2**255, sender=router)
    return venue
