"""`tandem stress` from its flags to its figures: the same for the same seed, errors by name, a page."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from keeper.cli.stress import stress
from keeper.stress import session, words
from keeper.stress.book import example
from keeper.stress.record import Record, record_of
from keeper.stress.session import Asked, Found
from tandem.errors import ConfigError, TandemError
from tandem.feeds import candles, path
from tandem.model import svcj_fit
from tandem.model.svcj import SVCJ
from tandem.model.svcj_fit import Fit, transformed_of
from tandem.terminal.group import main

SMALL = ("--paths", "40", "--worlds", "4")


def fitted(*_: object, tell: Callable[[str], None] | None = None, **__: object) -> Fit:
    """As if it were fitted: the fit has tests of its own."""
    model = SVCJ(0.2, 400.0, 10.0, -0.1, 300.0, -0.001, 0.02, 0.12)
    errors = 0.1 * np.abs(model.vector())
    covariance = 0.01 * np.eye(8)
    return Fit(
        model, errors, errors, transformed_of(model), covariance, 40.0, 7.0, 0.002, 10_000, 90,
        np.zeros(19),
    )  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svcj_fit, "fit", fitted)


def typed(*flags: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(stress, list(flags))


@pytest.fixture(scope="module")
def record() -> Record:
    return record_of(path.demo())


@pytest.fixture(scope="module")
def asked(record: Record) -> Asked:
    return Asked(record, example(record.spot, record.long, 1e6), 43, 4, 5, seed=2)


def found_of(asked: Asked, finished: int | None = None) -> Found:
    tasks = session.plan(asked, fitted())
    done = {(t.source, t.number): session.run_world(t) for t in tasks[:finished]}
    return session.put_together(asked, fitted(), done, len(tasks))


@pytest.mark.usefixtures("quick")
def test_it_says_all_four_things() -> None:
    result = typed(*SMALL)
    assert result.exit_code == 0, result.output
    for said in ("published", "realised", "standard error", "left unhedged", "record, shuffled",
                 "dead", "+300%", "ETH the gate carries", "worst L(j) 20.00 % of NAV"):  # fmt: skip
        assert said in result.stdout, said


@pytest.mark.usefixtures("quick")
def test_json_is_all_of_it_and_nothing_else() -> None:
    data = json.loads(typed(*SMALL, "--json").stdout)
    assert data["complete"] is True
    assert set(data["fit"]["parameters"]) == set(words.NAMES)
    assert data["book"]["worst"] == pytest.approx(0.2, rel=1e-5)
    assert [t["keeper"] for t in data["tails"]] == [True, False, True, False]
    assert {t["paths"] for t in data["tails"]} == {40}
    assert data["gate"][0]["most"] < data["gate"][-1]["most"]
    assert data["realised"]["worst"]["keeper"] > 0.01
    assert data["record"]["hours"] == 239
    assert data["book"]["wiped"] == pytest.approx(data["book"]["equity"] / 1e6)


@pytest.mark.usefixtures("quick")
def test_the_same_seed_says_the_same_and_another_something_else() -> None:
    one, same, other = (typed(*SMALL, "--json", "--seed", s).stdout for s in ("5", "5", "6"))
    assert one == same
    assert json.loads(one)["tails"] != json.loads(other)["tails"]
    assert json.loads(one)["realised"] == json.loads(other)["realised"]


@pytest.mark.long
def test_worlds_are_the_same_however_many_work_on_them(asked: Asked) -> None:
    tasks = session.plan(asked, fitted())
    alone = {(t.source, t.number): x for t, x in session.results(tasks, 1, Event())}
    several = {(t.source, t.number): x for t, x in session.results(tasks, 2, Event())}
    assert alone.keys() == several.keys()
    for key, losses in alone.items():
        assert np.array_equal(losses.kept, several[key].kept)
        assert np.array_equal(losses.dead, several[key].dead)


def test_all_paths_that_were_asked_for_are_there(asked: Asked) -> None:
    tasks = session.plan(asked, fitted())
    for source in session.SOURCES:
        assert sum(t.paths for t in tasks if t.source == source) == 43


def test_a_run_that_was_stopped_keeps_what_it_has_and_says_so(asked: Asked) -> None:
    found = found_of(asked, finished=3)
    assert not found.complete
    assert [(t.source, t.paths) for t in found.tails[::2]] == [
        ("SVCJ", 22),
        ("record, shuffled", 11),
    ]
    assert words.as_json(found)["complete"] is False
    assert "3 of 8 worlds" in words.lines(found)[0]  # the page alone said so
    from keeper.stress import page

    assert "3 of 8 worlds" in page.html(found, "tandem stress")
    nothing = found_of(asked, finished=0)
    assert nothing.tails == ()
    assert words.lines(nothing)
    assert "0 of 8 worlds" in page.html(nothing, "tandem stress")


def test_a_stop_starts_nothing_more(asked: Asked) -> None:
    stop, seen = Event(), 0
    for _ in session.results(session.plan(asked, fitted()), 1, stop):
        seen += 1
        stop.set()
    assert seen == 1


@pytest.mark.usefixtures("quick")
def test_a_stopped_command_ends_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = session.results

    def cut(tasks: Any, jobs: int, stop: Event) -> Any:
        for task, losses in whole(tasks, jobs, stop):
            yield task, losses
            return

    monkeypatch.setattr(session, "results", cut)
    result = typed(*SMALL, "--json")
    assert result.exit_code == 130
    assert json.loads(result.stdout)["complete"] is False


@pytest.mark.usefixtures("quick")
def test_the_report_is_one_page_with_every_plot(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "stress.html"
    result = typed(*SMALL, "--report", str(file))
    assert result.exit_code == 0, result.output
    assert f"wrote {file}" in result.stdout
    text = file.read_text(encoding="utf-8")
    assert text.count('type="application/json"') == 5
    for said in ("How bad a jump could be", "The better the hedge", "Short record",
                 "tandem stress --nav", "SVCJ is refused"):  # fmt: skip
        assert said in text, said
    assert "--live" not in text.partition("The same again")[2]


@pytest.mark.usefixtures("quick")
def test_a_reader_who_left_takes_no_page_with_him(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a pipe whose reader had left, or a full disk, the page of minutes was not written."""

    def left(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("keeper.cli.stress.emit", left)
    result = typed(*SMALL, "--report", str(tmp_path / "page.html"))
    assert isinstance(result.exception, BrokenPipeError)
    assert "How bad a jump could be" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("quick")
def test_a_page_that_cannot_be_written_takes_no_figures_with_it() -> None:
    result = typed(*SMALL, "--json", "--report", "/dev/full")
    assert isinstance(result.exception, TandemError)
    assert json.loads(result.stdout)["complete"] is True


def test_a_report_that_cannot_be_written_is_refused_before_the_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(session, "run", lambda *_, **__: pytest.fail("it worked first"))
    (tmp_path / "file").write_text("")
    result = typed("--report", str(tmp_path / "file" / "below.html"))
    assert isinstance(result.exception, ConfigError)


@pytest.mark.parametrize(
    "flags",
    [("--paths", "0"), ("--worlds", "0"), ("--worlds", "1"), ("--nav", "nan"), ("--days", "0"),
     ("--paths", "30", "--worlds", "31"), ("--jobs", "0"), ("--seed", "-1")],
    ids=" ".join,
)  # fmt: skip
def test_numbers_that_stress_nothing_are_refused(flags: tuple[str, ...]) -> None:
    result = CliRunner(mix_stderr=False).invoke(main, ["stress", *flags])
    assert result.exit_code == 2
    assert flags[0] in result.stderr
    assert "what to do next" in result.stderr


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([3_600 * i for i in (0, 2, 1)], "UnsortedError"),
        ([0, 3_600, 3_600], "DuplicateTimestampError"),
        ([3_600 * i for i in range(50)], "ShortPathError"),
        ([0], "ShortPathError"),
    ],
)
def test_prices_that_cannot_be_stressed_are_refused_by_name(
    tmp_path: Path, rows: list[int], name: str
) -> None:
    file = tmp_path / "prices.csv"
    lines = "".join(f"{1_736_121_600 + t},2780,2790,2770,2785\n" for t in rows)
    file.write_text("timestamp,open,high,low,close\n" + lines)
    result = typed("--prices", str(file))
    assert type(result.exception).__name__ == name


def test_prices_that_stand_still_are_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    lines = "".join(f"{3_600 * t},2780,2780,2780,2780\n" for t in range(600))
    file.write_text("timestamp,open,high,low,close\n" + lines)
    result = typed("--prices", str(file))
    assert type(result.exception).__name__ == "FlatRecordError"


@pytest.mark.usefixtures("quick")
def test_recorded_days_lie_under_what_is_published(recorded_hours: Path) -> None:
    """August 2024 and the rest of the record: no day of the example book cost what the gate said that a
    jump could, with a keeper and without; most of it is the rise of volatility, which the jump of the
    same size, seen alone, understates."""
    whole = record_of(candles.load(recorded_hours), 7)
    stood = example(whole.spot, whole.long, 1e6)
    found = session.put_together(Asked(whole, stood, 2, 1, 7, 1), fitted(), {}, 2)
    lived = found.realised
    assert 0.02 < lived.worst(True) < stood.worst
    assert 0.02 < lived.worst(False) < stood.worst
    assert lived.past(True) == lived.past(False) == 0.0
    assert np.datetime64(lived.times[lived.at], "s").astype(str).startswith("2024-08-0")
    assert words.instantly(found) < lived.kept[lived.at]


def test_memory_does_not_grow_with_paths(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many paths a world has, they are revalued some at a time; all of them are there."""
    seen: list[int] = []
    whole = session.losses_on

    def watched(of: Asked, paths: Any) -> Any:
        seen.append(len(paths.first))
        return whole(of, paths)

    monkeypatch.setattr(session, "losses_on", watched)
    monkeypatch.setattr(session, "_STEPS", 24 * 5 * 4)
    found = session.run_world(session.Task(session.MODEL, 0, 11, asked, fitted()))
    assert seen == [4, 4, 3]
    assert found.kept.shape == found.dead.shape == (11, 5)
    assert len({*found.opening.tolist()}) == 11


def test_a_stop_during_the_fit_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing yet that could be kept."""

    def slow(*_: object, tell: Callable[[str], None]) -> Fit:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        tell("fitting")
        raise AssertionError("it went on")

    monkeypatch.setattr(svcj_fit, "fit", slow)
    assert typed(*SMALL).exit_code == 130
