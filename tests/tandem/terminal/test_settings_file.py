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
