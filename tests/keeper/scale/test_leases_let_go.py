"""Leases of markets that cannot be read, markets that are nobody's, and a database that is slow or hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from keeper.alerts.memory import Memory
from keeper.alerts.rules import rules, windows
from keeper.markets import crews
from keeper.sharing import ASK_SECONDS, RESTS, Leases, connector
from keeper.tables import FeeTable
from scale.conftest import Clock, Keeping
from scale.slow import Way, way
from scale.street import Street
from tandem.engine.node import NodeDownError

NAMES = ("a", "b", "c", "d")
AWAY = 60.0
LONG = 600.0
"""A lease's."""


@pytest.fixture
def process(database: str) -> Iterator[Callable[..., Leases]]:
    """One more of those that share the markets."""
    made: list[Leases] = []

    def begin(url: str = database, **more: Any) -> Leases:
        made.append(Leases(connector(url), NAMES, LONG, **({"away": AWAY} | more)))
        return made[-1]

    yield begin
    for each in made:
        each.close()


@pytest.fixture
def slow(database: str) -> Iterator[Way]:
    with way(database) as made:
        yield made


Begin = Callable[..., Leases]


def held(leases: Leases) -> set[str]:
    return {name for name in NAMES if leases.holds(name)}


def test_a_process_whose_nodes_are_away_lets_go_after_a_bound_and_comes_back(
    process: Begin,
) -> None:
    """It renewed its leases for as long as it lived, and the other had no word of it."""
    clock = Clock()
    one, two = process(clock=clock), process(clock=clock)
    one.beat()
    two.beat()
    for leases in (one, two) * 2:
        leases.looked(NAMES)
        leases.beat()
    assert len(held(one)) == len(held(two)) == 2
    clock.now += AWAY - 1
    two.looked(NAMES)
    one.beat()
    assert len(held(one)) == 2, "not yet"
    clock.now += 1
    one.beat()
    two.beat()
    assert held(one) == set()
    assert held(two) == set(NAMES), "all of them: who keeps none has no share"
    one.looked(NAMES)  # its node is there again
    for leases in (one, two, one):
        leases.beat()
    assert len(held(one)) == len(held(two)) == 2


def test_one_market_that_cannot_be_read_here_is_left_to_others_for_a_while(
    process: Begin,
) -> None:
    clock = Clock()
    one, two = process(clock=clock), process(clock=clock)
    one.beat()
    clock.now += AWAY
    one.looked(["b", "c", "d"], ["a"])
    one.beat()
    assert held(one) == {"b", "c", "d"}
    two.looked(NAMES)
    two.beat()
    assert "a" in held(two)
    two.leave(NAMES)
    two.beat()
    one.looked(NAMES)
    one.beat()
    assert "a" not in held(one), "the node answered all along: that it does proves nothing"
    clock.now += RESTS * AWAY
    one.looked(NAMES)
    one.beat()
    assert "a" in held(one)


def test_what_nobody_keeps_is_told_by_whoever_looks(process: Begin) -> None:
    """An alert once it has been so for two minutes, whether nobody takes it or the database is away."""
    clock = Clock()
    one, two = process(clock=clock, away=LONG), process(clock=clock, away=LONG)
    one.beat()
    two.beat()
    one.leave(["a"])
    clock.now += 130.0
    two.leave(["a"])
    one.beat()
    assert two.unkept("b") == 130.0
    two.beat()
    assert [two.unkept(name) for name in NAMES] == [130.0, 0.0, 0.0, 0.0]
    assert one.unkept("b") == 0.0
    (rule,) = [each for each in rules(FeeTable()) if each.name == "TandemNobodyKeeps"]
    memory = Memory(windows([rule]))
    for seconds, told in ((0.0, {}), (119.0, {}), (130.0, {"": 130.0})):
        memory.add(0.0, {("tandem_unkept_seconds", ()): seconds})
        assert rule.broken(memory) == told
    two.connect = connector("postgresql://127.0.0.1:1/nowhere")
    two._beats.close()
    clock.now += 200.0
    two.beat()
    assert two.unkept("b") == 200.0


def test_a_database_that_hangs_holds_up_nobody_and_is_left(process: Begin, slow: Way) -> None:
    """Its connection stays open and says nothing: neither a time of its own nor TCP's ends that."""
    one = process(slow.url)
    one.beat()
    assert one.may_send("a")
    slow.hang()
    beating = threading.Thread(target=one.beat, daemon=True)
    beating.start()
    began = time.monotonic()
    assert not one.may_send("a"), "nothing is sent on a word that is not there"
    assert time.monotonic() - began < ASK_SECONDS + 0.5
    began = time.monotonic()
    assert not any(one.may_send(name) for name in NAMES)
    assert time.monotonic() - began < 0.2, "it is not waited for once for each market"
    slow.go_on()
    beating.join(10)
    time.sleep(ASK_SECONDS)
    assert one.may_send("a")


def test_what_leaves_does_not_wait_for_what_is_renewed(process: Begin, slow: Way) -> None:
    one = process(slow.url)
    one.beat()
    assert one.may_send("a")
    slow.delay = 0.2
    beating = threading.Thread(target=one.beat)
    beating.start()
    time.sleep(0.05)
    began = time.monotonic()
    assert one.may_send("a")
    assert time.monotonic() - began < 0.6
    assert beating.is_alive()
    beating.join(30)


def test_a_beat_that_hangs_ends_within_half_a_lease(database: str, slow: Way) -> None:
    """And the next one finds the database."""
    one = Leases(connector(slow.url), NAMES, 2.0)
    one.beat()
    slow.hang()
    began = time.monotonic()
    one.beat()
    assert time.monotonic() - began < 1.0
    slow.go_on()
    one.beat()
    assert held(one) == set(NAMES)
    one.close()


def test_a_round_goes_on_where_the_database_hangs(
    keeping: Keeping, three: Street, slow: Way
) -> None:
    """Everything is looked at, nothing is sent, and it takes no longer than a word's time."""
    process, group = keeping.process, keeping.group
    (crew,) = crews(process.settings)
    leases = Leases(connector(slow.url), [one.lease for one in crew.markets], LONG)
    leases.beat()
    keys = {one.name: one.lease for one in crew.markets}
    sender: Any = group.seats[0].keeper.sender
    sender.may_send = lambda market: leases.may_send(keys[market])
    group.mine = lambda seat: leases.holds(keys[seat.name])
    three.passes(700)
    slow.hang()
    before = three.markets[0].nonce()
    began = time.monotonic()
    group.turn()
    assert time.monotonic() - began < ASK_SECONDS + 3
    assert all(seat.block >= 0 and not seat.failures for seat in group.seats)
    assert three.markets[0].nonce() == before
    slow.go_on()
    time.sleep(ASK_SECONDS)
    three.passes(5)
    group.turn()
    assert three.markets[0].nonce() > before
    leases.close()


def test_a_group_tells_what_it_could_read_and_who_gave_up_does_not_call_it_kept(
    keeping: Keeping, three: Street, database: str
) -> None:
    """As `tandem run` has it: a node that says nothing ends in leases that are others' to take."""
    process, group = keeping.process, keeping.group
    (crew,) = crews(process.settings)
    clock = Clock()
    keys = {one.name: one.lease for one in crew.markets}
    leases = Leases(connector(database), list(keys.values()), LONG, clock=clock, away=AWAY)
    group.share(leases, keys)
    leases.beat()
    group.turn()
    clock.now += AWAY - 1
    group.turn()
    clock.now += AWAY - 1
    leases.beat()
    assert all(leases.holds(key) for key in leases.markets), "a round said that they can be read"
    node = group.engine.node
    assert node is not None
    group.engine.block = _away  # pyright: ignore[reportAttributeAccessIssue]
    clock.now += AWAY
    group.turn()
    leases.beat()
    assert not any(leases.holds(key) for key in leases.markets)
    group.turn()
    assert all(seat.meter.is_elsewhere for seat in group.seats)
    leases.close()


def _away() -> int:
    raise NodeDownError("no node answers", "wait")
