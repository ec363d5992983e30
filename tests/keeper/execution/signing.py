"""Signers in processes of their own, for tests: real ones, and those that are not what they should be."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from keeper.execution.proofs import HEADER, proof
from tandem.engine.anvil import free_port

SECRET = "a word that two of them know"
KEYS = tuple("0x" + f"{n:02x}" * 32 for n in (0x11, 0x22, 0x33))
PATIENCE = 60.0


@dataclass(frozen=True)
class Signer:
    """A process, and where it is asked."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def signing(record: Path, *keys: str) -> Iterator[list[Signer]]:
    """`tandem sign` for each key. They begin side by side."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    ports, found = [free_port() for _ in keys], list[Signer]()
    with ExitStack() as left:
        for key, port in zip(keys, ports, strict=True):
            own = {"TANDEM_SIGNER__KEY": key, "TANDEM_SIGNER__PORT": str(port)}
            own["TANDEM_SIGNER__SECRET"] = SECRET
            process = subprocess.Popen(
                [sys.executable, "-m", "tandem", "sign", "--deployment", str(record)],
                env=plain | own, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            left.callback(process.wait, 10)
            left.callback(process.terminate)
            found.append(Signer(process, port))
        for port in ports:
            _until_there(port)
        yield found


def _until_there(port: int) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        try:
            asked(port, "GET", b"")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nobody signs at {port}")


def asked(port: int, method: str, words: bytes, secret: str | None = SECRET) -> tuple[int, bytes]:
    """What one of them says."""
    headers = {} if secret is None else {HEADER: proof(secret, words)}
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, "/", words, headers)
        said = connection.getresponse()
        return said.status, said.read()
    finally:
        connection.close()


@dataclass
class Odd:
    """One that says what a test wants. says: from a question to an answer."""

    says: Callable[[bytes], bytes]
    questions: list[bytes] = field(default_factory=list[bytes])

    @contextmanager
    def there(self) -> Iterator[str]:
        """Where it is asked."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Odd, self))
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()


def said(words: bytes) -> Odd:
    """One that says the same to whatever it is asked."""
    return Odd(lambda _: words)


class _Odd(BaseHTTPRequestHandler):
    def __init__(self, odd: Odd, *rest: Any) -> None:
        self.odd = odd
        super().__init__(*rest)

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        words = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.odd.questions.append(words)
        said = self.odd.says(words)
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing."""
