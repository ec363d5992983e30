"""Delivery by apprise, which speaks to more than a hundred services, on threads that nobody waits for."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tandem.errors import ConfigError, TandemError

MOST_WAITING = 100
"""Letters; those that come while so many wait are left out, and counted."""
TRIES = 3
TRY_AGAIN_SECONDS = 20.0
"""After a failure, times the failures so far."""


class UndeliveredError(TandemError):
    """Nobody took an alert."""


class Tone(StrEnum):
    """What an alert is, as services show it."""

    BAD = "failure"
    WARN = "warning"
    OVER = "success"
    PLAIN = "info"

    @staticmethod
    def of(severity: str) -> Tone:
        """Of a rule's."""
        return Tone.BAD if severity == "critical" else Tone.WARN


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent."""

    title: str
    text: str
    tone: Tone


class Address:
    """One service. Of its address no more is ever said than its place and kind: the rest is a secret."""

    def __init__(self, url: str, place: int) -> None:
        """Raises ConfigError where no service has such an address."""
        import apprise  # takes a moment, and few ask for it

        # what it says of failures holds addresses
        logger = logging.getLogger("apprise")
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
        try:
            self._service: Any = apprise.Apprise.instantiate(url)
        except TypeError:
            self._service = None
        if not self._service:
            raise ConfigError(
                f"number {place} of alerts.urls is no address that a notification goes to",
                "write one as https://github.com/caronc/apprise/wiki says, such as json://host/path",
            )
        kind = url.partition(":")[0].strip()
        self.name = f"number {place} ({kind})"

    def takes(self, letter: Letter) -> bool:
        """Whether the service took it. Never raises: what a service does to us is its failure."""
        try:
            return bool(
                self._service.notify(
                    body=letter.text, title=letter.title, notify_type=letter.tone.value
                )
            )
        except Exception:  # of whatever plug-in there is
            return False


def addresses(urls: Sequence[str]) -> list[Address]:
    """Of these. Raises ConfigError."""
    return [Address(url, place) for place, url in enumerate(urls, 1)]


class Post:
    """A queue of letters for each address, and a thread that delivers them there, three times at most: one
    that takes none holds up no other."""

    def __init__(
        self, urls: Sequence[str], say: Callable[[str], None], pause: float = TRY_AGAIN_SECONDS
    ) -> None:
        """Raises ConfigError."""
        self.say, self._pause = say, pause
        self._ended = threading.Event()
        self._is_full = False
        self._rounds = [_Round(each, queue.Queue(MOST_WAITING)) for each in addresses(urls)]
        self._threads = [
            threading.Thread(target=self._run, args=(each,), name="post", daemon=True)
            for each in self._rounds
        ]
        for thread in self._threads:
            thread.start()

    def hand(self, letter: Letter) -> None:
        """Deliver it when its turn comes. Returns at once."""
        is_full = False
        for each in self._rounds:
            try:
                each.waiting.put_nowait(letter)
            except queue.Full:
                is_full = True
        if is_full and not self._is_full:
            self.say(f"alerts are not delivered: {MOST_WAITING} wait, more are left out")
        self._is_full = is_full

    def close(self, seconds: float) -> None:
        """Deliver what waits within so long; what is left is given up."""
        until = time.monotonic() + seconds
        self._ended.set()
        ending: list[threading.Thread] = []
        for each, thread in zip(self._rounds, self._threads, strict=True):
            with suppress(queue.Full):  # what waits there is given up
                each.waiting.put_nowait(None)
                ending.append(thread)
        for thread in ending:
            thread.join(max(until - time.monotonic(), 0.0))

    def _run(self, one: _Round) -> None:
        while (letter := one.waiting.get()) is not None:
            self._deliver(one, letter)

    def _deliver(self, one: _Round, letter: Letter) -> None:
        address = one.address
        for tried in range(1, TRIES + 1):
            if address.takes(letter):
                if one.is_failing:
                    self.say(f"alerts reach {address.name} again")
                one.is_failing = False
                return
            if not one.is_failing:
                self.say(f"an alert was not taken by {address.name} of alerts.urls")
                one.is_failing = True
            if tried == TRIES or self._ended.wait(tried * self._pause):
                return


@dataclass(slots=True)
class _Round:
    """What one address is still to get."""

    address: Address
    waiting: queue.Queue[Letter | None]
    is_failing: bool = False
