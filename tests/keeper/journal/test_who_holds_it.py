"""Whether a keeper lives is what the kernel says of its lock, and not what a file is left to say."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from keeper.journal_lock import hold, holder, let_go, was_cut_off
from keeper.journal_place import JournalError
from tandem.protocol import journal_lines

HOLDS = """
import sys, time, pathlib
from keeper.journal_lock import hold
lock = hold(pathlib.Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_number_that_is_another_processs_by_now_holds_nothing(tmp_path: Path) -> None:
    """`tandem pause` and `tandem doctor` said that a killed keeper lives, once its number was used again: in
    containers each first process has the same."""
    path = tmp_path / "keeper.sqlite"
    command = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert holder(path) == process.pid
        with pytest.raises(JournalError, match=rf"another process \({process.pid}\) holds"):
            hold(path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    path.with_suffix(".lock").write_text(str(os.getpid()))
    assert was_cut_off(path)
    assert holder(path) is None
    let_go(hold(path))
    assert not was_cut_off(path)


def test_who_asks_keeps_nobody_from_taking_it(tmp_path: Path) -> None:
    path, ended = tmp_path / "keeper.sqlite", threading.Event()

    def ask() -> None:
        while not ended.wait(0.001):
            holder(path)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(200):
            let_go(hold(path))
    finally:
        ended.set()
        asking.join()


def test_a_disk_that_knows_no_locks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process was said to hold it, and nobody found that."""

    def refuses(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuses)
    with pytest.raises(JournalError, match="cannot be locked: No locks") as error:
        hold(tmp_path / "keeper.sqlite")
    assert "TANDEM_JOURNAL" in error.value.hint
    lines = journal_lines.opened(tmp_path / "there.jsonl", "deployment", "name another file")
    with pytest.raises(journal_lines.JournalError, match="cannot be locked") as other, lines:
        pass
    assert "name another file" in other.value.hint
