"""A bar beside work that takes minutes, and Ctrl-C that keeps what is finished."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from keeper.replay.stopping import stoppable


@contextmanager
def long_work(*, quiet: bool) -> Generator[tuple[Progress, threading.Event]]:
    """A bar, which a quiet command shows on a terminal alone, and the flag that Ctrl-C sets."""
    console = Console(stderr=True, quiet=quiet and not os.isatty(2))
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console,
    )  # fmt: skip
    with bar, stoppable() as stop:
        yield bar, stop
