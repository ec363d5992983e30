"""A bar beside work that takes minutes, and Ctrl-C that keeps what is finished."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from keeper.replay.stopping import stoppable
from tandem.terminal.screen import Drawn


class _Bar(Drawn):
    """Where the bar is shown."""

    def on_broken_pipe(self) -> None:
        """Nobody looks at it any more, and the work goes on; rich's own would end it, and what it found with
        it."""
        self.quiet = True
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


@contextmanager
def long_work(keeps: str, *, quiet: bool) -> Generator[tuple[Progress, threading.Event]]:
    """A bar, which a quiet command shows on a terminal alone, and the flag that Ctrl-C sets. keeps: what
    it says then of what is finished."""
    console = _Bar(stderr=True, quiet=quiet and not os.isatty(2))
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console,
    )  # fmt: skip
    with bar, stoppable(keeps) as stop:
        yield bar, stop
