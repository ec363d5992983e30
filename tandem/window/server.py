"""Serves the page on this machine: files, and where one is asked for a keeper's figures.

It signs nothing, knows no key, and answers only who calls it by a name of this machine, so that no site can
speak through it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    OpenerDirector,
)

from tandem.errors import ConfigError, TandemError
from tandem.listening import Listener
from tandem.terminal.json_text import to_json
from tandem.window.bundle import FIRST, KINDS, MARKET_FILE, is_near

T = TypeVar("T")
HOST, PORT = "127.0.0.1", 8_550
CLIENT_SECONDS = 5
KEEPER_SECONDS = 3.0
LARGEST = 4_000_000
"""Bytes that are read of one of a keeper's answers."""
TEXT = "text/plain; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' https: http://127.0.0.1:* http://localhost:*; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""As the page itself says, and that nobody may frame it, which only a server can say."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
KEEPER_FILE = "keeper.json"
KEEPER_PATHS = ("metrics", "health", "ready", "journal", "warnings")
FRESH_SECONDS = 1.0
"""For which neither a keeper nor the market's records are asked again, however many look."""


def _asker() -> OpenerDirector:
    """Asks this machine alone: by no proxy that the environment names, and after no redirection."""
    asker = OpenerDirector()
    for each in (HTTPHandler(), HTTPErrorProcessor(), HTTPDefaultErrorHandler()):
        asker.add_handler(each)
    return asker


class Lately(Generic[T]):
    """What `make` gave, made anew once it is a second old, and once for all who ask meanwhile. Errors are not
    kept."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: tuple[float, T] | None = None

    def __call__(self) -> T:
        with self._lock:
            if self._made is None or time.monotonic() - self._made[0] >= FRESH_SECONDS:
                made = self._make()
                self._made = time.monotonic(), made
            return self._made[1]


class Keeper:
    """A keeper's own port, asked once for all who look. url: as http://127.0.0.1:9000."""

    def __init__(self, url: str) -> None:
        self._url, self._asker = url.rstrip("/"), _asker()
        self.answer = Lately(self._ask)

    def _ask(self) -> tuple[int, bytes, str]:
        """(status, what its paths say as one JSON object of texts, type)."""
        try:
            said = {path: self._text(path) for path in KEEPER_PATHS}
            return 200, to_json(said).encode(), KINDS[".json"]
        except (OSError, HTTPException):
            return 502, b"the keeper does not answer\n", TEXT

    def _text(self, path: str) -> str:
        """What it says, also where that is that something is wrong."""
        try:
            with self._asker.open(f"{self._url}/{path}", timeout=KEEPER_SECONDS) as answer:
                return answer.read(LARGEST).decode(errors="replace")
        except HTTPError as error:
            return error.read(LARGEST).decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Site:
    """What is served. files: by name; market: `market.json` as it is now; keeper: whose figures too."""

    files: Mapping[str, bytes]
    market: Callable[[], bytes]
    keeper: Keeper | None = None

    def answer(self, path: str) -> tuple[int, bytes, str]:
        """(status, content, type)."""
        name = path.lstrip("/") or FIRST
        if name == MARKET_FILE:
            try:
                return 200, self.market(), KINDS[".json"]
            except TandemError as error:
                return 404, f"{error}\n".encode(), TEXT
        if self.keeper and name == KEEPER_FILE:
            return self.keeper.answer()
        content = self.files.get(name)
        if content is None:
            return 404, b"there is no such file\n", TEXT
        return 200, content, KINDS[PurePosixPath(name).suffix]


class _Asked(BaseHTTPRequestHandler):
    """One question."""

    server_version, sys_version = "tandem", ""
    protocol_version = "HTTP/1.1"
    timeout = CLIENT_SECONDS

    def __init__(self, site: Site, *rest: Any) -> None:
        self._site = site
        super().__init__(*rest)

    def do_GET(self) -> None:
        if not is_near(f"//{self.headers.get('Host', '')}"):
            self._say(403, b"this page is for this machine\n", TEXT)
            return
        self._say(*self._site.answer(self.path.partition("?")[0]))

    def do_HEAD(self) -> None:
        self.do_GET()

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        is_named_by_content = kind.startswith(("text/javascript", "text/css"))
        self.send_header(
            "Cache-Control", "max-age=31536000, immutable" if is_named_by_content else "no-store"
        )
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing: who looks is nobody's business."""


def listener(port: int, site: Site) -> Listener:
    """Bound, not yet serving. port: 0 for any that is free. Raises ConfigError."""
    try:
        return Listener((HOST, port), partial(_Asked, site))
    except OSError as error:
        raise ConfigError(
            f"the page cannot be served at {HOST} port {port}: {error.strerror or error}",
            "name a free port with --port",
        ) from error
