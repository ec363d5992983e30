"""A policy with a memory is asked once about a state, and again about the next."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from worlds import build

from keeper.cycle import Keeper
from keeper.observer import Observer
from keeper.planner import PlannerSettings
from keeper.policy import Decision, MarketState
from keeper.policy.once import Once
from keeper.replay.outbox import LocalOutbox
from tandem.plugins import PlugInBrokenError
from tandem.protocol.handles import handles_of
from tandem.terminal.ending import Signalled
from tandem.units import HOUR, UNIT

STATE = MarketState(
    time=0, spot=2_500.0, book_delta=1.0, gamma=1e-3, vega=0.0, hedge=-1.0, residual=0.0,
    hard_band=1.0, min_trigger=0.1, nav=1e6, gross_units=10.0, gas_cost=0.1, realised_vol=0.6,
    sigma_atm=0.6, tau_weighted=0.1,
)  # fmt: skip


@dataclass
class Counting:
    asked: list[int] = field(default_factory=list)

    def decide(self, state: MarketState) -> Decision:
        self.asked.append(state.time)
        return Decision(float(len(self.asked)), "count")


def test_the_same_state_gets_the_same_answer_and_is_asked_about_once() -> None:
    policy = Counting()
    once = Once(policy)
    again = replace(STATE)
    assert [once.decide(s).target_residual for s in (STATE, again, STATE)] == [1.0, 1.0, 1.0]
    later = replace(STATE, time=1)
    assert [once.decide(s).target_residual for s in (later, later)] == [2.0, 2.0]
    assert policy.asked == [0, 1]


@dataclass
class Failing:
    """answer: what it decides, or raises."""

    answer: Any

    def decide(self, state: MarketState) -> Decision:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


NONSENSE = [
    None, "0", 0.0, Decision(math.nan, ""), Decision(math.inf, ""), Decision(10**400, ""),
    Decision("0", ""), Decision(0.0, None), Decision(None, 5), Decision(0.0, b"why"),  # type: ignore[arg-type]
]  # fmt: skip


RAISED = [ValueError("a bug"), SystemExit(0)]


@pytest.mark.parametrize("answer", [*RAISED, *NONSENSE], ids=repr)
def test_a_policy_that_fails_hedges_nothing_and_is_named_once(answer: Any) -> None:
    once = Once(Failing(answer))
    decision = once.decide(STATE)
    assert not decision.acts
    assert "policy Failing" in decision.reason
    with pytest.raises(PlugInBrokenError, match="policy Failing"):
        once.check()
    once.check()
    once.decide(STATE)
    with pytest.raises(PlugInBrokenError):
        once.check()


@pytest.mark.parametrize("why", ["of\nmany\tlines", "\ud800", "\x1b[2J", "long " * 10**5], ids=repr)
def test_a_reason_is_a_line_that_a_journal_takes(why: str) -> None:
    """Half a pair of UTF-16, which no file takes, ended a cycle before its hedge."""
    decision = Once(Failing(Decision(0.0, why))).decide(STATE)
    assert decision.acts
    assert decision.reason.isprintable()
    assert 0 < len(decision.reason.encode()) < 1_000


def test_a_signal_that_comes_while_a_policy_thinks_is_no_failure_of_it() -> None:
    with pytest.raises(Signalled):
        Once(Failing(Signalled(15))).decide(STATE)


def test_what_a_policy_has_no_say_in_is_done_before_its_failure_is_raised() -> None:
    """A bug in somebody's policy stopped settlements, margin and marks too: the keeper did nothing, five
    times, and ended."""
    world = build()
    with world.undone():
        world.mint(world.call(), 5 * UNIT)
        world.engine.advance(HOUR)
        world.push_wad(world.spot)
        outbox = LocalOutbox(world.engine, world.tandem.keeper, lambda *_: None)
        observer = Observer(world.engine, handles_of(world.tandem), PlannerSettings())
        keeper = Keeper(observer, Failing(ValueError("a bug")), outbox)
        before = world.engine.block()
        with pytest.raises(PlugInBrokenError, match="a bug"):
            keeper.cycle()
        assert world.engine.block() > before
