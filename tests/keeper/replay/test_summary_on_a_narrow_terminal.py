"""A run's summary keeps every figure and every word whole, however narrow the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console, RenderableType
from rich.text import Text

from keeper.pages import glossary
from keeper.replay import aftermath_words, headlines, report
from keeper.replay.facts import Columns, Facts
from keeper.replay.showcase import Showcase, shown
from keeper.replay.types import PNL_NAMES

WIDTHS = [32, 40, 50, 60, 80]
DIED: dict[str, Any] = {
    "keeper_dead_from": "2025-01-06 01:00", "venue_wiped_from": None, "taken_usd": 0.0,
    "floor_least_usd": 1_059_130.0, "unpaid_holdings": 0, "left_open_eth": 0.0, "paid_usd": 87.76,
    "owed_usd": 87.76, "nav_usd": 1e6,
}  # fmt: skip


def drawn(what: RenderableType, width: int) -> list[str]:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(what)
    return captured.get().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_figure_of_a_runs_summary_is_cut(simulated: Any, width: int) -> None:
    """At 40 columns a note was a letter to a line, and the line ended in dots."""
    lines = drawn(report.terminal(simulated.summary), width)
    assert max(map(len, lines)) <= width
    assert "…" not in "\n".join(lines)
    words = " ".join(lines).split()
    for card in headlines.cards(simulated.summary):
        assert any(card.figure in line for line in lines), card.label
        assert set(card.note.split()) <= set(words), card.label


@pytest.mark.parametrize("width", WIDTHS)
def test_columns_of_figures_become_names_with_values(width: int) -> None:
    head = ("", "move", "LPs lost", "jump", "published")
    row = ("farthest in the first hour", "−0.4 %", "-1,239.33", "-10 %", "2,059.10")
    table = Columns("After the end of hedging, USD", head, [row], frozenset({1, 2, 3, 4}))
    lines = drawn(table, width)
    assert max(map(len, lines)) <= width
    for name, value in zip(head[1:], row[1:], strict=True):
        beside = any(f"{name} {value}" in line for line in lines)
        headed = any(line.split() == " ".join(head).split() for line in lines)
        below = headed and any(value in line for line in lines)
        assert beside or below, name


@pytest.mark.parametrize("width", WIDTHS)
def test_a_trade_is_shown_with_its_series_whole(width: int) -> None:
    series, reason = "ETH-13DEC23-2500-5000-C", "There is no liquidity."
    figures: dict[str, Any] = dict.fromkeys(Showcase.__dataclass_fields__, 1_234.5678)
    words: dict[str, Any] = {
        "series": series,
        "refused": series,
        "reason": "CH_F0S",
        "explanation": reason,
    }
    trade = Showcase(**figures | words)
    lines = drawn(shown(trade), width)
    assert max(map(len, lines)) <= width
    assert sum(series in line for line in lines) == 2
    assert any("+1234.567800" in line for line in lines)
    assert "…" not in "\n".join(lines)


def test_what_was_lost_after_the_end_fits_too(simulated: Any) -> None:
    worst = {"loss_usd": 4.16}
    summary = {**simulated.summary, "aftermath": {**DIED, "worst": worst, "published": None}}
    cards = aftermath_words.cards(summary)
    assert len(cards) > 1
    lines = drawn(Facts("", [(c.label, Text(c.figure), c.note) for c in cards]), 40)
    assert max(map(len, lines)) <= 40
    assert any("87.76 of 87.76 USD" in line for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_each_cause_of_profit_says_what_it_is(simulated: Any, width: int) -> None:
    """`hedge cost +449.96` is a gain: what traders were charged was more than the hedges cost."""
    words = " ".join(drawn(report.terminal(simulated.summary), width)).split()
    for name in set(simulated.summary["pnl"]) - {"pool_lag"}:  # which stands there where it is any
        assert set(glossary.CAUSES[name].split()) <= set(words), name
    assert set(glossary.CAUSES) == set(PNL_NAMES)
