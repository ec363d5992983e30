"""A pool that says it filled an order and never asked to be paid: no order fills there."""

from __future__ import annotations

from adapter_bench import places
from harnesses import harness
from morpho_bench import PRICE, Bench
from refusals import refuses

from tandem.units import USD, WAD


def test_an_order_that_moved_no_position_is_refused(on_v3: Bench) -> None:
    """Base tokens came, and the pool says exactly how many; what is pledged is as it was. Where it asks to
    be paid, the same order fills."""
    morpho = on_v3.morpho
    router, reach, lender, short, long, _, base, quote, *margins = places(morpho, on_v3.router)
    pool = on_v3.engine.deploy(harness("unit/aave_venue/GreedyPool.vy"), base, quote)
    venue = on_v3.new(router, reach, lender, short, long, pool, base, quote, *margins)
    for token, to in ((morpho.weth, pool), (morpho.usdc, venue)):
        token.send("mint", to, WAD, sender=morpho.owner)
    venue.send("deposit", 10 * USD, sender=router)
    before = venue.call("account", PRICE)
    with refuses("morpho: fill not exact"):
        venue.send("trade", 10**15, 2**255, sender=router)
    assert venue.call("account", PRICE) == before
    assert morpho.weth.call("balanceOf", pool) == WAD
    pool.send("set_calls", 1, sender=on_v3.stranger)
    venue.send("trade", 10**15, 2**255, sender=router)
    assert venue.call("position") == 10**15
