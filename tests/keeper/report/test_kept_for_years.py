"""A report that is asked for each hour leaves a page an hour, and of each the next one asked for its block:
after a year 8,760, where all logs are 315 pages of a chain of two seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from keeper.report.kept import AT_ONCE, Kept

HOUR, WIDEST, HOURS = 1_800, 50_000, 130
"""Blocks, and how often it was asked."""


@dataclass
class Chain:
    """A node whose every tenth block has a log."""

    head: int = 0
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, params: list[Any]) -> Any:
        self.asked.append(method)
        if method == "eth_getLogs":
            first, last = (int(params[0][name], 16) for name in ("fromBlock", "toBlock"))
            return [{"blockNumber": hex(n)} for n in range(first, last + 1) if n % 10 == 0]
        number = self.head if params[0] == "finalized" else int(params[0], 16)
        return {"number": hex(number), "hash": f"0x{number:064x}"}

    def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        return [self.request(method, list(params)) for method, params in asked]


@pytest.mark.long
def test_a_report_of_each_hour_asks_no_more_after_a_year(tmp_path: Path) -> None:
    chain, path, found = Chain(), tmp_path / "market.sqlite", list[tuple[int, list[Any]]]()
    for _ in range(HOURS):
        chain.head, chain.asked = chain.head + HOUR, []
        found = list(Kept(chain, path).pages(["0xa"], [["0xb"]], 1, chain.head, WIDEST))
        assert len(chain.asked) <= 2 * AT_ONCE
    assert [end for end, _ in found] == sorted({end for end, _ in found})
    logs = [int(log["blockNumber"], 16) for _, listed in found for log in listed]
    assert logs == list(range(10, chain.head + 1, 10))
    assert max(len(listed) for _, listed in found) <= WIDEST // 10
