"""Threads may share a node and what is attached to it: each has its own answers, and its own block."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from posted_to import posted_to

from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine

HEAD = {"number": "0x9", "timestamp": "0x5", "hash": "0x" + "11" * 32}
THREADS, EACH = 6, 8


class Echo:
    """Answers with what it was asked for."""

    status, url = 200, ""

    def take(self, body: bytes) -> bytes:
        asked = json.loads(body)
        result = f"0x{int(asked['params'][0]['data'], 16):064x}"
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()


def test_threads_that_share_a_node_get_their_own_answers() -> None:
    """They wrote to one connection at once: each got the other's answer, and was told to start the node."""
    echo = Echo()
    with posted_to(echo), ThreadPoolExecutor(THREADS) as pool:
        node = Node(echo.url, timeout=20)

        def ask(place: int) -> list[int]:
            words = range(place * EACH, (place + 1) * EACH)
            found = [node.request("eth_call", [{"data": hex(n)}, "latest"]) for n in words]
            return [int(each, 16) for each in found]

        answers = list(pool.map(ask, range(THREADS)))
        node.close()
    assert answers == [list(range(n * EACH, (n + 1) * EACH)) for n in range(THREADS)]


def test_threads_that_pin_crosswise_leave_nobody_at_an_old_block() -> None:
    """The first to pin let go first, and the second went back to what it had found: all that was asked later,
    by anybody, was of that block for good."""

    def answer(method: str, _: list[Any]) -> Any:
        return HEAD if method == "eth_getBlockByNumber" else "0x1"

    engine, both, gone = RemoteEngine(answer), Barrier(2, timeout=5), Barrier(2, timeout=5)
    tags: list[str] = []

    def first() -> None:
        with engine.pinned(7):
            both.wait()
        gone.wait()

    def second() -> None:
        both.wait()
        assert engine.tag == "latest"
        with engine.pinned(8):
            gone.wait()
            tags.append(engine.tag)
        tags.append(engine.tag)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(first), pool.submit(second)]:
            each.result()
    assert tags == ["0x8", "latest"]
    assert engine.tag == "latest"
