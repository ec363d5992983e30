"""Nodes that take one question in a post: asked many at the same time, and fewer where they refuse some."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from posted_to import posted_to

from tandem.engine import node as node_module
from tandem.engine import side_by_side
from tandem.engine.node import Node, NodeDownError
from tandem.engine.side_by_side import LINES

Asked = dict[str, Any]
REFUSED = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no batches"}}
BUSY = {"code": -32005, "message": "limit exceeded"}
CALLS = [("eth_call", [{"data": hex(n)}, "0x64"]) for n in range(1, 11)]
WORDS = list(range(1, 11))


class Single:
    """A node. meet: what each question waits for; most: of those that it answers at the same time; held, met:
    how many it holds now, and held at the most; asked: the methods, in order."""

    def __init__(self) -> None:
        self.meet: Callable[[], object] = lambda: None
        self.most, self.held, self.met, self.url = 1_000, 0, 0, ""
        self.asked: list[str] = []
        self.status = 200
        self._lock = threading.Lock()

    def take(self, body: bytes) -> bytes:
        asked = json.loads(body)
        if isinstance(asked, list):
            return json.dumps(REFUSED).encode()
        with self._lock:
            self.asked.append(asked["method"])
            self.held += 1
            self.met, is_busy = max(self.met, self.held), self.held > self.most
        try:
            self.meet()
        finally:
            with self._lock:
                self.held -= 1
        said = {"error": BUSY} if is_busy else {"result": self.say(asked)}
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], **said}).encode()

    def say(self, asked: Asked) -> str:
        if asked["method"] == "eth_call":
            return f"0x{int(asked['params'][0]['data'], 16):064x}"
        return "0x1"


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> Iterator[Single]:
    monkeypatch.setattr(node_module, "FIRST_PAUSE", 0.001)
    found = Single()
    with posted_to(found):
        yield found


def words(found: list[Any]) -> list[int]:
    return [int(each, 16) for each in found]


def test_a_node_without_batches_is_asked_all_at_the_same_time(single: Single) -> None:
    """None of them is answered before all have come: one by one they would wait for each other."""
    single.meet = threading.Barrier(len(CALLS), timeout=5).wait
    assert words(Node(single.url, timeout=8).batch(CALLS)) == WORDS
    assert single.met == len(CALLS)
    assert len(single.asked) == len(CALLS), "and nothing twice"


def test_no_more_go_at_the_same_time_than_there_are_lines(
    single: Single, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "LINES", 3)
    single.meet = lambda: time.sleep(0.01)
    assert words(Node(single.url).batch(CALLS)) == WORDS
    assert single.met == 3


def test_a_node_that_answers_only_some_at_a_time_is_asked_fewer_and_all_is_answered(
    single: Single,
) -> None:
    """What it refused is asked one by one, and the next time half as many go at once."""
    single.most, single.meet = 5, lambda: time.sleep(0.1)
    nodes = Node(single.url)
    assert words(nodes.batch(CALLS)) == WORDS
    seen = list[int]()
    for _ in range(4):
        single.met = 0
        assert words(nodes.batch(CALLS)) == WORDS
        seen.append(single.met)
    assert seen[0] <= LINES // 2
    assert seen[-1] <= 5
    assert nodes.takes_many


def test_a_node_that_takes_one_at_a_time_is_asked_one_by_one(single: Single) -> None:
    single.most, single.meet = 1, lambda: time.sleep(0.02)
    nodes = Node(single.url)
    for _ in range(6):
        assert words(nodes.batch(CALLS)) == WORDS
    assert not nodes.takes_many
    single.met = 0
    assert words(nodes.batch(CALLS)) == WORDS
    assert single.met == 1


def test_what_is_no_read_keeps_its_order(single: Single) -> None:
    single.meet = lambda: time.sleep(0.01)
    asked: list[tuple[str, list[Any]]] = [("eth_sendRawTransaction", ["0x"]), ("eth_gasPrice", [])]
    Node(single.url).batch([*asked, *asked])
    assert single.met == 1
    assert single.asked == [name for name, _ in (*asked, *asked)]


def test_of_another_chain_nothing_is_heard(single: Single) -> None:
    """The first question of all is which chain it is of, whoever asks."""
    nodes = Node(single.url, chain_id=7)
    with pytest.raises(Exception, match="chain 1, the deployment is on 7"):
        nodes.batch(CALLS)
    assert set(single.asked) == {"eth_chainId"}


def test_one_that_says_nothing_is_waited_for_no_longer_than_its_time(single: Single) -> None:
    over = threading.Event()
    nodes = Node(single.url, timeout=0.6)
    assert words(nodes.batch(CALLS)) == WORDS
    single.meet = lambda: over.wait(10)
    began = time.monotonic()
    with pytest.raises(NodeDownError):
        nodes.batch(CALLS)
    over.set()
    assert time.monotonic() - began < 2.5


def test_who_is_told_to_end_waits_for_none_of_them(single: Single) -> None:
    over = threading.Event()
    nodes = Node(single.url)
    assert words(nodes.batch(CALLS)) == WORDS
    single.meet = lambda: over.wait(10)
    began = time.monotonic()
    nodes.hurry(0.3)
    with pytest.raises(NodeDownError):
        nodes.batch(CALLS)
    over.set()
    assert time.monotonic() - began < 2
