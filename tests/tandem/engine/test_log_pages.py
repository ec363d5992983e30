"""Logs by pages: all of them, in order, and few questions of a node that bounds its range."""

from __future__ import annotations

from typing import Any

import pytest

from tandem.engine.log_pages import pages
from tandem.engine.rpc import RpcError


class Bounded:
    """A node that searches no more blocks at once than its bound of that question."""

    def __init__(self, *bounds: int) -> None:
        self.bounds = list(bounds)
        self.refused = 0
        self.taken: list[tuple[int, int]] = []

    def request(self, method: str, params: list[Any], /) -> Any:
        assert method == "eth_getLogs"
        first, last = (int(params[0][name], 16) for name in ("fromBlock", "toBlock"))
        bound = self.bounds.pop(0) if len(self.bounds) > 1 else self.bounds[0]
        if last - first + 1 > bound:
            self.refused += 1
            raise RpcError(method, {"message": "block range is too wide"})
        self.taken.append((first, last))
        return [{"blockNumber": hex(block)} for block in range(first, last + 1)]


def blocks(node: Bounded, first: int, last: int, widest: int | None = None) -> list[int]:
    found = pages(node, ["0x" + "00" * 20], [], first, last, widest)
    return [int(log["blockNumber"], 16) for _, logs in found for log in logs]


@pytest.mark.parametrize("bound", [1, 7, 100, 640, 5_000])
def test_each_block_is_read_once_and_in_order(bound: int) -> None:
    assert blocks(Bounded(bound), 11, 5_010) == list(range(11, 5_011))


def test_a_fixed_bound_is_asked_past_once_in_nine() -> None:
    node = Bounded(8)
    blocks(node, 1, 8_000)
    assert len(node.taken) >= 1_000
    assert node.refused <= len(node.taken) / 8 + 11  # 11 halvings from 8,000 to 8


def test_wider_again_where_a_node_lets_it() -> None:
    node = Bounded(*[4] * 12, 10**9)
    blocks(node, 1, 100_000)
    assert max(last - first + 1 for first, last in node.taken) > 1_000
    assert len(node.taken) < 160


def test_no_page_is_wider_than_its_holder_lets() -> None:
    node = Bounded(10**9)
    blocks(node, 1, 1_000, widest=64)
    assert {last - first + 1 for first, last in node.taken} == {64, 40}


def test_one_block_that_is_refused_is_said() -> None:
    with pytest.raises(RpcError, match="too wide"):
        blocks(Bounded(0), 5, 9)
