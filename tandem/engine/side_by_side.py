"""Many questions to a node that takes one in a post: at the same time, over connections of their own.

They take as long as one. What is not answered so is left to whoever asks one after the other, with the
patience that is had there; a node that answers some and refuses others is asked fewer at a time.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tandem.engine.answers import is_busy
from tandem.engine.endpoint import Endpoint, Question

if TYPE_CHECKING:
    from tandem.engine.member import Member

LINES = 16
"""Connections to a node at the most: what a plan asks of a block goes at once."""
NARROW_SECONDS = 600.0
"""For which a node that refused some is asked fewer at a time."""
READS = ("eth_call", "eth_get")
"""What may be asked in any order."""
SLACK = 0.1
"""Seconds after its time for which a thread that is about to end is waited for."""
Post = Callable[[Endpoint, Question, float], Any]
"""A question within so many seconds -> its answer, None where there is none."""


class Lines:
    """A node's further connections, kept like its first."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._endpoints: list[Endpoint] = []
        self._is_cut = False

    def ask(
        self, bodies: Sequence[Question], timeout: float, width: int, post: Post
    ) -> dict[Any, tuple[Any, float]]:
        """By number, what was answered within `timeout` seconds and how many it took; `width` at a time. Once
        one has no answer none is begun anymore."""
        found, waiting = dict[Any, tuple[Any, float]](), deque(bodies)
        until = time.monotonic() + timeout

        def work(endpoint: Endpoint) -> None:
            while waiting and not self._is_cut:
                try:
                    body = waiting.popleft()
                except IndexError:  # another one took it
                    return
                began = time.monotonic()
                answer = post(endpoint, body, max(until - began, 0.05))
                if answer is None:
                    waiting.clear()
                    return
                found[body["id"]] = answer, time.monotonic() - began

        count = min(width, len(bodies))
        self._endpoints += [Endpoint(self._url) for _ in range(count - len(self._endpoints))]
        used, rest = self._endpoints[:count], self._endpoints[count:]
        threads = [threading.Thread(target=work, args=(each,), daemon=True) for each in used]
        for each in threads:
            each.start()
        for each in threads:
            each.join(max(until - time.monotonic(), 0.0) + SLACK)
        done = zip(used, threads, strict=True)
        self._endpoints = [one for one, thread in done if not thread.is_alive()] + rest
        return dict(found)

    def cut(self) -> None:
        """End what is under way, from another thread."""
        self._is_cut = True
        for each in list(self._endpoints):
            each.cut()

    def close(self) -> None:
        for each in self._endpoints:
            each.close()


class Abreast:
    """How many questions go at the same time."""

    def __init__(self) -> None:
        self._width, self._until = LINES, 0.0

    @property
    def width(self) -> int:
        """1: one after the other."""
        return LINES if time.monotonic() >= self._until else self._width

    def ask(self, node: Member, bodies: Sequence[Question], timeout: float) -> dict[Any, Any]:
        """By number, what a node answers within `timeout` seconds; nothing where order may matter."""
        width = self.width
        if width < 2 or timeout <= 0 or not _are_reads(bodies):
            return {}
        answers = node.ask_each(bodies, timeout, width)
        good = {number: each for number, each in answers.items() if not is_busy(each)}
        if len(good) < len(answers) or 0 < len(good) < len(bodies):
            self._width, self._until = width // 2, time.monotonic() + NARROW_SECONDS
        return good


def _are_reads(bodies: Iterable[Question]) -> bool:
    return all(each["method"].startswith(READS) for each in bodies)
