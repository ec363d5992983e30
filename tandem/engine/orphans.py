"""Child processes that do not outlive their parent, even where it is killed; which processes live, and which
of them listens."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LISTENS = "0A"
_PROC = Path("/proc")


def _linux() -> Callable[[], None]:
    call = ctypes.CDLL(None).prctl  # looked up here: the child of a fork must not import

    def ask() -> None:
        call(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


die_with_parent: Callable[[], None] | None = _linux() if sys.platform == "linux" else None
"""For `subprocess.Popen(preexec_fn=…)`: the kernel ends the child with SIGTERM when the thread that
started it ends. None where the kernel offers no such thing; there an orderly end must do."""


def is_running(pid: int) -> bool:
    """Whether a process of this number lives, whoever's it is."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True  # somebody else's
    except (OSError, OverflowError):
        return False
    return True


def is_listening(session: int, port: int) -> bool:
    """Whether it is a process of this session that listens at a port of this machine, and not somebody else.
    True where the kernel does not say who does."""
    try:
        rows = [line.split() for line in (_PROC / "net" / "tcp").read_text().splitlines()[1:]]
    except OSError:
        return True
    found = {
        f"socket:[{row[9]}]"
        for row in rows
        if row[3] == _LISTENS and int(row[1].rpartition(":")[2], 16) == port
    }
    return any(each in found for each in _open_in(session))


def _open_in(session: int) -> Iterator[str]:
    """What the processes of a session have open."""
    for process in _PROC.iterdir():
        with suppress(OSError, ValueError):  # it has ended, or is no process
            if os.getsid(int(process.name)) == session:
                for each in (process / "fd").iterdir():
                    with suppress(OSError):
                        yield str(each.readlink())
