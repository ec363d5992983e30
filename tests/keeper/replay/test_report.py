"""The report tells the truth of the run, in one page that needs no network."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from keeper.replay import charts, picture, report
from keeper.replay.types import Event, PnlTerms, StepRow


@pytest.fixture(scope="module")
def page(simulated: Any) -> str:
    return report.html(simulated.summary, simulated.rows, simulated.events, subtitle="seed 1")


def markup(page: str) -> str:
    """The page without its scripts' text."""
    return re.sub(r"<script>.*?</script>", "<script></script>", page, flags=re.DOTALL)


def shown(summary: dict[str, Any]) -> str:
    console = Console(width=110)
    with console.capture() as captured:
        console.print(report.terminal(summary))
    return captured.get()


def test_the_page_asks_for_nothing_from_outside(page: str) -> None:
    assert not re.findall(r"<(?:script|img|iframe)[^>]+src=", page)
    assert not re.findall(r"<link|@import|url\(", markup(page))
    assert "Plotly.newPlot" in page
    assert len(page) > 1_000_000


def test_the_page_shows_the_headline_figures(page: str, simulated: Any) -> None:
    text = markup(page)
    for label, figure, note, _ in report.headlines(simulated.summary):
        assert label in text
        assert figure in text
        assert note in text
    profit = simulated.summary["nav_end_usd"] - simulated.summary["nav_start_usd"]
    assert f"{abs(profit):,.0f}" in text
    assert f"${simulated.summary['floor_min_usd']:,.0f}" in text
    assert "gate: over" in text


def test_what_traders_write_is_escaped(page: str) -> None:
    assert "bought &lt;1&gt; &amp; paid" in page
    assert "bought <1>" not in page


def test_a_broken_floor_and_an_unhedged_open_are_marked_bad(simulated: Any) -> None:
    worse = {**simulated.summary, "floor_min_usd": -5.0, "max_open_residual_over_band": 1.2}
    bad = {label for label, _, _, good in report.headlines(worse) if good is False}
    assert {"Lowest floor", "Residual after opens"} <= bad
    fine = {label for label, _, _, good in report.headlines(simulated.summary) if good}
    assert {"Lowest floor", "Residual after opens"} <= fine


def test_profit_is_net_of_what_lps_paid_in() -> None:
    summary = {"nav_start_usd": 100.0, "nav_end_usd": 160.0, "lp_flows_usd": 50.0}
    assert report.headlines(summary)[0][1] == "+$10.00"
    assert report.headlines(summary)[0][2].startswith("+10.00 %")


def test_the_terminal_shows_every_cause_and_their_sum(simulated: Any) -> None:
    text = shown(simulated.summary)
    for name, value in simulated.summary["pnl"].items():
        assert name.replace("_", " ") in text
        assert f"{value:+,.2f}" in text
    assert f"{sum(simulated.summary['pnl'].values()):+,.2f}" in text


def test_a_summary_with_nothing_in_it_still_prints() -> None:
    assert "Lowest floor" in shown({})


def test_an_empty_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(report.EmptyRunError):
        report.write(tmp_path / "r.html", {}, [], [])
    with pytest.raises(report.EmptyRunError):
        picture.svg([], [])


def test_a_report_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    row = StepRow(0, 2000.0, -1.0, 1.0, 0.0, 1.0, 2.0, 10.0, 100.0)
    path = report.write(tmp_path / "deep" / "r.html", {}, [row], [])
    assert path.read_text().startswith("<!doctype html>")


def test_thinning_keeps_extremes_and_ends() -> None:
    base = StepRow(0, 2000.0, 0.0, 0.0, 0.0, 1.0, 2.0, 10.0, 100.0)
    rows = [replace(base, time=i) for i in range(20_000)]
    rows[7_777] = replace(rows[7_777], spot=1_000.0)
    rows[8_888] = replace(rows[8_888], residual=9.0)
    rows[9_999] = replace(rows[9_999], floor=-1.0)
    thin = charts.thinned(rows, 600)
    assert len(thin) <= 610
    assert {0, 7_777, 8_888, 9_999, 19_999} <= {row.time for row in thin}
    assert charts.thinned(rows[:100], 600) == rows[:100]


def test_every_hedge_is_a_marker_and_every_settlement_a_line(simulated: Any) -> None:
    figure = charts.timeline(simulated.rows, simulated.events)
    by_name = {trace.name: trace for trace in figure.data}
    marks = len(by_name["hedge bought"].x) + len(by_name["hedge sold"].x)
    assert marks == simulated.summary["hedges"] > 10
    assert len(by_name["residual"].y) == len(simulated.rows)
    assert min(by_name["floor"].y) == simulated.summary["floor_min_usd"]


def test_the_waterfall_ends_in_the_sum(simulated: Any) -> None:
    pnl = simulated.summary["pnl"]
    bars = charts.waterfall(pnl).data[0]
    assert bars.x[-1] == pytest.approx(sum(pnl.values()))
    assert list(bars.x[:-1]) == list(pnl.values())


def test_gas_is_shown_by_kind_and_left_out_where_there_is_none(simulated: Any) -> None:
    figure = charts.gas(simulated.events)
    assert figure is not None
    assert {trace.name.split(" ")[0] for trace in figure.data} == {"open", "rebalance", "settle"}
    assert charts.gas([Event(0, "open", "no gas known")]) is None


def test_long_event_lists_say_what_they_leave_out(simulated: Any) -> None:
    many = [Event(i, "open", "x") for i in range(report.EVENTS_SHOWN + 5)]
    text = markup(report.html({}, simulated.rows[:2], many))
    assert "5 later events are left out" in text
    assert text.count("<tr data-kind=") == report.EVENTS_SHOWN


def test_the_picture_is_small_well_formed_and_shows_each_hedge(
    simulated: Any, tmp_path: Path
) -> None:
    path = picture.write(tmp_path / "run.svg", simulated.rows, simulated.events, "Crash & <hedge>")
    assert path.stat().st_size < 60_000
    root = ET.parse(path).getroot()  # noqa: S314
    marks = [each for each in root.iter() if each.get("stroke-width") == ".8"]
    assert len(marks) == simulated.summary["hedges"]
    words = " ".join(each.text or "" for each in root.iter())
    assert "Crash & <hedge>" in words
    assert "floor never below" in words


def test_the_picture_says_when_the_floor_broke(simulated: Any) -> None:
    rows = [*simulated.rows[:5], replace(simulated.rows[5], floor=-3.0)]
    assert "the floor broke: $-3" in picture.svg(rows, [])


def test_terms_know_how_much_they_do_not_explain() -> None:
    assert PnlTerms().residual_share == 0
    assert PnlTerms(delta=-6.0, gamma=3.0, residual=1.0).residual_share == pytest.approx(0.1)
