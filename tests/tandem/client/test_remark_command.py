"""`tandem remark` says before what it leaves after (GT-4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worlds import World


def test_the_gate_is_shown_as_the_next_mark_takes_it(
    beside: World, ask: Callable[..., Any]
) -> None:
    """It showed the limit of the mark before: of a gate that had been lowered since, four times too much."""
    w = beside
    with w.undone():
        w.set_terms(gate=500)
        shown = ask("remark", "--dry-run")["preview"]
        done = ask("remark", "--yes")["after"]
    assert done["fresh"]
    assert shown["limit"] == done["limit"]
    assert shown["limit"] < 60_000
