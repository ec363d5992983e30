"""LM-10: a base token of eight decimals hedges on one lender, and in no set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from adapter_bench import places
from refusals import refuses
from several import guardian_of
from wrapped import FILE

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.errors import ConfigError
from tandem.protocol.recipe import load_recipe
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues._several import SeveralRecipe
from tandem.venues._tokens import coarse_faults
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe

PRICE = 3_000 * WAD


@pytest.mark.proves("LM-10", "VS-1", "VS-5")
@pytest.mark.parametrize(
    ("decimals", "guarded", "reason"),
    [(18, 2, ""), (18, 3, "venues: guardian's count"), (8, 2, "venues: base decimals")],
)
def test_a_set_refuses_an_adapter_of_it(decimals: int, guarded: int, reason: str) -> None:
    """Beside the same of eighteen decimals, which it takes twice, where its guardian knows of two."""
    engine = open_engine("pyrevm")
    who, nobody = engine.accounts[5], engine.accounts[3]
    place = engine.next_address(who, 2)
    opening = Opening()
    first = AaveRecipe().open(engine, PRICE, opening)
    other = AaveRecipe().open(engine, PRICE, replace(opening, decimals=decimals))
    code = compile_vyper("AaveVenue")
    members = [engine.deploy(code, *places(m, place), sender=who) for m in (first, other)]
    told = (nobody, guardian_of(engine, guarded), nobody, nobody, members)
    if not reason:
        assert engine.deploy(compile_vyper("VenueSet"), *told, sender=who).address == place
        return
    with refuses(reason):
        engine.deploy(compile_vyper("VenueSet"), *told, sender=who)


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize(("decimals", "named"), [(18, []), (8, ["aave.weth", "morpho.weth"])])
def test_a_sets_file_that_names_it_is_refused_before_anything_is_sent(
    decimals: int, named: list[str]
) -> None:
    with open_engine("pyrevm") as engine:
        recipe = SeveralRecipe((AaveRecipe(), MorphoRecipe()))
        opening = Opening(depth=None, decimals=decimals, asset="BTC")
        several = recipe.open(engine, PRICE, opening)
        found = list(recipe.faults(engine, several.addresses(), "BTC"))
        assert [fault.name for fault in found] == named
        assert all("counts in 8 decimals" in fault.what for fault in found)
        assert list(coarse_faults(engine, {"weth": engine.accounts[1]})) == []  # said elsewhere
        assert list(coarse_faults(engine, {})) == []


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize(
    ("kind", "decimals", "good"),
    [
        ("aave", 8, True),
        ("morpho", 8, True),
        ("morpho4", 8, True),
        ("curie", 8, False),
        ("aave+morpho", 8, False),
        ("aave+morpho", 18, True),
        ("morpho", 6, False),
    ],
)
def test_a_file_opens_a_stand_in_of_it_for_one_lender(
    tmp_path: Path, kind: str, decimals: int, good: bool
) -> None:
    file = tmp_path / "local.toml"
    file.write_text(FILE.format(kind=kind, decimals=decimals))
    if good:
        assert load_recipe(file).decimals == decimals
        return
    with pytest.raises(ConfigError, match=f"decimals = {decimals}"):
        load_recipe(file)
