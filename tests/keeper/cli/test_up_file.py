"""Where `tandem up` writes what stands where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tandem.protocol.deployment import FOLDER
from tandem.terminal.group import main


class Opened(Exception):
    """The market would open now."""


def test_a_second_market_leaves_the_first_ones_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Path] = []

    def live(settings: Any, *_: object, **__: object) -> None:
        files.append(settings.file)
        raise Opened

    monkeypatch.setattr("keeper.local.session.live", live)
    monkeypatch.setattr("tandem.engine.anvil.check_port", lambda _: None)
    named = ["--deployment", str(tmp_path / "mine.json")]
    for options in ([], ["--port", "9645"], ["--port", "9646"], ["--port", "9645", *named]):
        assert isinstance(CliRunner().invoke(main, ["up", *options]).exception, Opened)
    names = ("local.json", "local-9645.json", "local-9646.json")
    assert files == [*(FOLDER / name for name in names), tmp_path / "mine.json"]


@pytest.mark.parametrize("venue", ["nosuch", "aave+aave", "curie+", ""])
@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_venue_that_is_none_is_refused_before_anything_starts(
    command: str, venue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain was started and something deployed first."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner(mix_stderr=False).invoke(main, [command, "--venue", venue])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "venue" in result.stderr
