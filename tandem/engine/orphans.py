"""Child processes that do not outlive their parent, even where the parent is killed."""

from __future__ import annotations

import ctypes
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
