"""How the command `tandem` begins, also as `python -m tandem`.

The command line takes some tenths of a second to load. Until it handles signals itself
(`tandem.terminal.ending`), Ctrl-C ends the process at once, as SIGTERM does, instead of wherever Python
is in its imports.
"""

from __future__ import annotations

import signal


def main() -> None:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tandem.terminal.group import main as typed

    typed(prog_name="tandem")


if __name__ == "__main__":
    main()
