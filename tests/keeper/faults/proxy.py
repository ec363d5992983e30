"""What stands between a keeper and its chain, and delays, drips, lies and repeats."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import urlsplit

Answer = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def honest(_: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    return answer


@dataclass
class Proxy:
    """answer: what it says instead, given question and the node's answer. delay: seconds before each;
    drip: seconds before each byte. asked: the methods, in order; posts: how many requests brought them."""

    node: str
    url: str = ""
    answer: Answer = honest
    delay: float = 0.0
    drip: float = 0.0
    status: int = 200
    asked: list[str] = field(default_factory=list)
    posts: int = 0

    def ask(self, body: bytes) -> bytes:
        parts = urlsplit(self.node)
        assert parts.hostname is not None
        connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        content = connection.getresponse().read()
        connection.close()
        question, answer = json.loads(body), json.loads(content)
        self.posts += 1
        if not isinstance(question, list):
            self.asked.append(question["method"])
            return json.dumps(self.answer(question, answer)).encode()
        self.asked += [each["method"] for each in question]
        by_number = {each["id"]: each for each in answer}
        return json.dumps([self.answer(each, by_number[each["id"]]) for each in question]).encode()


@dataclass
class Sooner(Proxy):
    """Before the first transaction with this selector goes on, somebody else acts."""

    selector: str = ""
    act: Callable[[], object] | None = None

    def ask(self, body: bytes) -> bytes:
        if self.act and b"eth_sendRawTransaction" in body and self.selector.encode() in body:
            act, self.act = self.act, None
            act()
        return super().ask(body)


Some = TypeVar("Some", bound=Proxy)


@contextmanager
def between(node: str, kind: type[Some] = Proxy) -> Iterator[Some]:
    """A proxy before a node, until the end."""
    proxy = kind(node)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(proxy.delay)
            content = proxy.ask(body)
            self.send_response(proxy.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                if not proxy.drip:
                    self.wfile.write(content)
                    return
                for place in range(len(content)):
                    self.wfile.write(content[place : place + 1])
                    self.wfile.flush()
                    time.sleep(proxy.drip)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # who asked is gone
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
