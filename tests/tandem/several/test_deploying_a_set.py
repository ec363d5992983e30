"""`tandem deploy` of a set: with venues of its own, and on a chain that has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lived_in import Market

from tandem import venues

Ask = Callable[..., Any]
HEAD = 'name = "{name}"\nchain_id = 31337\n[roles]\n[venue]\nkind = "aave+morpho"\n'


def deployed(ask: Ask, file: Path, out: Path) -> dict[str, Any]:
    """Planned, applied as planned, and verified without a fault."""
    planned = ask("deploy", "plan", str(file))
    applied = ask("deploy", "apply", str(file), "--out", str(out))
    assert {p["name"]: p["address"] for p in planned["contracts"]} == {
        name: part["address"] for name, part in applied["contracts"].items()
    }
    found = ask("deploy", "verify", "--deployment", str(out))
    assert [f for f in found if f["fault"]] == []
    assert {f["name"] for f in found} >= {"AaveVenue", "MorphoVenue", "VenueSet", "venue history"}
    return dict(applied)


def test_a_set_is_deployed_with_its_venues_and_again_on_those(
    ask: Ask, market: Market, monkeypatch: pytest.MonkeyPatch, settings: Path
) -> None:
    """What the first deployment wrote down is what the second one's tables name, ids of markets among it."""
    monkeypatch.delenv("TANDEM_KEY")
    file, again = settings / "first.toml", settings / "second.toml"
    file.write_text(HEAD.format(name="first") + "deploy = true\n")
    first = deployed(ask, file, settings / "first.json")
    needed = {key: first["venue"][key] for key in venues.recipe("aave+morpho").needed}
    tables = "".join(f'{key} = "{place}"\n' for key, place in needed.items() if "." not in key)
    for member in ("aave", "morpho"):
        tables += f"[venue.{member}]\n"
        for key, place in needed.items():
            tables += f'{key.split(".")[1]} = "{place}"\n' if key.startswith(f"{member}.") else ""
    again.write_text(HEAD.format(name="second") + tables)
    second = deployed(ask, again, settings / "second.json")
    assert second["venue"] == {"kind": "aave+morpho"} | needed
    assert second["contracts"]["VenueSet"]["address"] != first["contracts"]["VenueSet"]["address"]
