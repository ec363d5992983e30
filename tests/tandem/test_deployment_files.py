"""What is named as a deployment and is none is called what it is."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tandem import venues
from tandem.errors import ConfigError
from tandem.protocol.deploy import order
from tandem.protocol.deployment import FOLDER, Deployment, NotDeployedError
from tandem.protocol.recipe import load_recipe

LOCAL = FOLDER / "local.toml"


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    """It said "deploy again"."""
    with pytest.raises(ConfigError, match="is a folder") as refused:
        Deployment.load(tmp_path)
    assert "--deployment" in refused.value.hint
    assert "again" not in refused.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"7"])
def test_a_file_that_is_none_says_who_writes_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "local.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="is no deployment") as refused:
        Deployment.load(file)
    assert "tandem deploy apply" in refused.value.hint


def test_what_is_too_deep_to_be_read_is_none(tmp_path: Path) -> None:
    file = tmp_path / "local.json"
    file.write_text("[" * 5_000)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    try:
        with pytest.raises(ConfigError, match="is no deployment"):
            Deployment.load(file)
    finally:
        sys.setrecursionlimit(before)


def test_what_may_not_be_read_is_not_to_be_deployed_again(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as refused:
        Deployment.load(Path("/dev/null"))
    assert "may read" in refused.value.hint


def test_where_there_is_none_it_says_how_to_deploy(tmp_path: Path) -> None:
    with pytest.raises(NotDeployedError) as refused:
        Deployment.load(tmp_path / "none.json")
    assert "tandem deploy apply" in refused.value.hint


@pytest.mark.parametrize(
    ("where", "wrong", "named"),
    [
        (("contracts", "Lens", "address"), "0x12", "Lens is at '0x12'"),
        (("contracts", "Lens", "address"), None, "Lens is at None"),
        (("name",), 5, "name is not what belongs"),
        (("name",), "../../etc", "name is not what belongs"),
        (("name",), "", "name is not what belongs"),
        (("block",), 2**64, "block is not what belongs"),
        (("chain_id",), True, "chain_id is not what belongs"),
        (("chain_id",), "31337", "chain_id is not what belongs"),
        (("roles",), [], "roles is not what belongs"),
        (("venue", "pool"), 7, "venue.pool is not what belongs"),
        (("venue", "kind"), "aave", "lacks venue.weth"),
        (("venue", "kind"), "cury", "venue.kind: no venue is called 'cury'"),
        (("venue", "kind"), "curie+", "venue.kind: no venue is called ''"),
        (("venue", "vault"), "x", "venue.vault is 'x'"),
        (("settings", "asset"), "../x", "settings.asset is not what belongs"),
        (("settings", "max_age"), -1, "settings.max_age is not what belongs"),
        (("settings", "max_age"), 2**256, "settings.max_age is not what belongs"),
        (("contracts", "Lens", "args"), ["\ud800"], "is no deployment: "),
        (("settings", "typo"), 1, "unknown settings.typo"),
        (("settings", "max_age"), "²", "settings.max_age is not what belongs"),
        (("settings", "loss_cap"), None, "settings.loss_cap is not what belongs"),
        (("settings", "terms"), [], "settings.terms is not what belongs"),
        (("settings", "second_feed"), "x", "settings.second_feed is not what belongs"),
        (("roles", "owner"), "x", "roles.owner is not what belongs"),
        (("roles", "signers"), None, "roles.signers is not what belongs"),
        (("deployer",), "x", "deployer is not what belongs"),
        (("block",), -1, "block is not what belongs"),
        (("venue", "usdc"), "x", "venue.usdc is 'x'"),
        (("settings", "asset"), "BTC", "lacks EtherSpot, venue.ether_feed"),
        (("contracts", "Lens", "args"), "x", "Lens has no args that can be"),
        (("contracts", "Lens", "code_hash"), None, "Lens has no code_hash that can be"),
    ],
)
def test_a_record_that_was_changed_by_hand_is_refused_by_name(
    tmp_path: Path, where: tuple[str, ...], wrong: object, named: str
) -> None:
    """Each was a traceback in whatever read it first."""
    table = raw = record("curie")
    for key in where[:-1]:
        table = table[key]
    table[where[-1]] = wrong
    file = tmp_path / "local.json"
    file.write_text(json.dumps(raw))
    with pytest.raises(ConfigError, match=re.escape(named)) as refused:
        Deployment.load(file)
    assert "tandem deploy apply" in refused.value.hint


@pytest.mark.parametrize("key", ["chain_id", "Lens", "address"])
def test_what_a_record_says_twice_is_refused(tmp_path: Path, key: str) -> None:
    """Whoever reviewed it read the one, and every command took the other."""
    file, text = tmp_path / "local.json", json.dumps(record("curie"))
    file.write_text(text.replace(f'"{key}": ', f'"{key}": "0x{"1" * 40}", "{key}": ', 1))
    with pytest.raises(ConfigError, match=f"is no deployment: it says '{key}' twice"):
        Deployment.load(file)


def test_a_record_that_nobody_changed_is_read(tmp_path: Path) -> None:
    file = tmp_path / "local.json"
    file.write_text(json.dumps(record("curie")))
    assert Deployment.load(file).recipe.name == "curie"


def record(kind: str) -> dict[str, Any]:
    """As `tandem deploy apply` writes it, of contracts that stand nowhere."""
    recipe = venues.recipe(kind)
    place = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"
    part = {"address": place, "args": [], "init_hash": "0x", "code_hash": "0x"}
    # the adapter of another venue too: what is refused is the venue's table
    names = {*order(recipe, "ETH"), *order(venues.recipe("aave"), "ETH")}
    return {
        "name": "local",
        "chain_id": 31337,
        "block": 1,
        "deployer": place,
        "first": 0,
        "contracts": {name: dict(part) for name in names},
        "venue": {"kind": kind} | dict.fromkeys(recipe.needed, place),
        "roles": {},
        "settings": {"asset": "ETH"},
    }


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("timelock = 172800", "timelock = 172800.5"),
        ("timelock = 172800", "timelock = 172800\nsignatures = 1.9"),
        ("timelock = 172800", "timelock = -172800"),
        ("deploy = true", 'deploy = "false"'),
        ("deploy = true", "deploy = 1"),
    ],
)
def test_a_value_of_another_kind_is_not_made_to_fit(tmp_path: Path, line: str, wrong: str) -> None:
    """1.9 signatures were one, and "false" opened a venue."""
    file = tmp_path / "there.toml"
    text = LOCAL.read_text()
    assert line in text
    file.write_text(text.replace(line, wrong, 1))
    with pytest.raises(ConfigError, match=re.escape(wrong.split("\n")[-1].split(" =")[0])):
        load_recipe(file)
