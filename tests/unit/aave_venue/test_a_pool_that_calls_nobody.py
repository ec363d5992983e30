"""A pool that says it filled an order and never asked to be paid: no order fills there."""

from __future__ import annotations

from aave_bench import PRICE, Bench, places
from harnesses import harness
from refusals import refuses

from tandem.engine.artifacts import compile_vyper
from tandem.units import USD, WAD


def test_an_order_that_moved_no_position_is_refused(bench: Bench) -> None:
    """Base tokens came, and the pool says exactly how many; what is lent is as it was. Where it asks to be
    paid, the same order fills."""
    router, reach, provider, _, base, quote, *margins = places(bench.aave, bench.router)
    pool = bench.engine.deploy(harness("unit/aave_venue/GreedyPool.vy"), base, quote)
    args = (router, reach, provider, pool, base, quote, *margins)
    venue = bench.engine.deploy(compile_vyper("AaveVenue"), *args)
    for token, to in ((bench.aave.weth, pool), (bench.aave.usdc, venue)):
        token.send("mint", to, WAD, sender=bench.aave.owner)
    venue.send("deposit", 10 * USD, sender=router)
    before = venue.call("account", PRICE)
    with refuses("aave: fill not exact"):
        venue.send("trade", 10**15, 2**255, sender=router)
    assert venue.call("account", PRICE) == before
    assert bench.aave.weth.call("balanceOf", pool) == WAD
    pool.send("set_calls", 1, sender=bench.stranger)
    venue.send("trade", 10**15, 2**255, sender=router)
    assert abs(venue.call("position") - 10**15) < 10**9
