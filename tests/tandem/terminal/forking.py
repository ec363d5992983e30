"""Loads every command, then forks for each command line that it is asked to run (`warm`).

A fork that is done leaves at once: Python takes all that was loaded apart at its end, and with it copies
every page that it shares, which took two thirds of a case.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

LONGEST = 1 << 20
WORK = ("keeper.replay.report", "keeper.replay.run", "keeper.study.session", "keeper.local.session")
"""What commands load only when they get to work, and what takes long to load."""


def serve(control: socket.socket) -> None:
    """For each case: its process's number, then how it ended."""
    from click import Context

    from tandem.plugins import find
    from tandem.terminal.group import GROUP, main

    for plug_in in find(GROUP).values():
        plug_in.load()
    for module in WORK:
        import_module(module)
    main.list_commands(Context(main))
    gc.freeze()  # a fork need not look through, and so copy, what was loaded before it
    while True:
        message, files, _, _ = socket.recv_fds(control, LONGEST, 2)
        if not message:
            return
        asked = json.loads(message)
        number = os.fork()
        if number == 0:
            control.close()
            _become(asked, files)
            _leave_after(main)
        for file in files:
            os.close(file)
        control.send(f"{asked['case']} {number}".encode())
        _, status = os.waitpid(number, 0)
        control.send(f"{asked['case']} {os.waitstatus_to_exitcode(status)}".encode())


def _leave_after(main: Callable[[], object]) -> None:
    """What a process does at its end but for taking apart what it shares. Where it ends in another way than a
    command does, with somebody still at work, or with a stream that takes nothing, Python ends it."""
    try:
        main()
    except SystemExit as ended:
        if not isinstance(ended.code, int) or threading.active_count() > 1:
            raise
        atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(ended.code)


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
