"""The tables of availability in docs/protocol.md are the ones that test_availability_table.py and
test_every_function_in_every_state.py play."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_availability_table import FLOOR_SPENT, REFUSED, ROWS
from test_every_function_in_every_state import FUNCTIONS, MORE

from tandem.protocol.reverts import explain

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
    "delisted": "the traded expiry delisted",
    "unpriced": "an expiry past and unpriced",
    "second feed": "no round of the feed for three days, the second feed fresh",
    "no feed": "no feed left",
    "venue down": "the venue down",
    "venue long down": "the venue down for three days",
    FLOOR_SPENT: "floor cannot fund the next top-up",
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

# The same of the second table, under AV-3.
MOVES = {
    "top_up": "top up",
    "delever": "delever",
    "sweep": "sweep",
    "shift": "shift",
    "poke": "poke",
    "remark": "remark",
    "stamp": "stamp",
}
# What reverts for no other reason than that the state does not call for it.
NOT_DUE = ("margin: no delever due", "margin: nothing to move")
ELSEWHERE = {"", "own"}  # what works in every row


def table(after: str, before: str) -> dict[str, dict[str, str]]:
    """Row -> column -> cell of the table that stands between two marks."""
    text = PAGE.read_text().split(after)[1].split(before)[0]
    lines = [
        [cell.strip() for cell in x.split("|")[1:-1]] for x in text.split("\n") if x[:1] == "|"
    ]
    head, _, *rows = lines
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


TABLES = (
    (table("**AV-1**", "**AV-2**"), COLUMNS, REFUSED),
    (table("**AV-3**", "## Powers"), MOVES, MORE),
)


@pytest.mark.proves("AV-1", "AV-3")
def test_every_row_and_column_of_the_page_is_played() -> None:
    for page, columns, _ in TABLES:
        assert {*page} == {*TOGETHER.values()}
        assert all({*row} == {*columns.values()} for row in page.values())
    assert {*TOGETHER} == {*ROWS}
    assert {column for _, column in FUNCTIONS.values()} - ELSEWHERE <= {*COLUMNS, *MOVES}


@pytest.mark.proves("AV-1", "AV-3")
@pytest.mark.parametrize("row", ROWS)
def test_a_cell_of_the_page_says_what_happens(row: str) -> None:
    for page, columns, refused in TABLES:
        for column, heading in columns.items():
            reason = refused.get((row, column))
            said = "if due" if reason in NOT_DUE else "–" if reason else "✓"
            assert page[TOGETHER[row]][heading].startswith(said), heading


def test_whoever_meets_a_stale_surface_is_told_what_does_not_wait_for_it() -> None:
    """The hint was to wait for a post: who held an option whose signers had left waited for good."""
    row, todo = TABLES[0][0]["surface stale"], explain("market: surface stale").todo
    assert {what for what, cell in row.items() if "exit_wait" in cell} == {
        "close",
        "exit processing",
    }
    assert {what for what, cell in row.items() if cell == "–"} == {"mint", "deposit"}
    assert all(
        word in todo
        for word in ("exit_wait", "close pays", "exits are paid", "opens and deposits wait")
    )
