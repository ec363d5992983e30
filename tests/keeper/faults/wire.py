"""What lies between a process and its node, of whatever is spoken over it, and can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Wire:
    """url: where the node is found as long as it lies."""

    node: tuple[str, int]
    listening: socket.socket
    _open: list[socket.socket] = field(default_factory=list[socket.socket])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def run(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                far = socket.create_connection(self.node)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def cut(self) -> None:
        """As where a node dies: who is connected is no more, and nobody else is let in."""
        for each in (self.listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while some := one.recv(65_536):
                other.sendall(some)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def wired(node: str) -> Iterator[Wire]:
    """A wire to a node, until the end."""
    parts = urlsplit(node)
    assert parts.hostname is not None
    assert parts.port is not None
    wire = Wire((parts.hostname, parts.port), socket.create_server(("127.0.0.1", 0)))
    threading.Thread(target=wire.run, daemon=True).start()
    try:
        yield wire
    finally:
        wire.cut()
