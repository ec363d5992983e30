"""An address of a node may carry a key: no message shows it, whatever is wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tandem.engine.endpoint import host_of
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError, EngineError, TandemError

SECRET = "k3yTHATisSECRET"


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{SECRET}@127.0.0.1:99999",
        f"http://127.0.0.1:0/{SECRET}",
        f"http://127.0.0.1:port/{SECRET}",
        f"http://[::1/{SECRET}",
        f"ftp://127.0.0.1/{SECRET}",
        f"https:///{SECRET}",
        SECRET,
    ],
)
def test_what_is_no_address_is_refused_without_being_shown(url: str) -> None:
    for use in (Node, host_of):
        with pytest.raises(ConfigError) as caught:
            use(url)
        assert SECRET not in str(caught.value)
        assert "a port from 1 to 65535" in caught.value.hint
        assert caught.value.__cause__ is None


class Gossip(BaseHTTPRequestHandler):
    """A node that repeats what it was asked with."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        said = {"code": -32_000, "message": f"no quota for key {self.path}", "data": self.path}
        answer = self.server.answer or {"jsonrpc": "2.0", "id": 1, "error": said}  # type: ignore[attr-defined]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gossip() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Gossip)
    server.answer = None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("tail", [f"v3/{SECRET}", f"?apikey={SECRET}"])
def test_a_node_that_repeats_the_key_is_not_repeated(gossip: HTTPServer, tail: str) -> None:
    node = Node(f"http://127.0.0.1:{gossip.server_port}/{tail}")
    with pytest.raises(EngineError) as caught:
        node.request("eth_chainId")
    node.close()
    assert "no quota for key" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert SECRET not in str(vars(caught.value))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "answer", [{"result": None}, {"result": "x"}, {"result": [1]}, {"error": "busy"}, {"error": []}]
)
def test_what_is_no_ethereum_node_is_named(gossip: HTTPServer, answer: object) -> None:
    gossip.answer = answer  # type: ignore[attr-defined]
    node = Node(f"http://127.0.0.1:{gossip.server_port}")
    with pytest.raises(TandemError) as caught:
        RemoteEngine(node.request)
    node.close()
    assert caught.value.hint
