"""Surfaces from an exchange never make anybody wait, and are never older than they may be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from exchange import LocalExchange, Option, drip, local_exchange, sample, send, smile

from tandem.feeds.chain import Chain
from tandem.feeds.errors import QuotesError
from tandem.feeds.exchange import Quotes
from tandem.feeds.live import MOST_LOST, LiveSurfaces
from tandem.feeds.surface import Exchange, Modelled, SurfaceSpec

SPEC = SurfaceSpec(premium=1.0, long_vol=0.9)


class Clock:
    """Ours, put forward by hand; monotonic and wall are one."""

    def __init__(self) -> None:
        self.now = 1_767_369_600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def live(
    fetch: Callable[[], Chain], clock: Clock, *, modelled: bool = True
) -> Iterator[LiveSurfaces]:
    made = LiveSurfaces(
        fetch, SPEC, Modelled(SPEC) if modelled else None, every=0.02, clock=clock, wall=clock
    )
    try:
        yield made
    finally:
        made.close()


def expiries(clock: Clock) -> list[int]:
    return sorted({option.expiry for option in sample(clock.now)})


def level(source: LiveSurfaces, clock: Clock) -> float | None:
    """At the money of the second expiry; None where nothing is said."""
    began = time.monotonic()
    said = source.slices(int(clock.now), 0.9, expiries(clock))
    assert time.monotonic() - began < 0.5, "a cycle waited"
    return float(said[1].vol(0.0)) if said else None


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def exchange(clock: Clock) -> Iterator[LocalExchange]:
    with local_exchange(lambda: sample(clock.now)) as made:
        yield made


def quotes(exchange: LocalExchange, clock: Clock) -> Callable[[], Chain]:
    return Quotes(Exchange.DERIBIT, "ETH", exchange.url, clock=clock).chain


def test_before_the_first_answer_nothing_is_said_and_then_what_is_quoted(
    exchange: LocalExchange, clock: Clock
) -> None:
    """A level that is modelled for a minute would be a jump twice."""
    with live(quotes(exchange, clock), clock) as source:
        assert level(source, clock) is None
        assert source.note() == ""
        until(lambda: level(source, clock) is not None)
        assert level(source, clock) == pytest.approx(smile(0.0), abs=0.002)
        said = source.slices(int(clock.now), 0.9, expiries(clock))
        assert [each.expiry for each in said] == expiries(clock)


def test_a_quote_follows_the_exchange(exchange: LocalExchange, clock: Clock) -> None:
    with live(quotes(exchange, clock), clock) as source:
        until(lambda: level(source, clock) is not None)
        exchange.options = lambda: sample(clock.now, level=1.5)
        until(lambda: level(source, clock) == pytest.approx(1.5 * smile(0.0), abs=0.005))


@pytest.mark.parametrize("modelled", [True, False])
def test_quotes_that_grow_old_are_no_source_and_their_return_is_one(
    exchange: LocalExchange, clock: Clock, modelled: bool
) -> None:
    with live(quotes(exchange, clock), clock, modelled=modelled) as source:
        until(lambda: level(source, clock) is not None)
        exchange.broken = lambda handler, path, body: send(handler, b"slow down", 429)
        until(lambda: "429" in source._fault)
        assert level(source, clock) == pytest.approx(smile(0.0), abs=0.002), "still young"
        assert source.note() == ""
        clock.now += 121
        assert level(source, clock) == (pytest.approx(0.9) if modelled else None)
        assert ("modelled" if modelled else "no surface is posted") in source.note()
        assert "429" in source.note()
        exchange.broken = None
        until(lambda: source.note() == "")
        assert level(source, clock) == pytest.approx(smile(0.0), abs=0.002)


def test_a_block_behind_or_ahead_of_the_quotes_has_its_surface(
    exchange: LocalExchange, clock: Clock
) -> None:
    with live(quotes(exchange, clock), clock) as source:
        until(lambda: level(source, clock) is not None)
        for apart in (-60, 60):
            said = source.slices(int(clock.now) + apart, 0.9, expiries(clock))
            assert float(said[1].vol(0.0)) == pytest.approx(smile(0.0), abs=0.002)


def test_an_exchange_that_hangs_or_drips_is_given_up_and_holds_no_more_than_a_few_threads(
    exchange: LocalExchange, clock: Clock
) -> None:
    exchange.broken = drip
    with live(quotes(exchange, clock), clock) as source:
        assert level(source, clock) is None
        for _ in range(10):
            clock.now += 31
            assert level(source, clock) == pytest.approx(0.9)
            assert "did not answer within 30 s" in source.note()
        assert len(source._threads) == MOST_LOST


def test_what_a_fetch_brings_that_was_given_up_is_not_heard(clock: Clock) -> None:
    """It may be of any age."""
    release, given = threading.Event(), iter((True, False))
    asked: list[int] = []

    def fetch() -> Chain:
        asked.append(1)
        if next(given, False):
            release.wait(10)
            return _chain(clock, 1.5)
        return _chain(clock, 1.0)

    with live(fetch, clock) as source:
        level(source, clock)
        until(lambda: len(asked) == 1)
        clock.now += 31
        level(source, clock)
        until(lambda: source.note() == "")
        first = source._threads[0]
        release.set()
        first.join(10)
        assert not first.is_alive()
        assert level(source, clock) == pytest.approx(smile(0.0), abs=0.002)


def test_too_few_strikes_or_expiries_are_no_source(exchange: LocalExchange, clock: Clock) -> None:
    def few() -> list[Option]:
        return [o for o in sample(clock.now) if o.strike in (2_400.0, 2_500.0, 2_600.0)]

    for options, why in ((few, "no expiry with 6 quotes"), (one_expiry(clock), "single expiry")):
        exchange.options = options
        with live(quotes(exchange, clock), clock) as source:
            level(source, clock)
            until(lambda source=source: source.note() != "")
            assert why in source.note()
            assert level(source, clock) == pytest.approx(0.9)


def one_expiry(clock: Clock) -> Callable[[], list[Option]]:
    return lambda: sample(clock.now, days=(30,))


def test_a_fetch_that_fails_in_any_way_ends_no_thread(clock: Clock) -> None:
    failures = iter([RuntimeError("odd"), QuotesError("named"), MemoryError()])

    def fetch() -> Chain:
        for error in failures:
            raise error
        return _chain(clock, 1.0)

    with live(fetch, clock) as source:
        level(source, clock)
        until(lambda: source._found is not None)
        assert source.note() == ""
        assert source._threads[0].is_alive()


def test_after_failures_an_exchange_is_asked_more_seldom(clock: Clock) -> None:
    times: list[float] = []

    def fetch() -> Chain:
        times.append(time.monotonic())
        raise QuotesError("slow down")

    with live(fetch, clock) as source:
        level(source, clock)
        until(lambda: len(times) == 5)
    pauses = [b - a for a, b in pairwise(times)]
    assert pauses[0] >= 0.02 * 2 * 0.9
    assert min(pauses[1:]) >= 0.02 * 4 * 0.9


def _chain(clock: Clock, scale: float) -> Chain:
    with local_exchange(lambda: sample(clock.now)) as exchange:
        found = quotes(exchange, clock)()
    return replace(found, mark_iv=scale * found.mark_iv)
