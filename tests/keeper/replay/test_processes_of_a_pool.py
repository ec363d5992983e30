"""What a terminal's Ctrl-C, and the end of whoever asked, do to the processes of a pool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path

from keeper.replay.stopping import as_they_end, pool_of, stoppable
from worker import work

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with pool_of(2) as pool, stoppable("all is kept") as stop:
        asked = ((str(folder), n) for n in range(int(sys.argv[2])))
        found = sum(1 for _ in as_they_end(pool, work, asked, 2, stop))
        (folder / "idle").touch()
        if len(sys.argv) > 3:
            __import__("time").sleep(60)
    print("the pool has ended", file=sys.stderr)
    print("ended", found)
"""
WORKER = """
import multiprocessing, os, time
from pathlib import Path

if multiprocessing.current_process().name != "MainProcess":
    Path(__file__).with_name(f"starting-{os.getpid()}").touch()
    time.sleep(1.5)  # as an import of scipy

def work(folder, number):
    Path(folder, f"at-{os.getpid()}").touch()
    time.sleep(0.2)
    return number
"""


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """The script in a group of its own, as a terminal gives it."""
    (tmp_path / "main.py").write_text(SCRIPT)
    (tmp_path / "worker.py").write_text(WORKER)
    path = os.pathsep.join([str(Path.cwd()), str(tmp_path)])
    made: list[subprocess.Popen[str]] = []

    def begin(*words: str) -> subprocess.Popen[str]:
        made.append(
            subprocess.Popen(
                [sys.executable, str(tmp_path / "main.py"), str(tmp_path), *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": path},
            )
        )
        return made[-1]

    yield begin
    for process in made:
        if process.poll() is None:
            process.kill()


def wait_for(folder: Path, name: str, many: int = 1) -> list[int]:
    """The processes that left such a file."""
    end = time.monotonic() + 60
    while len(found := list(folder.glob(name))) < many:
        assert time.monotonic() < end, name
        time.sleep(0.02)
    return [int(each.name.rpartition("-")[2]) for each in found if "-" in each.name]


@pytest.mark.sampled
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("where", ["starting-*", "at-*"])
def test_a_terminals_signal_is_no_traceback_wherever_processes_are(
    tmp_path: Path, begun: Callable[..., subprocess.Popen[str]], number: signal.Signals, where: str
) -> None:
    """`tandem stress --jobs 2` printed one of each process that was still importing; and a terminal that was
    closed ended it with what was finished."""
    process = begun("20")
    wait_for(tmp_path, where, 2)
    os.killpg(process.pid, number)
    out, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert "resource_tracker" not in said
    assert process.returncode == 0
    assert out.startswith("ended")


def test_ctrl_c_is_answered_at_once_and_by_whoever_asked_alone(
    tmp_path: Path, begun: Callable[..., subprocess.Popen[str]]
) -> None:
    """`tandem study` finished its replays for minutes without a word."""
    process = begun("1")
    wait_for(tmp_path, "at-*", 1)
    os.kill(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert out == "ended 1\n"
    assert said == "ending: all is kept; Ctrl-C again ends at once\nthe pool has ended\n"


def test_processes_end_with_whoever_asked(
    tmp_path: Path, begun: Callable[..., subprocess.Popen[str]]
) -> None:
    """SIGTERM twice left two processes of `tandem stress --jobs 2` behind, waiting for work for good."""
    process = begun("4", "stay")
    wait_for(tmp_path, "idle")
    workers = wait_for(tmp_path, "at-*", 2)
    process.kill()
    process.wait()
    end = time.monotonic() + 20
    while any(is_there(each) for each in workers):
        assert time.monotonic() < end, "they are still there"
        time.sleep(0.05)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
