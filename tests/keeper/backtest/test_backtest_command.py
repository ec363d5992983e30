"""`tandem backtest` and `tandem fit` as they are typed: figures, errors by name, files, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result
from simulated import walk

from keeper.backtest import session
from keeper.backtest.session import Asked
from keeper.cli.backtest import backtest
from keeper.cli.fit import fit
from tandem.errors import TandemError
from tandem.terminal.group import main

FIRST = 1_735_689_600


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 days by the hour, as CSV."""
    path = tmp_path_factory.mktemp("prices") / "walk.csv"
    close = walk(300, 41).price
    begin = np.concatenate([close[:1], close[:-1]])
    time_ = FIRST + 3_600 * np.arange(len(close), dtype=np.int64)
    frame = pl.DataFrame({"timestamp": time_, "open": begin, "high": np.maximum(begin, close),
                          "low": np.minimum(begin, close), "close": close})  # fmt: skip
    frame.write_csv(path)
    return path


def typed(*flags: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(backtest, list(flags))


def test_figures_and_a_page_come_of_it(prices: Path, tmp_path: Path) -> None:
    report = tmp_path / "new" / "backtest.html"
    found = typed(
        "--prices", str(prices), "--policy", "threshold", "--policy", "clock:hours=12",
        "--report", str(report),
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    assert "threshold: on days it has not seen it costs 0." in found.stdout
    assert "none of them seen before" in found.stdout
    assert "threshold:risk_aversion" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--policy", "clock:hours=0.001"), "is as exact"),
        (("--policy", "clock:hours=1e6"), "is as loose"),
        (("--policy", "clock:hours=9", "--cost-bps", "0", "--gas", "0"), "costs anything"),
    ],
)
def test_why_no_clock_stands_beside_a_policy(
    prices: Path, flags: tuple[str, ...], said: str
) -> None:
    """One order for good was said to be more exact than any clock."""
    found = typed("--prices", str(prices), *flags)
    assert f"no clock of 2 to 96 hours {said}, so" in " ".join(found.stdout.split())


def test_json_alone_is_on_stdout(prices: Path, tmp_path: Path) -> None:
    found = typed("--prices", str(prices), "--json", "--report", str(tmp_path / "page.html"))
    told = json.loads(found.stdout)
    assert told["complete"] is True
    assert told["policies"][0]["policy"] == "threshold"
    assert told["nav_usd"] is None
    assert 0.3 < told["policies"][0]["test"]["cost_ratio"]["value"] < 0.9


def test_a_reader_who_left_takes_no_page_with_him(
    prices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`backtest --report page.html | head -1` ended with 0 and wrote nothing."""

    def left(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("keeper.cli.backtest.emit", left)
    flags = ("--prices", str(prices), "--policy", "clock:hours=12")
    found = typed(*flags, "--report", str(tmp_path / "page.html"))
    assert isinstance(found.exception, BrokenPipeError)
    assert "clock:hours=12" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_takes_no_figures_with_it(
    prices: Path,
) -> None:
    flags = ("--prices", str(prices), "--policy", "clock:hours=12", "--json")
    found = typed(*flags, "--report", "/dev/full")
    assert isinstance(found.exception, TandemError)
    assert json.loads(found.stdout)["complete"] is True


@pytest.mark.parametrize("columns", [40, 60])
def test_no_word_is_broken_on_a_narrow_terminal(
    prices: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Its sentences were lines of 150 letters."""
    monkeypatch.setenv("COLUMNS", str(columns))
    found = typed("--prices", str(prices), "--policy", "clock:hours=12")
    lines = found.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert "clock: on days it has not seen it costs" in " ".join(lines)


def test_more_capital_behind_the_book_binds_less(prices: Path) -> None:
    def error(nav: str) -> float:
        given = ("--prices", str(prices), "--json", "--policy", "threshold:risk_aversion=1")
        found = json.loads(typed(*given, "--nav", nav, "--book", "random:12").stdout)
        return found["policies"][0]["test"]["error_ratio"]["value"]

    assert error("1e5") < error("1e6") < error("1e12")


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (("--policy", "never"), "no policy is called 'never'"),
        (("--policy", "threshold:risk_aversion=-3"), "risk_aversion = -3.0 is not"),
        (("--book", "some"), "is no option"),
        (("--train", "2031-01-01:2032-01-01"), "no episode fits"),
        (("--test", "soon"), "'soon' is no span"),
        (("--prices", "nowhere.csv"), "no price file at nowhere.csv"),
        (("--chain", "nowhere.csv"), "nowhere.csv"),
        (("--report", "/proc/no/page.html"), "cannot write"),
    ],
)
def test_what_is_wrong_is_named_before_anything_starts(
    prices: Path, flags: tuple[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(asked: Asked, *, quiet: bool) -> None:
        raise AssertionError("it started")

    monkeypatch.setattr(session, "run", started)
    found = CliRunner(mix_stderr=False).invoke(main, ["backtest", "--prices", str(prices), *flags])
    assert found.exit_code == 2
    assert named in found.stderr
    assert "what to do next" in found.stderr
    assert not found.stdout


@pytest.mark.parametrize("flags", [("--gas", "nan"), ("--size", "0"), ("--margin", "1"), ()])
def test_numbers_out_of_range_are_refused(prices: Path, flags: tuple[str, ...]) -> None:
    given = ("--prices", str(prices), *flags) if flags else ()
    assert typed(*given).exit_code == 2


def test_fit_prints_a_table_that_settings_take(prices: Path, tmp_path: Path) -> None:
    """What is pasted is read by the keeper's own settings."""
    import tomllib

    from keeper.policy import create
    from keeper.settings import PolicyTable

    found = CliRunner(mix_stderr=False).invoke(
        fit, ["--prices", str(prices), "--folds", "2", "--margin", "0.1", "--cost-bps", "7"]
    )
    assert found.exit_code == 0, found.stderr
    pasted = tomllib.loads(found.stdout[found.stdout.index("[policy]") :])
    table = PolicyTable.model_validate(pasted["policy"])
    assert table.settings["cost"] == 7e-4
    assert 0.5 < table.settings["risk_aversion"] < 100
    create(table.name, **table.settings)


@pytest.mark.long
def test_ctrl_c_keeps_the_policies_that_are_done(prices: Path) -> None:
    """The process as it is typed. A policy that is run as its object takes long; the first is done soon."""
    slow = [flag for hours in range(1, 9) for flag in ("--policy", f"clock:phase_hours={hours}")]
    process = subprocess.Popen(
        [sys.executable, "-c", WITH_A_WORD, "backtest", "--prices", str(prices),
         "--policy", "threshold", *slow, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    while "judged threshold" not in (line := process.stderr.readline()):
        assert line, "it ended before anything was judged"
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, errors = process.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert process.returncode == 130, errors
    told = json.loads(out)
    assert told["complete"] is False
    assert told["policies"][0]["policy"] == "threshold"
    assert 1 <= len(told["policies"]) < 9
    assert "policies to go" in errors
    assert "Traceback" not in errors


WITH_A_WORD = """
import sys
from keeper.backtest import session
from tandem.__main__ import main

judged = session._judged

def say(asked, policy, *rest):
    found = judged(asked, policy, *rest)
    print("judged", policy.name, file=sys.stderr, flush=True)
    return found

session._judged = say
sys.exit(main())
"""
