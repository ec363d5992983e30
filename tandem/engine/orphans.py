"""Child processes that do not outlive their parent, even where it is killed; and which processes live."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


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
