"""What a feed said before now is read from its own rounds, as far back as it keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Call
from tandem.errors import EngineError
from tandem.protocol import past_prices as module
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.past_prices import TOGETHER, past_prices
from tandem.units import HOUR

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


@pytest.mark.parametrize("count", [1, 2, TOGETHER, TOGETHER + 1, TOGETHER + 2, 3 * TOGETHER])
def test_each_round_is_read_once_in_the_order_of_time(feed: PriceFeed, count: int) -> None:
    told = said(feed, [2_500 + n / 4 for n in range(count)])
    assert past_prices(feed, 0) == told


def test_from_a_moment_on(feed: PriceFeed) -> None:
    told = said(feed, [2_500 + n for n in range(200)])
    for n in (0, 1, 100, 199):
        assert past_prices(feed, told[n][0]) == told[n:]
        assert past_prices(feed, told[n][0] + 1) == told[n + 1 :]


@pytest.mark.parametrize("zeros", [True, False])
def test_a_feed_that_keeps_no_more_ends_it(feed: PriceFeed, zeros: bool) -> None:
    """What is not there reverts, or says zeros."""
    feed.send("answer_zeros", zeros, sender=feed.engine.accounts[0])
    told = said(feed, [2_500 + n / 100 for n in range(KEPT + 90)])
    assert past_prices(feed, 0) == told[-KEPT:]


def test_of_the_present_phase_alone(feed: PriceFeed) -> None:
    owner = feed.engine.accounts[0]
    said(feed, [2_000.0] * 5)
    feed.send("next_phase", sender=owner)
    assert past_prices(feed, 0) == []
    assert past_prices(feed, 0) == said(feed, [])
    assert said(feed, [2_500.0, 2_501.0]) == past_prices(feed, 0)


def test_what_makes_no_sense_teaches_nothing(feed: PriceFeed) -> None:
    """An answer of nothing or less, and a round that is no later than the one before it."""
    owner, told = feed.engine.accounts[0], said(feed, [2_500 + n for n in range(6)])
    phase = 1 << 64
    feed.send("set_round", phase | 2, 0, told[1][0], told[1][0], phase | 2, sender=owner)
    feed.send("set_round", phase | 3, -5, told[2][0], told[2][0], phase | 3, sender=owner)
    early = told[3][0] - HOUR
    feed.send("set_round", phase | 5, 9 * 10**11, early, early, phase | 5, sender=owner)
    assert past_prices(feed, 0) == [told[0], told[3], told[5]]


def test_no_more_is_asked_for_than_so_many(
    feed: PriceFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = said(feed, [2_500 + n for n in range(300)])
    monkeypatch.setattr(module, "MOST", 100)
    found = past_prices(feed, 0)
    assert 100 <= len(found) <= 100 + TOGETHER
    assert found == told[-len(found) :]


def test_rounds_are_asked_for_together(feed: PriceFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    told, asked = said(feed, [2_500 + n for n in range(2 * TOGETHER + 1)]), list[int]()
    many = feed.engine.call_many

    def count(calls: Sequence[Call]) -> list[Any]:
        asked.append(len(calls))
        return many(calls)

    monkeypatch.setattr(feed.engine, "call_many", count)
    assert past_prices(feed, 0) == told
    assert asked == [TOGETHER, TOGETHER]


def test_a_node_that_does_not_answer_is_no_feed_without_a_past(
    feed: PriceFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(feed, [2_500.0, 2_501.0])

    def away(_: Sequence[Call]) -> list[Any]:
        raise EngineError("the node is away")

    monkeypatch.setattr(feed.engine, "call_many", away)
    with pytest.raises(EngineError, match="away"):
        past_prices(feed, 0)
