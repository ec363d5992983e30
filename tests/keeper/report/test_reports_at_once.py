"""Two reports of one market at the same moment share what is kept: each tells all that there was, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from keeper.report import kept
from keeper.report.kept import AT_ONCE, Kept

LAST = 3 * AT_ONCE
WIDEST = 1_000


def log(number: int) -> dict[str, Any]:
    return {"blockNumber": hex(number), "logIndex": "0x0"}


class Chain:
    """Every block has one log, and is final."""

    def request(self, method: str, params: list[Any]) -> Any:
        if method == "eth_getLogs":
            span = int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)
            return [log(number) for number in range(span[0], span[1] + 1)]
        number = LAST if params[0] == "finalized" else int(params[0], 16)
        return {"number": hex(number), "hash": f"0x{number:064x}"}

    def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        return [self.request(method, list(params)) for method, params in asked]


def told(cache: Kept) -> list[int]:
    """Blocks whose logs a report sees."""
    found = cache.pages(["0x1"], [], 1, LAST, WIDEST)
    return [int(each["blockNumber"], 16) for _, logs in found for each in logs]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """With a page for each block, as hundreds of reports leave them."""
    found = tmp_path / "market.sqlite"
    for last in range(1, LAST + 1):
        list(Kept(Chain(), found).pages(["0x1"], [], last, last, WIDEST))
    return found


ALL = list(range(1, LAST + 1))


def test_a_page_that_another_report_made_shorter_is_read_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken for as long as it was: what came behind its new end was told by neither."""
    assert told(Kept(Chain(), path)) == ALL
    lists = Kept._together

    def meanwhile(*given: Any) -> Any:
        found = lists(*given)
        monkeypatch.setattr(Kept, "_together", lists)
        list(Kept(Chain(), path, anew=True).pages(["0x1"], [], 1, 10, WIDEST))
        return found

    monkeypatch.setattr(Kept, "_together", meanwhile)
    assert told(Kept(Chain(), path)) == ALL


def test_pages_that_cannot_be_joined_are_told_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another report was writing for longer than is waited: of all the pages the first alone was told."""
    monkeypatch.setattr(kept, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert told(Kept(Chain(), path)) == ALL
        other.execute("ROLLBACK")
    assert told(Kept(Chain(), path)) == ALL


def test_what_another_report_took_away_does_not_come_back_with_others(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node had left something out of it: joined with its neighbours the gap was there again, for good."""
    reads, forgotten = Kept._logs, list[int]()

    def meanwhile(cache: Kept, kind: str, page: Any) -> Any:
        found = reads(cache, kind, page)
        if page[0] == 9 and not forgotten:
            forgotten.append(9)
            Kept(Chain(), path).forget(9, 9)
            found = []  # as it was kept, with its gap
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Kept, "_logs", meanwhile)
        told(Kept(Chain(), path))
    assert told(Kept(Chain(), path)) == ALL
