"""How the command `tandem` begins, also as `python -m tandem`.

The command line takes some tenths of a second to load. Until it handles signals itself
(`tandem.terminal.ending`), Ctrl-C ends the process at once, as SIGTERM does, instead of wherever Python
is in its imports.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

YOUNG = 50_000
"""Objects that are made before Python looks for dead ones among them, where it has 700."""


def main() -> None:
    _open_what_was_closed()
    _look_through_little()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tandem.terminal.group import main as typed

    typed(prog_name="tandem")


def _look_through_little() -> None:
    """What is loaded lives as long as the process. Python looked through it again and again while more was
    loaded, and once more at the end: up to half of what a command takes, and most of a keeper's end."""
    gc.set_threshold(YOUNG, 10, 10)
    atexit.register(gc.freeze)


def _open_what_was_closed() -> None:
    """A stream that is closed when a process begins is none to Python, and its number goes to the next file
    that is opened: a journal, into which a library would write what it says on stderr."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for good


if __name__ == "__main__":
    main()
