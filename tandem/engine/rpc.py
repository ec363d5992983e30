"""JSON-RPC over one kept-alive connection to the loopback interface."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any

from tandem.engine.base import Outcome
from tandem.errors import EngineError
from tandem.foreign import plain

HEX = re.compile("(0x)?([0-9a-fA-F]{2})*")
"""What a contract gave back; other words in that place are the node's."""
MOST_WORDS = 500
"""Characters that are shown of what a node says went wrong."""


class Rpc:
    """Calls and batches of calls. Errors become `EngineError` with the node's own words."""

    def __init__(self, host: str, port: int, timeout: float = 120.0) -> None:
        self.url = f"http://{host}:{port}"
        self._connection = HTTPConnection(host, port, timeout=timeout)

    def call(self, method: str, *params: Any) -> Any:
        return self.batch([(method, params)])[0]

    def batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """All calls in one POST; results in order."""
        body = [
            {"jsonrpc": "2.0", "id": place, "method": method, "params": list(params)}
            for place, (method, params) in enumerate(calls)
        ]
        answers = self._post(json.dumps(body if len(body) > 1 else body[0]))
        results: list[Any] = [None] * len(calls)
        for answer in answers if isinstance(answers, list) else [answers]:
            if "error" in answer:
                raise RpcError(calls[answer.get("id") or 0][0], answer["error"])
            results[answer["id"]] = answer["result"]
        return results

    def _post(self, body: str) -> Any:
        try:
            if self._connection.sock is None:
                self._connection.connect()
                stream: socket.socket = self._connection.sock  # pyright: ignore[reportAssignmentType]
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.request(
                "POST", "/", body, {"Content-Type": "application/json", "Connection": "keep-alive"}
            )
            return json.loads(self._connection.getresponse().read())
        except (OSError, HTTPException, ValueError) as error:
            self._connection.close()
            raise EngineError(
                f"the node at {self.url} does not answer: {error!r}", "start it again"
            ) from error

    def close(self) -> None:
        self._connection.close()


class RpcError(EngineError):
    """The node refused a request."""

    def __init__(self, method: str, error: Any) -> None:
        known: dict[str, Any] = error if isinstance(error, dict) else {}
        super().__init__(
            f"{method}: {plain(str(known.get('message', error)), MOST_WORDS)}",
            "this is the node's own word: ask its operator, or name another with --rpc",
        )
        self.code: int = known.get("code", 0)
        self.data: Any = known.get("data")


def refusal(error: RpcError) -> Outcome:
    """What a call that the contract refused came back with. Raises any other error again."""
    if isinstance(error.data, str) and HEX.fullmatch(error.data):
        return Outcome(False, bytes.fromhex(error.data.removeprefix("0x")), 0)
    if "revert" in error.message.lower():
        return Outcome(False, b"", 0)
    raise error
