"""The file under the journal: its tables, and what SQLite says as an error of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from keeper.journal_lock import hold, let_go
from keeper.journal_place import ANOTHER, JournalAwayError, JournalError, check_is_file, was_one

VERSION = 6
INDICES = """
CREATE INDEX actions_by_state ON actions (state);
CREATE INDEX transactions_by_nonce ON transactions (nonce);
CREATE INDEX transactions_by_time ON transactions (signed_at);
CREATE INDEX transactions_by_block ON transactions (block);
CREATE INDEX transactions_by_sight ON transactions (seen);
"""
"""What each cycle asks for is found by these, whatever years of acts lie there."""
SCHEMA = f"""
CREATE TABLE meta (version INTEGER, chain_id INTEGER, account TEXT, genesis TEXT);
CREATE TABLE actions (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    reason TEXT NOT NULL,
    block INTEGER NOT NULL,
    created_at REAL NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    urgent INTEGER NOT NULL DEFAULT 0,
    market TEXT NOT NULL DEFAULT ''
);
CREATE TABLE transactions (
    hash TEXT PRIMARY KEY,
    action INTEGER NOT NULL REFERENCES actions (id),
    nonce INTEGER NOT NULL,
    raw BLOB NOT NULL,
    max_fee INTEGER NOT NULL,
    tip INTEGER NOT NULL,
    signed_at REAL NOT NULL,
    state TEXT NOT NULL,
    block INTEGER,
    gas_used INTEGER,
    block_hash TEXT,
    paid INTEGER,
    seen INTEGER,
    after TEXT NOT NULL DEFAULT ''
);
CREATE INDEX transactions_by_state ON transactions (state);
CREATE INDEX transactions_by_action ON transactions (action);
{INDICES}"""
SINCE_FIRST = """
ALTER TABLE meta ADD COLUMN genesis TEXT;
ALTER TABLE actions ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transactions ADD COLUMN block_hash TEXT;
ALTER TABLE transactions ADD COLUMN paid INTEGER;
UPDATE meta SET version = 2;
"""
"""What a file of version 1 lacks."""
SINCE_SECOND = """
ALTER TABLE actions ADD COLUMN market TEXT NOT NULL DEFAULT '';
UPDATE meta SET version = 3;
"""
"""And one of version 2, which is of one market."""
SINCE_THIRD = """
ALTER TABLE transactions ADD COLUMN seen INTEGER;
UPDATE meta SET version = 4;
"""
"""And one of version 3, which believed a receipt's block."""
SINCE_FOURTH = """
ALTER TABLE transactions ADD COLUMN after TEXT NOT NULL DEFAULT '';
UPDATE meta SET version = 5;
"""
"""And one of version 4, which did not know whether a block had come since something was signed."""
SINCE_FIFTH = INDICES + "UPDATE meta SET version = 6;"  # noqa: S608 - no word of anybody's
"""And one of version 5, which was read from end to end in each cycle."""
LACKING = (SINCE_FIRST, SINCE_SECOND, SINCE_THIRD, SINCE_FOURTH, SINCE_FIFTH)


UNREAD = "unsupported file format", "Could not decode"
"""What SQLite calls an operation that failed, as if another try could do."""


class DamagedError(JournalError):
    """The file was one of SQLite's, and is none that it reads."""


def check_age(path: Path, found: int) -> None:
    """Raises JournalError for what a later release wrote: nobody knows here what it means by it."""
    if type(found) is not int:
        raise sqlite3.DatabaseError("its version is no number")
    if found > VERSION:
        raise JournalError(
            f"{path} is of version {found}, which a later release writes; this one knows {VERSION}",
            "go on with that release; to go back, end it while nothing waits and move the file away",
        )


@contextmanager
def named(path: Path) -> Generator[None]:
    """What SQLite says, as an error of ours."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        what = f"the journal {path} cannot be used: {error}"
        check_is_file(path)
        is_plain = type(error) in (sqlite3.DatabaseError, UnicodeDecodeError)
        is_unread = is_plain or any(words in str(error) for words in UNREAD)
        if is_unread and was_one(path):
            raise DamagedError(what, "`tandem run` moves it aside and begins a new one") from error
        if is_unread or "no such table" in str(error):
            raise JournalError(f"{path} is no journal: {error}", ANOTHER) from error
        kind = JournalAwayError if isinstance(error, sqlite3.OperationalError) else JournalError
        raise kind(what, "free the disk or the lock") from error


@dataclass(slots=True)
class Place:
    """Where a journal's file was when it was opened."""

    path: Path
    _file: tuple[int, int] | None = None

    def check(self) -> None:
        """Raises JournalError where it is gone, or another lies there."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise JournalError(
                f"the journal {self.path} is gone: {error.strerror}", "put it back, and start again"
            ) from error
        self._file = self._file or (found.st_dev, found.st_ino)
        if (found.st_dev, found.st_ino) != self._file:
            raise JournalError(
                f"the journal {self.path} is another file than it was",
                "end whoever replaced it, and start again",
            )


@contextmanager
def reading(path: Path, *, earlier: bool = False) -> Generator[sqlite3.Connection]:
    """A journal that another process may hold, for reading alone. earlier: whether one of an earlier release
    will do, of which whose it is and what is open are where they were."""
    check_is_file(path)
    if not path.is_file():
        raise JournalError(f"there is no journal at {path}", "`tandem run` writes one")
    with named(path):
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            row = db.execute("SELECT version FROM meta").fetchone()
            if row is not None:
                check_age(path, row[0])
            if row is not None and row[0] < VERSION and not earlier:
                raise JournalError(
                    f"{path} is of version {row[0]}", "`tandem run` brings it up to date"
                )
            yield db
        finally:
            db.close()


def open_file(path: Path) -> sqlite3.Connection:
    """The file, of today's version. Raises DamagedError where it is none that SQLite reads."""
    with named(path):
        db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
        return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    (found,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.DatabaseError("a transaction is of no action")
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        db.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        return
    for (found,) in db.execute("SELECT version FROM meta").fetchall():
        check_age(path, found)
    for version, lacks in enumerate(LACKING, 1):
        if db.execute("SELECT 1 FROM meta WHERE version = ?", (version,)).fetchone():
            db.executescript(f"BEGIN; {lacks} COMMIT;")


def take_over(listed: Sequence[Path], path: Path, chain_id: int, account: str) -> Path | None:
    """The journal that a key had for one market is from now on the one of all of its markets, by a rename:
    who is killed before it finds everything as it was. listed: where such may lie; of several, the one with
    the latest nonce. Which one it was; None where there is none, or `path` is there. Raises JournalError
    where another process uses it."""
    if path.exists():
        return None
    found = {each: _latest(each, chain_id, account) for each in listed if each.is_file()}
    known = [each for each, nonce in found.items() if nonce is not None]
    if not known:
        return None
    former = max(known, key=lambda each: found[each] or 0)
    lock = hold(former)
    try:
        db = open_file(former)
        try:
            with named(former):
                (is_read, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            db.close()
        if is_read:
            raise JournalError(f"somebody reads {former}", "end that program, then start again")
        path.parent.mkdir(parents=True, exist_ok=True)
        former.rename(path)
        for beside in ("-wal", "-shm"):
            former.with_name(former.name + beside).unlink(missing_ok=True)
    finally:
        let_go(lock)
    return former


def _latest(path: Path, chain_id: int, account: str) -> int | None:
    """The highest nonce in a journal; None where it is another's, or none."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            owner = db.execute("SELECT chain_id, account FROM meta").fetchone()
            (nonce,) = db.execute("SELECT COALESCE(MAX(nonce), -1) FROM transactions").fetchone()
    except sqlite3.DatabaseError:
        return None
    return int(nonce) if owner == (chain_id, account) else None


def set_aside(path: Path) -> Path:
    """Give way to a new file; where the old one is kept, with what SQLite keeps beside it."""
    kept = next(each for n in count(1) if not (each := path.with_suffix(f".damaged-{n}")).exists())
    path.rename(kept)
    for beside in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + beside).rename(kept.with_name(kept.name + beside))
    return kept
