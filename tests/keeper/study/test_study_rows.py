"""What a study's folder may hold instead of its rows, and what ends its processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from keeper.study import runner, session
from keeper.study.runner import Results, StudyError
from tandem.errors import ConfigError, TandemError


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\x00", b'{"key": "a"}\n', b"[]\n", b"no line of it is JSON\n"],
)
def test_rows_that_no_study_wrote_are_an_error_and_stay_as_they_are(
    tmp_path: Path, raw: bytes
) -> None:
    """`--show` and `--against` only read, and emptied them."""
    (tmp_path / "rows.jsonl").write_bytes(raw)
    with pytest.raises(TandemError) as caught:
        session.kept(tmp_path)
    assert caught.value.hint
    assert (tmp_path / "rows.jsonl").read_bytes() == raw


ROW = '{"key": "%s", "return_year": 0.1}'


@pytest.mark.parametrize(
    ("lines", "damaged"),
    [
        ([ROW % "a", ROW % "b" + "\n"], []),
        ([ROW % "a", '{"key": "b", "retu'], []),
        ([ROW % "a", "", ROW % "b" + "\n"], []),
        ([ROW % "a", '{"key": "b", "retu', ROW % "c" + "\n"], [2]),
        ([ROW % "a", '{"key": "b", "retu', "[]", ROW % "c"], [2, 3]),
        ([ROW % "a", '{"key": "b", "retu\n'], [2]),
    ],
)
def test_a_damaged_line_is_said_unless_a_crash_cut_it_short(
    tmp_path: Path, lines: list[str], damaged: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    """The table was of fewer replays than were kept and did not say so; the next run threw the line away."""
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(lines))
    results = session._results(tmp_path)
    said = [f"warning: {path}: line {number} is damaged and left out" for number in damaged]
    assert capsys.readouterr() == ("", "".join(f"{line}\n" for line in said))
    results.rewrite()
    results.add({"key": "d"})
    again = Results(path)
    assert again.damaged == damaged
    assert again.rows == {**results.rows, "d": {"key": "d"}}


def test_a_study_that_begins_takes_no_row_of_another_in_its_folder(tmp_path: Path) -> None:
    """It wrote down what it had read, without what came meanwhile: that was replayed again."""
    path = tmp_path / "rows.jsonl"
    first = Results(path)
    first.add({"key": "one"})
    second = Results(path)
    first.add({"key": "two"})
    second.rewrite()
    second.add({"key": "three"})
    assert set(Results(path).rows) == {"one", "two", "three"}


def test_a_folder_in_the_place_of_the_rows_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").mkdir()
    with pytest.raises(StudyError, match="folder"):
        Results(tmp_path / "rows.jsonl")


@pytest.mark.parametrize(
    "span", ["2024-06-01..2024-05-01T00:00+00:00", "2024-06-01T00:00Z..2024-05-01", "2024-06-01..x"]
)
def test_a_span_whose_ends_are_of_different_kinds_is_read_or_refused(span: str) -> None:
    with pytest.raises(ConfigError, match="is no span"):
        session._span(span)


def test_a_span_may_have_a_zone_at_one_end() -> None:
    assert session._span("2024-06-01..2024-06-02T02:00+02:00") == (1_717_200_000, 1_717_286_400)


@pytest.mark.parametrize("ends", [SystemExit(143), OSError("no space left")])
def test_what_ends_a_study_ends_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: BaseException
) -> None:
    """It waited for the replay that ran, for minutes, and then threw its result away."""

    def broken(pool: ProcessPoolExecutor, *_: Any) -> Iterator[Any]:
        pool.submit(time.sleep, 100)
        raise ends
        yield

    monkeypatch.setattr(runner, "as_they_end", broken)
    began = time.monotonic()
    with pytest.raises(type(ends)):
        runner.run([], Results(tmp_path / "rows.jsonl"), 1, Event())
    assert time.monotonic() - began < 50
