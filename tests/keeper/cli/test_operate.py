"""Running, deploying, and the settings that both read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result

from keeper.journal import State, read_actions
from keeper.settings import load_settings
from tandem.engine.abi import checksum
from tandem.engine.base import NOBODY
from tandem.errors import ConfigError
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import load_recipe
from tandem.terminal.group import main

from .conftest import KEEPER_KEY, SIGNER_KEY

Run = Callable[..., Result]
Ask = Callable[..., Any]


def test_one_cycle_hedges_after_a_move_and_the_journal_says_so(
    tandem: Run, market: Any, settings: Path
) -> None:
    market.move(2_650)
    market.rest()
    before = abs(market.tandem.snapshot().stance.residual)
    result = tandem("run", "--once")
    assert result.exit_code == 0, result.output
    stance = market.tandem.snapshot().stance
    assert abs(stance.residual) < stance.hard // 2 < before
    done = read_actions(settings / "journal.sqlite", 10)
    assert "rebalance" in {a.kind for a in done}
    assert {a.state for a in done} == {State.MINED}
    shown = tandem("journal").stdout
    assert "rebalance" in shown
    assert "mined" in shown
    for secret in (KEEPER_KEY[2:], SIGNER_KEY[2:]):
        assert secret not in result.output + shown
    again = tandem("run", "--once")
    assert again.exit_code == 0
    assert len(read_actions(settings / "journal.sqlite", 10)) == len(done)


def test_a_dry_run_says_what_and_why_and_changes_nothing(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch, settings: Path
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    market.move(2_650)
    market.rest()
    block = market.engine.block()
    shown = tandem("run", "--dry-run", "--once").stdout
    assert "rebalance" in shown
    assert "past" in shown
    assert market.engine.block() == block
    assert not (settings / "journal.sqlite").exists()


class Broken:
    """A plug-in that fails as policy and as forecaster."""

    start = 0.6

    def decide(self, *_: object) -> NoReturn:
        raise SystemExit(0)

    update = decide


@pytest.mark.parametrize(
    ("what", "maker"),
    [("policy", "keeper.assembly.create"), ("forecaster", "keeper.forecast.create")],
)
def test_a_dry_run_beside_a_broken_plug_in_says_what_is_due_and_then_names_it(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch, what: str, maker: str
) -> None:
    """A broken forecaster was not told of before something was sent, and then by a traceback; one that ended
    the process ended it with 0, and no service manager began it again."""
    monkeypatch.setattr(maker, lambda *_, **__: Broken())
    monkeypatch.delenv("TANDEM_KEY")
    market.move(2_650)
    found = tandem("run", "--dry-run", "--once")
    assert found.exit_code == 2
    assert f"the {what} Broken failed" in found.stderr
    assert "action(s)" in found.stdout


def test_a_plan_of_a_deployment_is_what_apply_then_does(
    ask: Ask, market: Any, monkeypatch: pytest.MonkeyPatch, settings: Path
) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    planned = ask("deploy", "plan")
    applied = ask("deploy", "apply", "--out", str(settings / "second.json"))
    assert {p["name"]: p["address"] for p in planned["contracts"]} == {
        name: part["address"] for name, part in applied["contracts"].items()
    }
    checked = CliRunner().invoke(
        main, ["deploy", "verify", "--deployment", str(settings / "second.json")]
    )
    assert checked.exit_code == 0
    rooms = ("arguments", "terms", "roles", "venue", "price feed", "venue history")
    assert checked.stdout.count("ok ") == 16 + len(rooms)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[roles]\nking = '0x00'", "unknown roles.king"),
        ("[roles]\nlister = 'me'", "is no address"),
        ("[roles]\n[venue]\nusdc = '0x0'", "venue lacks"),
        ("[roles]\n[venue]\ndeploy = true\n[settings]\nleverage = 5", "unknown settings.leverage"),
        (
            "[roles]\n[settings]\nsecond_feed = 'none'",
            "settings.second_feed = 'none' is no address",
        ),
        ("[roles", "correct the line"),
    ],
)
def test_a_deployment_file_with_a_mistake_is_refused_by_name(
    settings: Path, line: str, said: str
) -> None:
    file = settings / "bad.toml"
    rest = "" if "venue" in line else "[venue]\ndeploy = true\n"
    file.write_text(f"name = 'x'\nchain_id = 31337\n{line}\n{rest}")
    with pytest.raises(ConfigError) as caught:
        load_recipe(file)
    assert said in str(caught.value)


def test_fractions_of_a_deployment_file_are_exact(settings: Path) -> None:
    text = (
        (FOLDER / "local.toml")
        .read_text()
        .replace("# margin_target = 0.15 ", "margin_target = 0.151 ")
    )
    file = settings / "local.toml"
    file.write_text(text)
    assert load_recipe(file).settings.margin_target == 151 * 10**15


def test_a_deployment_file_names_the_second_feed_or_there_is_none(settings: Path) -> None:
    text, feed = (FOLDER / "local.toml").read_text(), "0x" + "ab" * 20
    file = settings / "local.toml"
    file.write_text(text)
    assert load_recipe(file).settings.second_feed == NOBODY
    file.write_text(text.replace("[settings]", f"[settings]\nsecond_feed = '{feed}'\n#"))
    assert load_recipe(file).settings.second_feed == checksum(feed)


def test_environment_over_file_over_default(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings / "tandem.toml").write_text("poll_seconds = 5\n[fees]\nmost_gwei = 7\ntip_gwei = 1\n")
    monkeypatch.setenv("TANDEM_FEES__MOST_GWEI", "9")
    monkeypatch.setenv("TANDEM_KEY", KEEPER_KEY)
    loaded = load_settings(rpc="http://127.0.0.1:1,http://127.0.0.1:2")
    assert (loaded.poll_seconds, loaded.fees.most_gwei, loaded.fees.tip_gwei) == (5, 9, 1)
    assert loaded.nodes == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    result = CliRunner().invoke(main, ["config", "show", "--json"])
    shown = json.loads(result.stdout)
    assert shown["poll_seconds"] == {"value": "5.0", "from": "file"}
    assert shown["fees.most_gwei"] == {"value": "9.0", "from": "environment"}
    assert shown["jobs.lot"] == {"value": "0.001", "from": "default"}
    assert shown["key"] == {"value": "(set)", "from": "environment"}
    assert KEEPER_KEY[2:] not in result.output


def test_a_node_address_with_a_secret_shows_its_host(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_RPC", "https://node.example/v3/topsecret")
    shown = CliRunner().invoke(main, ["config", "show"]).output
    assert "https://node.example" in shown
    assert "topsecret" not in shown


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("colour = 'red'", "colour"),
        ("[fees]\nmost_gwei = -1", "fees.most_gwei"),
        ("[fees]\nbump = 1.01", "fees.bump"),
        ("key = [1", "tandem.toml"),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_its_value_is_not(
    settings: Path, file: str, said: str
) -> None:
    (settings / "tandem.toml").write_text(file)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "red" not in str(caught.value)


def test_a_config_file_that_is_named_must_exist(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_CONFIG", "nowhere.toml")
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load_settings()
