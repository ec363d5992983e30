"""Who sends for an account on a chain: one thread of one process at a time.

A process that is ended, however that is, has let go: the kernel keeps the lock, and not what a file says.
Another user, or another machine with the key, is not seen.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tandem.client.errors import ClientError
from tandem.engine.patience import pauses


@dataclass(slots=True)
class _Turn:
    lock: threading.RLock = field(default_factory=threading.RLock)
    file: BinaryIO | None = None


_turns: dict[Path, _Turn] = {}
_each = threading.Lock()


@contextmanager
def of(path: Path, patience: float | None) -> Generator[None]:
    """The turn, which who has it may take again. path: a file that nothing is written to, of one account on
    one chain; patience: seconds that are waited for another process, None where none is looked for. Raises
    ClientError."""
    with _each:
        turn = _turns.setdefault(path, _Turn())
    with turn.lock:
        if patience is None or turn.file is not None:
            yield
            return
        turn.file = _held(path, patience)
        try:
            yield
        finally:
            if turn.file is not None:
                turn.file.close()
            turn.file = None


def _held(path: Path, patience: float) -> BinaryIO | None:
    """None where nothing can be locked: what is signed is not written down there either, and so not sent."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
        try:
            _wait(file, patience)
        except BaseException:
            file.close()
            raise
        return file
    return None


def _wait(file: BinaryIO, patience: float) -> None:
    deadline = time.monotonic() + patience
    for pause in pauses():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise ClientError(
                    f"another command sends for this account, and has not ended after {patience:.0f} s",
                    "nothing was sent by this one: wait until that has ended, or end it, then try again",
                ) from error
            time.sleep(pause)
        else:
            return
