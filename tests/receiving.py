"""A service that alerts are sent to: a real HTTP server, which takes, refuses or hangs."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Service:
    """status: what it answers with; told: what it took or refused."""

    port: int
    status: int = 200
    told: list[dict[str, Any]] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/alerts?cto=1&rto=1"


@contextmanager
def service() -> Generator[Service]:
    """One that runs until the end."""

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.told.append(json.loads(body))
            self.send_response(made.status)
            self.end_headers()
            made.came.set()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    made = Service(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silence() -> Generator[str]:
    """The address of somebody who lets in and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"json://127.0.0.1:{listening.getsockname()[1]}/x?cto=1&rto=1"


def nobody() -> str:
    """The address of nobody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"json://127.0.0.1:{listening.getsockname()[1]}/x?cto=1&rto=1"
