"""A state of a block that is final is asked for once; it counts while the chain has that block."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from keeper.report import kept, session
from keeper.report.reading import PastStateError
from tandem.engine.node import Node
from tandem.engine.rpc import RpcError

from .conftest import Lived, Request, keeping, shown

pytestmark = pytest.mark.long


class Asked:
    """What a node was asked of past states, by block; and for heads. forgets: up to which it has none."""

    def __init__(self, forgets: int = -1) -> None:
        self.states, self.heads, self._forgets = Counter[int](), 0, forgets

    def __call__(self, ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == "eth_call" and params[-1] != "latest":
                block = int(params[-1], 16)
                if block <= self._forgets:
                    raise RpcError(method, {"code": -32000, "message": "missing trie node"})
                self.states[block] += 1
            self.heads += method == "eth_getBlockByNumber"
            return ask(method, params)

        return request


def final(lived: Lived) -> int:
    return int(Node(lived.url).request("eth_getBlockByNumber", ["finalized", False])["number"], 16)


@pytest.mark.parametrize("at_once", [7, 50])
def test_a_second_report_asks_for_states_that_are_not_final_alone_and_says_the_same(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(kept, "AT_ONCE", at_once)
    path, last = tmp_path / "market.sqlite", final(lived)
    bare = shown(lived.chain(), lived)
    first, second, anew = Asked(), Asked(), Asked()
    assert shown(keeping(lived, path, first), lived) == bare
    assert shown(keeping(lived, path, second), lived) == bare
    known = {block for block in first.states if block <= last}
    assert len(known) > 30
    assert {*second.states} & known == set()
    assert {*second.states} == {block for block in first.states if block > last}
    assert second.heads <= first.heads + len(known) // 7
    assert shown(keeping(lived, path, anew, anew=True), lived) == bare
    assert anew.states == first.states


def test_a_node_without_past_states_tells_causes_by_what_was_kept(
    lived: Lived, tmp_path: Path
) -> None:
    path, last = tmp_path / "market.sqlite", final(lived)
    bare = shown(keeping(lived, path, Asked()), lived)
    assert shown(keeping(lived, path, Asked(forgets=last)), lived) == bare
    with pytest.raises(PastStateError):
        lived.chain(Asked(forgets=last)).state(lived.span.first)


def test_what_is_not_what_it_was_is_asked_again(lived: Lived, tmp_path: Path) -> None:
    """Another block by now, a row that is none, one that lacks an answer: each as if it were not there."""
    path = tmp_path / "market.sqlite"
    bare = shown(keeping(lived, path, Asked()), lived)
    with closing(sqlite3.connect(path)) as db, db:
        blocks = [row[0] for row in db.execute("SELECT block FROM states ORDER BY block")]
        spoilt = blocks[3:60:9]
        other, broken, *lacking = spoilt
        db.execute("UPDATE states SET hash = '0x00' WHERE block = ?", (other,))
        db.execute("UPDATE states SET answers = x'00' WHERE block = ?", (broken,))
        for block in lacking:
            (told,) = db.execute("SELECT answers FROM states WHERE block = ?", (block,)).fetchone()
            db.execute("UPDATE states SET answers = ? WHERE block = ?", (told[:-1], block))
    again, after = Asked(), Asked()
    assert shown(keeping(lived, path, again), lived) == bare
    assert {*spoilt} == {block for block in again.states if block <= final(lived)}
    assert shown(keeping(lived, path, after), lived) == bare
    assert {*after.states} & {*spoilt} == set(), "what was asked again is kept"


def test_states_around_a_stretch_that_was_left_out_are_asked_again(
    lived: Lived, tmp_path: Path
) -> None:
    """Whichever of them a node got wrong."""
    path = tmp_path / "market.sqlite"
    shown(keeping(lived, path, Asked()), lived)
    states = keeping(lived, path, Asked()).kept
    assert states is not None
    with closing(sqlite3.connect(path)) as db:
        blocks = [row[0] for row in db.execute("SELECT block FROM states ORDER BY block")]
    low, high = blocks[10], blocks[14]
    assert all(states.answers(block) for block in blocks[9:16])
    states.forget(low + 1, high)
    assert not any(states.answers(block) for block in blocks[10:15])
    assert states.answers(blocks[9])
    assert states.answers(blocks[15])


def test_what_is_read_is_kept_though_a_report_is_ended(lived: Lived, tmp_path: Path) -> None:
    path, asked = tmp_path / "market.sqlite", Asked()
    chain = keeping(lived, path, asked)
    seen = list[int]()

    def stops() -> bool:
        return len(asked.states) > 20

    told = session.tell(chain, 0, lived.span, session.Watch(seen.append, stops))
    assert not told.complete
    again = Asked()
    shown(keeping(lived, path, again), lived)
    assert {*again.states} & {*asked.states} == set()
