"""At sixty columns no line is longer, but for a word that nobody may break."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
WIDTH = 60


def too_long(text: str) -> list[str]:
    """Lines that could have been shorter: those with more than one word after their margin."""
    return [line for line in text.splitlines() if len(line) > WIDTH and len(line.split()) > 1]


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "risk",
        "doctor",
        "config validate",
        "pause",
        "pause --for 2h --reason x",
        "chain",
        "report --since 2023-01-01",
        "deploy plan",
        "deploy verify",
    ],
)
def test_what_a_command_tells_keeps_inside_sixty_columns(
    tandem: Run, market: Any, command: str
) -> None:
    """With what is well, and with what is not: a stale feed says much."""
    for seconds in (0, 5_000):
        market.engine.advance(seconds)
        said = tandem(*command.split())
        assert said.exit_code in (0, 1)
        assert len(said.stdout.splitlines()) > 1
        assert too_long(said.stdout) == []


def test_a_wide_terminal_and_a_file_have_each_fact_in_one_line(
    tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS")
    facts = tandem("doctor").stdout
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    narrow = tandem("doctor").stdout
    assert narrow.split() == facts.split() or len(narrow.split()) == len(facts.split())
    assert len(narrow.splitlines()) > len(facts.splitlines())
