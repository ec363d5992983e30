"""A setting that is misspelt is not taken for one that is set."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keeper.settings import Settings
from tandem.errors import ConfigError
from tandem.settings import Connection, load


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("TANDEM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("kind", [Connection, Settings])
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TANDEM_RPC_URL", "TANDEM_RPC"),
        ("TANDEM_DEPLOYMNT", "TANDEM_DEPLOYMENT"),
        ("TANDEM_SURFACE_KEYS", "TANDEM_SURFACE__KEYS"),
        ("TANDEM_FEES__MOST_GWEY", "TANDEM_FEES__MOST_GWEI"),
        ("tandem_rpcs", "TANDEM_RPC"),
    ],
)
def test_a_variable_that_nobody_reads_is_named_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, kind: type[Connection], name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "secretvalue")
    with pytest.raises(ConfigError) as caught:
        load(kind)
    assert f"{name} is no setting" in str(caught.value)
    assert f"did you mean {meant}?" in str(caught.value)
    assert "secretvalue" not in str(caught.value)


@pytest.mark.parametrize("kind", [Connection, Settings])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TANDEM_POLL_SECONDS", "1"),
        ("TANDEM_POLICY__SETTINGS__MULTIPLE", "2"),
        ("TANDEM_FEES", '{"most_gwei": 1}'),
        ("TANDEM_DATA", "/somewhere"),
        ("TANDEM_NIGHTLY", "1"),
        ("TANDEM_NIGHT_MARKETS", "60"),
        ("tandem_rpc", "http://127.0.0.1:1"),
    ],
)
def test_what_somebody_reads_is_let_pass(
    monkeypatch: pytest.MonkeyPatch, kind: type[Connection], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    load(kind)


def test_a_line_of_the_file_is_held_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "tandem.toml").write_text('rpcs = "http://127.0.0.1:1"\n')
    with pytest.raises(ConfigError, match=r"rpcs is no setting .did you mean rpc\?"):
        load(Connection)
    (tmp_path / "tandem.toml").write_text("poll_seconds = 3\n[fees]\nmost_gwei = 1\n")
    load(Connection)


@pytest.mark.parametrize(
    ("file", "variables", "said", "todo"),
    [
        ("[policy]\nnamee = 'x'", {}, "policy.namee is no setting", "did you mean policy.name?"),
        ("[jobs]\nzzz = 1", {}, "jobs.zzz is no setting", "remove it"),
        ("", {"TANDEM_FEES": '{"most_gwey": 1}'}, "fees.most_gwey is no", "mean fees.most_gwei?"),
        ("rpc_timeout = -3", {}, "rpc_timeout: Input should be greater than 0", "tandem.toml"),
        ("", {"TANDEM_RPC_TIMEOUT": "-3"}, "rpc_timeout: Input", "correct TANDEM_RPC_TIMEOUT"),
        ("", {"TANDEM_FEES__BUMP": "x"}, "fees.bump: Input", "correct TANDEM_FEES__BUMP"),
        ("markets = 1", {}, "markets: it is no list: begin each", "correct markets in"),
        ("", {"TANDEM_ALERTS__URLS": "[x"}, "alerts.urls: it begins as JSON and is none", "URLS"),
        ("surface.signers = 1", {}, "surface.signers: it is no list of addresses", "correct"),
    ],
)
def test_what_is_wrong_is_said_with_where_it_stands(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    file: str,
    variables: dict[str, str],
    said: str,
    todo: str,
) -> None:
    """`tandem config show` was the way out of every wrong setting, and answered with the same error:
    it reads the same settings."""
    (tmp_path / "tandem.toml").write_text(file)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load(Settings)
    assert said in caught.value.message
    assert todo in caught.value.hint
    assert "lists them all" not in caught.value.hint


def test_a_folder_in_the_files_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "tandem.toml").mkdir()
    with pytest.raises(ConfigError, match=r"tandem\.toml: it is a folder"):
        load(Connection)


@pytest.mark.parametrize("key", ["", " "])
def test_a_key_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """`config show` said that a key was set, and `tandem run` found out when something was due."""
    monkeypatch.setenv("TANDEM_KEY", key)
    assert load(Settings).key is None


def test_a_file_that_is_named_by_nothing_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_CONFIG", "")
    assert load(Connection).rpc_timeout == 20
