"""Several nodes are one: what does not answer properly is passed over, in bounded time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tandem.engine import node as node_module
from tandem.engine.anvil import free_port
from tandem.engine.endpoint import host_of
from tandem.engine.node import Node, NodeDownError
from tandem.engine.rpc import RpcError
from tandem.errors import ConfigError

GOOD = '{"jsonrpc": "2.0", "id": 1, "result": "0x7"}'
REFUSAL = '{"jsonrpc": "2.0", "id": 1, "error": {"code": 3, "message": "no", "data": "0x01"}}'
Serve = Callable[..., str]


@contextmanager
def server(status: int, body: str, delay: float) -> Iterator[str]:
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            released.wait(delay)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        released.set()
        running.shutdown()
        running.server_close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked again is asked again without a pause: nothing here heals meanwhile."""
    monkeypatch.setattr(node_module, "FIRST_PAUSE", 0.001)


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda status=200, body=GOOD, delay=0.0: stack.enter_context(
            server(status, body, delay)
        )


def test_the_first_node_that_answers_is_kept(serve: Serve) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    good = serve()
    node = Node([dead, good], timeout=2)
    assert node.request("eth_blockNumber") == "0x7"
    assert node.shown == good


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, GOOD),
        (503, GOOD),
        (200, "<html>busy</html>"),
        (200, '{"jsonrpc": "2.0", '),
        (200, "[]"),
    ],
)
def test_what_is_no_answer_is_passed_over(serve: Serve, status: int, body: str) -> None:
    assert Node([serve(status, body), serve()], timeout=2).request("eth_blockNumber") == "0x7"
    with pytest.raises(NodeDownError):
        Node(serve(status, body), timeout=2).request("eth_blockNumber")


def test_a_page_in_the_place_of_an_answer_is_said_to_be_one(serve: Serve) -> None:
    """It said "Expecting value: line 1 column 1 (char 0)", and to start the node."""
    with pytest.raises(NodeDownError, match=r"HTTP 200, and no JSON") as caught:
        Node(serve(200, "<html>busy</html>"), timeout=1).request("eth_blockNumber")
    assert "correct its address" in caught.value.hint


def test_a_node_that_hangs_costs_its_share_of_the_time_and_no_more(serve: Serve) -> None:
    began = time.monotonic()
    assert Node([serve(delay=30.0), serve()], timeout=1.0).request("eth_blockNumber") == "0x7"
    assert time.monotonic() - began < 1.0
    began = time.monotonic()
    with pytest.raises(NodeDownError, match=r"longer than 0\.[0-9]+ s"):
        Node([serve(delay=30.0), serve(delay=30.0)], timeout=1.0).request("eth_blockNumber")
    assert time.monotonic() - began < 1.5


def test_a_refusal_is_the_nodes_word_and_nobody_else_is_asked(serve: Serve) -> None:
    with pytest.raises(RpcError) as caught:
        Node([serve(200, REFUSAL), serve()], timeout=2).request("eth_call")
    assert (caught.value.code, caught.value.data) == (3, "0x01")


def test_an_address_with_a_secret_in_its_path_shows_its_host_alone() -> None:
    url = f"http://127.0.0.1:{free_port()}/v3/topsecret?key=topsecret"
    with pytest.raises(NodeDownError) as caught:
        Node(url, timeout=0.5).request("eth_chainId")
    assert "topsecret" not in str(caught.value)
    assert host_of("https://user:topsecret@node.example/x") == "https://node.example"


@pytest.mark.parametrize("url", ["", "127.0.0.1:8545", "ftp://node.example"])
def test_what_is_no_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a node"):
        Node(url)
    with pytest.raises(ConfigError, match="no node is named"):
        Node([])


@pytest.mark.parametrize("body", ["[" * 900_000, '{"result":' * 900_000])
def test_lists_in_lists_without_end_are_no_answer(serve: Serve, body: str) -> None:
    """They are read by recursion: a RecursionError is no ValueError and ended whoever asked, and where a
    library had raised Python's limit the whole process, without a word."""
    dead = serve(body=body)
    assert Node([dead, serve()], timeout=2).request("eth_blockNumber") == "0x7"
    with pytest.raises(NodeDownError, match="no JSON"):
        Node([dead], timeout=2).request("eth_blockNumber")
