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
from pathlib import Path
from typing import Any

from keeper.journal_file import (
    VERSION,
    DamagedError,
    JournalError,
    hold,
    named,
    open_file,
    set_aside,
)
from keeper.journal_rows import (
    ATTEMPTS,
    OPEN,
    RANK,
    Action,
    Attempt,
    Entry,
    Glance,
    Outcome,
    State,
    Wanted,
    actions_where,
    attempt_of,
    glance,
    read_actions,
    read_entries,
)

PLAN = (
    "INSERT INTO actions (kind, args, reason, block, created_at, state, urgent, market)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
SINCE = "UPDATE transactions SET signed_at = ? WHERE hash = ?"


class Journal:
    """One account's journal on one chain, held by one process."""

    def __init__(self, path: Path, chain_id: int, account: str) -> None:
        """What cannot be read is kept beside, and a new file is begun: what the account has sent, and may yet
        have sent, the chain knows."""
        self.path = path
        self.damaged: Path | None = None
        """Where a file lies that could not be read."""
        self.is_proved = False
        """Whether all that it holds is known to be of the chain that was asked for its first block."""
        self.changes = 0
        """Times that this process wrote in it."""
        self._lock = hold(path)
        try:
            try:
                self._db = open_file(path)
            except DamagedError:
                self.damaged = set_aside(path)
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
                    values = VERSION, chain_id, account, None
                    db.execute("INSERT INTO meta VALUES (?, ?, ?, ?)", values)
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
            self.changes += 1

    def genesis(self, found: str) -> str:
        """The hash of the first block of the chain that it is of; what was found, where nobody has asked."""
        with self._write() as db:
            (known,) = db.execute("SELECT genesis FROM meta").fetchone()
            (count,) = db.execute("SELECT COUNT(*) FROM transactions").fetchone()
            self.is_proved = known == found or count == 0
            db.execute("UPDATE meta SET genesis = ? WHERE genesis IS NULL", (found,))
            (known,) = db.execute("SELECT genesis FROM meta").fetchone()
        return str(known)

    # ---- writing
    def plan(
        self, kind: str, args: Sequence[int], reason: str, block: int, *, urgent: bool = False,
        market: str = "",
    ) -> int:  # fmt: skip
        """Write an intended action down; its number."""
        listed = json.dumps(list(args))
        values = (kind, listed, reason, block, time.time(), State.PLANNED, urgent, market)
        with self._write() as db:
            row = db.execute(PLAN, values)
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

    def finished(self, hash_: str, outcome: Outcome, note: str = "") -> None:
        """It is in a block; others with its nonce can have no effect any more."""
        with self._write() as db:
            for other in _beside(db, hash_, OPEN):
                _move(db, other, State.REPLACED, "another transaction has its nonce")
            _move(db, hash_, outcome.state, note, outcome)

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
            for each in (*_beside(db, hash_, (State.REPLACED,)), hash_):
                _move(db, each, State.SENT, "its block is gone")

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
        return [attempt_of(r) for r in rows]

    def knows_from(self, nonce: int) -> bool:
        """Whether it holds a transaction with that nonce or a later one, whatever became of it."""
        with named(self.path):
            found = self._db.execute("SELECT 1 FROM transactions WHERE nonce >= ?", (nonce,))
            return found.fetchone() is not None

    def paid_since(self, moment: float) -> int:
        """Wei that was paid for what was signed since; what is not mined yet has cost nothing."""
        with named(self.path):
            (paid,) = self._db.execute(
                "SELECT COALESCE(SUM(paid), 0) FROM transactions WHERE signed_at >= ?", (moment,)
            ).fetchone()
        return int(paid)

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
        return actions_where(self.path, self._db, where, values)

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


def _beside(db: sqlite3.Connection, hash_: str, states: Sequence[State]) -> list[str]:
    """The others that have a transaction's nonce and are in one of these states: of its action, or of one
    that it overtook."""
    found = db.execute(
        "SELECT hash, state FROM transactions WHERE hash != ?"
        " AND nonce = (SELECT nonce FROM transactions WHERE hash = ?)",
        (hash_, hash_),
    ).fetchall()
    return [other for other, state in found if state in states]


def _move(
    db: sqlite3.Connection,
    hash_: str,
    state: State,
    note: str = "",
    outcome: Outcome | None = None,
) -> None:
    """A transaction into a new state, and its action with it."""
    o = outcome
    values = (o.block, o.gas_used, o.block_hash, o.paid) if o else (None, None, None, None)
    db.execute(
        "UPDATE transactions SET state = ?, block = ?, gas_used = ?, block_hash = ?, paid = ?"
        " WHERE hash = ?",
        (state, *values, hash_),
    )
    (number,) = db.execute("SELECT action FROM transactions WHERE hash = ?", (hash_,)).fetchone()
    rows = db.execute("SELECT state FROM transactions WHERE action = ?", (number,)).fetchall()
    states = {row[0] for row in rows}
    of_action = next(rank for rank in RANK if rank in states)
    db.execute("UPDATE actions SET state = ?, note = ? WHERE id = ?", (of_action, note, number))


__all__ = [
    "Action", "Attempt", "Entry", "Glance", "Journal", "JournalError", "Outcome", "State", "Wanted",
    "glance", "read_actions", "read_entries",
]  # fmt: skip
