"""The console that commands draw on."""

from __future__ import annotations

from rich.console import Console

from tandem.terminal.ending import hush


class Screen(Console):
    """A console that knows what to do when nobody reads any more. to_end: the work goes on, because
    its result goes to a file; else the command ends, as one does whose reader has left."""

    def __init__(self, *, stderr: bool = False, to_end: bool = False) -> None:
        super().__init__(stderr=stderr)
        self._to_end = to_end

    def on_broken_pipe(self) -> None:
        hush()
        if not self._to_end:
            raise SystemExit(0)
        self.quiet = True
