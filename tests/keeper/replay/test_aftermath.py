"""A keeper that dies and a venue that is wiped in the middle of a replay: holders are paid in full from a
floor that never falls under nothing, and what LPs lose stands beside what the gate had published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from keeper.cli._times import Moment
from keeper.replay import report
from keeper.replay.aftermath import Published, largest_hour
from keeper.replay.inputs import settings_for
from keeper.replay.run import Replay, ReplayResult, replay
from keeper.replay.stage import set_stage
from keeper.replay.types import PNL_NAMES
from tandem.errors import ConfigError
from tandem.feeds.candles import load
from tandem.feeds.flow import standing_book
from tandem.feeds.path import demo
from tandem.feeds.visits import Visits
from tandem.terminal.group import main
from tandem.units import HOUR, WAD

START = 1_736_121_600
CRASH = demo().window(START + 120 * HOUR, START + 144 * HOUR)
"""A day of the path that ships with the project; the crash is its hour 13."""
ENDS: dict[str, dict[str, Any]] = {
    "dead": {"keeper_dies": "jump"},
    "wiped": {"venue_wiped": "jump"},
    "both": {"keeper_dies": "jump", "venue_wiped": "jump"},
}


def moment(text: str) -> int:
    return int(Moment().convert(text, None, None))


@pytest.fixture(scope="module")
def ended() -> dict[str, ReplayResult]:
    return {name: replay(settings_for(CRASH, visits=4, **how)) for name, how in ENDS.items()}


def check_holders(result: ReplayResult) -> None:
    """FL-1 and ST-6 in a run: the floor at every step, and every holder to the token unit."""
    a = result.summary["aftermath"]
    assert result.summary["complete"] is True
    assert min(row.floor for row in result.rows) >= 0
    assert a["floor_least_usd"] >= 0
    assert a["owed_usd"] == a["paid_usd"] > 0
    assert a["unpaid_holdings"] == 0 == a["left_open_eth"]


def check_sums(result: ReplayResult) -> None:
    """Losses are differences of what was earned, and causes explain them."""
    s, a = result.summary, result.summary["aftermath"]
    cents = [round(100 * s["pnl"][name]) for name in PNL_NAMES]
    assert sum(cents) == round(100 * (s["nav_end_usd"] - s["nav_start_usd"] - s["lp_flows_usd"]))
    assert abs(s["pnl"]["residual"]) < 0.05
    assert a["worst"]["loss_usd"] >= max(
        a[key]["loss_usd"] for key in ("first_hour", "largest_move", "end")
    )
    said = a["published"]
    assert said["worst_usd"] == max(said["jumps"].values())
    for key in ("first_hour", "largest_move", "worst", "end"):
        row = a[key]
        assert row["published_usd"] == said["jumps"][str(row["jump"])]
        others = [abs(int(jump) - 100 * row["move"]) for jump in said["jumps"]]
        assert abs(row["jump"] - 100 * row["move"]) == min(others)


@pytest.mark.parametrize("how", ENDS)
def test_every_holder_is_paid_from_a_floor_that_holds(
    ended: dict[str, ReplayResult], how: str
) -> None:
    check_holders(ended[how])
    check_sums(ended[how])


def test_nobody_keeps_a_market_whose_keeper_is_dead(ended: dict[str, ReplayResult]) -> None:
    result = ended["dead"]
    (end,) = [event.time for event in result.events if event.kind == "end"]
    after = {event.kind for event in result.events if event.time > end}
    assert not after & {"rebalance", "top_up", "sweep", "delever", "process", "exit"}
    assert {"settle", "redeem"} <= after
    assert "market: surface stale" in result.summary["opens_reverted"]
    left = [row for row in result.rows if row.time > end]
    assert not any(row.hedged for row in left)
    assert len({row.hedge for row in left}) == 1
    a = result.summary["aftermath"]
    assert a["first_hour"]["move"] < -0.15
    assert a["worst"]["loss_usd"] > 0
    assert a["worst"]["loss_usd"] < a["published"]["worst_usd"]


def test_a_wiped_venue_leaves_nothing_there(ended: dict[str, ReplayResult]) -> None:
    """With a dead keeper it gets what lay there; a live one brings it more, as far as `HG-13` lets him: "one
    that takes a part each time takes the cap, and what lay there last"."""
    once, again = ended["both"], ended["wiped"]
    (end,) = [event.time for event in once.events if event.kind == "end"]
    assert all(row.hedge == 0 for row in once.rows if row.time > end)
    a, b = once.summary["aftermath"], again.summary["aftermath"]
    assert 0 < a["taken_usd"] == pytest.approx(a["published"]["account_usd"], rel=0.05)
    assert a["taken_usd"] < b["taken_usd"] < 0.12 * b["nav_usd"]
    dead = ended["dead"].summary["aftermath"]
    assert a["worst"]["loss_usd"] > dead["worst"]["loss_usd"]


def test_what_is_published_is_what_the_chain_says() -> None:
    """The worst of the grid is the contract's own figure, to its rounding."""
    settings = settings_for(CRASH, visits=1)
    stage = set_stage(settings)
    with stage.engine:
        run = Replay(settings, stage)
        first, last = int(settings.visits.time[0]), int(settings.visits.time[-1])
        run.inherit(first - 7 * 86_400, float(settings.visits.price[0]),
                    standing_book(settings.flow, first - 7 * 86_400, last)[:6])  # fmt: skip
        snap = run.keeper.look()
        said = Published.of(snap)
        assert said is not None
        assert max(said.jumps.values()) == pytest.approx(snap.gate.worst / WAD, abs=5)
        assert set(said.jumps) == {-50, -30, -20, -10, 10, 20, 40, 100}
        assert (said.nearest(-0.17), said.nearest(0.8), said.nearest(-0.05)) == (-20, 100, -10)


def test_the_largest_hour_begins_where_the_move_does() -> None:
    times = np.array([0, 900, 1_800, 5_000, 9_000, 9_600], dtype=np.int64)
    late = np.array([100.0, 101, 99, 80, 60, 80])
    assert largest_hour(Visits(times, late, np.zeros(6, np.int64))) == 9_000
    early = np.array([100.0, 120, 60, 60, 60, 60])
    assert largest_hour(Visits(times, early, np.zeros(6, np.int64))) == 900


@pytest.mark.parametrize("flag", ["--keeper-dies", "--venue-wiped"])
@pytest.mark.parametrize("at", ["2025-01-01", "2025-01-12", "2026-01-01"])
def test_a_moment_outside_the_prices_is_a_named_error(flag: str, at: str) -> None:
    name = flag.removeprefix("--").replace("-", "_")
    with pytest.raises(ConfigError, match="is not among the prices") as caught:
        settings_for(CRASH, visits=1, **{name: moment(at)})
    assert flag in caught.value.message
    assert "or jump" in caught.value.hint


def test_a_word_that_is_no_moment_is_a_named_error() -> None:
    result = CliRunner(mix_stderr=False).invoke(main, ["replay", "--keeper-dies", "someday"])
    assert result.exit_code == 2
    assert "--keeper-dies" in result.stderr


def test_the_command_says_it_in_json_on_a_page_and_in_eighty_columns(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    arguments = ["replay", "--from", "2025-01-11T11:00", "--to", "2025-01-11T15:00", "--visits", "2",
                 "--keeper-dies", "jump", "--venue-wiped", "2025-01-11T13:00"]  # fmt: skip
    shown = CliRunner(mix_stderr=False).invoke(main, [*arguments, "--report", str(page)])
    assert shown.exit_code == 0, shown.output
    text = " ".join(shown.stdout.split())
    for words in ("The keeper is dead", "The venue is wiped", "Holders paid in full", "published"):
        assert words in text
    assert max(len(line) for line in shown.stdout.splitlines() if str(page) not in line) <= 80
    assert "After the end of hedging" in page.read_text(encoding="utf-8")
    said = CliRunner(mix_stderr=False).invoke(main, [*arguments, "--json"])
    summary = json.loads(said.stdout)
    assert "--keeper-dies jump --venue-wiped 1736600400" in summary["command"]
    assert summary["aftermath"]["venue_wiped_from"] == "2025-01-11 13:00"


def test_a_run_in_which_nothing_ends_says_nothing_of_it(simulated: Any) -> None:
    assert "After the end" not in report.html(simulated.summary, simulated.rows, simulated.events)


# ---------------------------------------------------------------- as recorded


WINDOWS: dict[str, tuple[str, str, str, int, int, str]] = {
    "august_2024": ("hours", "2024-07-25", "2024-08-13", 1, 4, "jump"),
    "april_2025": ("five minutes", "2025-04-03", "2025-04-19", 3, 1, "jump"),
    "april_2025, the fall": (
        "five minutes", "2025-04-03", "2025-04-19", 3, 1, "2025-04-06T12:00",
    ),
}  # fmt: skip
"""Prices, first and last day, candles merged, prices in each, and when it ends."""


@pytest.mark.long
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("how", ENDS)
def test_recorded_crashes_pay_every_holder(
    recorded_hours: Path, recorded_five_minutes: Path, window: str, how: str
) -> None:
    """August 2024, and April 2025 from its largest hour (a rise) and from the day before its Monday on."""
    prices, first, last, every, visits, at = WINDOWS[window]
    path = recorded_hours if prices == "hours" else recorded_five_minutes
    candles = load(path).window(moment(first), moment(last)).thin(every)
    when = at if at == "jump" else moment(at)
    result = replay(settings_for(candles, visits=visits, **dict.fromkeys(ENDS[how], when)))
    check_holders(result)
    check_sums(result)
    a = result.summary["aftermath"]
    if "keeper_dies" in ENDS[how]:
        assert a["worst"]["loss_usd"] < a["published"]["worst_usd"]
