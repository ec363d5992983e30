"""A terminal that is closed, as where a connection is lost: what there is is kept."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from keeper.replay.stopping import stoppable
from tandem.terminal import ending

from .surface import environment

BEGIN = """
import os, signal, sys, time
from pathlib import Path
from keeper.replay.progress import long_work
from keeper.replay.stopping import stoppable
from tandem.terminal.ending import cut_short, orderly
from tandem.terminal.screen import Screen
import click
"""
WORK = """
with orderly(last=True):
    with stoppable("all is kept") as stop:
        print("up", flush=True)
        if not stop.wait(20):
            raise SystemExit(3)
    time.sleep(0.3)  # the kernel and a shell both tell of it
    os.kill(os.getpid(), signal.SIGHUP)
    Screen(to_end=True).print("figures")
    click.echo("more figures")
    Path(sys.argv[1]).write_text("kept")
    click.echo("wrote it", err=True)
    raise cut_short()
"""
CUT = """
with orderly(last=True):
    try:
        print("up", flush=True)
        time.sleep(20)
    finally:
        Path(sys.argv[1]).write_text("kept")
"""
SILENT = """
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with orderly(last=True):
    print("up", flush=True)
    with long_work("all is kept", quiet=False) as (bar, _):
        for _ in range(10):
            time.sleep(0.1)
            bar.console.print("a replay is done")
    Path(sys.argv[1]).write_text("kept")
    click.echo("figures")
"""


def closed_on(code: str, *words: str) -> int:
    """How a program ends whose terminal is closed once it is up."""
    pid, terminal = pty.fork()
    if not pid:
        # tests may run under nohup, a terminal does not
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execve(  # noqa: S606
            sys.executable, [sys.executable, "-c", BEGIN + code, *words], environment()
        )
    said = b""
    until = time.monotonic() + 60
    while b"up" not in said and time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            said += os.read(terminal, 4096)
    time.sleep(0.1)
    os.close(terminal)
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise AssertionError(f"it goes on: {said!r}")


@pytest.mark.parametrize(
    ("code", "ends"), [(WORK, 129), (CUT, 129), (SILENT, 0)], ids=["work", "cut", "silent"]
)
def test_what_there_is_is_kept_where_a_terminal_is_closed(
    tmp_path: Path, code: str, ends: int
) -> None:
    """The signal killed it wherever it was; one that the signal does not reach failed at its next word."""
    assert closed_on(code, str(tmp_path / "file")) == ends
    assert (tmp_path / "file").read_text() == "kept"


def test_a_terminal_that_is_closed_is_nothing_under_nohup() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending.orderly(last=False), stoppable("all is kept") as stop:
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.wait(0.1)
        ends: list[int] = []
        kept = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
        ending.ends_by(lambda: ends.append(1))
        for each, handler in zip((signal.SIGINT, signal.SIGTERM), kept, strict=True):
            signal.signal(each, handler)
        os.kill(os.getpid(), signal.SIGHUP)
        assert not ends
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_disk_that_fails_is_no_terminal_that_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_closed", [])
    with pytest.raises(SystemExit) as ended, ending.orderly(last=False):
        raise OSError(5, "Input/output error")
    assert ended.value.code == ending.EXIT_ERROR
