"""Lines for somebody who may have gone, or reads nothing: whoever writes them goes on.

A keeper's hedges do not wait for its log. A thread of its own writes; what finds no room behind a reader who
reads nothing is lost, and so is what a full disk, or a pipe that was closed, does not take.
"""

from __future__ import annotations

import os
import queue
import threading
import time

MOST = 10_000
"""Pieces that wait for a reader."""
LAST_SECONDS = 1.0
"""That the last ones have, once nobody writes any more."""


class Steady:
    """As much of a text stream as a logger asks of one, onto a descriptor: a stream's own buffer would hold
    whoever ends the process while a reader reads nothing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pieces: queue.Queue[str] = queue.Queue(MOST)
        self._begins = threading.Lock()
        self._thread: threading.Thread | None = None
        self.lost = 0
        """Pieces that reached nobody."""

    def write(self, text: str) -> int:
        """Never waits, never fails."""
        with self._begins:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="log")
                self._thread.start()
        try:
            self._pieces.put_nowait(text)
        except queue.Full:
            self.lost += 1
        return len(text)

    def flush(self) -> None:
        """Nothing: each piece goes as soon as the one before it went."""

    def drain(self, seconds: float = LAST_SECONDS) -> None:
        """Wait for what is under way, for so long at the most."""
        until = time.monotonic() + seconds
        while self._pieces.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.005)

    def _run(self) -> None:
        while True:
            left = self._pieces.get().encode(errors="replace")
            try:
                while left:
                    left = left[os.write(self._descriptor, left) :]
            except OSError:
                self.lost += 1
            finally:
                self._pieces.task_done()
