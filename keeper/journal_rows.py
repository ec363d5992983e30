"""What a journal holds, row by row, and how it is read without holding it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from keeper.journal_file import JournalError, named, reading
from tandem.engine.answers import quantity

ATTEMPTS = (
    "SELECT hash, action, nonce, raw, max_fee, tip, signed_at, state, block, gas_used,"
    " block_hash, paid, after"
    " FROM transactions WHERE "
)
ACTIONS = "SELECT id, kind, args, reason, block, created_at, state, note, urgent, market FROM actions WHERE "
NUMBER, MAYBE = (int, float), (int, type(None))
OF_ACTION = (int, str, tuple, str, int, NUMBER, str, str, bool, str)
OF_ATTEMPT = (
    str, int, int, bytes, int, int, NUMBER, str, MAYBE, MAYBE, (str, type(None)), MAYBE, str,
)  # fmt: skip
"""What each column holds."""
MOST_PAID = 2**63 - 1
"""Wei; what a file holds in one number."""


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
RECENT = "+state IN (?, ?) AND (block >= ? OR seen >= ? OR nonce >= ?) ORDER BY +nonce"
"""Of two states, in a block from there on or read so late, or of a nonce from there on."""
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
    urgent: bool = False
    market: str = ""
    """Of several that one key keeps; "" for the only one."""


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
    block_hash: str | None = None
    paid: int | None = None
    """Wei, with what posting its data cost where a receipt says so."""
    after: str = ""
    """The chain's latest block when it was signed, by its hash: the next one could have had it. "" where
    nobody noted it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a receipt says. seen: the chain's latest block when it was read."""

    state: State
    block: int
    gas_used: int
    block_hash: str
    paid: int
    seen: int = 0

    @classmethod
    def of(cls, receipt: Mapping[str, Any], seen: int = 0, most: int = 0) -> Self:
        """From a node's own. A rollup's says what posting its data cost, or counts that as gas. most: wei per
        gas, which is counted where a receipt does not say what was paid: a day's cap holds all the same."""
        said = receipt.get("effectiveGasPrice")
        gas, price = quantity(receipt["gasUsed"]), most if said is None else quantity(said)
        return cls(
            state=State.MINED if receipt["status"] == "0x1" else State.REVERTED,
            block=quantity(receipt["blockNumber"]),
            gas_used=gas,
            block_hash=str(receipt.get("blockHash") or ""),
            paid=min(gas * price + quantity(receipt.get("l1Fee")), MOST_PAID),
            seen=seen,
        )

    def is_of(self, attempt: Attempt) -> bool:
        """Whether an attempt is recorded as just that; of a block whose hash nobody knew it may be.
        What it cost is read again too: a node that errs would spend a day's money by one word."""
        same = self.state, self.block, self.gas_used
        known = attempt.block_hash in (None, "", self.block_hash)
        known = known and attempt.paid in (None, self.paid)
        return known and same == (attempt.state, attempt.block, attempt.gas_used)


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be known of a journal without holding it. open: transactions that may still have an
    effect."""

    chain_id: int
    account: str
    open: int


def glance(path: Path) -> Glance:
    """Whose journal it is. Writes nothing and takes no lock: its keeper may be at work."""
    with reading(path, earlier=True) as db:
        row = db.execute("SELECT chain_id, account FROM meta").fetchone()
        where = "SELECT COUNT(*) FROM transactions WHERE state IN (?, ?)"
        (waiting,) = db.execute(where, OPEN).fetchone()
    if row is None:
        raise JournalError(f"{path} belongs to nobody yet", "`tandem run` begins it")
    return Glance(int(row[0]), str(row[1]), int(waiting))


def attempt_of(row: tuple[Any, ...]) -> Attempt:
    """Raises DatabaseError for a row that is none, as a disk that errs leaves one in a page that is whole."""
    fields: list[Any] = list(row)
    fields[7] = _state(fields[7])
    return Attempt(*_checked(fields, OF_ATTEMPT))


def action_of(row: tuple[Any, ...]) -> Action:
    """The same of an action."""
    fields: list[Any] = list(row)
    try:
        fields[2] = tuple(map(int, json.loads(fields[2])))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"arguments are none: {error}") from error
    fields[6] = _state(fields[6])
    fields[8] = bool(fields[8])
    return Action(*_checked(fields, OF_ACTION))


def _state(word: Any) -> State:
    try:
        return State(word)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error


def _checked(fields: list[Any], kinds: Sequence[Any]) -> list[Any]:
    if not all(map(isinstance, fields, kinds)):
        raise sqlite3.DatabaseError(f"a row holds {fields!r:.60}")
    return fields


@dataclass(frozen=True, slots=True)
class Regained:
    """A transaction that the chain has and no journal. time: of its block, UTC seconds, or of now; receipt:
    None while it waits."""

    hash: str
    nonce: int
    raw: bytes
    max_fee: int
    tip: int
    time: float
    receipt: Mapping[str, Any] | None
    market: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An action, and that of its transactions that decided what became of it; None where none was signed."""

    action: Action
    attempt: Attempt | None

    @property
    def is_over(self) -> bool:
        return self.action.state not in OPEN


def flat(entry: Entry) -> dict[str, Any]:
    """One action and its transaction. block: that of the transaction, until it has one that of the plan,
    which planned_block is; paid: wei."""
    of, planned = entry.attempt, entry.action.block
    names = "hash", "nonce", "gas_used", "paid"
    blocks = {"block": mined_at(entry), "planned_block": planned}
    return asdict(entry.action) | blocks | {name: getattr(of, name, None) for name in names}


def mined_at(entry: Entry) -> int:
    """The block of its transaction; before it has one, that in which it was planned."""
    return (entry.attempt and entry.attempt.block) or entry.action.block


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a journal's actions. Empty: all kinds, all states, all markets; since: seconds UTC."""

    count: int = 20
    kinds: Sequence[str] = ()
    states: Sequence[str] = ()
    since: float = 0.0
    market: str = ""

    def where(self) -> tuple[str, tuple[Any, ...]]:
        """The condition and its values."""
        parts, values = ["created_at >= ?"], list[Any]([self.since])
        markets = (self.market,) if self.market else ()
        for column, among in (("kind", self.kinds), ("state", self.states), ("market", markets)):
            if among:
                parts.append(f"{column} IN ({', '.join('?' * len(among))})")
                values += among
        return f"{' AND '.join(parts)} ORDER BY id DESC LIMIT ?", (*values, self.count)


def read_entries(path: Path, wanted: Wanted) -> list[Entry]:
    """The latest of them, newest first, of a journal that another process may hold."""
    with reading(path) as db:
        actions = actions_where(path, db, *wanted.where())
        where = f"{ATTEMPTS} action = ? ORDER BY signed_at"
        found = [[attempt_of(row) for row in db.execute(where, (a.id,))] for a in actions]
    return [
        Entry(action, min(each, key=lambda a: RANK.index(a.state), default=None))
        for action, each in zip(actions, found, strict=True)
    ]


def read_actions(path: Path, count: int) -> list[Action]:
    """The latest actions of a journal that another process may hold; newest first."""
    with reading(path) as db:
        return actions_where(path, db, "1 ORDER BY id DESC LIMIT ?", (count,))


def actions_where(
    path: Path, db: sqlite3.Connection, where: str, values: Sequence[Any]
) -> list[Action]:
    with named(path):
        return [action_of(row) for row in db.execute(ACTIONS + where, values)]


def beside(db: sqlite3.Connection, hash_: str, states: Sequence[State]) -> list[str]:
    """The others that have a transaction's nonce and are in one of these states: of its action, or of one
    that it overtook."""
    found = db.execute(
        "SELECT hash, state FROM transactions WHERE hash != ?"
        " AND nonce = (SELECT nonce FROM transactions WHERE hash = ?)",
        (hash_, hash_),
    ).fetchall()
    return [other for other, state in found if state in states]


def move(
    db: sqlite3.Connection,
    hash_: str,
    state: State,
    note: str = "",
    outcome: Outcome | None = None,
) -> None:
    """A transaction into a new state, and its action with it."""
    o = outcome
    values = (o.block, o.gas_used, o.block_hash, o.paid, o.seen) if o else (None,) * 5
    db.execute(
        "UPDATE transactions SET state = ?, block = ?, gas_used = ?, block_hash = ?, paid = ?,"
        " seen = ? WHERE hash = ?",
        (state, *values, hash_),
    )
    (number,) = db.execute("SELECT action FROM transactions WHERE hash = ?", (hash_,)).fetchone()
    rows = db.execute("SELECT state FROM transactions WHERE action = ?", (number,)).fetchall()
    states = {row[0] for row in rows}
    of_action = next(rank for rank in RANK if rank in states)
    db.execute("UPDATE actions SET state = ?, note = ? WHERE id = ?", (of_action, note, number))
