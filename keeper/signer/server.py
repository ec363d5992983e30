"""Where a signer is asked: HTTP on this machine alone. A POST is a question, of who proves the secret that is
shared; a GET, who signs for what."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

from keeper.execution.asking import MOST_BYTES, Answer, UnclearError, Verdict, body, question
from keeper.execution.proofs import HEADER, fault
from keeper.execution.signers import STRANGER
from keeper.signer.judge import Judge
from tandem.engine.signers import from_key
from tandem.errors import ConfigError
from tandem.listening import Listener
from tandem.protocol.surface_signing import sign
from tandem.terminal.json_text import to_json

LOOPBACK = "127.0.0.1"
MOST_DIGITS = 9
"""Of a length; Python refuses to read thousands of them."""
SAID_SECONDS = 60.0
"""Between two lines about who is not heard."""
CLIENT_SECONDS = 5
"""That whoever asks has for saying what."""


class Desk:
    """One key, and what is checked before it signs: one question after the other. secret: what whoever asks
    has to prove; say: told of who does not."""

    def __init__(
        self, key: str, judge: Judge, secret: str, say: Callable[[str], object] = lambda _: None
    ) -> None:
        self._key, self._judge, self._lock = key, judge, threading.Lock()
        self._secret, self._say, self._said = secret, say, -math.inf
        self.address = from_key(key, "TANDEM_SIGNER__KEY").address

    def answer(self, raw: bytes) -> Answer:
        """To a question. Raises UnclearError."""
        asked = question(raw)
        with self._lock:
            reasons = self._judge.why_not(asked.domain, asked.slices)
        return Answer(
            signer=self.address,
            verdicts=tuple(
                Verdict(refused=why)
                if why
                else Verdict.signed(sign(self._judge.domain, post, [self._key])[0])
                for post, why in zip(asked.slices, reasons, strict=True)
            ),
        )

    def stranger(self, raw: bytes, given: str | None) -> str:
        """Why a question is not heard, "" where it is; said here too, once a minute. given: its proof."""
        why = fault(self._secret, raw, given)
        if why and time.monotonic() - self._said >= SAID_SECONDS:
            self._said = time.monotonic()
            self._say(f"not heard: {why}")
        return why

    def who(self) -> dict[str, str | int]:
        """Whom it signs as, and for which market."""
        domain = self._judge.domain
        return {"signer": self.address, "chain_id": domain.chain_id, "market": domain.market}


class _Asked(BaseHTTPRequestHandler):
    server_version, sys_version = "tandem", ""
    timeout = CLIENT_SECONDS

    def __init__(self, desk: Desk, *rest: Any) -> None:
        self._desk = desk
        super().__init__(*rest)

    def do_GET(self) -> None:
        given = self.headers.get(HEADER)
        if given is not None and (why := self._desk.stranger(b"", given)):
            self._say(STRANGER, why.encode())
            return
        self._say(200, to_json(self._desk.who(), one_line=True).encode())

    def do_POST(self) -> None:
        if (
            self.headers.get("Origin") is not None
        ):  # a page in this machine's browser, whatever its host
            self._say(403, b"no page is signed for\n")
            return
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or len(size) > MOST_DIGITS or int(size) > MOST_BYTES:
            self._say(413, b"a question has a length, of at most 65536 bytes\n")
            return
        raw = self.rfile.read(int(size))
        if why := self._desk.stranger(raw, self.headers.get(HEADER)):
            self._say(STRANGER, why.encode())
            return
        try:
            said = self._desk.answer(raw)
        except UnclearError as error:
            self._say(400, error.message.encode())
            return
        self._say(200, body(said))

    def _say(self, status: int, words: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status == 200 else "text/plain")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing: what is signed is on the chain."""


def listener(port: int, desk: Desk) -> Listener:
    """Bound, and not yet serving. Raises ConfigError where somebody else listens there."""
    try:
        return Listener((LOOPBACK, port), partial(_Asked, desk))
    except (OSError, socket.gaierror) as error:
        raise ConfigError(
            f"nobody can be asked at {LOOPBACK} port {port}: {error.strerror or error}",
            "set TANDEM_SIGNER__PORT to a free port",
        ) from error
