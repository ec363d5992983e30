"""JSON-RPC to the nodes that an operator names: one answers, the others stand by.

A node that refuses, hangs, or answers something that is no JSON-RPC is passed over for the next;
what a node says in proper form, an error included, is its word and is not asked again elsewhere.
Addresses may carry a secret in their path: messages show the host alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from keeper.engine.rpc import RpcError
from keeper.errors import ConfigError, EngineError

BUSY = 429


class NodeDownError(EngineError):
    """No node answers in time."""


class WrongChainError(EngineError):
    """A node is of another chain than the deployment."""


def host_of(url: str) -> str:
    """What may be shown of a node's address: scheme, host and port."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


class _Endpoint:
    """One node, over one connection that is kept."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                f"{url!r} is no address of a node", "it looks like http://127.0.0.1:8545"
            )
        self.shown = host_of(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def post(self, body: str, timeout: float) -> Any:
        """The node's answer, decoded. Raises OSError, HTTPException or ValueError."""
        connection = self._connection
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            connection.close()
            raise
        if response.status == BUSY or response.status >= 500:
            raise ValueError(f"HTTP {response.status}")
        answer = json.loads(content)
        if not isinstance(answer, dict) or not ("result" in answer or "error" in answer):
            raise ValueError("not JSON-RPC")
        return answer

    def close(self) -> None:
        self._connection.close()


class Node:
    """The nodes of one chain, as one."""

    def __init__(self, urls: str | Sequence[str], timeout: float = 20.0) -> None:
        listed = [urls] if isinstance(urls, str) else list(urls)
        if not listed:
            raise ConfigError("no node is named", "set TANDEM_RPC, or pass --rpc URL")
        self._endpoints = [_Endpoint(url) for url in listed]
        self._timeout = timeout
        self._count = 0

    @property
    def shown(self) -> str:
        """The node asked first."""
        return self._endpoints[0].shown

    def request(self, method: str, params: Sequence[Any] = ()) -> Any:
        """One call. Raises RpcError with a node's own refusal, NodeDownError when none answers."""
        self._count += 1
        body = {"jsonrpc": "2.0", "id": self._count, "method": method, "params": list(params)}
        text = json.dumps(body)
        deadline = time.monotonic() + self._timeout
        share = self._timeout / len(self._endpoints)
        faults: list[str] = []
        for endpoint in list(self._endpoints):
            left = min(share, deadline - time.monotonic())
            answer = self._ask(endpoint, text, max(left, 0.05), faults)
            if answer is None:
                continue
            self._prefer(endpoint)
            if "error" in answer:
                raise RpcError(method, answer["error"])
            return answer["result"]
        raise NodeDownError(
            f"no node answers: {'; '.join(faults)}", "start the node, or name another with --rpc"
        )

    def call(self, method: str, *params: Any) -> Any:
        return self.request(method, params)

    def _ask(
        self, endpoint: _Endpoint, text: str, timeout: float, faults: list[str]
    ) -> dict[str, Any] | None:
        """The answer, or None with the fault noted. A connection that went stale is opened again
        once: the node closes those that idle."""
        for attempt in (1, 2):
            try:
                return endpoint.post(text, timeout)
            except TimeoutError:
                faults.append(f"{endpoint.shown} took longer than {timeout:.1f} s")
                return None
            except (ConnectionRefusedError, ValueError) as error:
                faults.append(f"{endpoint.shown}: {error}")
                return None
            except (OSError, HTTPException) as error:
                if attempt == 2:
                    faults.append(f"{endpoint.shown}: {type(error).__name__}")
        return None

    def _prefer(self, endpoint: _Endpoint) -> None:
        """The node that answered is asked first from now on."""
        if self._endpoints[0] is not endpoint:
            self._endpoints.remove(endpoint)
            self._endpoints.insert(0, endpoint)

    def close(self) -> None:
        for endpoint in self._endpoints:
            endpoint.close()
