"""Which replays a study is made of, and what is kept of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from keeper.study import grid
from keeper.study.grid import Axes, Case, Window, cases, windows_of
from keeper.study.runner import Results
from tandem.errors import ConfigError
from tandem.feeds.candles import Candles, from_arrays


def hours(first: str, last: str) -> Candles:
    start, end = (
        int(datetime.fromisoformat(t).replace(tzinfo=UTC).timestamp()) for t in (first, last)
    )
    time = np.arange(start, end, 3_600, dtype=np.int64)
    price = np.full(len(time), 2_500.0)
    return from_arrays(time, price, price, price, price)


def names(first: str, last: str) -> list[str]:
    return [w.name for w in windows_of(Path("x.csv"), hours(first, last))]


def test_windows_are_whole_months_that_the_file_covers() -> None:
    assert names("2024-05-13", "2025-09-01") == [
        "2024-06-01 to 2024-09-30",
        "2024-10-01 to 2025-01-31",
        "2025-02-01 to 2025-05-31",
        "2025-06-01 to 2025-08-31",
    ]
    assert names("2025-12-29", "2026-05-01") == ["2026-01-01 to 2026-04-30"]


def test_a_file_without_a_whole_month_is_one_window_and_a_short_one_is_refused() -> None:
    assert names("2025-01-06", "2025-01-16") == ["2025-01-06 to 2025-01-15"]
    with pytest.raises(ConfigError, match="too short"):
        names("2025-01-06", "2025-01-09")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    prices = tmp_path / "prices.csv"
    prices.write_text("prices")
    return Case(Window(prices, 0, 864_000), 1, 24.0, 1.0, 0.0, "direction", None, None, 1e6)


def test_every_combination_is_run_once_and_seeds_are_outermost(case: Case) -> None:
    axes = Axes(2, (8.0, 24.0), (1.0, 1.1), (0.0, 0.2))
    found = cases([case.window], axes, knowledge="direction", chain=None, visits=None, nav=1e6)
    assert len(found) == len(set(found)) == 16
    assert [c.seed for c in found] == [1] * 8 + [2] * 8


def test_a_key_depends_on_the_case_the_prices_and_the_code(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = case.key()
    assert replace(case).key() == first
    assert replace(case, seed=2).key() != first
    assert replace(case, vol_premium=1.1).key() != first
    monkeypatch.setattr(grid, "code_digest", lambda: "other sources")
    assert case.key() != first
    monkeypatch.undo()
    case.window.prices.write_text("other prices")
    grid._digest.cache_clear()
    assert case.key() != first


def test_rows_survive_a_crash_in_the_middle_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    results = Results(path)
    results.add({"key": "a", "x": 1})
    results.add({"key": "b", "x": 2})
    with path.open("a") as file:
        file.write('{"key": "c", "x"')
    again = Results(path)
    again.rewrite()
    assert again.rows == {"a": {"key": "a", "x": 1}, "b": {"key": "b", "x": 2}}
    again.add({"key": "c", "x": 3})
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["a", "b", "c"]
