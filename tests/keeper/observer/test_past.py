"""What a feed said before now is read from its own rounds, as far back as it keeps them, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from keeper import past as module
from keeper.past import TOGETHER, Past
from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Call
from tandem.errors import EngineError
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Round
from tandem.units import DAY, HOUR

START = 1_800_000_000
KEPT = 512
"""Rounds that this feed has of a phase."""


@pytest.fixture
def feed() -> Iterator[PriceFeed]:
    with open_engine("pyrevm", timestamp=START) as engine:
        yield PriceFeed.of(engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD"))


def said(feed: PriceFeed, prices: Sequence[float], every: int = 60) -> list[tuple[int, float]]:
    """Each price, and when it was pushed."""
    told: list[tuple[int, float]] = []
    for price in prices:
        at = feed.engine.now() + every
        feed.engine.set_time(at - 1)
        feed.send("push", round(price * 10**8), sender=feed.engine.accounts[0])
        told.append((at, price))
    return told


def read(feed: PriceFeed, since: int = 0) -> list[tuple[int, float]]:
    """All of it."""
    past = Past(feed, since)
    past.read(60.0)
    assert past.is_whole
    return past.prices(feed.engine.now())


@pytest.mark.parametrize("count", [1, 2, TOGETHER, TOGETHER + 1, TOGETHER + 2, 3 * TOGETHER])
def test_each_round_is_read_once_in_the_order_of_time(feed: PriceFeed, count: int) -> None:
    told = said(feed, [2_500 + n / 4 for n in range(count)])
    assert read(feed) == told


def test_from_a_moment_on(feed: PriceFeed) -> None:
    told = said(feed, [2_500 + n for n in range(200)])
    for n in (0, 1, 100, 199):
        assert read(feed, told[n][0]) == told[n:]
        assert read(feed, told[n][0] + 1) == told[n + 1 :]


@pytest.mark.parametrize("zeros", [True, False])
def test_a_feed_that_keeps_no_more_ends_it(feed: PriceFeed, zeros: bool) -> None:
    """What is not there reverts, or says zeros."""
    feed.send("answer_zeros", zeros, sender=feed.engine.accounts[0])
    told = said(feed, [2_500 + n / 100 for n in range(KEPT + 90)])
    assert read(feed) == told[-KEPT:]


@pytest.mark.parametrize("count", [1, 2, 7, 8, TOGETHER, 3 * TOGETHER + 5, 400])
def test_of_earlier_phases_too(feed: PriceFeed, count: int) -> None:
    """Each as long as it was the feed's; however many rounds it has, its last one is found."""
    told = said(feed, [2_000.0 + n for n in range(3)])
    feed.send("next_phase", sender=feed.engine.accounts[0])
    told += said(feed, [2_500 + n / 4 for n in range(count)])
    feed.send("next_phase", sender=feed.engine.accounts[0])
    assert read(feed) == []  # the feed says nothing
    told += said(feed, [2_600.0, 2_601.0])
    assert read(feed) == told
    assert read(feed, told[5][0]) == told[5:]


def test_what_an_earlier_phase_says_later_is_nobodys_price(feed: PriceFeed) -> None:
    """It goes on beside the new one, and nobody reads it there."""
    told, owner = said(feed, [2_000.0, 2_001.0]), feed.engine.accounts[0]
    feed.send("next_phase", sender=owner)
    told += said(feed, [2_500.0, 2_501.0])
    for number, late in ((3, 0), (4, 30)):
        feed.send(
            "set_round", 1 << 64 | number, 9 * 10**11, *[told[2][0] + late] * 2, 1 << 64 | number,
            sender=owner,
        )  # fmt: skip
    assert read(feed) == told


def test_a_phase_that_keeps_none_of_its_first_rounds_ends_it(feed: PriceFeed) -> None:
    said(feed, [2_500 + n / 100 for n in range(KEPT + 90)])
    feed.send("next_phase", sender=feed.engine.accounts[0])
    told = said(feed, [2_600.0])
    assert read(feed)[-1:] == told


def put(feed: PriceFeed, number: int, answer: int, at: int) -> None:
    """Write a round over."""
    id_ = 1 << 64 | number
    feed.send("set_round", id_, answer, at, at, id_, sender=feed.engine.accounts[0])


def test_what_makes_no_sense_teaches_nothing(feed: PriceFeed) -> None:
    """An answer of nothing or less, and a round that is out of the order of its neighbours, early or late:
    all after one a thousand million seconds ahead were left out, for good."""
    told = said(feed, [2_500 + n for n in range(12)])
    put(feed, 2, 0, told[1][0])
    put(feed, 3, -5, told[2][0])
    put(feed, 5, 9 * 10**11, told[4][0] - HOUR)
    put(feed, 8, 9 * 10**11, told[7][0] + 10**9)
    put(feed, 10, 9 * 10**11, told[9][0] + 90)
    assert read(feed) == [told[n] for n in (0, 3, 5, 6, 8, 10, 11)]


def test_what_is_later_than_now_is_not_known_yet(feed: PriceFeed) -> None:
    told = said(feed, [2_500.0, 2_501.0])
    feed.send("push_at", 9 * 10**11, told[-1][0] + DAY, sender=feed.engine.accounts[0])
    assert read(feed) == told


def test_no_more_is_read_than_so_many(feed: PriceFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(feed, [2_500 + n for n in range(300)])
    monkeypatch.setattr(module, "MOST", 100)
    assert read(feed) == told[-100:]


def test_rounds_are_asked_for_together(feed: PriceFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    told, asked = said(feed, [2_500 + n for n in range(2 * TOGETHER)]), list[int]()
    many = feed.engine.call_many

    def count(calls: Sequence[Call]) -> list[Any]:
        asked.append(len(calls))
        return many(calls)

    monkeypatch.setattr(feed.engine, "call_many", count)
    assert read(feed) == told
    assert asked == [1, TOGETHER, TOGETHER]


def test_it_goes_on_from_where_a_node_went_away(
    feed: PriceFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try asks for what is not known yet, and for no longer than it is given."""
    told, many = said(feed, [2_500 + n for n in range(4 * TOGETHER)]), feed.engine.call_many
    asked = list[int]()

    def away(calls: Sequence[Call]) -> list[Any]:
        asked.append(len(calls))
        if len(asked) % 2:
            raise EngineError("the node is away")
        return many(calls)

    monkeypatch.setattr(feed.engine, "call_many", away)
    past = Past(feed, 0)
    for _ in range(5):
        with pytest.raises(EngineError, match="away"):
            past.read(60.0)
    assert asked == [1, 1, *[TOGETHER] * 7]
    past.read(60.0)
    assert past.prices(feed.engine.now()) == told


def test_it_takes_no_longer_than_it_is_given(
    feed: PriceFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the post that is on its way then."""
    told, many, clock = said(feed, [2_500 + n for n in range(200)]), feed.engine.call_many, [0.0]

    def slow(calls: Sequence[Call]) -> list[Any]:
        clock[0] += 0.2
        return many(calls)

    monkeypatch.setattr(feed.engine, "call_many", slow)
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    past = Past(feed, 0)
    for tried in range(1, 3):
        past.read(0.3)
        assert not past.is_whole
        assert past.prices(feed.engine.now()) == told[-TOGETHER * (2 * tried - 1) :]
    past.read(60.0)
    assert past.prices(feed.engine.now()) == told


@pytest.mark.parametrize("ids", [[0], [1], [1, 2, 3]])
def test_rounds_that_have_no_phase_end_with_the_first(
    feed: PriceFeed, monkeypatch: pytest.MonkeyPatch, ids: list[int]
) -> None:
    """They were read again and again."""
    asked = list[str]()

    def told(_: PriceFeed, fn: str, args: Sequence[tuple[int, ...]]) -> list[list[Round | None]]:
        asked.append(fn)
        there = {each: Round(each, 10**11, START, START + each, each) for each in ids}
        return [[there.get(each[0] if each else ids[-1]) for each in args]]

    monkeypatch.setattr(module, "_told", told)
    past = Past(feed, 0)
    past.read(2.0)
    assert past.is_whole
    assert len(asked) <= 3
