"""One node over HTTP: an answer that is there whole by its deadline, or none.

What is no JSON-RPC, answers another question or has another shape is no answer either. Addresses may
carry a secret in their path: messages show the host alone.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pydantic_core import from_json

from tandem.engine.answers import is_answer
from tandem.errors import ConfigError
from tandem.foreign import plain

BUSY = 429
MOST_BYTES = 64 << 20
"""Of an answer: hundreds of blocks with all their transactions are less."""
MOST_KIND = 40
"""Letters that are shown of what a node says that its answer is."""
LEAST_SECRET = 6
"""Letters; what is shorter ("v3", "rpc") is no key."""


Question = dict[str, Any]
"""A request's body: its number, method and parameters."""


NO_NODE = "what --rpc or TANDEM_RPC gives is no address of a node"


def split(url: str, wrong: str = NO_NODE) -> SplitResult:
    """The parts of a node's address, or of another service's. wrong: what ConfigError says where
    it is none, without showing what may hold a secret."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # a port past 65535, half of an IPv6 address
        pass
    raise ConfigError(
        wrong,
        "it looks like http://127.0.0.1:8545: http or https, a host, a port from 1 to 65535",
    ) from None


def host_of(url: str) -> str:
    """What may be shown of a node's address: scheme, host and port. Raises ConfigError."""
    parts = split(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def secrets_of(parts: SplitResult) -> list[str]:
    """What of an address may be a key, longest first."""
    words = [parts.username, parts.password, *parts.path.split("/")]
    words += [value for _, value in parse_qsl(parts.query)]
    return sorted({w for w in words if w and len(w) >= LEAST_SECRET}, key=len, reverse=True)


def _check(answer: Any, questions: Mapping[Any, Question]) -> None:
    """Raises ValueError for what answers none of these questions, or not as it must. What a node refuses
    of many at once may have no number, or one of its own."""
    if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
        raise ValueError("not JSON-RPC")
    if "error" in answer and None not in questions:
        return
    number = answer.get("id")
    question = questions.get(number) if isinstance(number, int | None) else None
    if question is None:
        raise ValueError("the answer to another question")
    method = question["method"]
    if "error" not in answer and not is_answer(method, question["params"], answer["result"]):
        raise ValueError(f"no answer to {method}")


def _is_of(answer: Any, questions: Mapping[Any, Question]) -> bool:
    """Whether it answers one of many questions: one that is no answer spoils none of the others."""
    try:
        _check(answer, questions)
    except ValueError:
        return False
    return True


class _Timed(RawIOBase):
    """Reads until a moment: a socket's own timeout is for each byte, and who drips never meets it."""

    def __init__(self, raw: RawIOBase, sock: socket.socket, deadline: float) -> None:
        self._raw, self._sock, self._deadline = raw, sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """One that is there whole by its deadline, or not at all."""

    def __init__(self, deadline: float, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self.fp = BufferedReader(_Timed(self.fp.detach(), sock, deadline))  # pyright: ignore


class Endpoint:
    """One node, over one connection that is kept, and that one thread has at a time."""

    def __init__(self, url: str) -> None:
        parts = split(url)
        self.shown = host_of(url)
        self._secrets = secrets_of(parts)
        assert parts.hostname is not None
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port)
        self._is_cut = False
        self._turn = threading.Lock()
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def post(self, asked: Question | list[Question], timeout: float) -> Any:
        """The node's answer, decoded; of many those that are answers. Raises OSError, HTTPException or
        ValueError."""
        if self._is_cut:
            raise TimeoutError
        response, content = self._exchange(json.dumps(asked), timeout)
        if response.status == BUSY or response.status >= 500:
            raise ValueError(f"HTTP {response.status}")
        try:
            answer = from_json(content)  # json.loads overflows the stack where lists lie deep
        except ValueError:
            kind = response.getheader("Content-Type", "").split(";")[0]
            shown = f" but {plain(kind, MOST_KIND)}" if kind and kind != "application/json" else ""
            raise ValueError(f"HTTP {response.status}, and no JSON{shown}") from None
        several = answer if isinstance(answer, list) else [answer]
        if isinstance(asked, list):
            questions = {each["id"]: each for each in asked}
        elif isinstance(answer, list):
            raise TypeError("many answers to one question")
        else:
            questions = {None: asked, asked["id"]: asked}
        if isinstance(asked, list) and isinstance(answer, list):
            several = [each for each in several if _is_of(each, questions)]
            if not several:
                raise ValueError("no answer to any of many questions")
        else:
            _check(several[0], questions)
        discreet = [self._discreet(each) for each in several]
        return discreet if isinstance(answer, list) else discreet[0]

    def _exchange(self, body: str, timeout: float) -> tuple[HTTPResponse, bytes]:
        """The whole answer, within `timeout` seconds, the wait for other threads' included: two that wrote to
        one connection each got the other's answer."""
        until = time.monotonic() + timeout
        if not self._turn.acquire(timeout=timeout):
            raise TimeoutError
        try:
            if self._is_cut:
                raise TimeoutError
            return self._alone(body, max(until - time.monotonic(), 0.05))
        finally:
            self._turn.release()

    def _alone(self, body: str, timeout: float) -> tuple[HTTPResponse, bytes]:
        connection = self._connection
        connection.timeout = timeout
        connection.response_class = partial(_Response, time.monotonic() + timeout)  # pyright: ignore
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                connection.close()
                raise ValueError(f"more than {MOST_BYTES >> 20} MiB")
            return response, content
        except (OSError, HTTPException):
            connection.close()
            raise

    def _discreet(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The answer, with none of the address's secrets in what the node says went wrong."""
        if "error" not in answer or not self._secrets:
            return answer
        text = json.dumps(answer["error"])
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return answer | {"error": from_json(text)}

    def close(self) -> None:
        self._connection.close()

    def cut(self) -> None:
        """End an exchange that is under way, and let none begin: whoever waits, in another thread, has no
        answer."""
        self._is_cut = True
        sock = self._connection.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
