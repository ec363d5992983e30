"""What an editor or a mistake leaves in tandem.toml ends in settings or in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from keeper.settings import Settings
from tandem.errors import ConfigError
from tandem.settings import Connection, load, origin


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "tandem.toml"
    monkeypatch.setenv("TANDEM_CONFIG", str(path))
    return path


def test_the_mark_that_editors_begin_a_file_with_is_no_part_of_it(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbfmarket = "eth"\r\n')
    assert load(Connection).market == "eth"
    assert origin("market") == "file"


@pytest.fixture(autouse=True)
def shallow() -> Generator[None]:
    """A command's own stack: a library that tests load makes it deeper than the C stack is."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize(
    ("raw", "says", "todo"),
    [
        (b"market = " + b"[" * 50_000, "too deep", "correct the line"),
        (b"rpc_timeout = " + b"9" * 5_000, "4300 digits", "correct the line"),
        ('market = "eth"'.encode("utf-16"), "is not UTF-8", "save the file as UTF-8"),
        (b"\0" * 10, "line 1", "correct the line"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(file: Path, raw: bytes, says: str, todo: str) -> None:
    file.write_bytes(raw)
    with pytest.raises(ConfigError, match=says) as caught:
        load(Connection)
    assert caught.value.hint == todo


def test_a_variable_whose_json_lies_too_deep_is_one_sentence(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("")
    monkeypatch.setenv("TANDEM_FEES", "[" * 50_000)
    with pytest.raises(ConfigError, match="too deep"):
        load(Settings)


SECRETS = {
    'key = "SECRET"': "key",
    '[keys]\nbtc = "SECRET"': "keys",
    '[surface]\nkeys = "SECRET"': "surface.keys",
    '[signer]\nsecret = "SECRET"': "signer.secret",
    '[alerts]\nurls = ["SECRET"]': "alerts.urls",
    '[leases]\nurl = "SECRET"': "leases.url",
}


@pytest.mark.parametrize(("text", "name"), SECRETS.items())
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602])
def test_a_secret_that_others_may_read_is_refused_by_name_and_not_shown(
    file: Path, text: str, name: str, mode: int
) -> None:
    file.write_text(text.replace("SECRET", f"0x{7:064x}"))
    file.chmod(mode)
    with pytest.raises(ConfigError, match=rf"{name} in .*others may read.*{mode:03o}") as caught:
        load(Settings)
    assert "7" not in caught.value.message.replace(str(file), "")
    assert f"chmod 600 {file}" in caught.value.hint
    variable = "TANDEM_" + name.upper().replace(".", "__")
    assert variable in caught.value.hint


def test_what_is_no_secret_may_be_read_and_a_secret_by_its_owner(file: Path) -> None:
    file.write_text('market = "eth"\nkey = ""\n[surface]\nkind = "flat"')
    file.chmod(0o644)
    assert load(Settings).market == "eth"
    file.write_text(f'key = "0x{7:064x}"')
    file.chmod(0o600)
    assert load(Settings).key is not None
