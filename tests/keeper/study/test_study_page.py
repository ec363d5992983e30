"""A study's page says what its table says, and needs no network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from keeper.study import columns, page, session
from keeper.study.measures import Interval
from keeper.study.table import Line


def line(informed: float, *means: float) -> Line:
    windows = {f"2024-0{i}": Interval(m, m - 0.01, m + 0.01, 3) for i, m in enumerate(means, 6)}
    overall = Interval(sum(means) / len(means), -0.2, 0.3, len(means))
    return Line(
        24.0,
        1.08,
        informed,
        overall,
        windows,
        0.04,
        -0.01,
        1.5,
        0.02,
        0.001,
        ("recorded",),
        knowledge="direction" if informed else "",
    )


@pytest.fixture(scope="module")
def html() -> str:
    return page.html([line(0.0, 0.12, 0.08), line(0.2, -0.05, 0.01)], [{}, {}, {}], 3)


def test_the_page_shows_every_cell_of_the_table(html: str) -> None:
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    assert body is not None
    shown = re.findall(r"<td[^>]*>(.*?)</td>", body[1])
    found = columns.cells([line(0.0, 0.12, 0.08), line(0.2, -0.05, 0.01)])
    assert shown == [cell for row in found for cell in row]
    assert "3 replays of the real contracts · surfaces recorded" in html


def test_the_page_draws_windows_and_the_share_of_informed_traders(html: str) -> None:
    data = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert len(data) == 2
    assert '"y":[12.0,8.0]' in data[0]
    assert '"y":[10.0,-2.0]' in data[1]
    alone = page.html([line(0.0, 0.12, 0.08)], [{}], 1)
    assert alone.count('<script type="application/json">') == 1


def test_the_page_asks_for_nothing_from_outside(html: str) -> None:
    markup = re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.findall(r"src=|href=|https?:", markup)
    assert "width=device-width" in markup


@pytest.mark.parametrize("planned", [3, 12])
def test_a_study_that_was_cut_short_says_so_in_its_files(tmp_path: Path, planned: int) -> None:
    session.write(tmp_path, [line(0.0, 0.12, 0.08)], [{}, {}, {}], planned=planned)
    assert json.loads((tmp_path / "study.json").read_text())["complete"] is (planned == 3)
    banner = "3 of 12 replays are in these figures"
    assert (banner in (tmp_path / "study.html").read_text()) is (planned == 12)
