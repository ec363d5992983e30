"""The table of availability in docs/protocol.md is the one that test_availability_table.py plays."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_availability_table import REFUSED, ROWS

PAGE = Path(__file__).resolve().parents[3] / "docs/protocol.md"

# How the rows that are played one by one are put together on the page.
TOGETHER = {
    "normal": "normal",
    "paused": "paused, or the breaker tripped",
    "tripped": "paused, or the breaker tripped",
    "spot stale": "spot stale, or the sequencer down or just back",
    "sequencer down": "spot stale, or the sequencer down or just back",
    "sequencer back": "spot stale, or the sequencer down or just back",
    "uptime gone": "the uptime feed noted as failing for three days",
    "surface stale": "surface stale",
    "other surface stale": "another expiry's surface stale",
    "unpriced": "an expiry past and unpriced",
    "second feed": "no round of the feed for three days, the second feed fresh",
    "no feed": "no feed left",
    "venue down": "the venue down",
    "venue long down": "the venue down for three days",
}
COLUMNS = {
    "mint": "mint",
    "close": "close",
    "rebalance": "rebalance",
    "settle": "settle",
    "redeem": "redeem",
    "deposit": "deposit",
    "request": "exit request",
    "process": "exit processing",
    "claim": "claim",
}


def table() -> dict[str, dict[str, str]]:
    """Row -> column -> cell of the table under AV-1."""
    text = PAGE.read_text().split("**AV-1**")[1].split("**AV-2**")[0]
    lines = [
        [cell.strip() for cell in x.split("|")[1:-1]] for x in text.split("\n") if x[:1] == "|"
    ]
    head, _, *rows = lines
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


@pytest.mark.proves("AV-1")
def test_every_row_and_column_of_the_page_is_played() -> None:
    page = table()
    last = "floor cannot fund the next top-up"  # a test of its own: it takes a history
    assert {*page} == {*TOGETHER.values(), last}
    assert {*TOGETHER} == {*ROWS}
    assert all({*row} == {*COLUMNS.values()} for row in page.values())


@pytest.mark.proves("AV-1")
@pytest.mark.parametrize("row", ROWS)
def test_a_cell_of_the_page_says_what_happens(row: str) -> None:
    page = table()[TOGETHER[row]]
    for column, heading in COLUMNS.items():
        refused = (row, column) in REFUSED
        assert page[heading][:1] == ("–" if refused else "✓"), heading
