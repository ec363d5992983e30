"""What the keeper meant to do and what came of it: one SQLite file, written before anything is sent.

A signed transaction is in here before a node sees it. So whatever kills the process, the next one
knows every transaction that can have an effect, and sends the same bytes again or none: a nonce is
used once, so an action has one effect.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from keeper.journal_file import VERSION, JournalError, hold, named, open_file, reading

ATTEMPTS = (
    "SELECT hash, action, nonce, raw, max_fee, tip, signed_at, state, block, gas_used"
    " FROM transactions WHERE "
)
SINCE = "UPDATE transactions SET signed_at = ? WHERE hash = ?"
ACTIONS = "SELECT id, kind, args, reason, block, created_at, state, note FROM actions WHERE "


class State(StrEnum):
    """Of an action and of each transaction that carries it."""

    PLANNED = "planned"
    """Written down; a transaction is signed, and may have been sent."""
    SENT = "sent"
    MINED = "mined"
    REVERTED = "reverted"
    REPLACED = "replaced"
    """Another transaction with the same nonce was mined."""
    DROPPED = "dropped"
    """Will have no effect."""


OPEN = (State.PLANNED, State.SENT)


RANK = (State.MINED, State.REVERTED, State.SENT, State.PLANNED, State.DROPPED, State.REPLACED)
"""An action is what the first of these is that one of its transactions is."""


@dataclass(frozen=True, slots=True)
class Action:
    """One intended action."""

    id: int
    kind: str
    args: tuple[int, ...]
    reason: str
    block: int
    created_at: float
    state: State
    note: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signed transaction of an action. max_fee, tip: wei per gas; signed_at: or opened or given up."""

    hash: str
    action: int
    nonce: int
    raw: bytes
    max_fee: int
    tip: int
    signed_at: float
    state: State
    block: int | None
    gas_used: int | None


class Journal:
    """One account's journal on one chain, held by one process."""

    def __init__(self, path: Path, chain_id: int, account: str) -> None:
        self.path = path
        self._lock = hold(path)
        try:
            self._db = open_file(path)
            self._check_owner(chain_id, account)
        except BaseException:
            self._lock.close()
            raise

    def _check_owner(self, chain_id: int, account: str) -> None:
        with named(self.path):
            row = self._db.execute("SELECT version, chain_id, account FROM meta").fetchone()
            if row is None:
                with self._write() as db:
                    db.execute("INSERT INTO meta VALUES (?, ?, ?)", (VERSION, chain_id, account))
                return
        if row != (VERSION, chain_id, account):
            raise JournalError(
                f"{self.path} belongs to account {row[2]} on chain {row[1]} (version {row[0]})",
                "give each account and chain its own journal (TANDEM_JOURNAL)",
            )

    @contextmanager
    def _write(self) -> Generator[sqlite3.Connection]:
        """All or nothing, and on the disk before it returns."""
        with named(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    # ---- writing
    def plan(self, kind: str, args: Sequence[int], reason: str, block: int) -> int:
        """Write an intended action down; its number."""
        values = (kind, json.dumps(list(args)), reason, block, time.time(), State.PLANNED)
        columns = "kind, args, reason, block, created_at, state"
        with self._write() as db:
            row = db.execute(f"INSERT INTO actions ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608
        return int(row.lastrowid or 0)

    def sign(self, action: int, hash_: str, nonce: int, raw: bytes, max_fee: int, tip: int) -> None:
        """Write a signed transaction down. Only after this may it be sent. One that was dropped and
        is signed again, byte for byte, is this action's from now on."""
        values = (hash_, action, nonce, raw, max_fee, tip, time.time(), State.PLANNED)
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO transactions"
                " (hash, action, nonce, raw, max_fee, tip, signed_at, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

    def sent(self, hash_: str) -> None:
        """A node has taken it."""
        with self._write() as db:
            _move(db, hash_, State.SENT)

    def finished(self, hash_: str, *, ok: bool, block: int, gas_used: int, note: str = "") -> None:
        """It is in a block; others with its nonce can have no effect any more."""
        with self._write() as db:
            db.execute(
                "UPDATE transactions SET state = ? WHERE hash != ? AND state IN (?, ?)"
                " AND nonce = (SELECT nonce FROM transactions WHERE hash = ?)",
                (State.REPLACED, hash_, *OPEN, hash_),
            )
            state = State.MINED if ok else State.REVERTED
            _move(db, hash_, state, note, block, gas_used)

    def dropped(self, hash_: str, note: str) -> None:
        """It will have no effect, as far as is known now."""
        with self._write() as db:
            db.execute(SINCE, (time.time(), hash_))
            _move(db, hash_, State.DROPPED, note)

    def reopen(self, hash_: str) -> None:
        """The block that held it is gone: it, or one that it had replaced, may be mined again. Its fee
        was enough, so it waits from now on."""
        with self._write() as db:
            db.execute(SINCE, (time.time(), hash_))
            db.execute(
                "UPDATE transactions SET state = ? WHERE state = ?"
                " AND nonce = (SELECT nonce FROM transactions WHERE hash = ?)",
                (State.SENT, State.REPLACED, hash_),
            )
            _move(db, hash_, State.SENT, "its block is gone")

    def abandon(self, action: int, note: str) -> None:
        """No transaction of it was ever signed."""
        with self._write() as db:
            values = (State.DROPPED, note, action)
            db.execute("UPDATE actions SET state = ?, note = ? WHERE id = ?", values)

    # ---- reading
    def open_attempts(self) -> list[Attempt]:
        """Signed transactions that may still have an effect, by nonce and age."""
        return self._attempts("state IN (?, ?) ORDER BY nonce, signed_at", OPEN)

    def recent_attempts(self, since_block: int, unused_nonce: int) -> list[Attempt]:
        """Transactions in blocks young enough to go away again, or whose nonce no block knows any more."""
        values = State.MINED, State.REVERTED, since_block, unused_nonce
        return self._attempts(
            "state IN (?, ?) AND (block >= ? OR nonce >= ?) ORDER BY nonce", values
        )

    def given_up(self, since: float, nonce: int) -> list[Attempt]:
        """Transactions said to have no effect since then, or from that nonce on."""
        where = "state = ? AND (signed_at >= ? OR nonce >= ?) ORDER BY nonce"
        return self._attempts(where, (State.DROPPED, since, nonce))

    def attempts(self, action: int) -> list[Attempt]:
        return self._attempts("action = ? ORDER BY signed_at", (action,))

    def _attempts(self, where: str, values: Sequence[Any]) -> list[Attempt]:
        with named(self.path):
            rows: list[tuple[Any, ...]] = self._db.execute(ATTEMPTS + where, values).fetchall()
        return [_attempt(r) for r in rows]

    def unsigned_actions(self) -> list[Action]:
        """Planned, and the process ended before anything was signed."""
        where = "state = ? AND id NOT IN (SELECT action FROM transactions) ORDER BY id"
        return self._actions(where, (State.PLANNED,))

    def action(self, number: int) -> Action:
        return self._actions("id = ?", (number,))[0]

    def recent(self, count: int = 20) -> list[Action]:
        """The latest actions, newest first."""
        return self._actions("1 ORDER BY id DESC LIMIT ?", (count,))

    def _actions(self, where: str, values: Sequence[Any]) -> list[Action]:
        return _read_actions(self.path, self._db, where, values)

    def next_nonce(self) -> int:
        """The first nonce that no transaction of ours has used or may still use."""
        with named(self.path):
            row = self._db.execute(
                "SELECT MAX(nonce) FROM transactions WHERE state != ?", (State.DROPPED,)
            ).fetchone()
        return 0 if row[0] is None else int(row[0]) + 1

    def close(self) -> None:
        self._db.close()
        self._lock.close()


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be known of a journal without holding it. open: transactions that may still have an
    effect."""

    chain_id: int
    account: str
    open: int


def glance(path: Path) -> Glance:
    """Whose journal it is. Writes nothing and takes no lock: its keeper may be at work."""
    with reading(path) as db:
        row = db.execute("SELECT chain_id, account FROM meta").fetchone()
        where = "SELECT COUNT(*) FROM transactions WHERE state IN (?, ?)"
        (waiting,) = db.execute(where, OPEN).fetchone()
    if row is None:
        raise JournalError(f"{path} belongs to nobody yet", "`tandem run` begins it")
    return Glance(int(row[0]), str(row[1]), int(waiting))


def _attempt(row: tuple[Any, ...]) -> Attempt:
    fields: list[Any] = list(row)
    fields[7] = State(fields[7])
    return Attempt(*fields)


def _move(
    db: sqlite3.Connection,
    hash_: str,
    state: State,
    note: str = "",
    block: int | None = None,
    gas: int | None = None,
) -> None:
    """A transaction into a new state, and its action with it."""
    db.execute(
        "UPDATE transactions SET state = ?, block = ?, gas_used = ? WHERE hash = ?",
        (state, block, gas, hash_),
    )
    (number,) = db.execute("SELECT action FROM transactions WHERE hash = ?", (hash_,)).fetchone()
    rows = db.execute("SELECT state FROM transactions WHERE action = ?", (number,)).fetchall()
    states = {row[0] for row in rows}
    of_action = next(rank for rank in RANK if rank in states)
    db.execute("UPDATE actions SET state = ?, note = ? WHERE id = ?", (of_action, note, number))


def read_actions(path: Path, count: int) -> list[Action]:
    """The latest actions of a journal that another process may hold; newest first."""
    with reading(path) as db:
        return _read_actions(path, db, "1 ORDER BY id DESC LIMIT ?", (count,))


def _read_actions(
    path: Path, db: sqlite3.Connection, where: str, values: Sequence[Any]
) -> list[Action]:
    with named(path):
        rows = db.execute(ACTIONS + where, values).fetchall()
    return [
        Action(r[0], r[1], tuple(json.loads(r[2])), r[3], r[4], r[5], State(r[6]), r[7])
        for r in rows
    ]


__all__ = [
    "Action", "Attempt", "Glance", "Journal", "JournalError", "State", "glance", "read_actions",
]  # fmt: skip
