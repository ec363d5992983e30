"""Many calls in one post: of nodes that take them, that answer in part, and that refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from posted_to import posted_to

from tandem.engine import node as node_module
from tandem.engine.node import Node, NodeDownError
from tandem.engine.rpc import RpcError

Asked = dict[str, Any]
HEAD = ("eth_getBlockByNumber", ["latest", False])
CALLS = [("eth_call", [{"data": hex(n)}, "0x64"]) for n in range(1, 4)]
BLOCK = {"number": "0x64", "timestamp": "0x1", "hash": "0x1"}


def answer(asked: Asked) -> Asked:
    """A call gives back what it was given."""
    call = asked["method"] == "eth_call"
    result = f"0x{int(asked['params'][0]['data'], 16):064x}" if call else BLOCK
    return {"jsonrpc": "2.0", "id": asked["id"], "result": result}


class Posts:
    """A node. say: what it answers to many at once, as text; posts: what came, in order."""

    def __init__(self) -> None:
        self.posts: list[Any] = []
        self.say: Callable[[list[Asked]], str] = lambda many: json.dumps([*map(answer, many)])
        self.url, self.status = "", 200

    def take(self, body: bytes) -> bytes:
        asked = json.loads(body)
        self.posts.append(asked)
        said = self.say(asked) if isinstance(asked, list) else json.dumps(answer(asked))
        return said.encode()


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Posts]:
    monkeypatch.setattr(node_module, "FIRST_PAUSE", 0.001)
    found = Posts()
    with posted_to(found):
        yield found


def words(found: list[Any]) -> list[int]:
    return [int(each, 16) for each in found]


def test_all_go_in_one_post_and_a_block_among_them_is_the_nodes_height(posts: Posts) -> None:
    """Else a node whose head is only ever asked in batches would count as one that lags."""
    nodes = Node(posts.url)
    found = nodes.batch([HEAD, *CALLS])
    assert found[0] == BLOCK
    assert words(found[1:]) == [1, 2, 3]
    assert len(posts.posts) == 1
    assert nodes.reports()[0].block == 100


@pytest.mark.parametrize("bad", ["left out", "null", "words", "of another"])
def test_what_is_no_answer_is_asked_alone_and_spoils_no_other(posts: Posts, bad: str) -> None:
    """Of a batch with one bad answer in ten next to nothing would be left, were all of it asked again."""

    def say(many: list[Asked]) -> str:
        said = [answer(each) for each in many]
        if bad == "left out":
            said.pop(1)
        elif bad == "of another":
            said[1]["id"] += 1_000
        else:
            said[1]["result"] = None if bad == "null" else "zz"
        return json.dumps(said)

    posts.say = say
    nodes = Node(posts.url)
    assert words(nodes.batch(CALLS)) == [1, 2, 3]
    assert [isinstance(each, list) for each in posts.posts] == [True, False]
    assert posts.posts[1]["params"] == CALLS[1][1]
    assert nodes.takes_batches


@pytest.mark.parametrize("how", ["an error", "a page"])
def test_a_node_that_takes_no_batches_is_asked_one_by_one_and_not_tried_again_soon(
    posts: Posts, how: str
) -> None:
    """Public nodes refuse them, gateways by a page."""
    refused = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no batches"}}
    posts.say = lambda _: json.dumps(refused) if how == "an error" else "<html>not allowed"
    nodes = Node(posts.url)
    assert nodes.takes_batches
    assert words(nodes.batch(CALLS)) == [1, 2, 3]
    assert not nodes.takes_batches
    posts.posts.clear()
    assert words(nodes.batch(CALLS)) == [1, 2, 3]
    assert [isinstance(each, list) for each in posts.posts] == [False] * 3


def test_what_the_node_refuses_is_an_error_in_its_place(posts: Posts) -> None:
    error = {"code": 3, "message": "execution reverted", "data": "0x"}
    posts.say = lambda many: json.dumps(
        [answer(many[0]), {"id": many[1]["id"], "error": error}, answer(many[2])]
    )
    first, second, third = Node(posts.url).batch(CALLS)
    assert words([first, third]) == [1, 3]
    assert isinstance(second, RpcError)


def test_a_node_that_is_away_is_no_node_that_takes_no_batches(posts: Posts) -> None:
    nodes = Node("http://127.0.0.1:1", timeout=1.0)
    with pytest.raises(NodeDownError):
        nodes.batch(CALLS)
    assert nodes.takes_batches
