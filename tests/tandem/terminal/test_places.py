"""A file or a folder that a command is given has a name."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tandem.terminal.common import Place
from tandem.terminal.group import main

from .surface import commands

NAMED = [
    pytest.param((*names, param.opts[0]), id=" ".join((*names, param.opts[0])))
    for names, command in commands().items()
    for param in command.params
    if isinstance(param, click.Option) and isinstance(param.type, click.Path)
]


def test_every_path_of_a_command_is_a_place() -> None:
    other = [
        (names, param.name)
        for names, command in commands().items()
        for param in command.params
        if isinstance(param.type, click.Path) and not isinstance(param.type, Place)
    ]
    assert other == []
    assert len(NAMED) > 20


@pytest.mark.parametrize("words", NAMED)
def test_an_empty_name_is_not_the_folder_in_which_the_command_is_run(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`demo --out "$OUT"` with OUT not set wrote over what `summary.json` and `report.html` were there."""
    (tmp_path / "summary.json").write_text("mine")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [*words, ""], prog_name="tandem")
    assert done.exit_code == 2
    assert "the name is empty" in " ".join(done.output.split())
    assert [p.name for p in tmp_path.iterdir()] == ["summary.json"]
    assert (tmp_path / "summary.json").read_text() == "mine"
