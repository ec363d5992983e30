"""A disk that is full for a while, or a journal that somebody locks: nothing is sent meanwhile, it is told,
and the same process goes on once there is room. It ended with 2, which no service manager begins again."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from .conftest import Told
from .ledgers import written
from .test_journal_is_the_chain import happened
from .test_what_a_keeper_writes import QUICK

pytestmark = pytest.mark.usefixtures("tandem", "as_before")
NO_LIMIT = resource.RLIM_INFINITY
Harm = Callable[[int, Path], Any]


@contextmanager
def full(process: int, journal: Path) -> Generator[None]:
    """No file of the process may grow, as on a disk that is full."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, NO_LIMIT))
    yield
    resource.prlimit(process, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))


@contextmanager
def locked(process: int, journal: Path) -> Generator[None]:
    """Whoever copies it with a program of his own."""
    with closing(sqlite3.connect(journal, isolation_level=None)) as intruder:
        intruder.execute("BEGIN EXCLUSIVE")
        yield


def until(found: Callable[[], object], seconds: float = 40.0) -> bool:
    ends = time.monotonic() + seconds
    while not found() and time.monotonic() < ends:
        time.sleep(0.1)
    return bool(found())


@pytest.mark.parametrize("harm", [full, pytest.param(locked, marks=pytest.mark.long)])
def test_a_journal_that_takes_nothing_for_a_while_stops_nobody_for_good(
    market: Any, settings: Path, told: Told, harm: Harm
) -> None:
    """FAULTS 24."""
    journal, begins = settings / "journal.sqlite", market.nonce()
    run = subprocess.Popen(
        [sys.executable, "-m", "tandem", "run"],
        env=os.environ | QUICK,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with ExitStack() as ends:
        ends.callback(run.wait)
        ends.callback(run.kill)
        market.engine.advance(700)
        assert until(lambda: market.nonce() == begins + 1)
        assert until(lambda: not any(row for row in written(settings) if "sent" in row))
        with harm(run.pid, journal):
            market.engine.advance(700)
            assert until(lambda: told.says("TandemWarning", "cannot be used"))
            assert run.poll() is None
            assert market.nonce() == begins + 1
        assert until(lambda: market.nonce() == begins + 2)
        assert until(lambda: not any("sent" in row for row in written(settings)))
        run.send_signal(signal.SIGTERM)
        assert run.wait(20) == 0
    assert [row[1:] for row in written(settings)] == [row[1:] for row in happened(market, settings)]
