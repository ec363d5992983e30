"""Two that begin one file at once, each for a market of its own: both do."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from keeper.index.rows import Block
from keeper.index.store import stores


def test_who_begins_a_file_that_another_is_beginning_waits_for_it(tmp_path: Path) -> None:
    """It was told at once that the database is locked, and ended."""
    path = tmp_path / "shared.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE anything (a)")
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.2, lambda: other.execute("COMMIT"))
        soon.start()
        store, _ = stores(str(path), "1:0x1")
        store.prepare()
        soon.join()
    store.begin(1, Block(0, "0x0", 0))
    assert store.reach() is not None
    store.close()
