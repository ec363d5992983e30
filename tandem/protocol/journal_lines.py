"""A journal: one JSON object a line, on the disk before what it says is done, and never changed.

One process writes it at a time. A last line that was cut off is taken for none: what it was to say was not
done.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tandem.errors import TandemError
from tandem.files import check_file

Row = dict[str, Any]


class JournalError(TandemError):
    """A journal and what is to be done do not belong together."""


class Lines:
    """An open one. rows: as it was found, the first says what it is of; each other one has a nonce."""

    def __init__(self, path: Path, file: BinaryIO, rows: list[Row]) -> None:
        self.path = path
        self.rows = rows
        self._file = file

    def write(self, row: Mapping[str, Any]) -> None:
        """Returns once it is on the disk."""
        self._file.write(json.dumps(row).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def opened(path: Path, what: str, hint: str) -> Generator[Lines]:
    """The journal at a path, made where there is none, for one process alone. what: as "deployment"; hint:
    what to do where the file is something else. Raises JournalError, ConfigError."""
    check_file(path)
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalError(
                f"another {what} is writing {path}", "wait until it has ended"
            ) from error
        except OSError as error:
            raise JournalError(
                f"{path} cannot be locked: {error.strerror}",
                f"have it on a disk that knows locks: {hint}",
            ) from error
        file.seek(0)
        rows, whole = _rows(path, file.read(), what, hint)
        file.truncate(whole)
        yield Lines(path, file, rows)


def read(path: Path, what: str, hint: str) -> list[Row]:
    """The lines of a journal, none where it is not there. Raises JournalError."""
    return _rows(path, path.read_bytes(), what, hint)[0] if path.is_file() else []


def not_one(path: Path, what: str, why: object, hint: str) -> JournalError:
    """A file that is no journal of this."""
    return JournalError(f"{path} is no {what}'s journal: {why}", hint)


def _rows(path: Path, data: bytes, what: str, hint: str) -> tuple[list[Row], int]:
    """The lines, and how many bytes the whole ones are."""
    whole = data[: data.rfind(b"\n") + 1]
    try:
        rows = [json.loads(line) for line in whole.splitlines()]
        if any(not isinstance(row, dict) for row in rows):
            raise ValueError("a line is no object")
        if any(type(row.get("nonce")) is not int for row in rows[1:]):
            raise ValueError("a transaction has no number")
    except ValueError as error:
        raise not_one(path, what, error, hint) from error
    return rows, len(whole)
