"""A deployment file's pool of Uniswap v4 is asked what it is: by manager, key and reference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tandem.engine import open_engine
from tandem.engine.base import NOBODY
from tandem.venues import Depth, Opening
from tandem.venues._spot import open_pool
from tandem.venues._spot_faults import EMPTY
from tandem.venues._v4 import Key
from tandem.venues.morpho4 import Morpho4Recipe

PRICE = 2_500 * 10**18


def test_a_pool_of_v4_that_its_manager_does_not_keep_or_that_leans_on_none() -> None:
    """Manager, key, and reference are asked what they are, each by its own name."""
    engine = open_engine("pyrevm")
    market = Morpho4Recipe().open(engine, PRICE, Opening())
    named, key = market.addresses(), market.v4.key
    assert list(market.recipe.faults(engine, named)) == []
    native = Key.of(NOBODY, named["usdc"], key.fee, key.spacing)
    young = replace(key, fee=100, spacing=1)
    spot = market.spot
    people = (spot.owner, engine.accounts[9], engine.accounts[8])
    dear = open_pool(engine, spot.quote, spot.base, PRICE, 1_801, people, 3_000, beside=spot)
    dear.add_liquidity(Depth())
    spot.factory.send("createPool", spot.quote, spot.base, 10_000, sender=spot.owner)
    empty = spot.factory.call("getPool", spot.quote, spot.base, 10_000)
    for changes, part, said in (
        ({"pool": "0x" + "77" * 32}, "pool", "is not the pool of fee 500 and tick_spacing 10"),
        ({"pool": native.id}, "pool", "is a pool of native ether"),
        ({"tick_spacing": "60"}, "pool", "is not the pool of fee 500 and tick_spacing 60"),
        ({"pool": young.id, "fee": "100", "tick_spacing": "1"}, "pool", "no pool that this"),
        ({"pool_manager": engine.accounts[5]}, "pool_manager", "no code"),
        ({"pool_manager": named["usdc"]}, "pool_manager", "is no manager"),
        ({"reference": named["usdc"]}, "reference", "is no pool"),
        ({"reference": engine.accounts[5]}, "reference", "no code"),
        ({"reference": dear.pool.address}, "reference", "may hold both 35 bp apart, more than 10"),
        ({"reference": empty}, "reference", "holds no liquidity at its price"),
        ({"lender": engine.accounts[5]}, "lender", "no code"),
    ):
        (fault,) = market.recipe.faults(engine, named | changes)
        assert (fault.name, fault.address) == (part, (named | changes)[part])
        assert said in fault.what
    for usd, wrong in ((5_500_000, False), (1_000_000, True)):
        market.spot.add_liquidity(Depth(usd=usd))
        faults = [fault.what for fault in market.recipe.faults(engine, named)]
        assert [what.startswith("is more than 4 times as deep") for what in faults] == [
            True
        ] * wrong


@pytest.mark.proves("LM-9")
def test_r33_a_pool_of_v4_that_is_empty_is_refused_by_name() -> None:
    with open_engine("pyrevm") as engine:
        market = Morpho4Recipe().open(engine, PRICE, Opening(depth=None))
        market.spot.add_liquidity(Depth())
        (fault,) = market.recipe.faults(engine, market.addresses())
        assert (fault.name, fault.what) == ("pool", EMPTY)
