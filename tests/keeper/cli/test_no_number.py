"""What is no number is refused before any work."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tandem.terminal.group import main

OPTIONS = [
    *(("up", name) for name in ("--speed", "--vol", "--nav", "--depth", "--for")),
    ("study", "--nav", "--prices", "none.csv"),
    ("mint", "--wait", "ATM-21D-C", "1"),
]


@pytest.mark.parametrize("words", OPTIONS, ids=" ".join)
def test_not_a_number_is_in_no_range(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keeper.local.session.run", _never, raising=False)
    monkeypatch.chdir(tmp_path)
    command, name, *rest = words
    result = CliRunner(mix_stderr=False).invoke(main, [command, *rest, name, "nan"])
    assert result.exit_code == 2
    assert f"'{name}': 'nan' is no number" in result.stderr


def _never(*_: object, **__: object) -> None:
    pytest.fail("it began to work")
