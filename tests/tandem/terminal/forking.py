"""Loads every command, then forks for each command line that it is asked to run (`warm`)."""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

LONGEST = 1 << 20
WORK = ("keeper.replay.report", "keeper.replay.run", "keeper.study.session", "keeper.local.session")
"""What commands load only when they get to work, and what takes long to load."""


def serve(control: socket.socket) -> None:
    """For each case: its process's number, then how it ended."""
    from tandem.plugins import find
    from tandem.terminal.group import GROUP, main

    for plug_in in find(GROUP).values():
        plug_in.load()
    for module in WORK:
        import_module(module)
    gc.freeze()  # a fork need not look through, and so copy, what was loaded before it
    while True:
        message, files, _, _ = socket.recv_fds(control, LONGEST, 2)
        if not message:
            return
        number = os.fork()
        if number == 0:
            control.close()
            _become(json.loads(message), files)
            main()
        for file in files:
            os.close(file)
        control.send(str(number).encode())
        _, status = os.waitpid(number, 0)
        control.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(asked: dict[str, Any], files: Sequence[int]) -> None:
    """What a shell gives to a process that it starts."""
    for place, file in enumerate(files, start=1):
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["folder"])
    sys.argv = ["tandem", *asked["words"]]


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
