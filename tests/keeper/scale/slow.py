"""What stands between a process and its database: slow, or silent with its connection open."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 65_536


@dataclass
class Way:
    """delay: seconds before each answer goes on; hangs: nothing goes on any more."""

    url: str
    delay: float = 0.0
    hangs: threading.Event = field(default_factory=threading.Event)
    """Not set while it does."""

    def hang(self) -> None:
        self.hangs.clear()

    def go_on(self) -> None:
        self.hangs.set()

    def carry(self, source: socket.socket, target: socket.socket, *, is_answer: bool) -> None:
        with suppress(OSError):
            while words := source.recv(CHUNK):
                time.sleep(self.delay if is_answer else 0.0)
                self.hangs.wait()
                target.sendall(words)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def way(url: str) -> Iterator[Way]:
    """To a database, by its address."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    there = parts.hostname, parts.port
    door = socket.create_server(("127.0.0.1", 0))
    port = door.getsockname()[1]
    made = Way(url.replace(f":{parts.port}", f":{port}"))
    made.go_on()
    open_ones: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                one, _ = door.accept()
                other = socket.create_connection(there)
                open_ones.extend((one, other))
                for pair, is_answer in (((one, other), False), ((other, one), True)):
                    threading.Thread(
                        target=made.carry, args=pair, kwargs={"is_answer": is_answer}, daemon=True
                    ).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield made
    finally:
        made.go_on()
        door.close()
        for each in open_ones:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
