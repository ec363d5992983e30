"""What lies where a journal should: one, a damaged one, or what is somebody else's."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from pathlib import Path

from tandem.errors import TandemError

MAGIC = b"SQLite format 3\0"
OURS = b"CREATE TABLE meta (version INTEGER, chain_id INTEGER, account TEXT"
"""Stands in the first page, whatever became of the bytes before it that say what the file is."""
WIDEST_PAGE = 65_536
ANOTHER = "name another with TANDEM_JOURNAL, --file or --journal, or move what is there away"


class JournalError(TandemError):
    """The journal cannot be used; nothing is sent without it."""


class JournalAwayError(JournalError):
    """It cannot be used for now: its disk is full or takes nothing, or somebody locks it. That may pass by
    itself, and what is not written down is not sent."""


def was_one(path: Path) -> bool:
    """Whether a file begins as SQLite's do, has a journal's tables in its first page, or nothing but zeros,
    as a disk leaves one that lost its power: what does not may be somebody's letters."""
    with suppress(OSError), path.open("rb") as file:
        first = file.read(WIDEST_PAGE)
        if first.startswith(MAGIC) or OURS in first:
            return True
        return bool(first) and not any(
            map(any, chain([first], iter(lambda: file.read(WIDEST_PAGE), b"")))
        )
    return False


def is_journal(path: Path) -> bool:
    """Whether a file may be a keeper's journal, damaged or not."""
    return path.is_file() and was_one(path)


def check_is_file(path: Path) -> None:
    """Raises JournalError for a folder or a device."""
    if path.exists() and not path.is_file():
        raise JournalError(f"the journal {path} is no file", ANOTHER)


def check_place(path: Path) -> None:
    """Raises JournalError where something lies in a journal's place that is none; nothing may."""
    check_is_file(path)
    if path.is_file() and path.stat().st_size and not was_one(path):
        raise JournalError(f"{path} is no journal", ANOTHER)
