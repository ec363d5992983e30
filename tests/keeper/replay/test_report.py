"""The report tells the truth of the run, in one page and on a terminal."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from keeper.pages.palette import TEAL, Tone
from keeper.replay import charts, headlines, picture, report
from keeper.replay.summary import worst_fall
from keeper.replay.types import Event, PnlTerms, StepRow
from tandem.protocol.reverts import explain

ROW = StepRow(0, 2000.0, -1.0, 1.0, 0.0, 1.0, 2.0, 10.0, 100.0)


@pytest.fixture(scope="module")
def page(simulated: Any) -> str:
    return report.html(simulated.summary, simulated.rows, simulated.events, subtitle="seed 1")


def markup(page: str) -> str:
    """The page without its scripts' text."""
    return re.sub(r"<script[^>]*>.*?</script>", "<script></script>", page, flags=re.DOTALL)


def words(page: str) -> str:
    """What a reader reads of it."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup(page), flags=re.DOTALL)
    return " ".join(text.replace("&#39;", "'").replace("&amp;", "&").split())


def shown(summary: dict[str, Any], width: int = 110) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(report.terminal(summary))
    return captured.get()


def card(summary: dict[str, Any], label: str) -> Any:
    return next(each for each in headlines.cards(summary) if each.label == label)


def test_the_page_shows_the_headline_figures(page: str, simulated: Any) -> None:
    text = words(page)
    for each in headlines.cards(simulated.summary):
        assert f"{each.label} {each.figure} {each.note}" in text
    profit = simulated.summary["nav_end_usd"] - simulated.summary["nav_start_usd"]
    assert f"{abs(profit):,.0f}" in text
    assert f"${simulated.summary['floor_min_usd']:,.0f}" in text


def test_what_traders_write_is_escaped(page: str) -> None:
    assert "bought &lt;1&gt; &amp; paid" in page
    assert "bought <1>" not in page


def test_a_broken_floor_and_an_unhedged_open_are_marked_bad(simulated: Any) -> None:
    worse = {**simulated.summary, "floor_min_usd": -5.0, "max_open_residual_over_band": 1.2}
    for label in ("Lowest floor", "Residual after opens"):
        assert card(worse, label).tone is Tone.BAD
        assert card(simulated.summary, label).tone is Tone.GOOD
    assert card(worse, "Lowest floor").figure == "−$5"


def test_what_lps_earned_is_net_of_what_they_paid_in_and_of_the_pools_lag() -> None:
    summary = {"nav_start_usd": 1000.0, "nav_end_usd": 1060.0, "lp_flows_usd": 40.0, "days": 36.5}
    found = card(summary, "LPs earned")
    assert (found.figure, found.tone) == ("+$20.00", Tone.GOOD)
    assert found.note == "+2.00 % of 1,000 USD, +20.0 % as a year"
    lagging = card({**summary, "pnl": {"pool_lag": 30.0}}, "LPs earned")
    assert (lagging.figure, lagging.tone) == ("−$10.00", Tone.BAD)
    assert lagging.note.endswith("without +$30.00 of pool lag")


def test_the_worst_fall_is_of_what_was_earned_and_not_of_deposits() -> None:
    made = [
        replace(ROW, nav=nav, pnl=PnlTerms(theta=earned, pool_lag=lag))
        for nav, earned, lag in ((100, 0, 0), (300, 5, 0), (90, 9, -50), (95, 2, 70), (99, 6, 0))
    ]
    assert worst_fall(made) == 7
    assert worst_fall([]) == 0
    assert card({"nav_start_usd": 100.0, "worst_fall_usd": 7.0}, "Worst fall").tone is Tone.BAD


@pytest.mark.parametrize("name", sorted(headlines.COSTS))
@pytest.mark.parametrize("value", [-250.0, -0.01, 0.0, 0.01, 250.0])
def test_a_cost_is_never_green(simulated: Any, name: str, value: float) -> None:
    tone = headlines.term_tone(name, value)
    assert tone is (Tone.BAD if value < 0 else Tone.PLAIN)
    pnl = {**simulated.summary["pnl"], name: value}
    bars = charts.waterfall(pnl).data[0]
    drawn = dict(zip(bars.y, bars.marker.color, strict=True))
    assert drawn[name.replace("_", " ")] == tone.colour != TEAL
    console = Console(width=80, force_terminal=True, color_system="standard")
    with console.capture() as captured:
        console.print(report.terminal({**simulated.summary, "pnl": pnl}))
    line = next(x for x in captured.get().splitlines() if name.replace("_", " ") in x.lower()
                and f"{value:+,.2f}" in x)  # fmt: skip
    assert "\x1b[32m" not in line


@pytest.mark.parametrize("cost", [-3.0, 0.0, 3.0])
def test_the_hedging_cost_is_never_green(simulated: Any, cost: float) -> None:
    summary = {**simulated.summary, "hedge_cost_per_eth_pool_at_index_usd": cost}
    assert card(summary, "Hedging cost").tone is (Tone.BAD if cost > 0 else Tone.PLAIN)


def test_a_run_that_ended_early_says_when_and_how_much_of_it_there_is(simulated: Any) -> None:
    cut = {**simulated.summary, "complete": False, "ends": "2025-01-08 07:30",
           "visits": 123, "visits_planned": 1057}  # fmt: skip
    said = "Ended early at 2025-01-08 07:30 UTC: 123 of 1,057 visits."
    assert said in words(report.html(cut, simulated.rows, []))
    assert said in " ".join(shown(cut, 60).split())
    assert "Ended early" not in words(report.html(simulated.summary, simulated.rows, []))


def test_a_stress_says_so_and_shows_no_profit(simulated: Any) -> None:
    stress = {**simulated.summary, "path_is_stress": True}
    page = words(report.html(stress, simulated.rows, simulated.events))
    terminal = " ".join(shown(stress, 60).split())
    for text in (page, terminal):
        assert "A stress: prices run through the extremes of every candle" in text
        assert "no profit may be read off it" in text
        assert "LPs earned" not in text
        assert "Profit" not in text
    assert "A stress" not in words(report.html(simulated.summary, simulated.rows, []))


@pytest.mark.long
def test_the_page_says_where_the_volatilities_came_from(simulated: Any) -> None:
    def said(**more: Any) -> str:
        return words(report.html({**simulated.summary, **more}, simulated.rows, []))

    assert "implied 1.08 times realised" in said(surfaces="modelled", vol_premium=1.08)
    assert "surfaces as quoted at the time" in said(surfaces="recorded", vol_premium=None)
    assert "Surfaces" not in said()


def test_the_page_shows_the_settings_and_the_command_that_repeats_the_run(simulated: Any) -> None:
    command = "tandem replay --prices 'my prices.csv' --seed 7 --nav 1000000 --trades-per-day 12"
    summary = {
        **simulated.summary, "command": command, "seed": 7, "engine": "anvil", "policy": "clock",
        "path": "conditioned", "nav_deposited_usd": 1e6, "trades_per_day": 12.0,
        "pool_depth_usd": 2e6, "pool_fee_bps": 10.0, "arbitrage_lag_blocks": 3,
        "informed_share": 0.25, "informed_of": "direction",
    }  # fmt: skip
    page = report.html(summary, simulated.rows, [])
    for fact in ("Seed 7", "Engine anvil", "Policy clock", "1,000,000 USD", "Trades a day 12",
                 "2,000,000 USD within 2 %", "10 bp", "25% of traders, of direction"):  # fmt: skip
        assert fact in words(page)
    block = re.search(r"<pre><code>(.*?)</code>", page, re.DOTALL)
    assert block is not None
    pasted = block[1].replace("&#39;", "'")
    assert shlex.split(pasted.replace("\\\n", "")) == shlex.split(command)
    assert max(len(line) for line in pasted.splitlines()) <= report.COMMAND_WIDTH + 10


def test_refusals_are_in_words_with_what_to_do_and_how_often(page: str) -> None:
    text = words(page)
    for reason, who, count in (
        ("gate: over", "trader", 3), ("limits: vega hour", "trader", 2),
        ("hedge: inside trigger", "keeper rebalance", 7),
    ):  # fmt: skip
        meant = explain(reason)
        assert f"{reason} {who} × {count} {meant.what} {meant.todo}" in text


def test_the_glossary_explains_the_words_of_the_page(page: str) -> None:
    text = words(page).partition("Glossary")[2]
    for word in ("residual", "hard band", "trigger", "floor", "mark", "delta", "gamma", "theta",
                 "vega", "premium", "capital charge", "pool lag"):  # fmt: skip
        assert f" {word} " in text


@pytest.mark.parametrize("width", [60, 80])
def test_the_terminal_says_the_same_facts_in_few_columns(simulated: Any, width: int) -> None:
    text = shown(simulated.summary, width)
    assert max(map(len, text.splitlines())) <= width
    for each in headlines.cards(simulated.summary):
        assert re.search(rf"{re.escape(each.label)} +{re.escape(each.figure)}", text)
        assert set(each.note.split()) <= set(text.split())


def test_the_terminal_shows_every_cause_and_their_sum(simulated: Any) -> None:
    pnl = {**simulated.summary["pnl"], "pool_lag": 12.5}
    text = shown({**simulated.summary, "pnl": pnl})
    for name, value in pnl.items():
        assert re.search(rf"{name.replace('_', ' ')} +{re.escape(f'{value:+,.2f}')}", text)
    total = sum(pnl.values())
    assert re.search(rf"earned +{re.escape(f'{total - 12.5:+,.2f}')}", text)
    assert re.search(rf"change of NAV +{re.escape(f'{total:+,.2f}')}", text)


def test_a_summary_with_nothing_in_it_still_prints() -> None:
    assert "Lowest floor" in shown({})


def test_an_empty_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(report.EmptyRunError):
        report.write(tmp_path / "r.html", {}, [], [])
    with pytest.raises(report.EmptyRunError):
        picture.svg([], [])


def test_a_report_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    path = report.write(tmp_path / "deep" / "r.html", {}, [ROW], [])
    assert path.read_text().startswith("<!doctype html>")


def test_the_zoom_shows_the_hours_of_the_crash_and_nothing_where_there_is_no_more(
    simulated: Any,
) -> None:
    near = charts.around_fall(simulated.rows)
    assert 5 < len(near) < len(simulated.rows) / 2
    lowest = min(near, key=lambda row: row.spot)
    assert near[0].time < lowest.time
    text = words(report.html(simulated.summary, simulated.rows, []))
    assert "The worst hours" in text
    assert "The worst hours" not in words(report.html(simulated.summary, near, []))


def test_gas_that_is_not_real_is_said_to_be_so(simulated: Any) -> None:
    for real, text in ((True, "Counted by anvil"), (False, "Counted by pyrevm")):
        summary = {**simulated.summary, "gas_is_real": real}
        assert text in words(report.html(summary, simulated.rows, simulated.events))


def test_long_event_lists_leave_out_the_numerous_first_and_say_so(simulated: Any) -> None:
    many = [Event(i, "open", "x") for i in range(report.EVENTS_SHOWN + 5)]
    many.append(Event(9_999, "liquidation", "the last"))
    text = markup(report.html({}, simulated.rows[:2], many))
    assert "6 of 2,006 events are left out" in text
    assert text.count("<tr data-choice=") == report.EVENTS_SHOWN
    assert "the last" in text
