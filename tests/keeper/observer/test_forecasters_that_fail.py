"""What a forecaster of another package fails with: named, and nobody's hedge, margin or exit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pytest
from worlds import build

from keeper.before import Before
from keeper.cycle import Keeper
from keeper.observer import Observer
from keeper.planner import PlannerSettings
from keeper.policy import Decision, MarketState
from keeper.replay.outbox import LocalOutbox
from tandem.plugins import PlugInBrokenError
from tandem.protocol.handles import handles_of
from tandem.units import HOUR, UNIT

START = 0.6


@dataclass
class Failing:
    """answers: what it says one after the other, or raises; the last of them for good."""

    answers: list[Any]
    start: float = START
    told: list[tuple[int, float]] = field(default_factory=list)

    def update(self, time: int, price: float) -> float:
        self.told.append((time, price))
        answer = self.answers[min(len(self.told), len(self.answers)) - 1]
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.mark.parametrize(
    "answer", [ValueError("a bug"), SystemExit(0), None, "0.5", math.nan, math.inf, -0.1], ids=repr
)
def test_it_is_named_and_what_was_said_before_stands(answer: Any) -> None:
    before, forecaster = Before(), Failing([0.7, answer, 0.8])
    assert before.tell(forecaster, 0, 2_500.0) == 0.7
    before.check()
    assert before.tell(forecaster, 60, 2_510.0) == 0.7
    with pytest.raises(PlugInBrokenError, match="forecaster Failing"):
        before.check()
    before.check()
    assert before.tell(forecaster, 120, 2_520.0) == 0.8
    before.check()
    assert [time for time, _ in forecaster.told] == [0, 60, 120]


def test_one_that_never_says_anything_leaves_what_it_starts_from() -> None:
    before = Before()
    assert before.tell(Failing([math.nan]), 0, 2_500.0) == START


class Idle:
    def decide(self, state: MarketState) -> Decision:
        return Decision(None, "idle")


def test_what_it_has_no_say_in_is_done_before_its_failure_is_raised() -> None:
    """A forecaster that raised ended the cycle while it was planned: no settlement and no margin either."""
    world = build()
    world.mint(world.call(), 5 * UNIT)
    world.engine.advance(HOUR)
    world.push_wad(world.spot)
    outbox = LocalOutbox(world.engine, world.tandem.keeper, lambda *_: None)
    failing = Failing([ValueError("a bug")])
    handles = handles_of(world.tandem)
    observer = Observer(world.engine, handles, PlannerSettings(), forecaster=failing)
    before = world.engine.block()
    with pytest.raises(PlugInBrokenError, match="a bug"):
        Keeper(observer, Idle(), outbox).cycle()
    assert world.engine.block() > before
