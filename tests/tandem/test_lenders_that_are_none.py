"""What a file names as a lending market is asked what it is (R33)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chain_of_others import token_code

from tandem.engine.revm import RevmEngine
from tandem.venues import Opening
from tandem.venues.aave import AaveRecipe


@pytest.fixture(scope="module")
def engine() -> Iterator[RevmEngine]:
    with RevmEngine() as opened:
        yield opened


def test_a_lending_market_that_is_none_is_named(engine: RevmEngine) -> None:
    """An address without code, and each of the file's others in its place: its adapter's constructor gave no
    reason, and neither the name nor the address was told."""
    recipe = AaveRecipe()
    named = recipe.open(engine, 2_500 * 10**18, Opening()).addresses()
    assert list(recipe.faults(engine, named)) == []
    others = [named[part] for part in ("usdc", "weth", "pool", "feed")]
    for place in (engine.accounts[5], *others):
        (fault,) = recipe.faults(engine, named | {"provider": place})
        assert (fault.name, fault.address) == ("provider", place)
        assert ("no code at" if place not in others else "is no provider of Aave v3") in fault.what


@pytest.mark.parametrize(
    ("part", "symbol", "decimals"), [("weth", "WETH", 18), ("usdc", "USDC", 6)]
)
def test_a_token_that_the_lender_does_not_lend_is_named(
    engine: RevmEngine, part: str, symbol: str, decimals: int
) -> None:
    recipe = AaveRecipe()
    named = recipe.open(engine, 2_500 * 10**18, Opening()).addresses()
    other = engine.create(token_code(symbol, decimals), engine.accounts[0])
    (fault,) = recipe.faults(engine, named | {part: other})
    assert (fault.name, fault.address) == (part, other)
    assert "is not lent at 0x" in fault.what
