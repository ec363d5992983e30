"""What a node answered, kept in a file: a fork of that node runs again without it.

A fork asks for state, block by block and word by word, and state at a block never changes. So a question's
answer is kept once, by its method and parameters. A recording names the chain and the block, no node.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tandem.engine.endpoint import secrets_of, split

Question = dict[str, Any]
Answer = dict[str, Any]
"""A question's "result", or its "error"."""
Ask = Callable[[Question], Answer]

HOST = "127.0.0.1"
UNANSWERED = -32_000
SENT = ("eth_getTransactionReceipt", "eth_getTransactionByHash")
"""What a fork asks of a transaction that it does not know yet, because it is its own."""
SHORTCUTS = ("eth_getAccountInfo",)
"""What some nodes have, and say faster than what all have. A fork asks both ways and goes on by the one that
was answered first, which is another in another run: here it is told that there is one way."""
NO_METHOD = -32_601
TIMEOUT = 60.0


class RecordingError(Exception):
    """A file that is no recording of what is asked for."""


@dataclass
class Recording:
    """Answers by question. missed: what was asked, and is not in it."""

    chain_id: int
    block: int
    answers: dict[str, Answer] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @staticmethod
    def key(question: Question) -> str:
        return json.dumps([question["method"], question.get("params", [])], sort_keys=True)

    def save(self, path: Path) -> None:
        """The same answers give the same bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"chain_id": self.chain_id, "block": self.block, "answers": self.answers}
        text = json.dumps(kept, sort_keys=True, indent=0)
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(gzip.compress(text.encode(), mtime=0))
        partial.replace(path)

    @classmethod
    def load(cls, path: Path, chain_id: int, block: int) -> Recording:
        """Raises RecordingError where it is of another chain or block, or none."""
        try:
            raw = json.loads(gzip.decompress(path.read_bytes()))
            found = cls(raw["chain_id"], raw["block"], raw["answers"])
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise RecordingError(f"{path} is no recording: {error}") from error
        if (found.chain_id, found.block) != (chain_id, block):
            what = f"is of chain {found.chain_id} at block {found.block}"
            raise RecordingError(f"{path} {what}, not of chain {chain_id} at block {block}")
        return found

    def replay(self, question: Question) -> Answer:
        if question["method"] in SHORTCUTS:
            return _no_method(question)
        key = self.key(question)
        if key not in self.answers and question["method"] in SENT:
            return {"result": None}
        if key not in self.answers:
            self.missed.append(key)
            said = f"the recording has no answer to {key[:200]}: run again with --record and a node"
            return {"error": {"code": UNANSWERED, "message": said}}
        return self.answers[key]

    def recorder(self, ask: Ask) -> Ask:
        """Asks a node what is not known yet, and keeps what it says. What went wrong on the way is not kept,
        but for what a contract refused."""

        def answer(question: Question) -> Answer:
            if question["method"] in SHORTCUTS:
                return _no_method(question)
            key = self.key(question)
            if key not in self.answers:
                found = ask(question)
                refused = "revert" in str(found.get("error", "")).lower()
                is_own = question["method"] in SENT and found.get("result") is None
                if is_own or ("result" not in found and not refused):
                    return found
                self.answers[key] = found
            return self.answers[key]

        return answer


def _no_method(question: Question) -> Answer:
    said = f"the method {question['method']} does not exist"
    return {"error": {"code": NO_METHOD, "message": said}}


class Far:
    """A node somewhere, over one connection a thread. What it says of an error holds no secret of its
    address. Raises ConfigError where that is no address."""

    def __init__(self, url: str) -> None:
        self._parts = split(url)
        self._path = (self._parts.path or "/") + (f"?{self._parts.query}" * bool(self._parts.query))
        self._secrets = secrets_of(self._parts)
        self._here = threading.local()

    def __call__(self, question: Question) -> Answer:
        """Two tries: a node closes connections that idle."""
        why = ""
        for _ in range(2):
            try:
                found = self._post(question)
            except (OSError, HTTPException, ValueError) as error:
                self._here.__dict__.pop("connection", None)
                why = type(error).__name__
                continue
            if isinstance(found, dict) and "result" in found:
                return {"result": found["result"]}
            if isinstance(found, dict) and "error" in found:
                return {"error": self._discreet(found["error"])}
            why = "no JSON-RPC"
        said = f"{self._parts.hostname} does not answer {question['method']} ({why})"
        return {"error": {"code": UNANSWERED, "message": said}}

    def _discreet(self, error: Any) -> Any:
        text = json.dumps(error)
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return json.loads(text)

    def _post(self, question: Question) -> Any:
        connection = self._here.__dict__.get("connection")
        if connection is None:
            assert self._parts.hostname is not None
            kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
            connection = kind(self._parts.hostname, self._parts.port, timeout=TIMEOUT)
            self._here.connection = connection
        body = json.dumps({"jsonrpc": "2.0", "id": 1} | question)
        connection.request("POST", self._path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        if response.status >= 400 and not content.lstrip().startswith(b"{"):
            raise ValueError(f"HTTP {response.status}")
        return json.loads(content)


@contextmanager
def serving(ask: Ask) -> Iterator[str]:
    """A node of the loopback interface that answers as `ask` does; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            several = asked if isinstance(asked, list) else [asked]
            said = [{"jsonrpc": "2.0", "id": each.get("id")} | ask(each) for each in several]
            body = json.dumps(said if isinstance(asked, list) else said[0]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing: what is asked is the fork's affair."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
