"""`tandem replay` and `tandem demo` through the real command: bad input, JSON, Ctrl-C, reports."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tandem.terminal.group import main

ROOT = Path(__file__).resolve().parents[3]
HEADER = "timestamp,open,high,low,close"
ROWS = (
    "2025-01-06T00:00:00Z,2780,2790,2770,2785",
    "2025-01-06T01:00:00Z,2785,2800,2780,2790",
    "2025-01-06T02:00:00Z,2790,2795,2760,2765",
)


def tandem(*arguments: str | Path) -> Result:
    return CliRunner(mix_stderr=False).invoke(main, [str(each) for each in arguments])


def write(folder: Path, *lines: str) -> Path:
    path = folder / "prices.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


Case = tuple[str, Callable[[Path], list[str | Path]], str]


def _file(*lines: str) -> Callable[[Path], list[str | Path]]:
    return lambda folder: ["--prices", write(folder, *lines)]


def _good(*more: str) -> Callable[[Path], list[str | Path]]:
    return lambda folder: ["--prices", write(folder, HEADER, *ROWS), *more]


BAD: list[Case] = [
    ("missing file", lambda f: ["--prices", f / "none.csv"], "no price file at"),
    ("missing column", _file("timestamp,open,high,low", *(r.rsplit(",", 1)[0] for r in ROWS)),
     "lacks the column(s) close"),
    ("unsorted", _file(HEADER, ROWS[1], ROWS[0]), "lies before the row above it"),
    ("duplicate", _file(HEADER, ROWS[0], ROWS[0]), "repeats the timestamp"),
    ("NaN", _file(HEADER, ROWS[0], ROWS[1].replace("2790", "NaN")), "has close = nan"),
    ("no candle", _file(HEADER, "2025-01-06T00:00:00Z,2780,2770,2760,2775"), "is no candle"),
    ("empty file", _file(HEADER), "has no rows"),
    ("not a table", _file("{}"), "lacks the column(s)"),
    ("empty window", _good("--from", "2026-01-01"), "no candle between"),
    ("swapped window", _good("--from", "2025-01-06T02:00", "--to", "2025-01-06T01:00"),
     "no candle between"),
    ("bad merge", _good("--every", "0"), "cannot merge every 0 candles"),
    ("price out of bounds", _file(HEADER, "2025-01-06T00:00:00Z,3,4,2,3",
     "2025-01-06T01:00:00Z,3,4,2,3"), "are out of bounds"),
    ("negative nav", _good("--nav", "-5"), "--nav -5 is out of bounds"),
    ("nav not a number", _good("--nav", "nan"), "--nav nan is out of bounds"),
    ("trades out of bounds", _good("--trades-per-day", "1e9"), "--trades-per-day 1e+09"),
    ("unknown policy", _good("--policy", "hope"), "no policy is called 'hope'"),
    ("no visits", _good("--visits", "0"), "0 visits in a candle are no path"),
    ("one candle", _file(HEADER, ROWS[0]), "gives one candle, which is no path"),
    ("negative lag", _good("--arbitrage-lag", "-1"), "--arbitrage-lag -1 is out of bounds"),
    ("missing chain", _good("--chain", "none.parquet"), "no option chain file at"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_bad_input_is_a_named_error_that_says_what_to_do(
    tmp_path: Path, make: Callable[[Path], list[str | Path]], message: str
) -> None:
    result = tandem("replay", *make(tmp_path))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "what to do next: " in result.stderr
    assert not result.stdout
    assert "Traceback" not in result.output


def test_a_chain_that_is_not_there_is_not_answered_with_simulated_prices(tmp_path: Path) -> None:
    said = tandem("replay", *_good("--chain", "none.parquet")(tmp_path)).stderr
    assert "simulated" not in said
    assert "check the path" in said


@pytest.mark.parametrize("flags", [("--from", "yesterday"), ("--engine", "geth"), ("--seed", "x")])
def test_a_wrong_value_is_the_commands_own_error(tmp_path: Path, flags: tuple[str, str]) -> None:
    code = "from tandem.terminal.group import main; main()"
    arguments = [str(each) for each in _good(*flags)(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", code, "replay", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"'{flags[0]}'" in done.stderr
    assert not done.stdout


def test_json_is_all_that_stdout_holds_and_the_report_is_written(tmp_path: Path) -> None:
    page = tmp_path / "deep" / "report.html"
    result = tandem("replay", *_good("--json", "--report", str(page))(tmp_path))
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["visits"] == 1 + 3 * 12
    assert summary["complete"] is True
    assert {
        "blocks",
        "trades",
        "opens_reverted",
        "closes_reverted",
        "hedges",
        "pnl",
        "gas",
        "wall_s",
    } <= set(summary)
    assert "Plotly.newPlot" in page.read_text(encoding="utf-8")


def test_the_command_in_the_summary_gives_the_same_run_again(tmp_path: Path) -> None:
    asked = ("--seed", "9", "--nav", "500000", "--visits", "3", "--from", "2025-01-06T01:00",
             "--json", "--report", tmp_path / "first.html")  # fmt: skip
    first = json.loads(tandem("replay", *_good(*map(str, asked))(tmp_path)).stdout)
    name, *words = shlex.split(first["command"])
    assert name == "tandem"
    assert not {"--report", "--json", "--verbose"} & set(words)
    assert {"--trades-per-day", "--policy", "--arbitrage-lag"} <= set(words)  # not asked for
    again = json.loads(tandem(*words, "--json").stdout)
    assert (again["seed"], again["visits"]) == (9, 1 + 2 * 3)
    for summary in (first, again):
        del summary["wall_s"]
    assert again == first
    page = (tmp_path / "first.html").read_text(encoding="utf-8")
    assert "--nav 500000" in page


def test_a_run_shows_pool_fee_and_hedge_cost_in_eighty_columns(tmp_path: Path) -> None:
    result = tandem("replay", *_good("--depth", "500000", "--fee-bps", "5")(tmp_path))
    assert result.exit_code == 0, result.output
    assert "500,000 USD within 2 % at a fee of 5 bp" in result.stdout
    assert "USD per ETH" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_a_recorded_chain_gives_flow_and_smiles(tmp_path: Path, recorded_chain: Path) -> None:
    plain, from_chain = (
        json.loads(tandem("replay", *_good("--json", *more)(tmp_path)).stdout)
        for more in ((), ("--chain", str(recorded_chain)))
    )
    assert from_chain["trades"] > 5
    assert from_chain["nav_end_usd"] != plain["nav_end_usd"]
    for summary in (plain, from_chain):  # prices of 2025, a chain of 2026
        assert (summary["surfaces"], summary["vol_premium"]) == ("modelled", 1.08)


def test_surfaces_of_the_same_days_are_posted_as_quoted(
    tmp_path: Path, recorded_hours_2026: Path, recorded_chain: Path
) -> None:
    page = tmp_path / "report.html"
    days = ("--from", "2026-02-03", "--to", "2026-02-03T12:00", "--visits", "2")
    files = ("--prices", recorded_hours_2026, "--chain", recorded_chain, "--report", page)
    result = tandem("replay", *files, *days, "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert (summary["surfaces"], summary["trade_sizes"]) == ("recorded", "recorded")
    assert summary["vol_premium"] is None
    assert summary["surface_posts_refused"] == 0 < summary["surface_posts"]
    assert "surfaces as quoted at the time" in page.read_text(encoding="utf-8")


def test_a_chain_that_covers_only_some_of_the_days_is_refused(
    tmp_path: Path, recorded_hours_2026: Path, recorded_chain: Path
) -> None:
    short = tmp_path / "short.parquet"
    pl.read_parquet(recorded_chain).filter(
        pl.col("timestamp") < pl.datetime(2026, 1, 20, time_zone="UTC")
    ).write_parquet(short)
    days = ("--from", "2026-01-15", "--to", "2026-01-30")
    result = tandem("replay", "--prices", recorded_hours_2026, "--chain", short, *days)
    assert result.exit_code == 2
    assert "overlaps with the prices but has nothing from 2026-01-19" in result.stderr
    assert "choose --from and --to inside" in " ".join(result.stderr.split())


def test_a_stress_through_extremes_says_so_and_shows_no_profit(tmp_path: Path) -> None:
    page = tmp_path / "stress.html"
    more = ("--path", "extremes", "--report", str(page))
    result = tandem("replay", *_good(*more)(tmp_path))
    assert result.exit_code == 0, result.output
    assert "A stress: prices run through the extremes" in " ".join(result.stdout.split())
    assert "Profit by cause" not in result.stdout
    html = page.read_text(encoding="utf-8")
    assert "<b>A stress:</b> prices run through the extremes" in html
    assert "Profit by cause" not in html
    true = tandem("replay", *_good()(tmp_path))
    assert "A stress" not in true.stdout
    assert "Profit by cause" in true.stdout


@pytest.fixture
def long_run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A child that replays ten days, in a group of its own, for somebody to interrupt."""
    code = "from tandem.terminal.group import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "demo", "--engine", "pyrevm", "--out", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    ) as child:  # fmt: skip
        try:
            yield child
        finally:
            child.kill()


def test_ctrl_c_leaves_a_report_and_a_summary_marked_incomplete(
    tmp_path: Path, long_run: subprocess.Popen[str]
) -> None:
    assert long_run.stdout is not None
    for line in long_run.stdout:
        if line.startswith("06 Jan"):  # the first event: the run is under way
            break
    os.killpg(long_run.pid, signal.SIGINT)
    shown, _ = long_run.communicate(timeout=60)
    assert long_run.returncode == 130, shown
    assert "The run, cut short" in shown
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["complete"] is False
    assert 0 < summary["visits"] < 1_057
    assert summary["nav_end_usd"] > 0
    assert "Plotly.newPlot" in (tmp_path / "report.html").read_text(encoding="utf-8")
