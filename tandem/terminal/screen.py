"""The console that commands draw on."""

from __future__ import annotations

from rich.console import Console

from tandem.terminal.ending import hush, is_unread


class Drawn(Console):
    """A console to which a terminal that was closed is a reader who left."""

    def _check_buffer(self) -> None:
        try:
            super()._check_buffer()
        except OSError as error:
            if not is_unread(error):
                raise
            self.on_broken_pipe()


class Screen(Drawn):
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
