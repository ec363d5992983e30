"""Following the chain: pages of logs into the store, and back where a reorg took back what was read.

A page is believed where the head that was seen before it still stands after it, so that all of it is of one
chain. What is stored is compared by hashes of blocks; where they differ, the newest block that the chain
still has is found by halving, and what came after it is taken back and read again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from keeper.index.rows import Block, Places, rows_of
from keeper.index.store import OvertakenError, Reach, Store
from tandem.engine.log_pages import pages
from tandem.errors import ConfigError, EngineError

WIDEST = 10_000
"""Blocks whose logs are held at a time, whatever a node would answer."""
KEEP = 4_096
"""Blocks deep that the ends of pages are known by their hashes."""
PATIENCE = 30.0
"""Seconds for which a chain that is shorter than what was read is a node that is behind."""
TRIES = 5
"""Times that a page is read anew because the chain changed under it."""


class Asked(Protocol):
    """A node."""

    def request(self, method: str, params: list[Any], /) -> Any: ...
    def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]: ...


class _ChangedError(EngineError):
    """The chain is another than when the page began."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told, and asked. at: the last block that is stored and the head; lost: a reorg took back so many
    rows after this block; is_ended: whether to stop between two pages."""

    at: Callable[[Block, Block], None] = lambda tip, head: None
    lost: Callable[[int, int], None] = lambda block, rows: None
    is_ended: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Reader:
    """One market's. deployed: its first block; first: from where it is read, None for that one or where an
    earlier reading began."""

    node: Asked
    store: Store
    places: Places
    deployed: int
    first: int | None = None
    patience: float = PATIENCE
    watch: Watch = field(default_factory=Watch)
    head: Block | None = None
    """As it was seen last."""
    _width: int = WIDEST
    _behind_since: float | None = None

    def follow(self) -> Reach:
        """Read up to the head, or until it is told to end. Raises EngineError where no node answers or the
        chain changes faster than it can be read, StoreError, ConfigError where the index does not begin with
        `first`."""
        for _ in range(TRIES - 1):
            with suppress(_ChangedError, OvertakenError):
                return self._follow()
        return self._follow()

    def _follow(self) -> Reach:
        head = self.head = self._block("latest")
        if head is None:
            raise EngineError("the node has no latest block", "is it in sync?")
        reach = self._reach()
        if not self._is_behind(reach.tip, head):
            reach = self._standing(reach)
        self.watch.at(reach.tip, head)
        if reach.tip.number >= head.number:
            return reach
        where = sorted({address for address, _ in self.places})
        topics = [sorted({topic for _, topic in self.places})]
        tip = reach.tip
        try:
            for end, logs in pages(
                self.node, where, topics, tip.number + 1, head.number, self._width
            ):
                tip = self._keep(tip, end, head, logs)
                self.watch.at(tip, head)
                if self.watch.is_ended():
                    break
        except EngineError:
            self._width = max(self._width // 2, 1)  # a node that says nothing may be asked too much
            raise
        self._width = min(self._width * 2, WIDEST)
        return Reach(reach.first, tip)

    def _keep(self, tip: Block, end: int, head: Block, logs: Sequence[Mapping[str, Any]]) -> Block:
        """Store a page. Raises _ChangedError where it may be of two chains."""
        rows = rows_of(logs, self.places)
        numbers = sorted({row.block for row in rows} | {end})
        said = self.node.request_many([_of(number) for number in (*numbers, head.number)])
        *found, again = [_block(each) for each in said]
        blocks = [each for each in found if each is not None]
        if again is None or again.hash != head.hash or len(blocks) != len(numbers):
            raise _ChangedError("the chain changes faster than it can be read", "try again")
        hashes = {each.number: each.hash for each in blocks}
        if any(log["blockHash"] != hashes.get(int(log["blockNumber"], 16)) for log in logs):
            raise _ChangedError("the node's logs are of other blocks than it has", "try again")
        last = blocks[-1]
        self.store.add(tip, last, blocks, rows, KEEP)
        return last

    def _reach(self) -> Reach:
        """How far it was read before; from now on where it was not."""
        reach = self.store.reach()
        if reach is None:
            first = self.deployed if self.first is None else max(self.first, self.deployed)
            before = self._block(max(first - 1, 0))
            if before is None:
                raise ConfigError(
                    f"the chain has no block {first} yet", "begin with an earlier one"
                )
            self.store.begin(max(first, 1), before)
            return Reach(max(first, 1), before)
        if self.first is not None and max(self.first, self.deployed, 1) != reach.first:
            raise ConfigError(
                f"this index begins with block {reach.first}",
                "leave --from out to go on with it, or name another database with --db",
            )
        return reach

    def _is_behind(self, tip: Block, head: Block) -> bool:
        """Whether the node has not come so far yet, as another had; for a while that is believed."""
        if head.number >= tip.number:
            self._behind_since = None
            return False
        now = time.monotonic()
        self._behind_since = self._behind_since or now
        return now - self._behind_since < self.patience

    def _standing(self, reach: Reach) -> Reach:
        """The same, or what is left of it after a reorg."""
        now = self._block(reach.tip.number)
        if now is not None and now.hash == reach.tip.hash:
            return reach
        agreed = self._agreed()
        if agreed is None:  # another chain, or one that forgot all
            before = self._block(reach.first - 1)
            if before is None:
                raise EngineError(
                    f"the node has no block {reach.first - 1}", "is it in sync, and of this chain?"
                )
            agreed = before
        self.watch.lost(agreed.number, self.store.forget(reach.tip, agreed))
        return Reach(reach.first, agreed)

    def _agreed(self) -> Block | None:
        """The newest stored block that the chain still has: it has all before it, too."""
        marks = self.store.marks()
        low, high = 0, len(marks)
        while low < high:
            middle = (low + high) // 2
            now = self._block(marks[middle].number)
            if now is not None and now.hash == marks[middle].hash:
                low = middle + 1
            else:
                high = middle
        return marks[low - 1] if low else None

    def _block(self, number: int | str) -> Block | None:
        method, params = _of(number)
        return _block(self.node.request(method, list(params)))


def _of(number: int | str) -> tuple[str, Sequence[Any]]:
    tag = number if isinstance(number, str) else hex(number)
    return "eth_getBlockByNumber", [tag, False]


def _block(said: Any) -> Block | None:
    """Raises EngineError for what is no block."""
    if said is None:
        return None
    try:
        return Block(int(said["number"], 16), str(said["hash"]), int(said["timestamp"], 16))
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(
            "the node's answer is no block", "name another node with --rpc"
        ) from error
