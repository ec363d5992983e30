"""A pool whose fee is all but a millionth: of a sale that it keeps whole nothing is said to fill."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aave_bench import PRICE, Bench, places

from tandem.engine.artifacts import compile_vyper, load_npm
from tandem.units import WAD
from tandem.venues import Depth
from tandem.venues._setup import DEPTH_SECONDS, remember
from tandem.venues._spot import POOL_PARTS, SPACINGS

FEE, SPACING = 999_999, 10
"""Millionths: the most that a pool's factory lets its owner allow."""


def test_a_sale_that_the_fee_takes_whole_fills_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a million units one meets the curve; with fewer none does, and the answer is nothing and no
    error. A whole ether fills as it is said to, and costs all but a millionth of its price."""
    monkeypatch.setitem(SPACINGS, FEE, SPACING)
    aave, engine = bench.aave, bench.engine
    factory, told = aave.spot.factory, (aave.weth, aave.usdc, FEE)
    factory.send("enableFeeAmount", FEE, SPACING, sender=aave.owner)
    factory.send("createPool", *told, sender=aave.owner)
    pool = engine.at(load_npm(*POOL_PARTS["pool"]), factory.call("getPool", *told))
    pool.send("initialize", aave.spot.root(PRICE), sender=aave.owner)
    remember(pool, 1_801, aave.owner)
    replace(aave.spot, pool=pool, fee=FEE).add_liquidity(Depth())
    engine.advance(DEPTH_SECONDS)
    args = places(aave, bench.router, pool=pool.address)
    venue = engine.deploy(compile_vyper("AaveVenue"), *args, sender=aave.owner)
    aave.usdc.send("mint", venue, 10**10, sender=aave.owner)
    venue.send("deposit", 10**10, sender=bench.router)
    for size in (1, 10**5, 10**6 - 1_100):
        assert venue.call("max_order", -size, 0) == 0
    fits = venue.call("max_order", -WAD, 0)
    assert WAD - 10**6 < fits <= WAD
    _, quote, fee = venue.send("trade", -fits, 0, sender=bench.router).returned
    assert quote == pytest.approx(PRICE, rel=1e-3)
    assert fee == pytest.approx(PRICE - PRICE // 10**6, rel=1e-3)
