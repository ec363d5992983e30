"""The line of an event says all that it has to say, on terminals of any width."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from keeper.replay.console import Lines
from keeper.replay.types import Event

CUT = Event(1_736_500_000, "revert", "open 1.29 ETH-17JAN25-3450-P: limits: delta", gas=107_600)


def shown(width: int, *, with_gas: bool) -> str:
    file = StringIO()
    Lines(Console(file=file, width=width), with_gas=with_gas).show(CUT)
    return file.getvalue()


@pytest.mark.parametrize("with_gas", [True, False])
@pytest.mark.parametrize("width", [40, 59, 60, 100])
def test_no_word_of_an_event_is_cut(width: int, with_gas: bool) -> None:
    text = shown(width, with_gas=with_gas)
    assert "…" not in text
    assert set(CUT.text.split()) <= set(text.split())
    assert ("108k gas" in text) is with_gas
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width


def test_gas_that_is_not_shown_takes_no_room() -> None:
    narrow, wide = shown(60, with_gas=True), shown(60, with_gas=False)
    assert len(wide.splitlines()) < len(narrow.splitlines())
