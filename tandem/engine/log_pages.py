"""Logs of a stretch of blocks, in pages that a node answers, and the block of a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tandem.engine.base import RawLog, address_of
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError

Topics = Sequence[str | Sequence[str] | None]
"""What each topic has to be: one, one of several, or whatever it is."""

PATIENCE = 8
"""Pages that are taken before a wider one is tried again, once one was refused: a node whose bound is fixed
refuses one in nine, where it would refuse every other one."""


class Asked(Protocol):
    """Whoever can be asked for logs and blocks."""

    def request(self, method: str, params: list[Any], /) -> Any: ...


@dataclass(slots=True)
class Width:
    """Blocks that a node is asked for at once. Nodes bound the range that they search: it is halved until it
    is taken, and doubled after PATIENCE pages."""

    widest: int
    _now: int = field(init=False)
    _taken: int = field(default=0, init=False)
    """Pages since one was refused, or it was doubled."""

    def __post_init__(self) -> None:
        self._now = self.widest

    def end(self, first: int, last: int) -> int:
        """The last block of a page."""
        return min(first + self._now - 1, last)

    def took(self) -> None:
        """A page was told."""
        self._taken += 1
        if self._taken == PATIENCE:
            self._now, self._taken = min(2 * self._now, self.widest), 0

    def refused(self, size: int) -> bool:
        """A page of so many blocks was not: whether there is a smaller one. Where there is none it begins
        anew."""
        self._now, self._taken = size // 2 or self.widest, 0
        return size > 1


def pages(
    engine: Asked,
    where: Sequence[str],
    topics: Topics,
    first: int,
    last: int,
    widest: int | None = None,
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """(last block of a page, its logs as the node has them), oldest first. widest: blocks of a page, for
    whoever holds one in memory. Raises RpcError where one block is refused."""
    width = Width(widest or last - first + 1)
    while first <= last:
        end = width.end(first, last)
        try:
            found = engine.request("eth_getLogs", [question(where, topics, first, end)])
        except RpcError:
            if not width.refused(end - first + 1):
                raise
            continue
        yield end, found
        first = end + 1
        width.took()


def question(where: Sequence[str], topics: Topics, first: int, last: int) -> dict[str, Any]:
    """As `eth_getLogs` takes it."""
    return {
        "address": where[0] if len(where) == 1 else list(where),
        "fromBlock": hex(first),
        "toBlock": hex(last),
        "topics": list(topics),
    }


def of_block(where: Sequence[str], topics: Topics, block_hash: str) -> dict[str, Any]:
    """The same of one block: a node that lacks it refuses, where of a range it tells what it has."""
    return {
        "address": where[0] if len(where) == 1 else list(where),
        "blockHash": block_hash,
        "topics": list(topics),
    }


def raw(log: dict[str, Any]) -> RawLog:
    """A node's log as ours."""
    return RawLog(
        address_of(log["address"]),
        tuple(bytes.fromhex(topic[2:]) for topic in log["topics"]),
        bytes.fromhex(log["data"][2:]),
    )


def block_at(engine: Asked, moment: int, first: int, last: int) -> int:
    """The first of these blocks that is not before the moment, `last` + 1 where all are."""
    while first <= last:
        middle = (first + last) // 2
        if time_of(engine, middle) < moment:
            first = middle + 1
        else:
            last = middle - 1
    return first


def time_of(engine: Asked, block: int) -> int:
    """When it was made, seconds UTC. Raises EngineError where the node keeps no such block."""
    found = engine.request("eth_getBlockByNumber", [hex(block), False])
    if found is None:
        raise EngineError(f"the node keeps no block {block}", "name another node with --rpc")
    return int(found["timestamp"], 16)
