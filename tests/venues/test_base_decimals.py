"""LM-10: which base tokens a deployment takes, by itself and over several venues."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from adapter_bench import places
from refusals import refuses
from several import guardian_of
from wrapped import FILE, GRAIN

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.errors import ConfigError
from tandem.protocol.recipe import load_recipe
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues._several import SeveralRecipe
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe

PRICE = 3_000 * WAD


@pytest.mark.proves("LM-10", "VS-1", "VS-5")
@pytest.mark.parametrize(
    ("decimals", "guarded", "grain"), [(18, 2, 1), (18, 3, 0), (8, 2, GRAIN), (8, 1, 0)]
)
def test_a_set_counts_in_the_coarsest_token_of_its_members(
    decimals: int, guarded: int, grain: int
) -> None:
    """One of eighteen and another, where its guardian knows of two."""
    engine = open_engine("pyrevm")
    who, nobody = engine.accounts[5], engine.accounts[3]
    place = engine.next_address(who, 2)
    opening = Opening()
    first = AaveRecipe().open(engine, PRICE, opening)
    other = AaveRecipe().open(engine, PRICE, replace(opening, decimals=decimals))
    code = compile_vyper("AaveVenue")
    members = [engine.deploy(code, *places(m, place), sender=who) for m in (first, other)]
    told = (nobody, guardian_of(engine, guarded), nobody, nobody, members)
    if grain:
        made = engine.deploy(compile_vyper("VenueSet"), *told, sender=who)
        assert made.address == place
        assert made.call("grain") == grain
        return
    with refuses("venues: guardian's count"):
        engine.deploy(compile_vyper("VenueSet"), *told, sender=who)


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize("decimals", [18, 8])
def test_a_sets_file_may_name_it(decimals: int) -> None:
    with open_engine("pyrevm") as engine:
        recipe = SeveralRecipe((AaveRecipe(), MorphoRecipe()))
        opening = Opening(decimals=decimals, asset="BTC")
        several = recipe.open(engine, PRICE, opening)
        assert list(recipe.faults(engine, several.addresses(), "BTC")) == []


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize(
    ("kind", "decimals", "good"),
    [
        ("aave", 8, True),
        ("morpho", 8, True),
        ("morpho4", 8, True),
        ("curie", 8, False),
        ("curie", 18, True),
        ("aave+morpho", 8, True),
        ("curie+aave", 8, True),
        ("aave+morpho", 18, True),
        ("morpho", 6, False),
    ],
)
def test_a_file_opens_a_stand_in_of_it_for_a_lender(
    tmp_path: Path, kind: str, decimals: int, good: bool
) -> None:
    file = tmp_path / "local.toml"
    file.write_text(FILE.format(kind=kind, decimals=decimals))
    if good:
        assert load_recipe(file).decimals == decimals
        return
    with pytest.raises(ConfigError, match=f"decimals = {decimals}"):
        load_recipe(file)
