"""Whose turn it is: markets that are told what is due, on a chain that only counts blocks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import CapturingLogger

from keeper.cycle import Done
from keeper.execution.outbox import Result
from keeper.group import AWAY, Group
from keeper.journal import State
from keeper.metrics import Meter
from keeper.planner import Intent, Kind
from keeper.runner import Runner
from keeper.seat import MOST_FAILURES, Seat
from tandem.errors import EngineError, TandemError
from tandem.plugins import PlugInBrokenError

LATER = Intent(Kind.POST, (), "can wait")
NOW = Intent(Kind.TOP_UP, (), "cannot wait", urgent=True)


@dataclass
class Chain:
    """A block each time it is asked for."""

    number: int = 0
    node: None = None

    def block(self) -> int:
        self.number += 1
        return self.number

    @contextmanager
    def looking(self, calls: Sequence[Any]) -> Iterator[int]:
        del calls
        yield self.number

    def foresee(self, calls: Callable[[], Sequence[Any]]) -> None:
        calls()

    def looked_at_by(self, count: int) -> None:
        """Nothing."""


@dataclass
class Outbox:
    """Mines at once, unless something waits."""

    waiting: list[int] = field(default_factory=list)
    overtakes: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)
    looked: int = 0

    def reconcile(self) -> list[int]:
        self.looked += 1
        return self.waiting

    def may_overtake(self) -> bool:
        return self.overtakes


@dataclass
class Market:
    """What is due in it, and what it raises instead."""

    sender: Outbox
    due_now: list[Intent] = field(default_factory=list)
    raises: BaseException | None = None
    state: State = State.MINED
    observer: Any = None
    account: str = "0x"
    asks: bool = True

    def stop_asking(self) -> None:
        self.asks = False

    def close(self) -> None:
        """Nothing is held."""

    def ahead(self) -> list[Any]:
        return []

    def glance(self, _: str) -> list[Any]:
        return []

    def due(self) -> list[Intent]:
        if self.raises:
            raise self.raises
        return self.due_now


class Street:
    """Three markets of a group, and who acted."""

    def __init__(self, count: int = 3) -> None:
        self.outbox, self.acted, self.log = Outbox(), list[tuple[str, int]](), CapturingLogger()
        self.seats: list[Seat] = []
        self.markets = [Market(self.outbox) for _ in range(count)]
        for place, market in enumerate(self.markets):
            market.observer = market
            meter = Meter()
            runner = Runner(None, 60, self.log, meter)
            keeper = cast("Any", market)
            self.seats.append(Seat(f"m{place}", keeper, meter, runner, self.log))
        shared = Runner(None, 60, self.log)
        self.group = Group(cast("Any", Chain()), self.seats, shared, 60.0, self.act)

    def act(self, seat: Seat, _: int, most: int) -> list[Done]:
        market = cast("Any", seat.keeper)
        self.acted.append((seat.name, most))
        return [Done(each, Result(market.state)) for each in market.due_now[:most]]

    def due(self, *listed: Sequence[Intent]) -> None:
        for market, intents in zip(self.markets, listed, strict=True):
            market.due_now = list(intents)

    def turns(self, count: int) -> list[str]:
        self.acted.clear()
        for _ in range(count):
            self.group.turn()
        return [name for name, _ in self.acted]


def test_what_is_urgent_goes_first_wherever_it_is() -> None:
    street = Street()
    street.due([LATER], [LATER], [LATER, NOW])
    assert street.turns(1)[0] == "m2"


def test_turns_are_taken_where_each_leaves_a_transaction_on_its_way() -> None:
    """A block for each transaction of the key: who had a turn comes last in the next."""
    street = Street()
    street.due([LATER], [LATER], [LATER])
    for market in street.markets:
        market.state = State.SENT
    assert street.turns(6) == ["m0", "m1", "m2", "m0", "m1", "m2"]


@given(st.lists(st.booleans(), min_size=3, max_size=3), st.integers(0, 2))
def test_who_waits_has_a_turn_within_as_many_as_there_are(urgent: list[bool], who: int) -> None:
    """Nobody who can wait is kept out by others who can, however often they have something due."""
    street = Street()
    street.due(*([LATER] for _ in urgent))
    for market in street.markets:
        market.state = State.SENT
    street.turns(who)
    assert f"m{who}" in street.turns(3)


def test_while_others_wait_a_turn_is_one_transaction() -> None:
    street = Street()
    street.due([LATER, LATER], [LATER], [])
    street.turns(1)
    assert street.acted == [("m0", 1), ("m1", 1)]
    street.due([LATER, LATER], [], [])
    street.turns(1)
    (turn,) = street.acted
    assert turn[0] == "m0"
    assert turn[1] > 1


def test_nothing_is_sent_while_something_is_on_its_way_but_what_may_overtake() -> None:
    street = Street()
    street.outbox.waiting = [1]
    street.due([LATER], [NOW], [LATER])
    assert street.turns(2) == []
    street.outbox.overtakes = True
    assert street.turns(1) == ["m1"]


def test_what_was_sent_is_looked_after_though_nothing_is_due() -> None:
    street = Street()
    assert street.turns(3) == []
    assert street.outbox.looked == 3


def test_one_that_cannot_be_read_rests_and_the_others_go_on() -> None:
    street = Street()
    street.due([LATER], [LATER], [LATER])
    street.markets[0].raises = EngineError("its oracle is gone", "")
    assert street.turns(1) == ["m1", "m2"]
    street.markets[0].raises = None
    assert street.turns(1) == ["m1", "m2"], "it rests"
    street.seats[0].rests_until = 0.0
    assert set(street.turns(1)) == {"m0", "m1", "m2"}


def test_one_that_halts_ends_alone_and_the_last_one_ends_the_group() -> None:
    street = Street()
    street.due([LATER], [LATER], [LATER])
    told: list[str] = []
    street.group.halted = lambda seat: told.append(seat.name)
    street.markets[1].raises = TandemError("other code stands there", "look")
    assert sorted(street.turns(2)) == ["m0", "m0", "m2", "m2"]
    assert told == ["m1"]
    assert [market.asks for market in street.markets] == [True, False, True]
    street.markets[0].raises = street.markets[2].raises = TandemError("here too", "look")
    with pytest.raises(TandemError, match="here too"):
        street.group.turn()
    assert told == ["m1", "m0", "m2"]


def test_what_nobody_foresaw_in_one_market_is_told_and_gives_it_up_after_a_while() -> None:
    street = Street()
    street.due([], [LATER], [])
    street.markets[0].raises = ZeroDivisionError()
    for _ in range(MOST_FAILURES + 1):
        street.seats[0].rests_until = 0.0
        assert street.turns(1) == ["m1"]
    assert street.seats[0].halted is not None
    assert any(call.method_name == "exception" for call in street.log.calls)


def test_a_node_that_is_away_is_not_asked_once_for_each_market() -> None:
    street = Street(20)
    for market in street.markets:
        market.raises = EngineError("no node answers", "")
    street.turns(1)
    assert sum(seat.failures for seat in street.seats) == AWAY


def test_a_market_alone_is_given_up_by_the_same_rule_as_one_of_several() -> None:
    """The first thing that nobody foresaw ended the process, with a traceback and nobody told."""
    street, met = Street(1), list[int]()

    def act(_: Seat, block: int, __: int) -> list[Done]:
        met.append(block)
        raise ZeroDivisionError

    street.group.act = act
    for _ in range(MOST_FAILURES):
        street.group.turn()
    assert (met, street.seats[0].block) == ([1, 2, 3], -1)
    with pytest.raises(TandemError, match="too many cycles failed in a row: ZeroDivisionError"):
        street.group.turn()
    assert [call.method_name for call in street.log.calls] == ["exception"] * (MOST_FAILURES + 1)


@pytest.mark.parametrize(
    "fault", [ZeroDivisionError(), PlugInBrokenError("the policy Mine answers nan", "repair it")]
)
def test_a_market_alone_that_fails_now_and_then_is_kept(fault: Exception) -> None:
    """A policy that answered no number at one state ended the keeper at once, and with it margin."""
    street, met = Street(1), list[int]()

    def act(_: Seat, block: int, __: int) -> list[Done]:
        met.append(block)
        if block % 3:
            raise fault
        return []

    street.group.act = act
    for _ in range(4 * MOST_FAILURES):
        street.group.turn()
    assert street.seats[0].halted is None
    assert street.seats[0].block == 4 * MOST_FAILURES


def test_one_that_cannot_be_read_rests_twice_as_long_each_time_and_a_minute_at_the_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("keeper.seat.time.monotonic", lambda: 0.0)
    street = Street(1)
    street.markets[0].raises = EngineError("its oracle is gone", "")
    (seat,) = street.seats
    rests = list[float]()
    for _ in range(8):
        seat.look()
        rests.append(seat.rests_until)
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60]


def test_once_tries_all_and_raises_what_failed_first() -> None:
    street, tried = Street(), list[str]()

    def act(seat: Seat, _: int, __: int) -> list[Done]:
        tried.append(seat.name)
        if seat.name != "m0":
            raise TandemError(f"{seat.name} is off", "look")
        return []

    street.group.act = act
    with pytest.raises(TandemError, match="m1 is off"):
        street.group.once()
    assert tried == ["m0", "m1", "m2"]
