"""Logs and states that were read and are final, kept in the user's cache folder: they are not read again.

A page of logs is kept with the hash of its last block, which says what every block before it was; what was
answered of a state with that of its block. Either counts where the node has that block there still: of
another fork, or of another chain with the same number, nothing is told. Nothing hangs on the cache: one that
cannot be read or written is as none.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from platformdirs import user_cache_path

from tandem.engine.log_pages import Topics, pages
from tandem.engine.rpc import RpcError

FOLDER = user_cache_path("tandem", appauthor=False) / "reports"
BUSY_SECONDS = 1.0
FINAL: tuple[str, list[Any]] = ("eth_getBlockByNumber", ["finalized", False])
AT_ONCE = 50
"""Blocks whose hashes are asked in one trip."""
NEVER = 2**63
"""No block has that number."""
TABLE = """CREATE TABLE IF NOT EXISTS pages (
    kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash TEXT NOT NULL,
    logs TEXT NOT NULL, PRIMARY KEY (kind, first))"""
STATES = """CREATE TABLE IF NOT EXISTS states (
    block INTEGER PRIMARY KEY, hash TEXT NOT NULL, answers BLOB NOT NULL)"""
LISTED = "SELECT block, hash FROM states WHERE block >= ? ORDER BY block LIMIT ?"
PAGES = """SELECT first, last, hash FROM pages WHERE kind = ? AND last >= ? AND first <= ?
    ORDER BY first"""
LOGS = "SELECT logs FROM pages WHERE kind = ? AND first = ? AND last = ? AND hash = ?"
JOINED = """INSERT OR REPLACE INTO pages SELECT ?, ?, ?, ?, ? WHERE
    (SELECT count(*) FROM pages WHERE kind = ? AND first >= ? AND last <= ?) = ?"""
"""Unless somebody else took one of them away meanwhile: what was wrong with it would be back."""
Log = dict[str, Any]
Answers = dict[str, str]
"""What was answered of a block's state, by the call."""
Page = tuple[int, int, str]
"""First and last block, and the last one's hash."""


class Asked(Protocol):
    """A node."""

    def request(self, method: str, params: list[Any], /) -> Any: ...
    def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]: ...


def place(chain_id: int, market: str, folder: Path | None = None) -> Path:
    """Where what was read of a market lies. market: its address."""
    return (folder or FOLDER) / f"{chain_id}-{market.lower()}.sqlite"


@dataclass(slots=True)
class Kept:
    """What was read of one market before. path: of the file, which need not be there. anew: nothing that is
    kept counts; what is read takes its place."""

    node: Asked
    path: Path
    anew: bool = False
    _final: tuple[int, str] | None = field(default=None, init=False)
    _is_ready: bool = field(default=False, init=False)
    _states: dict[int, str] = field(default_factory=dict[int, str], init=False)
    """Blocks whose state is kept, of those that were looked at: from the first to the last of `_looked`."""
    _looked: tuple[int, int] = field(default=(1, 0), init=False)
    _fresh: dict[int, Answers] = field(default_factory=dict[int, Answers], init=False)
    """What was answered and is not in the file yet."""

    def pages(
        self, where: Sequence[str], topics: Topics, first: int, last: int, widest: int
    ) -> Iterator[tuple[int, list[Log]]]:
        """As `log_pages.pages`. Raises RpcError as it does."""
        self._begin()
        kind = sha256(json.dumps([sorted(where), topics]).encode()).hexdigest()
        for page in self._together(kind, self._standing(kind, first, last), widest):
            start, end, _ = page
            if end < first or (found := self._logs(kind, page)) is None:
                continue
            if start > first:
                yield from self._read(kind, where, topics, (first, start - 1), widest)
            until = min(end, last)
            yield until, [log for log in found if first <= _block(log) <= until]
            first = until + 1
        yield from self._read(kind, where, topics, (first, last), widest)

    def forget(self, first: int, last: int) -> None:
        """Of a stretch in which a node left something out nothing is kept, nor are the states around it,
        either of which may be what it got wrong."""
        self._write("DELETE FROM pages WHERE last >= ? AND first <= ?", first, last)
        self._write("DELETE FROM states WHERE block BETWEEN ? AND ?", first - 1, last)
        for kept in (self._states, self._fresh):
            for block in [each for each in kept if first - 1 <= each <= last]:
                del kept[block]

    def answers(self, block: int) -> Answers:
        """What is known of a block's state; nothing where that was not asked, or the block is another."""
        self._begin()
        if not self._looked[0] <= block <= self._looked[1]:
            self._look(block)
        if block not in self._states:
            return {}
        known = self._states[block]
        rows = self._rows("SELECT answers FROM states WHERE block = ? AND hash = ?", block, known)
        try:
            return dict(json.loads(zlib.decompress(rows[0][0]))) if rows else {}
        except (ValueError, TypeError, zlib.error):
            return {}

    def keep(self, block: int, answers: Answers) -> None:
        """What was answered of a state, where its block is final; `flush` writes what is left."""
        if self._final is not None and block <= self._final[0]:
            self._fresh[block] = answers
        if len(self._fresh) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """What was answered since the last time, where the chain is that of before it was asked."""
        fresh, self._fresh = self._fresh, {}
        if not fresh or self._final is None:
            return
        *found, now = self._hashes([*fresh, self._final[0]])
        if now != self._final[1]:
            return
        rows = [
            (block, said, zlib.compress(json.dumps(answers).encode()))
            for (block, answers), said in zip(fresh.items(), found, strict=True)
            if said
        ]
        self._write("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", rows=rows)

    def _look(self, block: int) -> None:
        """Which states are kept from a block on, as far as one trip tells."""
        listed: list[tuple[int, str]] = self._rows(LISTED, block, AT_ONCE)
        found = self._hashes([each for each, _ in listed])
        self._states = {
            each: known for (each, known), said in zip(listed, found, strict=True) if said == known
        }
        self._looked = block, listed[-1][0] if len(listed) == AT_ONCE else NEVER

    # ---- reading
    def _begin(self) -> None:
        """What is final, before anything is read; all that was kept goes where it is read anew."""
        if self._is_ready:
            return
        self._is_ready = True
        with suppress(RpcError):
            head = self.node.request(*FINAL)
            self._final = (int(head["number"], 16), str(head["hash"])) if head else None
        if self.anew:
            self._write("DELETE FROM pages")
            self._write("DELETE FROM states")

    def _read(
        self, kind: str, where: Sequence[str], topics: Topics, span: tuple[int, int], widest: int
    ) -> Iterator[tuple[int, list[Log]]]:
        first, last = span
        for end, found in pages(self.node, where, topics, first, last, widest):
            self._keep(kind, first, end, found)
            yield end, found
            first = end + 1

    def _keep(self, kind: str, first: int, end: int, found: Sequence[Log]) -> None:
        """What is final of a page, where the chain is that of before it was read."""
        if self._final is None or first > self._final[0]:
            return
        last = min(end, self._final[0])
        said, now = self._hashes([last, self._final[0]])
        if now == self._final[1] and said:
            logs = json.dumps([log for log in found if _block(log) <= last])
            asked = "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)"
            self._write(asked, kind, first, last, said, logs)

    def _standing(self, kind: str, first: int, last: int) -> list[Page]:
        """Pages that reach into a stretch, oldest first; those whose last block is another by now go."""
        listed: list[Page] = self._rows(PAGES, kind, first, last)
        found = self._hashes([end for _, end, _ in listed])
        for (start, _, known), said in zip(listed, found, strict=True):
            if said != known:
                self._write("DELETE FROM pages WHERE kind = ? AND first = ?", kind, start)
        return [page for page, said in zip(listed, found, strict=True) if said == page[2]]

    def _together(self, kind: str, listed: Sequence[Page], widest: int) -> list[Page]:
        """Pages that follow each other as one, where they are many and that is not too wide: who asks each
        hour leaves one an hour, and of each the block is asked for."""
        if len(listed) <= AT_ONCE:
            return list(listed)
        runs: list[list[Page]] = []
        for page in listed:
            is_next = runs and page[0] == runs[-1][-1][1] + 1
            if is_next and page[1] - runs[-1][0][0] < widest:
                runs[-1].append(page)
            else:
                runs.append([page])
        return [each for run in runs for each in self._joined(kind, run)]

    def _joined(self, kind: str, run: list[Page]) -> list[Page]:
        """Written as one before the others go; as they were where one of them cannot be read, or nothing be
        written."""
        logs = [self._logs(kind, page) for page in run] if len(run) > 1 else [None]
        if None in logs:
            return run
        page = (first, last, said) = run[0][0], *run[-1][1:]
        told = json.dumps([log for each in logs for log in each or ()])
        self._write(JOINED, kind, first, last, said, told, kind, first, last, len(run))
        if self._logs(kind, page) is None:
            return run
        gone = "DELETE FROM pages WHERE kind = ? AND first > ? AND last <= ?"
        self._write(gone, kind, first, last)
        return [page]

    def _hashes(self, blocks: Sequence[int]) -> list[str]:
        """Of blocks as the node has them now; nothing of one that it has not, or where it refuses."""
        found: list[str] = []
        for start in range(0, len(blocks), AT_ONCE):
            part = blocks[start : start + AT_ONCE]
            try:
                heads = self.node.request_many(
                    [("eth_getBlockByNumber", [hex(block), False]) for block in part]
                )
            except RpcError:
                heads = [None] * len(part)
            found += [str(head["hash"]) if head else "" for head in heads]
        return found

    # ---- the file
    def _logs(self, kind: str, page: Page) -> list[Log] | None:
        """None where it is another by now: several may report at once."""
        rows = self._rows(LOGS, kind, *page)
        try:
            return list(json.loads(rows[0][0])) if rows else None
        except ValueError:
            return None

    def _rows(self, asked: str, *of: Any) -> list[Any]:
        if not self.path.is_file():
            return []
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as db:
                return db.execute(asked, of).fetchall()
        except sqlite3.Error:
            return []

    def _write(self, asked: str, *of: Any, rows: Sequence[tuple[Any, ...]] | None = None) -> None:
        with suppress(OSError, sqlite3.Error):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as db, db:
                db.execute(TABLE)
                db.execute(STATES)
                db.executemany(asked, [of] if rows is None else rows)


def _block(log: Log) -> int:
    return int(log["blockNumber"], 16)
