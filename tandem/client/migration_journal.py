"""What a migration sent, written down before it is sent: a second run knows it, whatever its node knows.

The file stands beside the new deployment's record (`place_of`), one for each account and old deployment, and
stays: the chain says what became of each line, and a line is never changed. Laws:

- A number that is used was used by one of the transactions that are written down with it, and what that one
  did counts by its receipt, whether or not the node has its logs. Where no receipt is found, nothing is sent.
- A run's numbers follow from the count that it begins with, and never from a later one. So what is written
  down and not seen in a block is replaced by the first that is sent, or refuses it: never are both mined.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tandem.client.errors import ClientError
from tandem.client.outbox import Noted, receipts
from tandem.client.sending import Sent, Step
from tandem.client.session import Session
from tandem.engine.patience import pauses
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.files import DATA, check_file
from tandem.protocol import journal_lines
from tandem.protocol.journal_lines import JournalError, Lines, Row, not_one

ENDING = ".migration.jsonl"
WHAT, HINT = "migration", "move it away, or give the new deployment's record another name"
LAG = 15.0
"""Seconds by which one of the machines behind a node's address may be behind another."""
VERSION = 1


class MigrationError(ClientError):
    """The two deployments do not follow each other, or what was sent is not seen yet."""


@dataclass(frozen=True, slots=True)
class Head:
    """Whose it is. old, new: the Markets' addresses."""

    chain_id: int
    account: str
    old: str
    new: str
    version: int = VERSION


def head_of(old: Session, new: Session) -> Head:
    """Of an account that goes from one to the other."""
    was, then = (each.deployment.address("Market") for each in (old, new))
    return Head(old.engine.chain_id, old.who.address, was, then)


def place_of(record: Path, head: Head, data: Path = DATA) -> Path:
    """Where it stands: beside the new deployment's record, or among the user's own data where that folder
    cannot be written; one that was begun there is gone on with there. data: the user's folder."""
    beside = record.with_name(f"{record.stem}.{head.account[:10]}.{head.old[:10]}{ENDING}".lower())
    kept = data / "migrations" / f"{head.chain_id}.{head.new[:10]}.{beside.name}".lower()
    if kept.exists():
        return kept
    if beside.exists():
        return beside
    try:
        check_file(beside)
    except ConfigError:
        return kept
    return beside


def read(path: Path, head: Head) -> list[Row]:
    """The lines of what was sent; none where there is no file. Raises JournalError."""
    return _checked(path, journal_lines.read(path, WHAT, HINT), head)


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs did. sent: as receipts say it; following: the account's number after all of it."""

    sent: tuple[Sent, ...] = ()
    following: int = 0


def settled(engine: RemoteEngine, head: Head, rows: Sequence[Row]) -> Before:
    """What is written down and a block has; what no block has is waited for, a machine may be behind. Raises
    MigrationError where a number is used and nobody has a receipt of what used it."""
    deadline, waiting = time.monotonic() + LAG, pauses()
    while True:
        found = dict(_receipts(engine, rows))
        following = max([engine.nonce(head.account), *(nonce + 1 for nonce in found)])
        lacking = [row for row in rows if row["nonce"] not in found]
        if not lacking or time.monotonic() > deadline:
            break
        time.sleep(next(waiting))
    for row in lacking:
        if row["nonce"] < following:
            raise MigrationError(
                f"transaction {row['nonce']} of {head.account} was to {row['note']}; its number is used, and "
                f"the node has no receipt of it ({row['hash'] or 'its hash was not heard'})",
                "run it again once the node has caught up, or ask another one; where something else took "
                "that number, look at what was deposited and move the journal away",
            )
    return Before(tuple(sent for sent in found.values() if sent is not None), following)


class MigrationJournal:
    """An open one, for one run. before: what earlier ones did."""

    def __init__(self, lines: Lines, head: Head, before: Before) -> None:
        self.before = before
        self._lines, self._head, self._next = lines, head, before.following

    def check(self, step: Noted, since: float) -> None:
        """Nothing: what is due was looked for with what was sent before."""

    def seen(self, nonce: int) -> None:
        """Nothing: the chain says what became of each line."""

    def done(self, nonce: int, step: Noted, hash_: str) -> None:
        """The same."""

    def number(self, counted: int, step: Step) -> int:
        """Raises MigrationError where the account has sent something meanwhile."""
        if counted > self._next:
            raise MigrationError(
                f"{self._head.account} was to send number {self._next}, and the node counts {counted}: "
                "something of the account's was sent meanwhile, or what was sent before has just been seen",
                "run it again: it looks anew at what is due",
            )
        return self._next

    def write(self, nonce: int, step: Step, hash_: str) -> None:
        if not self._lines.rows:
            self._write(asdict(self._head))
        self._write({"nonce": nonce, "hash": hash_, "to": step.to, "note": step.note})

    def taken(self, nonce: int, hash_: str) -> None:
        """Of one that the node signed, the hash is known now."""
        last = self._lines.rows[-1]
        if last["hash"] != hash_:
            self._write(last | {"hash": hash_})
        self._next = nonce + 1

    def _write(self, row: Row) -> None:
        self._lines.write(row)
        self._lines.rows.append(row)


@contextmanager
def opened(path: Path, engine: RemoteEngine, head: Head) -> Generator[MigrationJournal]:
    """The journal, for one process alone. Raises JournalError, ConfigError, MigrationError."""
    with journal_lines.opened(path, WHAT, HINT) as lines:
        rows = _checked(path, lines.rows, head)
        yield MigrationJournal(lines, head, settled(engine, head, rows))


def _receipts(engine: RemoteEngine, rows: Sequence[Row]) -> Iterator[tuple[int, Sent | None]]:
    """By number, of those that a block has; None for what failed there. Raises MigrationError where two nodes
    differ."""
    for row in rows:
        found = receipts(engine, row["hash"]) if row["hash"] else []
        if len({each["status"] for each in found}) > 1:
            raise MigrationError(
                f"of {row['hash']}, which was to {row['note']}, two nodes say different things",
                "ask one that you trust alone (--rpc): what was done is not done again",
            )
        if found:
            is_well = found[0]["status"] == "0x1"
            yield row["nonce"], Sent.of(row["note"], found[0]) if is_well else None


def _checked(path: Path, rows: Sequence[Row], head: Head) -> list[Row]:
    if not rows:
        return []
    was: Mapping[str, object] = rows[0]
    if was != asdict(head):
        raise JournalError(f"{path} is of another migration: {was}", HINT)
    if any(type(row.get(key)) is not str for row in rows[1:] for key in ("hash", "note")):
        raise not_one(path, WHAT, "a transaction has no hash", HINT)
    return list(rows[1:])
