"""What a file names as an exchange of perpetuals is asked what it is (R16)."""

from __future__ import annotations

from chain_of_others import token_code

from tandem.engine.revm import RevmEngine
from tandem.venues import Opening
from tandem.venues.curie import CurieRecipe


def test_an_exchange_of_perpetuals_that_is_none_is_named() -> None:
    """Its adapter's constructor gave no reason, and a lender's was told."""
    with RevmEngine() as engine:
        curie = CurieRecipe().open(engine, 2_500 * 10**18, Opening())
        named = curie.addresses()
        assert list(curie.recipe.faults(engine, named)) == []
        other = engine.create(token_code("vETH", 18), engine.accounts[0])
        for part, place, said in (
            ("clearing_house", engine.accounts[5], "no code at this address"),
            ("clearing_house", named["feed"], "is no clearing house of Perp v2"),
            ("base", other, "has no market at the clearing house"),
        ):
            (fault,) = curie.recipe.faults(engine, named | {part: place})
            assert fault.name == part
            assert said in fault.what
