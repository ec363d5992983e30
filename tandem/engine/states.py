"""Where a node of ours keeps the states of its older blocks: a folder of its own, which ends with it.

anvil holds the newest five hundred in memory and writes those before them to a folder that it never
empties: a megabyte each for a market, and 75 bytes for every block there ever was.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

from tandem.engine.orphans import is_running

KEPT = 2_000
"""States on disk at most, some three gigabytes, seventeen after a hundred thousand blocks: older blocks keep
their transactions and logs alone."""


def sweep(folder: Path) -> None:
    """Remove what processes left that were killed."""
    for left in folder.glob("*-*"):
        pid = left.name.partition("-")[0]
        if pid.isdecimal() and not is_running(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _made() -> Path:
    """In the user's cache folder, for what is temporary may lie in memory; else there."""
    folder, prefix = user_cache_path("tandem", appauthor=False) / "states", f"{os.getpid()}-"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        return Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    except OSError:
        return Path(tempfile.mkdtemp(prefix=f"tandem-states-{prefix}"))


@contextmanager
def state_folder() -> Generator[Path]:
    """An empty folder, gone afterwards."""
    made = _made()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
