"""A deployment file names the addresses of a set on a chain that has its venues: a table for each member."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from several import fund, legs, members
from worlds import ABRUPT, ETH, FLAT, WIDE, World, furnish

from tandem import venues
from tandem.engine import open_engine
from tandem.errors import ConfigError, TandemError
from tandem.protocol.applying import apply
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.plan import plan
from tandem.protocol.recipe import load_recipe
from tandem.units import WAD
from tandem.venues import Opening, VenueRecipe

HEAD = """
name = "there"
chain_id = 31337
[roles]
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
"""
TERMS = "[terms]\n" + "".join(f"{key} = {value}\n" for key, value in (ABRUPT | WIDE).items())
PLACE, MARKET = "0x" + "1f" * 20, "0x" + "aB" * 32


def written(recipe: VenueRecipe, parts: Mapping[str, str]) -> str:
    """A file that names all that a set needs, as a person writes it."""
    shared = [key for key in recipe.needed if "." not in key]
    text = f'[venue]\nkind = "{recipe.name}"\n' + "".join(f'{k} = "{parts[k]}"\n' for k in shared)
    for member in recipe.name.split("+"):
        own = [key for key in recipe.needed if key.startswith(f"{member}.")]
        text += f"[venue.{member}]\n" + "".join(f'{k.split(".")[1]} = "{parts[k]}"\n' for k in own)
    return text


def example(kind: str) -> str:
    recipe = venues.recipe(kind)
    return written(recipe, {k: MARKET if k in recipe.ids else PLACE for k in recipe.needed})


@pytest.mark.parametrize("kind", ["curie+aave", "aave+morpho", "curie+aave+morpho"])
def test_a_market_stands_on_the_venues_that_the_tables_name(tmp_path: Path, kind: str) -> None:
    """Planned, applied, saved, loaded and bound: an order has legs at the venues that were there before, and
    at those alone."""
    engine, recipe = open_engine("pyrevm"), venues.recipe(kind)
    there = recipe.open(engine, 2_500 * WAD, Opening())
    parts, file, out = there.addresses(), tmp_path / "there.toml", tmp_path / "there.json"
    file.write_text(HEAD + written(recipe, parts) + TERMS)
    asked = load_recipe(file)
    assert asked.addresses == {key: parts[key] for key in recipe.needed}
    assert asked.price is None
    deployer = engine.accounts[1]
    planned = {item.name: item.address for item in plan(engine, asked, deployer)}
    apply(engine, asked, deployer).save(out)
    found = Deployment.load(out)
    assert {name: part.address for name, part in found.contracts.items()} == planned
    tandem = tandem_of(engine, found)
    tandem.exchange = there  # its people, whom a file does not name
    world = furnish(World(engine, there, tandem, 0, 0), smile=FLAT)  # type: ignore[arg-type]
    fund(world)
    world.freshen()
    world.mint(world.call(2_500), 40 * ETH)
    found_legs = legs(world.mint(world.call(2_500), 40 * ETH))
    assert len(found_legs) >= 2
    for adapter, member in zip(members(world), there.members, strict=True):
        if leg := found_legs.get(adapter.address):
            assert member.position(adapter.address) == pytest.approx(leg["position"], abs=10**11)
            assert leg["position"] > WAD // 2


def test_ids_of_markets_stand_in_a_members_table(tmp_path: Path) -> None:
    file = tmp_path / "there.toml"
    file.write_text(HEAD + example("aave+morpho"))
    found = load_recipe(file).addresses
    assert found["morpho.short_market"] == found["morpho.long_market"] == MARKET.lower()
    assert found["aave.pool"] == found["usdc"]


@pytest.mark.parametrize(
    ("kind", "old", "new", "said"),
    [
        ("curie+aave", "[venue.aave]", "[venue.gmx]", r"unknown venue\.gmx"),
        ("curie+aave", "[venue.curie]", "[venue.morpho]", r"unknown venue\.morpho"),
        ("curie+aave", "provider = ", "provder = ", r"venue lacks aave\.provider \("),
        ("curie+aave", "feed = ", "fed = ", r"unknown venue\.fed"),
        ("curie+aave", f'usdc = "{PLACE}"\n', "", r"venue lacks usdc \("),
        ("curie+aave", "[venue.aave]", f'[venue.aave]\nusdc = "{PLACE}"', "aave.usdc is one for"),
        ("curie+aave", f'provider = "{PLACE}"', "provider = 3", r"aave\.provider = 3 is no addr"),
        ("curie+aave", PLACE, MARKET, r"venue\.usdc = .* is no address"),
        ("aave+morpho", f'"{MARKET}"', f'"{PLACE}"', r"morpho\.short_market = .* is no id"),
        ("curie+aave", "[venue.aave]", "[venue.aave.deep]", r"venue lacks aave\.weth"),
        ("curie+aave", '"curie+aave"', '"aave"', r"venue\.curie is a table, and aave is one"),
        ("curie+aave", '"curie+aave"', '"curie+gmx"', "no venue is called 'gmx'"),
        ("curie+aave", '"curie+aave"', '"aave+aave"', "is no set of venues"),
        ("curie+aave", '"curie+aave"', "3", r"venue\.kind = 3 names no venue"),
        ("curie+aave", "[venue]\n", "[venue]\ndeploy = true\n", r"unknown venue\.usdc"),
    ],
)
def test_a_mistake_in_a_sets_tables_is_refused_by_name(
    tmp_path: Path, kind: str, old: str, new: str, said: str
) -> None:
    file, right = tmp_path / "there.toml", HEAD + example(kind)
    file.write_text(right)
    load_recipe(file)
    assert old in right
    file.write_text(right.replace(old, new, 1))
    with pytest.raises(TandemError, match=said) as caught:
        load_recipe(file)
    assert caught.value.hint


def test_a_member_that_is_no_table_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "there.toml"
    lines = [line for line in example("curie+aave").split("[venue.aave]")[0].splitlines() if line]
    lines.insert(2, f'aave = "{PLACE}"')
    file.write_text(HEAD + "\n".join(lines))
    with pytest.raises(ConfigError, match=r"venue\.aave is no table"):
        load_recipe(file)
