"""A node of a test's own: what is posted to it is handed over, and what that gives is the answer."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Protocol

from tandem.listening import Listener, served


class Node(Protocol):
    """status: of its answers; url: where it is, once it is served."""

    status: int
    url: str

    def take(self, body: bytes) -> bytes: ...


@contextmanager
def posted_to(node: Node) -> Generator[None]:
    """For the length of the block it is where its `url` says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = node.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(node.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with served(Listener(("127.0.0.1", 0), Handler)) as node.url:
        yield
