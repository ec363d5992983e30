"""What the keeper meant to do and what came of it: one SQLite file, written before anything is sent.

A signed transaction is in here before a node sees it. So whatever kills the process, the next one
knows every transaction that can have an effect, and sends the same bytes again or none: a nonce is
used once, so an action has one effect.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from keeper.journal_costs import paid_since
from keeper.journal_file import (
    VERSION,
    DamagedError,
    JournalError,
    Place,
    named,
    set_aside,
)
from keeper.journal_lock import hold, let_go, was_cut_off
from keeper.journal_rows import (
    ATTEMPTS,
    OPEN,
    RECENT,
    Action,
    Attempt,
    Entry,
    Glance,
    Outcome,
    Regained,
    State,
    Wanted,
    actions_where,
    attempt_of,
    beside,
    glance,
    move,
    read_actions,
    read_entries,
)
from keeper.journal_whole import open_whole

PLAN = (
    "INSERT INTO actions (kind, args, reason, block, created_at, state, urgent, market)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
REGAINED = "regained"
"""The kind of what nobody remembers; no plan has it."""
MOST_DOUBTED = 256
"""Receipts that are asked for of what was given up."""
SINCE = "UPDATE transactions SET signed_at = ? WHERE hash = ?"
LAST = "SELECT MAX(nonce) FROM transactions WHERE "
HELD = "SELECT COUNT(DISTINCT nonce) FROM transactions WHERE nonce >= ? AND nonce < ?"


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
        self.was_cut_off = was_cut_off(path)
        """Whether the process before this one ended without a word."""
        self._place = Place(path)
        self.changes = 0
        """Times that this process wrote in it."""
        self._lock = hold(path)
        try:
            try:
                self._db = open_whole(path)
            except DamagedError:
                self.damaged = set_aside(path)
                self._db = open_whole(path)
            self._check_owner(chain_id, account)
        except BaseException:
            let_go(self._lock)
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
        """All or nothing, and on the disk before it returns. Raises JournalError where the file is no more
        the one that was opened: what is written into one that was removed nobody reads."""
        self._place.check()
        with named(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.rollback()  # nothing, where a full disk has ended it
                raise
            self.changes += 1

    def genesis(self, found: str, *, bind: bool = True) -> str:
        """The hash of its chain's first block; what was found, where nobody asked or nothing was signed."""
        with self._write() as db:
            (known,) = db.execute("SELECT genesis FROM meta").fetchone()
            (has_any,) = db.execute("SELECT EXISTS (SELECT 1 FROM transactions)").fetchone()
            self.is_proved = known == found or not has_any
            if bind and (known is None or not has_any):
                db.execute("UPDATE meta SET genesis = ?", (found,))
        return str(found if known is None or not has_any else known)

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

    def sign(
        self, action: int, hash_: str, nonce: int, raw: bytes, max_fee: int, tip: int,
        when: float | None = None, after: str = "",
    ) -> None:  # fmt: skip
        """Write a signed transaction down. Only after this may it be sent. One that was dropped and
        is signed again, byte for byte, is this action's from now on. after: the hash of the latest block."""
        at = time.time() if when is None else when
        values = (hash_, action, nonce, raw, max_fee, tip, at, State.PLANNED, after)
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO transactions"
                " (hash, action, nonce, raw, max_fee, tip, signed_at, state, after)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

    def sent(self, hash_: str) -> None:
        """A node has taken it."""
        with self._write() as db:
            move(db, hash_, State.SENT)

    def finished(self, hash_: str, outcome: Outcome, note: str = "") -> None:
        """It is in a block; others with its nonce can have no effect any more."""
        with self._write() as db:
            for other in beside(db, hash_, OPEN):
                move(db, other, State.REPLACED, "another transaction has its nonce")
            move(db, hash_, outcome.state, note, outcome)

    def dropped(self, hash_: str, note: str) -> None:
        """It will have no effect, as far as is known now."""
        with self._write() as db:
            db.execute(SINCE, (time.time(), hash_))
            move(db, hash_, State.DROPPED, note)

    def reopen(self, hash_: str) -> None:
        """The block that held it is gone: it, or one that it had replaced, may be mined again. Its fee
        was enough, so it waits from now on."""
        with self._write() as db:
            db.execute(SINCE, (time.time(), hash_))
            for each in (*beside(db, hash_, (State.REPLACED,)), hash_):
                move(db, each, State.SENT, "its block is gone")

    def holds(self, hash_: str) -> bool:
        """Whether a transaction is in it, whatever became of that."""
        return bool(self._attempts("hash = ?", (hash_,)))

    def regain(self, found: Regained, reason: str, seen: int) -> None:
        """Write down what was sent and is not in it. seen: the chain's latest block when it was found."""
        action = self.plan(REGAINED, (), reason, 0, market=found.market)
        self.sign(action, found.hash, found.nonce, found.raw, found.max_fee, found.tip, found.time)
        self.sent(found.hash)
        if found.receipt is not None:
            self.finished(found.hash, Outcome.of(found.receipt, seen, found.max_fee))

    def name_markets(self, market_of: Callable[[bytes], str]) -> None:
        """Of what was sent while the key kept one market, which names none. market_of: whose a signed
        transaction is, "" where it is nobody's."""
        with self._write() as db:
            rows = db.execute(
                "SELECT a.id, t.raw FROM actions a JOIN transactions t ON t.action = a.id"
                " WHERE a.market = ''"
            ).fetchall()
            for action, raw in rows:
                if market := market_of(raw):
                    db.execute("UPDATE actions SET market = ? WHERE id = ?", (market, action))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever signed."""
        return not self.knows_from(0)

    def abandon(self, action: int, note: str) -> None:
        """No transaction of it was ever signed."""
        with self._write() as db:
            values = (State.DROPPED, note, action)
            db.execute("UPDATE actions SET state = ?, note = ? WHERE id = ?", values)

    # ---- reading
    def open_attempts(self) -> list[Attempt]:
        """Signed transactions that may still have an effect, by nonce and age."""
        return self._attempts("state IN (?, ?) ORDER BY +nonce, signed_at", OPEN)

    def recent_attempts(self, since_block: int, unused_nonce: int) -> list[Attempt]:
        """Transactions in blocks young enough to go away again, or found there lately, or whose nonce no
        block knows any more: a node that makes a receipt up may say that its block is old."""
        values = State.MINED, State.REVERTED, since_block, since_block, unused_nonce
        return self._attempts(RECENT, values)

    def given_up(self, since: float, nonce: int, day: float) -> list[Attempt]:
        """Transactions said to have no effect since then, or from that nonce on; and since `day` those whose
        nonce nothing that is known used: a node may know of a receipt later than that it counted."""
        where = (
            "+state = ? AND (signed_at >= ? OR nonce >= ? OR (signed_at >= ? AND NOT EXISTS"
            " (SELECT 1 FROM transactions AS used WHERE used.nonce = transactions.nonce"
            " AND +used.state IN (?, ?)))) ORDER BY +nonce DESC LIMIT ?"
        )
        values = State.DROPPED, since, nonce, day, State.MINED, State.REVERTED, MOST_DOUBTED
        return self._attempts(where, values)[::-1]

    def attempts(self, action: int) -> list[Attempt]:
        return self._attempts("action = ? ORDER BY signed_at", (action,))

    def _attempts(self, where: str, values: Sequence[Any]) -> list[Attempt]:
        with named(self.path):
            return [attempt_of(row) for row in self._db.execute(ATTEMPTS + where, values)]

    def knows_from(self, nonce: int) -> bool:
        """Whether it holds a transaction with that nonce or a later one, whatever became of it."""
        return self._past("1", ()) > nonce

    def lacks(self, first: int, until: int) -> bool:
        """Whether it holds no transaction of some nonce from `first` on, and before `until`."""
        with named(self.path):
            (held,) = self._db.execute(HELD, (first, until)).fetchone()
        return bool(held < until - first)

    def paid_since(self, moment: float) -> int:
        """Wei that was paid for what was signed since; what is not mined yet has cost nothing."""
        with named(self.path):
            return paid_since(self._db, moment)

    def unsigned_actions(self) -> list[Action]:
        """Planned, and the process ended before anything was signed."""
        where = "state = ? AND NOT EXISTS (SELECT 1 FROM transactions WHERE action = actions.id)"
        return self._actions(f"{where} ORDER BY id", (State.PLANNED,))

    def action(self, number: int) -> Action:
        return self._actions("id = ?", (number,))[0]

    def recent(self, count: int = 20) -> list[Action]:
        """The latest actions, newest first."""
        return self._actions("1 ORDER BY id DESC LIMIT ?", (count,))

    def _actions(self, where: str, values: Sequence[Any]) -> list[Action]:
        return actions_where(self.path, self._db, where, values)

    def next_nonce(self) -> int:
        """The first nonce that no transaction of ours has used or may still use."""
        return self._past("+state != ?", (State.DROPPED,))

    def mined_nonce(self) -> int:
        """The first nonce past all that are in a block."""
        return self._past("+state IN (?, ?)", (State.MINED, State.REVERTED))

    def _past(self, where: str, values: Sequence[Any]) -> int:
        with named(self.path):
            (last,) = self._db.execute(LAST + where, values).fetchone()
        return 0 if last is None else int(last) + 1

    def close(self) -> None:
        self._db.close()
        let_go(self._lock)


__all__ = [
    "Action", "Attempt", "Entry", "Glance", "Journal", "JournalError", "Outcome", "Regained", "State",
    "Wanted", "glance", "read_actions", "read_entries",
]  # fmt: skip
