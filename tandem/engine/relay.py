"""A node of others, asked through a port of this machine's.

A node's address may hold a key, and what a process is started with stands in a list that everybody on the
machine reads. So a fork is told of a port of the loopback interface; this process asks the node.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any

from tandem.engine.endpoint import Question
from tandem.engine.node import Node
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError
from tandem.listening import Listener, served

Answer = dict[str, Any]
"""A question's "result", or its "error"."""
Ask = Callable[[Question], Answer]

HOST = "127.0.0.1"
TIMEOUT = 60.0
UNANSWERED, NO_METHOD = -32_000, -32_601
"""Codes of what no node said, and of what nobody here does."""
CHANGES = ("eth_send", "eth_sign", "evm_", "anvil_", "hardhat_")
"""How methods begin that do something."""


class Far:
    """The nodes of a chain somewhere, as one; for each thread a connection of its own. What they say of an
    error holds no secret of an address. Raises ConfigError where one is no address."""

    def __init__(
        self, urls: str | Sequence[str], timeout: float = TIMEOUT, chain_id: int | None = None
    ) -> None:
        self._open = partial(Node, urls, timeout, chain_id)
        self._open().close()
        self._here = threading.local()

    def __call__(self, question: Question) -> Answer:
        try:
            return {"result": self._node().request(question["method"], question.get("params", []))}
        except RpcError as error:
            said = error.message.removeprefix(f"{question['method']}: ")
            kept = {} if error.data is None else {"data": error.data}
            return {"error": {"code": error.code, "message": said} | kept}
        except EngineError as error:
            said = f"{question['method']}: {error.message}"
            return {"error": {"code": UNANSWERED, "message": said}}

    def _node(self) -> Node:
        if "node" not in self._here.__dict__:
            self._here.node = self._open()
        node: Node = self._here.node
        return node


def reading(ask: Ask) -> Ask:
    """What may only look: whatever else on this machine finds the port changes nothing through it."""
    return lambda question: (
        no_method(question) if question["method"].startswith(CHANGES) else ask(question)
    )


def no_method(question: Question) -> Answer:
    said = f"the method {question['method']} does not exist"
    return {"error": {"code": NO_METHOD, "message": said}}


@contextmanager
def serving(ask: Ask) -> Generator[str]:
    """A node of the loopback interface that answers as `ask` does, until the block ends; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            try:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                several = asked if isinstance(asked, list) else [asked]
                said = [{"jsonrpc": "2.0", "id": each.get("id")} | ask(each) for each in several]
            except (AttributeError, KeyError, TypeError, ValueError):
                self.send_error(400, "no JSON-RPC")
                return
            body = json.dumps(said if isinstance(asked, list) else said[0]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
            """Nothing: what is asked is the fork's affair."""

    with served(Listener((HOST, 0), Handler)) as url:
        yield url
