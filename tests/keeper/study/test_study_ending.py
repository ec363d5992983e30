"""What a study says at its end: at the width of the terminal, of what is there, and no more."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner

from keeper.cli.study import study
from keeper.replay.stopping import as_they_end
from keeper.study import columns, runner, session, table
from keeper.study.measures import Interval
from keeper.study.runner import Row
from keeper.study.table import Line
from tandem.terminal.common import fits


def line(informed: float, mean: float) -> Line:
    found = Interval(mean, mean - 0.01, mean + 0.01, 3)
    return Line(
        24.0, 1.08, informed, found, {"2024-06-01 to 2024-09-30": found}, 0.04, -0.0001, 1.5, 0.02,
        0.001, ("recorded",), knowledge="direction" if informed else "",
    )  # fmt: skip


@pytest.mark.parametrize("width", [60, 80, 200])
def test_every_cell_is_whole_at_every_width(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = [line(0.0, 0.12)]
    session.show(found, [])
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= width
    words = " ".join(text.split())
    assert all(cell in words for row in columns.cells(found) for cell in row)
    assert all(name in words for name in columns.HEAD)
    assert fits([columns.HEAD, *columns.cells(found)]) == (width == 200)


@pytest.mark.parametrize(
    ("means", "said"),
    [
        ((0.10, -0.10), "break even at 10% informed"),
        ((0.10, 0.05), "earn at every share"),
        ((-0.05, -0.10), "lose at 2 of 2 shares"),
        ((-0.05, 0.10), "lose at 1 of 2 shares"),
    ],
)
def test_a_loss_at_every_share_is_called_one(means: tuple[float, float], said: str) -> None:
    (verdict,) = table.verdicts([line(0.0, means[0]), line(0.2, means[1])])
    assert verdict.startswith("threshold, 24 trades a day, premium 1.08, who knows direction: LPs ")
    assert said in verdict


def test_no_loss_is_minus_nothing() -> None:
    assert columns.percent(-0.0001) == "0.0 %"
    assert columns.percent(-0.001) == "-0.1 %"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), BrokenProcessPool("gone")])
def test_ctrl_c_in_a_process_that_still_starts_ends_the_study_cleanly(error: BaseException) -> None:
    class Pool:
        def submit(self, *_: object) -> Future[Row | None]:
            stop.set()
            ended: Future[Row | None] = Future()
            ended.set_exception(error)
            return ended

    stop = Event()
    case: Any = object()
    pool: Any = Pool()
    asked = [(case, "key"), (case, "key")]
    assert list(as_they_end(pool, runner.run_case, asked, 1, stop)) == []


def test_a_study_that_was_stopped_says_how_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "plan", lambda *_, **__: [object()] * 3)
    monkeypatch.setattr(session, "run", lambda *_, **__: ([], False))
    done = CliRunner(mix_stderr=False).invoke(study, ["--prices", "eth.csv"])
    assert done.exit_code == 130
    assert done.stderr == "stopped with 3 of 3 replays to go: type the same again\n"
