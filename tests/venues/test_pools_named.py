"""R33: a deployment file's pool of Uniswap v3 is asked what it is and what lies in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.venues import Opening, VenueRecipe
from tandem.venues._spot_faults import EMPTY, pool_faults
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe


@pytest.fixture
def engine() -> Iterator[BaseEngine]:
    with open_engine("pyrevm") as found:
        yield found


def test_a_pool_that_its_factory_does_not_know(engine: BaseEngine) -> None:
    price = _feed(engine)
    for place, said in ((price, "is no pool"), (engine.accounts[5], "no code")):
        (fault,) = pool_faults(engine, place)
        assert said in fault.what
    aave = AaveRecipe().open(engine, 2_500 * 10**18, Opening())
    assert list(pool_faults(engine, aave.pool.address)) == []
    assert list(aave.recipe.faults(engine, aave.addresses())) == []


@pytest.mark.parametrize("recipe", [AaveRecipe(), MorphoRecipe()], ids=["aave", "morpho"])
def test_r33_a_pool_in_which_nothing_lies_is_refused_by_name(
    engine: BaseEngine, recipe: VenueRecipe
) -> None:
    """Its maker left, or was never there: nothing could be hedged, and nothing would open."""
    market = recipe.open(engine, 2_500 * 10**18, Opening())
    assert list(recipe.faults(engine, market.addresses())) == []
    market.remove_liquidity()
    (fault,) = recipe.faults(engine, market.addresses())
    assert (fault.name, fault.what) == ("pool", EMPTY)


def _feed(engine: BaseEngine) -> str:
    """A contract that is no pool."""
    told = (8, "ETH / USD")
    return engine.deploy(compile_vyper("PriceFeed"), *told, sender=engine.accounts[0]).address
