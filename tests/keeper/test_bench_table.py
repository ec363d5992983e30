"""The tables say what results.json says, or `--check` fails."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bench import run
from bench.registry import Row, discover
from tandem.errors import ConfigError
from tandem.terminal.ending import Signalled
from tandem.terminal.group import main

ROWS = [
    Row("fits", 31_234.5, "fits/s", "≥ 30,000", low=30_000.0, high=32_000.0, group="a.fits"),
    Row("error", 3.6e-16, "of max(F, K)", "≤ 1e-15", "QuantLib 1e-14", "same run", group="b.error"),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    results, page, readme = (tmp_path / n for n in ("results.json", "bench.md", "README.md"))
    for path in (page, readme):
        path.write_text(f"# Title\n\n{run.BEGIN}\n{run.END}\n\nAfter.\n")
    for name, path in (("RESULTS", results), ("PAGE", page), ("README", readme)):
        monkeypatch.setattr(run, name, path)
    monkeypatch.setattr(run, "FIRST", ("error",))
    run.keep(ROWS, print)
    return results, page


def test_readme_shows_the_first_rows_alone_and_is_checked_as_well(files: tuple[Path, Path]) -> None:
    text = run.README.read_text()
    assert "| error |" in text
    assert "| fits |" not in text
    assert files[1].read_text().index("| error |") < files[1].read_text().index("| fits |")
    run.README.write_text(text.replace("QuantLib 1e-14", "nobody"))
    assert check().exit_code == 1


@pytest.mark.parametrize(
    ("value", "goal", "missed"),
    [
        (811_001.0, "≤ 810,000", True), (810_000.0, "≤ 810,000", False), (1.0, "< 1", True),
        (233.0, "≥ 300", True), (300.0, "≥ 300", False), (9.0, "", False),
    ],
)  # fmt: skip
def test_a_goal_that_is_missed_says_so(
    value: float, goal: str, missed: bool, files: tuple[Path, Path]
) -> None:
    run.keep([Row("figure", value, "gas", goal, group="c.figure")], print)
    line = next(n for n in files[1].read_text().splitlines() if n.startswith("| figure |"))
    assert (", missed |" in line) is missed


def test_every_goal_of_the_table_is_read() -> None:
    """A goal that is written another way would never be missed."""
    for row in json.loads(Path("bench/results.json").read_text())["rows"]:
        assert row["goal"] == "" or run.is_missed(
            math.inf if row["goal"][0] in "≤<" else -1, row["goal"]
        )


def check() -> Result:
    return CliRunner(mix_stderr=False).invoke(main, ["bench", "--check"])


def test_check_passes_where_both_agree(files: tuple[Path, Path]) -> None:
    assert check().exit_code == 0
    assert files[1].read_text().startswith("# Title\n")
    assert files[1].read_text().endswith("\nAfter.\n")
    assert "**31,234** fits/s (30,000 to 32,000)" in files[1].read_text()


@pytest.mark.parametrize(("old", "new"), [("31,234", "99,999"), ("QuantLib 1e-14", "nobody")])
def test_check_fails_where_the_page_was_changed(
    files: tuple[Path, Path], old: str, new: str
) -> None:
    files[1].write_text(files[1].read_text().replace(old, new))
    result = check()
    assert result.exit_code == 1
    assert new in result.stdout


def test_check_fails_where_the_results_were_changed(files: tuple[Path, Path]) -> None:
    content = json.loads(files[0].read_text())
    content["rows"][0]["value"] = 1.0
    files[0].write_text(json.dumps(content))
    assert check().exit_code == 1


def test_check_fails_where_a_row_is_missing(files: tuple[Path, Path]) -> None:
    lines = files[1].read_text().splitlines(keepends=True)
    files[1].write_text("".join(line for line in lines if not line.startswith("| error")))
    assert check().exit_code == 1


def test_a_page_without_markers_is_named(files: tuple[Path, Path]) -> None:
    files[1].write_text("# Title\n")
    result = check()
    assert result.exit_code == 2
    assert "no place for the table" in result.stderr


def test_new_rows_replace_those_of_their_own_benchmark_only() -> None:
    old = run.merge([], ROWS)
    merged = run.merge(old, [Row("fits anew", 1.0, "fits/s", group="a.fits")])
    assert [row["name"] for row in merged] == ["fits anew", "error"]


def test_every_benchmark_has_a_name_of_its_own_and_an_unknown_one_is_refused() -> None:
    keys = [found.key for found in discover()]
    assert len(keys) == len(set(keys))
    assert {"pricing.speed", "pricing.accuracy", "fitting.svi"} <= set(keys)
    with pytest.raises(ConfigError, match="no benchmark matches"):
        list(run.measure("nothing of that name", print))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (97.44, "97.4"), (0.14, "0.14"), (31_234.5, "31,234"), (1.83e-16, "1.8e-16")],
)
def test_numbers_read_well(value: float, shown: str) -> None:
    assert run.number(value) == shown


@pytest.mark.parametrize(
    ("words", "kept"), [((), False), (("--only", "fits"), False), (("--write",), True)]
)
def test_rows_are_kept_with_write_alone(
    files: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    kept: bool,
) -> None:
    results, page = files
    monkeypatch.setattr(run, "measure", lambda *_: iter([[replace(ROWS[0], value=40_000.0)]]))
    before = (results.read_text(), page.read_text())
    result = CliRunner(mix_stderr=False).invoke(main, ["bench", *words])
    assert result.exit_code == 0, result.output
    assert "40,000" in result.stdout
    assert ("40,000" in page.read_text()) is kept
    assert ((results.read_text(), page.read_text()) != before) is kept


def test_what_was_measured_is_kept_whatever_ends_it(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the last of many benchmarks, or one that failed, threw all of them away."""

    def cut(*_: object) -> Iterator[list[Row]]:
        yield [replace(ROWS[0], value=40_000.0)]
        raise Signalled(2)

    monkeypatch.setattr(run, "measure", cut)
    result = CliRunner(mix_stderr=False).invoke(main, ["bench", "--write", "--json"])
    assert result.exit_code == 130
    assert [row["value"] for row in json.loads(result.stdout)] == [40_000.0]
    assert "40,000" in files[1].read_text()


def test_json_is_json_whatever_is_asked(files: tuple[Path, Path]) -> None:
    """`--list` and `--check` took it and printed words."""

    def said(*words: str) -> Any:
        return json.loads(CliRunner(mix_stderr=False).invoke(main, ["bench", *words]).stdout)

    assert said("--list", "--json") == [found.key for found in discover()]
    assert said("--check", "--json") == {"differences": []}
    files[1].write_text(files[1].read_text().replace("31,234", "99"))
    assert any("| fits |" in line for line in said("--check", "--json")["differences"])


def test_a_row_that_does_not_fit_stands_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row.as_json() | {"commit": "abc", "machine": "two cores"} for row in ROWS]
    monkeypatch.setenv("COLUMNS", "200")
    assert run.lines(rows) == run.table(rows).splitlines()
    monkeypatch.setenv("COLUMNS", "40")
    lines = run.lines(rows)
    assert max(map(len, lines)) <= 40
    assert lines[:2] == ["fits", "  measured     31,234 fits/s (30,000 to"]
    assert "  peers        QuantLib 1e-14" in lines


def test_make_bench_writes() -> None:
    makefile = (run.ROOT / "Makefile").read_text()
    assert "\n\t@tandem bench --write\n" in makefile
