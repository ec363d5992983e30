"""A journal that is opened to be written in: all of it can be read, or it gives way to a new one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from keeper.journal_file import named, open_file
from keeper.journal_rows import ACTIONS, ATTEMPTS, action_of, attempt_of


def open_whole(path: Path) -> sqlite3.Connection:
    """The file, in which each row can be read. Raises DamagedError where that is not so."""
    db = open_file(path)
    try:
        with named(path):
            for row in db.execute(ACTIONS + "1"):
                action_of(row)
            for row in db.execute(ATTEMPTS + "1"):
                attempt_of(row)
    except BaseException:
        db.close()
        raise
    return db
