"""Cases in forks of one process that has loaded every command.

Thousands of cases then cost their work, and not the second that Python takes to load it each time.
Fresh processes are what the signals, the pipes and the terminals are tried with.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from .surface import PATIENCE, TAG, Case, Done, survivors

SERVER = Path(__file__).with_name("forking.py")
ANSWER = 64


class Warm:
    """One case at a time."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def run(self, case: Case, folder: Path, env: Mapping[str, str], limit: float) -> Done:
        """As `surface.run`: what is still at work after `limit` seconds is told to end."""
        tag = uuid.uuid4().hex
        asked = {"case": tag, "words": case.words, "folder": str(folder), "env": {**env, TAG: tag}}
        with TemporaryFile() as out, TemporaryFile() as err:
            files = [out.fileno(), err.fileno()]
            socket.send_fds(self._control, [json.dumps(asked).encode()], files)
            number = self._answer(tag, PATIENCE)  # the first one waits for the loading
            code = self._code(case, tag, number, limit)
            left = survivors(tag)
            texts = [_read(file.fileno()) for file in (out, err)]
        return Done(case, code, *texts, orphans=left)

    def _code(self, case: Case, tag: str, number: int, limit: float) -> int:
        for patience, then in ((limit, signal.SIGTERM), (PATIENCE, signal.SIGKILL)):
            try:
                return self._answer(tag, patience)
            except TimeoutError:
                os.kill(number, then)
        self._answer(tag, PATIENCE)
        raise AssertionError(f"{case} does not end")

    def _answer(self, tag: str, patience: float) -> int:
        """What is said of this case. What a case before it was not waited for is none of it: a code would be
        taken for the number of a process, and that be told to end."""
        self._control.settimeout(patience)
        while True:
            of, _, answer = self._control.recv(ANSWER).decode().partition(" ")
            if of == tag:
                return int(answer)


def _read(file: int) -> str:
    return os.pread(file, os.fstat(file).st_size, 0).decode(errors="replace")


@contextmanager
def warm() -> Generator[Warm]:
    """The process for the length of the block; it ends when nobody can ask any more."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, str(SERVER), str(theirs.fileno())]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    try:
        yield Warm(ours)
    finally:
        ours.close()
        process.wait(PATIENCE)
