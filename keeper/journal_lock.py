"""One process for each journal, or whatever else has a file beside it: the kernel keeps the lock, and lets go
of it however a process ends; the file says by which number it is known."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from keeper.journal_place import JournalError

LOOKS, LOOK_SECONDS = 5, 0.02
ANOTHER_FILE = "set TANDEM_JOURNAL to a file that can"
ELSEWHERE = "set XDG_DATA_HOME to a folder that can"
"""Of what lies among the user's data wherever the journal is."""


def hold(path: Path, what: str = "") -> IO[str]:
    """One process per journal, or whatever else that is named, for as long as it lives."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("a+")
    except (OSError, ValueError) as error:
        raise JournalError(
            f"{path.parent} cannot be written: {error}", ELSEWHERE if what else ANOTHER_FILE
        ) from error
    try:
        _lock(lock)
    except BlockingIOError as error:
        lock.close()
        number = holder(path)
        by = f"another process ({number})" if number else "another process"
        raise JournalError(
            f"{by} holds {what or f'the journal {path}'}",
            "end it first: one keeper per key; it keeps several markets where [[markets]] names them",
        ) from error
    except OSError as error:
        lock.close()
        raise JournalError(
            f"{lock.name} cannot be locked: {error.strerror}",
            "have it on a disk that knows locks, by TANDEM_JOURNAL or XDG_DATA_HOME",
        ) from error
    _say_who(lock, path)
    return lock


def _say_who(lock: IO[str], path: Path) -> None:
    """By which number it is known. Raises JournalError, and lets go of it."""
    try:
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
    except OSError as error:
        with suppress(OSError):
            lock.close()
        raise JournalError(
            f"{path.parent} cannot be written: {error}", "make room on its disk"
        ) from error


def _lock(lock: IO[str]) -> None:
    """Tried a few times: who asks whether it is held holds it for a moment. Raises OSError."""
    for _ in range(LOOKS):
        with suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(LOOK_SECONDS)
    return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def let_go(lock: IO[str]) -> None:
    """Of what is held, and say so: who finds a number there finds a process that was cut off."""
    with suppress(OSError, ValueError):  # it may have been let go of before
        lock.truncate(0)
    lock.close()


def was_cut_off(path: Path) -> bool:
    """Whether the process that held it before did not let go of it. Asked before it is held again."""
    with suppress(OSError):
        return bool(path.with_suffix(".lock").read_text())
    return False


def holder(path: Path) -> int | None:
    """The process that holds a journal, by its number; None where none does. One that was killed left its
    number there, which may be another's by now, as that of a container's first process is."""
    try:
        with path.with_suffix(".lock").open() as lock:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            return int(lock.read())
    except (OSError, ValueError):
        return None
