"""`tandem deploy` of a set, and of a venue that a file knows by more than addresses: with its own market, and
on a chain that has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lived_in import Market

from tandem import venues

Ask = Callable[..., Any]
HEAD = 'name = "{name}"\nchain_id = 31337\n[roles]\n[venue]\nkind = "{kind}"\n'


def deployed(ask: Ask, file: Path, out: Path) -> dict[str, Any]:
    """Planned, applied as planned, and verified without a fault."""
    planned = ask("deploy", "plan", str(file))
    applied = ask("deploy", "apply", str(file), "--out", str(out))
    assert {p["name"]: p["address"] for p in planned["contracts"]} == {
        name: part["address"] for name, part in applied["contracts"].items()
    }
    found = ask("deploy", "verify", "--deployment", str(out))
    assert [f for f in found if f["fault"]] == []
    kind = venues.recipe(applied["venue"]["kind"])
    assert {f["name"] for f in found} >= {*kind.contracts, "venue history"}
    return dict(applied)


@pytest.mark.sampled
@pytest.mark.parametrize(
    "kind", ["aave+morpho", pytest.param("aave+morpho4", marks=pytest.mark.long), "morpho4"]
)
def test_it_is_deployed_with_its_venues_and_again_on_those(
    ask: Ask, market: Market, monkeypatch: pytest.MonkeyPatch, settings: Path, kind: str
) -> None:
    """What the first deployment wrote down is what the second one's file names, ids of markets and numbers
    among it."""
    monkeypatch.delenv("TANDEM_KEY")
    file, again = settings / "first.toml", settings / "second.toml"
    file.write_text(HEAD.format(name="first", kind=kind) + "deploy = true\n")
    first = deployed(ask, file, settings / "first.json")
    recipe = venues.recipe(kind)
    needed = {key: first["venue"][key] for key in recipe.needed}
    again.write_text(HEAD.format(name="second", kind=kind) + _tables(recipe, needed))
    second = deployed(ask, again, settings / "second.json")
    assert second["venue"] == {"kind": kind} | needed
    adapter = recipe.adapter
    assert second["contracts"][adapter]["address"] != first["contracts"][adapter]["address"]


def _tables(recipe: venues.VenueRecipe, needed: dict[str, str]) -> str:
    """A file's names for a venue that stands, a set's members each in a table of its own."""
    tables: dict[str, str] = {}
    for key, value in needed.items():
        member, _, part = key.rpartition(".")
        spelled = value if key in recipe.numbers else f'"{value}"'
        tables[member] = tables.get(member, "") + f"{part} = {spelled}\n"
    alone = tables.pop("")
    return alone + "".join(f"[venue.{member}]\n{rows}" for member, rows in tables.items())
