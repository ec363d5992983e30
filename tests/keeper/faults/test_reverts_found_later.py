"""FAULTS 20: "retried only if it can succeed; at most k times", also where a cycle ends before its act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from listening import Said

from keeper.cycle import Keeper
from keeper.execution.outbox import Result
from keeper.execution.reverts import FIRST_HOLD, MOST_REVERTS
from keeper.execution.sender import Sender
from keeper.journal import State
from keeper.planner import Kind


@pytest.fixture
def slow(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], dict[int, State]]:
    """Nothing is mined while a cycle waits; afterwards each act is what it is said to be. What was sent."""
    sender, sent, became = keeper.sender, list[str](), dict[int, State]()
    assert isinstance(sender, Sender)

    def send(kind: str, *_: Any, **__: Any) -> Result:
        sent.append(kind)
        became[len(sent)] = State.SENT
        return Result(State.SENT, "not in a block yet", len(sent), "0x")

    def reconcile() -> Sequence[Any]:
        return [a for a, state in became.items() if state is State.SENT]

    monkeypatch.setattr(sender, "send", send)
    monkeypatch.setattr(sender, "reconcile", reconcile)
    monkeypatch.setattr(sender, "state_of", became.__getitem__)
    return sent, became


def test_what_reverts_a_block_later_is_counted_too(
    keeper: Keeper, market: Any, heard: Said, slow: tuple[list[str], dict[int, State]]
) -> None:
    """It was sent, and paid for, in every block: only what a cycle had seen itself was counted."""
    sent, became = slow
    observer = keeper.observer
    observer.settings = replace(observer.settings, gate=False, mark_seconds=0, rebalance=False)
    market.engine.advance(700)
    for _ in range(MOST_REVERTS + 3):
        keeper.cycle()
        for action in became:
            became[action] = State.REVERTED
        market.engine.advance(2)
    assert sent == [Kind.POST] * MOST_REVERTS
    assert heard.warned.count("reverted again and again: not tried for now") == 1
    market.engine.advance(FIRST_HOLD)
    keeper.cycle()
    assert len(sent) == MOST_REVERTS + 1
    became[len(sent)] = State.MINED
    market.engine.advance(2)
    keeper.cycle()
    assert len(sent) == MOST_REVERTS + 2  # what was mined ends the row
