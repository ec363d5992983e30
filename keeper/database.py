"""A connection to a database that nobody waits for longer than he says.

A server that hangs keeps no limit of its own: a thread asks, and where the answer is late the connection is
cut, the thread left behind, and the next question goes over another.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


class LateError(Exception):
    """No answer within its time."""


@dataclass(slots=True)
class _Question:
    """What came of one."""

    found: Any = None
    error: Exception | None = None
    is_left: bool = False
    """Nobody waits for it any more."""


@dataclass(slots=True)
class Line:
    """One question at a time. connect: gives a connection anew."""

    connect: Callable[[], Any]
    _db: Any = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, act: Callable[[Any], T], seconds: float) -> T:
        """What `act` gives of a connection. Raises LateError, or whatever it raises."""
        until = time.monotonic() + seconds
        if not self._turn.acquire(timeout=seconds):
            raise LateError
        try:
            asked = _Question()
            thread = threading.Thread(
                target=self._do, args=(act, asked), name="database", daemon=True
            )
            thread.start()
            thread.join(max(until - time.monotonic(), 0.0))
            with self._lock:
                asked.is_left = thread.is_alive()
            if asked.is_left:
                self._cut()
                raise LateError
            if asked.error is not None:
                self._shut()
                raise asked.error
            return asked.found
        finally:
            self._turn.release()

    def close(self) -> None:
        """The connection; the next question has another."""
        if self._turn.acquire(blocking=False):
            self._shut()
            self._turn.release()
        else:
            self._cut()

    def _shut(self) -> None:
        """Nobody uses it."""
        db, self._db = self._db, None
        if db is not None:
            with suppress(Exception):
                db.close()

    def _do(self, act: Callable[[Any], object], asked: _Question) -> None:
        db = None
        try:
            db = self._connected(asked)
            asked.found = act(db)
        except Exception as error:  # of whatever driver there is
            asked.error = error
        if asked.is_left and db is not None:
            with suppress(Exception):
                db.close()

    def _connected(self, asked: _Question) -> Any:
        db = self._db
        if db is None or db.closed:
            db = self.connect()
            with self._lock:
                if not asked.is_left:
                    self._db = db
        return db

    def _cut(self) -> None:
        """Whoever waits for it waits no more."""
        db, self._db = self._db, None
        if db is None:
            return
        with suppress(Exception), socket.socket(fileno=os.dup(db.fileno())) as way:
            way.shutdown(socket.SHUT_RDWR)
