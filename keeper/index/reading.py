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

from keeper.index.rows import Block, Places, places_of, rows_of, standing
from keeper.index.store import OvertakenError, Reach, Store
from tandem.engine.log_pages import of_block, pages
from tandem.engine.rpc import RpcError
from tandem.errors import ConfigError, EngineError

WIDEST = 10_000
"""Blocks whose logs are held at a time, whatever a node would answer."""
UNSETTLED = 256
"""Blocks up to the head whose logs are asked for by their hashes: another node behind the same address may
be so many behind, a minute where four come in a second."""
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
    patience: float = field(default_factory=lambda: PATIENCE)
    watch: Watch = field(default_factory=Watch)
    head: Block | None = None
    """As it was seen last."""
    _width: int = WIDEST
    _behind_since: float | None = None

    @property
    def is_behind(self) -> bool:
        """Whether what was read is of blocks that the node has not, as far as is known."""
        return self._behind_since is not None

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
        reach = self.reach()
        if not self._is_behind(reach.tip, head):
            reach = self._standing(reach)
        self.watch.at(reach.tip, head)
        if reach.tip.number >= head.number:
            return reach
        tip = reach.tip
        try:
            for end, logs in pages(
                self.node, *self._question(), tip.number + 1, head.number, self._width
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

    def _question(self) -> tuple[list[str], list[list[str]]]:
        """Of which contracts, which topics."""
        where = sorted({address for address, _ in self.places})
        return where, [sorted({topic for _, topic in self.places})]

    def _keep(self, tip: Block, end: int, head: Block, said: Any) -> Block:
        """Store a page. Raises _ChangedError where it may be of two chains."""
        logs = standing(said)
        found = places_of(logs)
        if any(not tip.number < number <= end for number, _ in found):
            raise EngineError(
                "the node's logs are of other blocks than were asked for",
                "name another node with --rpc",
            )
        late = range(max(tip.number + 1, head.number - UNSETTLED + 1), end + 1)
        numbers = sorted({number for number, _ in found} | {*late, end})
        before, *blocks, again = self._blocks([tip.number, *numbers, head.number])
        there = {each.number: each for each in blocks if each is not None}
        if not (_is(before, tip) and _is(again, head) and len(there) == len(numbers)):
            raise _ChangedError("the chain changes faster than it can be read", "try again")
        if any(there[number].hash != hashed for number, hashed in found):
            raise _ChangedError("the node's logs are of other blocks than it has", "try again")
        rows = rows_of([*logs, *self._late([there[number] for number in late])], self.places)
        kept = [there[number] for number in sorted({row.block for row in rows} | {end})]
        self.store.add(tip, kept[-1], kept, rows, KEEP)
        return kept[-1]

    def _late(self, blocks: Sequence[Block]) -> list[Mapping[str, Any]]:
        """The logs of the newest blocks. Raises _ChangedError where the node lacks one."""
        asked = [("eth_getLogs", [of_block(*self._question(), each.hash)]) for each in blocks]
        try:
            said = self.node.request_many(asked) if asked else []
        except RpcError as error:
            raise _ChangedError("the node has no logs of its newest blocks", "try again") from error
        logs = [log for each in said for log in standing(each)]
        if not places_of(logs) <= {(each.number, each.hash) for each in blocks}:
            raise _ChangedError("the node's logs are of other blocks than it has", "try again")
        return logs

    def reach(self) -> Reach:
        """How far it was read before; from now on where it was not. Raises EngineError, StoreError,
        ConfigError where the index does not begin with `first`, or the chain has not come so far."""
        reach = self.store.reach()
        if reach is None:
            first = self.deployed if self.first is None else max(self.first, self.deployed)
            before = self._block(max(first - 1, 0))
            if before is None:
                raise ConfigError(
                    f"the chain has no block {first} yet", "begin with an earlier one"
                )
            with suppress(OvertakenError):  # by one that begins at the same moment
                self.store.begin(max(first, 1), before)
                return Reach(max(first, 1), before)
            return self.reach()
        if self.first is not None and max(self.first, self.deployed, 1) != reach.first:
            raise ConfigError(
                f"this index begins with block {reach.first}",
                "leave --from out to go on with it, or name another database with --db",
            )
        return reach

    def _is_behind(self, tip: Block, head: Block) -> bool:
        """Whether the node has not come so far yet, as another had; for a while that is believed, where what
        it has is what was read."""
        now = time.monotonic()
        since = self._behind_since or now
        is_ahead = head.number >= tip.number or self._is_other(head)
        self._behind_since = None if is_ahead or now - since >= self.patience else since
        return self.is_behind

    def _is_other(self, head: Block) -> bool:
        """Whether what was read before the node's head is of another chain, as where that began anew."""
        known = self.store.mark(head.number)
        now = self._block(known.number) if known else None
        return known is not None and now is not None and now.hash != known.hash

    def _standing(self, reach: Reach) -> Reach:
        """The same, or what is left of it after a reorg."""
        now = self._block(reach.tip.number)
        if _is(now, reach.tip):
            return reach
        agreed = self._agreed(reach)
        if agreed is None:  # another chain, or one that forgot all
            before = self._block(reach.first - 1)
            if before is None:
                raise EngineError(
                    f"the node has no block {reach.first - 1}", "is it in sync, and of this chain?"
                )
            agreed = before
        self.watch.lost(agreed.number, self.store.forget(reach.tip, agreed))
        return Reach(reach.first, agreed)

    def _agreed(self, reach: Reach) -> Block | None:
        """The newest stored block that the chain still has: it has all before it, too."""
        agreed, low, high = None, reach.first, reach.tip.number
        while low <= high:
            middle = (low + high) // 2
            mark = self.store.mark(middle)
            if mark is None or mark.number < low:
                low = middle + 1
            elif _is(self._block(mark.number), mark):
                agreed, low = mark, middle + 1
            else:
                high = mark.number - 1
        return agreed

    def _blocks(self, numbers: Sequence[int]) -> list[Block | None]:
        return [_block(each) for each in self.node.request_many([_of(n) for n in numbers])]

    def _block(self, number: int | str) -> Block | None:
        method, params = _of(number)
        return _block(self.node.request(method, list(params)))


def _is(found: Block | None, known: Block) -> bool:
    return found is not None and found.hash == known.hash


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
