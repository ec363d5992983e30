"""The rows in a database: SQLite, or Postgres where an address names one.

What one page of blocks said is written in one transaction, together with how far that is, so that a process
that ends at any point leaves no half of it. Several markets may share a database; of two processes that read
the same market the later finds that somebody was there, and goes on from where that is.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keeper.index.rows import Block, Row
from keeper.sharing import connector
from tandem.engine.patience import pauses
from tandem.errors import ConfigError, TandemError
from tandem.files import check_file

VERSION = 1
BUSY_SECONDS = 5.0
ALONE = "SELECT pg_advisory_xact_lock(hashtext('tandem_index'))"
"""Two that begin at once would both make the tables, and both say where the market begins."""
SCHEMES = ("postgresql://", "postgres://")
TABLES = (
    """CREATE TABLE IF NOT EXISTS tandem_index_markets (
        market TEXT PRIMARY KEY, version BIGINT NOT NULL, first BIGINT NOT NULL,
        block BIGINT NOT NULL, hash TEXT NOT NULL, time BIGINT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS tandem_index_blocks (
        market TEXT NOT NULL, number BIGINT NOT NULL, hash TEXT NOT NULL, time BIGINT NOT NULL,
        events BIGINT NOT NULL, PRIMARY KEY (market, number))""",
    """CREATE INDEX IF NOT EXISTS tandem_index_ends
        ON tandem_index_blocks (market, events, number)""",
    """CREATE TABLE IF NOT EXISTS tandem_index_events (
        market TEXT NOT NULL, block BIGINT NOT NULL, log_index BIGINT NOT NULL, tx TEXT NOT NULL,
        address TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, topics TEXT NOT NULL,
        data TEXT NOT NULL, args TEXT NOT NULL, PRIMARY KEY (market, block, log_index))""",
    """CREATE INDEX IF NOT EXISTS tandem_index_kinds
        ON tandem_index_events (market, kind, block, log_index)""",
    """CREATE TABLE IF NOT EXISTS tandem_index_people (
        market TEXT NOT NULL, account TEXT NOT NULL, block BIGINT NOT NULL, log_index BIGINT NOT NULL,
        PRIMARY KEY (market, account, block, log_index))""",
)
NEXT = (
    "UPDATE tandem_index_markets SET block = ?, hash = ?, time = ?"
    " WHERE market = ? AND block = ? AND hash = ?"
)
OLD_ENDS = "DELETE FROM tandem_index_blocks WHERE market = ? AND events = 0 AND number < ?"


class StoreError(TandemError):
    """The database cannot be used."""


class OvertakenError(StoreError):
    """Another process wrote what this one was about to write."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a market was read: from the first block to this one."""

    first: int
    tip: Block


class Store:
    """One market's rows through one connection. market: `<chain's number>:<Market's address>`."""

    def __init__(self, connect: Callable[[], Any], market: str, *, is_postgres: bool) -> None:
        self.market = market
        self._connect = connect
        self._mark = "%s" if is_postgres else "?"
        self._db: Any = None

    def prepare(self) -> None:
        """Make the tables that there are not. Raises StoreError, ConfigError for those of another version."""
        with self._changing(), self._alone():
            for table in TABLES:
                self.ask(table)
        found = self.ask(
            "SELECT version FROM tandem_index_markets WHERE market = ?", (self.market,)
        )
        if found and found[0][0] != VERSION:
            raise ConfigError(
                f"the index was written by another version ({found[0][0]})",
                "name another database with --db",
            )

    def reach(self) -> Reach | None:
        """None before anything was read."""
        query = "SELECT first, block, hash, time FROM tandem_index_markets WHERE market = ?"
        found = self.ask(query, (self.market,))
        return Reach(_count(found[0][0]), _known(found[0][1:])) if found else None

    def begin(self, first: int, tip: Block) -> None:
        """Nothing was read yet. first: the block that is read first; tip: the one before it. Raises
        OvertakenError where somebody began meanwhile."""
        with self._changing(), self._alone():
            if self.reach() is not None:
                raise _overtaken()
            self._clear()
            self.ask(
                "INSERT INTO tandem_index_markets VALUES (?, ?, ?, ?, ?, ?)",
                (self.market, VERSION, first, tip.number, tip.hash, tip.time),
            )

    def add(
        self, before: Block, end: Block, blocks: Sequence[Block], rows: Sequence[Row], keep: int
    ) -> None:
        """What the blocks after `before` up to `end` said: all of it or nothing. keep: so many blocks deep
        the ends of pages stay. Raises OvertakenError where `before` is not how far the market was read."""
        full = {row.block for row in rows}
        marks = {each.number: each for each in (*blocks, end)}
        with self._changing():
            self._move(before, end)
            self._all(
                "INSERT INTO tandem_index_blocks VALUES (?, ?, ?, ?, ?)",
                [(self.market, each.number, each.hash, each.time, int(each.number in full))
                 for each in marks.values()],
            )  # fmt: skip
            self._all(
                "INSERT INTO tandem_index_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(self.market, r.block, r.index, r.tx, r.address, r.kind, r.name, ",".join(r.topics),
                  r.data, r.args) for r in rows],
            )  # fmt: skip
            self._all(
                "INSERT INTO tandem_index_people VALUES (?, ?, ?, ?)",
                [(self.market, who, r.block, r.index) for r in rows for who in r.people],
            )
            self.ask(OLD_ENDS, (self.market, end.number - keep))

    def forget(self, tip: Block, agreed: Block) -> int:
        """Take back what came after a block; how many rows that is. Raises OvertakenError."""
        after = (self.market, agreed.number)
        with self._changing():
            self._move(tip, agreed)
            count = self.count(agreed.number)
            for table, column in (("people", "block"), ("events", "block"), ("blocks", "number")):
                past = f"WHERE market = ? AND {column} > ?"
                self.ask(f"DELETE FROM tandem_index_{table} {past}", after)  # noqa: S608 - names of ours
        return count

    def count(self, after: int = -1) -> int:
        """How many rows came after a block; all of them where none is named. Raises StoreError."""
        query = "SELECT count(*) FROM tandem_index_events WHERE market = ? AND block > ?"
        return self.ask(query, (self.market, after))[0][0]

    def mark(self, latest: int) -> Block | None:
        """The newest block whose hash is known, up to one; there may be millions."""
        query = (
            "SELECT number, hash, time FROM tandem_index_blocks WHERE market = ? AND number <= ?"
            " ORDER BY number DESC LIMIT 1"
        )
        return next(map(_known, self.ask(query, (self.market, latest))), None)

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Rows; none of what gives none. Raises StoreError."""
        with self._named():
            found = self._connection().execute(query.replace("?", self._mark), values)
            return list(found.fetchall()) if found.description else []

    def close(self) -> None:
        with suppress(Exception):
            if self._db is not None:
                self._db.close()
        self._db = None

    def _move(self, before: Block, after: Block) -> None:
        values = after.number, after.hash, after.time, self.market, before.number, before.hash
        with self._named():
            found = self._connection().execute(NEXT.replace("?", self._mark), values)
        if found.rowcount != 1:
            raise _overtaken()

    def _clear(self) -> None:
        for table in ("people", "events", "blocks", "markets"):
            self.ask(f"DELETE FROM tandem_index_{table} WHERE market = ?", (self.market,))  # noqa: S608 - names of ours

    def _all(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self._named():
                self._connection().cursor().executemany(query.replace("?", self._mark), rows)

    @contextmanager
    def _changing(self) -> Generator[None]:
        self.ask("BEGIN" if self._mark == "%s" else "BEGIN IMMEDIATE")
        try:
            yield
            self.ask("COMMIT")
        except BaseException:
            with suppress(Exception):
                self._connection().execute("ROLLBACK")
            raise

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Nobody else does the same until the transaction ends; a SQLite's file has one writer anyway."""
        if self._mark == "%s":
            self.ask(ALONE)
        yield

    @contextmanager
    def _named(self) -> Generator[None]:
        """Whatever a driver raises, as an error of ours; the next question opens a connection anew."""
        try:
            yield
        except TandemError:
            raise
        except Exception as error:
            said = str(error).strip().splitlines()
            self.close()
            raise StoreError(
                f"the index's database fails: {said[0] if said else type(error).__name__}",
                "look at what --db names",
            ) from error

    def _connection(self) -> Any:
        if self._db is None or getattr(self._db, "closed", False):
            self._db = self._connect()
        return self._db


def _overtaken() -> OvertakenError:
    return OvertakenError(
        "another process reads this market into the same database", "one of them is enough"
    )


def _count(found: Any) -> int:
    """A block's number, or a time. SQLite keeps what it is given, of whatever type."""
    if isinstance(found, int) and found >= 0:
        return found
    raise StoreError(
        "the index's database holds what no index wrote",
        "name another with --db, and read the market anew",
    )


def _known(found: Sequence[Any]) -> Block:
    number, hashed, time = found
    return Block(_count(number), str(hashed), _count(time))


def stores(where: str, market: str) -> tuple[Store, Callable[[], Store]]:
    """The one that is written through, and a maker of those that only read. where: a file, or the address
    of a Postgres. Raises ConfigError, SetupError."""
    if where.startswith(SCHEMES):
        connect = connector(where, "the index")

        def reading() -> Any:
            db = connect()
            db.execute("SET default_transaction_read_only = on")
            return db

        return Store(connect, market, is_postgres=True), lambda: Store(
            reading, market, is_postgres=True
        )
    if "://" in where:  # not shown: it may hold a password
        raise ConfigError(
            "--db names no database that an index can be in",
            "name a file, or a Postgres as postgresql://user:password@host/name",
        )
    path = Path(where)
    check_file(path)
    file = path.resolve().as_uri()
    return (
        Store(lambda: _sqlite(f"{file}?mode=rwc", is_writer=True), market, is_postgres=False),
        lambda: Store(
            lambda: _sqlite(f"{file}?mode=ro", is_writer=False), market, is_postgres=False
        ),
    )


def _sqlite(uri: str, *, is_writer: bool) -> sqlite3.Connection:
    db = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    if is_writer:
        _write_ahead(db)
        db.execute("PRAGMA synchronous = NORMAL")
    return db


def _write_ahead(db: sqlite3.Connection) -> None:
    """SQLite waits for nobody here: of two that begin a file at once one would be told that it is locked.
    Raises OperationalError."""
    deadline = time.monotonic() + BUSY_SECONDS
    for pause in pauses():
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")
            return
        if time.monotonic() > deadline:
            db.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(pause)
