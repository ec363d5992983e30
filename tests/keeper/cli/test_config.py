"""Settings as a file: one to begin with that changes nothing, and whether a keeper can start with one."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lived_in import KEEPER_KEY

from keeper.journal import Journal
from keeper.policy.spec import named
from keeper.settings import load_settings
from tandem.plugins import PlugInBrokenError
from tandem.terminal.group import main

Run = Callable[..., Result]


def run(*arguments: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(main, list(arguments))


def findings(result: Result) -> dict[str, dict[str, str]]:
    return {line["name"]: line for line in json.loads(result.stdout)}


def without_signs(text: str) -> str:
    """The same file with every value that it shows behind a sign in force."""
    lines = [line.removeprefix("# ") if " = " in line and "[fees]" not in line else line
             for line in text.splitlines()]  # fmt: skip
    return "\n".join(lines)


def test_the_template_names_every_setting_and_changes_nothing(settings: Path) -> None:
    plain = load_settings().model_dump()
    text = run("config", "template").stdout
    assert json.loads(run("config", "template", "--json").stdout) == {"template": text}
    (settings / "tandem.toml").write_text(text)
    assert load_settings().model_dump() == plain
    (settings / "tandem.toml").write_text(without_signs(text))
    assert load_settings().model_dump() == plain
    known = tomllib.loads(without_signs(text))
    for name, value in plain.items():
        if isinstance(value, dict):
            missing = {key for key in value if key not in known[name]}
            assert all(f"not set: {key}" in text or "a secret" in text for key in missing)
        else:
            assert name in known or f"not set: {name}" in text or name == "key"
    assert "TANDEM_KEY" in text
    assert "TANDEM_SURFACE__KEYS" in text
    assert "(from 1.1 to 2)" in text


def test_settings_that_would_do_are_said_to(tandem: Run) -> None:
    result = tandem("config", "validate", "--json")
    assert result.exit_code == 0
    assert {line["state"] for line in json.loads(result.stdout)} == {"ok"}


@pytest.mark.parametrize(
    ("variable", "value", "name", "said"),
    [
        ("POLICY__NAME", "thresh", "policy", "thresh"),
        ("POLICY__SETTINGS", '{"risk": 5}', "policy", "risk"),
        ("FORECAST__NAME", "crystal", "forecast", "crystal"),
        ("SURFACE__KEYS", "0x12", "surface.keys", "key"),
        ("SURFACE__CHAIN_FILE", "nowhere.parquet", "surface.chain_file", "nowhere.parquet"),
        ("KEY", "0xhush", "key", "key"),
        ("DEPLOYMENT", "nowhere.json", "deployment", "nowhere.json"),
        ("RPC", "ftp://node", "rpc", "no address"),
        ("KEYS__BTC", "0xhush", "key", "TANDEM_KEYS__BTC"),
        ("SURFACE__SIGNERS", "ftp://signer", "surface.signers", "TANDEM_SURFACE__SIGNERS"),
        ("SURFACE__SIGNERS", "http://127.0.0.1:1", "surface.signers", "share a secret"),
        ("SIGNER__KEY", KEEPER_KEY, "signer.secret", "share a secret"),
        ("RELAY__URL", "ftp://relay", "relay.url", "TANDEM_RELAY__URL"),
        ("POLL_SECONDS", "inf", "poll_seconds", "finite"),
        ("POLL_SECONDS", "1e300", "poll_seconds", "less than"),
        ("CYCLE_SECONDS", "inf", "cycle_seconds", "finite"),
        ("FEES__STUCK_SECONDS", "inf", "fees.stuck_seconds", "finite"),
    ],
)
def test_what_names_nothing_is_found_before_anything_starts(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, name: str, said: str
) -> None:
    """Issue: "Bad input: unknown policy, parameter out of range … named before anything starts"."""
    if variable == "SURFACE__CHAIN_FILE":
        monkeypatch.setenv("TANDEM_SURFACE__KIND", "chain")
    if variable == "SURFACE__SIGNERS":  # they are in place of keys
        monkeypatch.delenv("TANDEM_SURFACE__KEYS")
    monkeypatch.setenv(f"TANDEM_{variable}", value)
    result = tandem("config", "validate", "--json")
    assert result.exit_code in (1, 2), result.stdout
    if result.exit_code == 2:  # it cannot even be shown
        assert said in result.stderr
        return
    assert findings(result)[name]["state"] == "fail"
    assert said in findings(result)[name]["found"]
    assert findings(result)[name]["todo"]
    assert "hush" not in result.stdout + result.stderr


def test_a_key_that_lacks_is_a_warning(tandem: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANDEM_KEY")
    result = tandem("config", "validate")
    assert result.exit_code == 0
    assert "there is none to sign with" in result.stdout


def test_a_misspelt_key_is_an_error_with_a_suggestion(settings: Path) -> None:
    (settings / "tandem.toml").write_text("[fees]\nmost_gwey = 2\n")
    result = run("config", "validate")
    assert result.exit_code == 2
    assert "did you mean fees.most_gwei?" in result.stderr


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"METRICS__PORT": "9464", "METRICS__SILENT_SECONDS": "180"}, "metrics.silent_seconds"),
        ({"CYCLE_SECONDS": "20", "FEES__WAIT_SECONDS": "5"}, "rpc_timeout"),
        ({"CYCLE_SECONDS": "25", "FEES__WAIT_SECONDS": "25"}, "fees.wait_seconds"),
        ({"FEES__TIP_GWEI": "6"}, "fees.tip_gwei"),
        (
            {"SURFACE__REFRESH_SECONDS": "300", "SURFACE__LEAST_SECONDS": "301"},
            "surface.least_seconds",
        ),
        (
            {"SURFACE__KIND": "exchange", "SURFACE__QUOTES_EVERY_SECONDS": "180"},
            "surface.quotes_oldest_seconds",
        ),
    ],
)
def test_settings_that_cannot_work_together_are_found_and_nothing_starts_with_them(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], name: str
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(f"TANDEM_{variable}", value)
    result = tandem("config", "validate", "--json")
    assert result.exit_code == 1
    failed = [line for line in findings(result).values() if line["state"] == "fail"]
    assert [line["name"] for line in failed] == [name]
    begun = tandem("run", "--once")
    assert begun.exit_code == 2
    assert failed[0]["found"] in begun.stderr
    assert failed[0]["todo"] in begun.stderr


@pytest.mark.parametrize(
    "own",
    ['policy = {name = "thresold"}', 'forecast = {name = "crystal"}', 'rpc = "ftp://node"',
     'surface = {signers = ["ftp://signer"]}', 'surface = {kind = "chain", chain_file = "nowhere"}',
     'surface = {refresh_seconds = 300, least_seconds = 301}'],
)  # fmt: skip
def test_what_one_of_several_markets_sets_wrong_is_found_before_anything_starts(
    tandem: Run, settings: Path, own: str
) -> None:
    (settings / "tandem.toml").write_text(f"[[markets]]\n{own}\n")
    result = tandem("config", "validate", "--json")
    assert result.exit_code == 1
    (failed,) = (line for line in findings(result).values() if line["state"] == "fail")
    assert failed["name"].startswith("market ")
    assert failed["todo"]
    assert tandem("run", "--once").exit_code == 2


def test_keys_of_markets_are_keys_to_sign_with(
    tandem: Run, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_KEYS__BTC", KEEPER_KEY)
    monkeypatch.delenv("TANDEM_KEY")
    (settings / "tandem.toml").write_text('[[markets]]\nkey = "btc"\n')
    result = tandem("config", "validate", "--json")
    assert result.exit_code == 0, result.stdout
    assert {line["state"] for line in json.loads(result.stdout)} == {"ok"}


def test_one_table_of_markets_is_told_how_several_are_written(settings: Path) -> None:
    (settings / "tandem.toml").write_text('[markets]\ndeployment = "eth.json"\n')
    result = run("config", "validate")
    assert result.exit_code == 2
    assert "[[markets]]" in result.stderr


def test_why_it_does_not_begin_is_a_line_of_json_too(
    tandem: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guide: "`--log json` … makes each line an object …; why it ended is one too"."""
    monkeypatch.delenv("TANDEM_KEY")
    result = tandem("run", "--once", "--log", "json")
    assert result.exit_code == 2
    (said,) = map(json.loads, result.stderr.splitlines())
    assert said["event"] == "there is no key to sign with"


@pytest.mark.parametrize(
    "arguments",
    [("run", "--log"), ("run", "--log-level"), ("journal", "--kind"), ("journal", "--state")],
)
def test_what_a_choice_may_be_is_said_in_words_that_can_be_typed(
    arguments: tuple[str, ...],
) -> None:
    result = run(*arguments, "nonsense")
    assert result.exit_code == 2
    assert "is not one of '" in result.stderr
    assert "<" not in result.stderr


def test_signers_are_shown_for_they_are_no_secrets_and_what_is_no_address_ends_no_list(
    tandem: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help: "Secrets show only whether they are set"."""
    monkeypatch.setenv("TANDEM_RPC", "ftp://node")
    monkeypatch.setenv("TANDEM_SURFACE__SIGNERS", "http://user:hush@127.0.0.1:8701/hush, nonsense")
    result = tandem("config", "show", "--json")
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert shown["surface.signers"]["value"] == "http://127.0.0.1:8701, (no address)"
    assert shown["rpc"]["value"] == "(no address)"
    assert "hush" not in result.stdout
    assert findings(tandem("config", "validate", "--json"))["rpc"]["state"] == "fail"


@pytest.mark.parametrize(
    ("settings_typed", "said"),
    [
        ('{"risk_aversoin": 5}', "did you mean risk_aversion?"),
        ('{"risk": 5}', "did you mean risk_aversion?"),
        ('{"zebra": 5}', "it takes risk_aversion, "),
    ],
)
def test_a_policy_s_misspelt_setting_has_a_suggestion(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, settings_typed: str, said: str
) -> None:
    """It said "correct its name", and no name."""
    monkeypatch.setenv("TANDEM_POLICY__SETTINGS", settings_typed)
    assert said in findings(tandem("config", "validate", "--json"))["policy"]["todo"]
    name = next(iter(json.loads(settings_typed)))
    with pytest.raises(PlugInBrokenError) as caught:
        named(f"threshold:{name}=5")
    assert said in caught.value.hint


@pytest.mark.parametrize("typed", ["threshld", "threshold:width=abc", '{"name": '])
def test_a_word_where_a_table_belongs_is_told_the_variable_to_set(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setenv("TANDEM_POLICY", typed)
    result = tandem("config", "validate")
    assert result.exit_code == 2
    assert "TANDEM_POLICY holds no table" in result.stderr
    assert "set TANDEM_POLICY__NAME=" in result.stderr


def test_a_journal_that_cannot_be_is_found_before_anything_starts(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it cannot be written, is none, or is another chain's or account's."""
    file = settings / "journal.sqlite"
    line = findings(tandem("config", "validate", "--json"))["journal"]
    assert (line["state"], line["found"]) == ("ok", f"{file} can be written")
    assert not file.exists()
    Journal(file, 31_337, market.tandem.keeper).close()
    line = findings(tandem("config", "validate", "--json"))["journal"]
    assert line["state"] == "ok"
    (settings / "letters.sqlite").write_text("dear sir")
    Journal(settings / "chain.sqlite", 1, market.tandem.keeper).close()
    Journal(settings / "account.sqlite", 31_337, market.tandem.trader).close()
    for name, said in (
        ("/dev/null/journal.sqlite", "/dev/null"),
        (str(settings), "folder"),
        (str(settings / "letters.sqlite"), "letters.sqlite"),
        (str(settings / "chain.sqlite"), "on chain 1"),
        (str(settings / "account.sqlite"), market.tandem.trader),
    ):
        monkeypatch.setenv("TANDEM_JOURNAL", name)
        result = tandem("config", "validate", "--json")
        line = findings(result)["journal"]
        assert (line["state"], result.exit_code) == ("fail", 1), name
        assert said in line["found"]
        assert line["todo"]
    monkeypatch.delenv("TANDEM_KEY")
    monkeypatch.setenv("TANDEM_JOURNAL", str(settings / "chain.sqlite"))
    assert findings(tandem("config", "validate", "--json"))["journal"]["state"] == "fail"
    monkeypatch.delenv("TANDEM_JOURNAL")
    assert findings(tandem("config", "validate", "--json"))["journal"]["state"] == "ok"


def test_what_a_table_in_the_environment_holds_comes_from_the_environment(
    tandem: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The value was the variable's, and was said to be the default; what the table leaves out is one."""
    monkeypatch.setenv("TANDEM_FEES", '{"most_gwei": 5}')
    shown = json.loads(tandem("config", "show", "--json").stdout)
    assert shown["fees.most_gwei"] == {"value": "5.0", "from": "environment"}
    assert shown["fees.action_eth"]["from"] == "default"
