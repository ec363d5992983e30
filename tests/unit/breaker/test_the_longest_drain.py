"""BR-1, R38: for how long a distorted market costs LPs before the breaker says so, beside a full gate.

An open pays for the rate that there is when it opens. What comes later LPs pay: `drain` a day unseen, and
what is held goes on paying when opens have stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from filling import by_and_by, mint
from worlds import USD, WAD, World, build

from tandem.errors import Reverted
from tandem.units import DAY, HOUR


@pytest.fixture(scope="module")
def full_once() -> World:
    """295 calls of five weeks, the hedge home, and the breaker's own terms."""
    w = build()
    w.set_terms(drain=200)
    series = w.call(2_500, far=True)
    _, why = by_and_by(w, lambda units: mint(w, series, units))
    assert "gate: worst jump" in why
    w.bring_home()
    assert 150 * WAD < w.position() < 170 * WAD
    return w


@pytest.fixture
def full(full_once: World) -> Iterator[World]:
    with full_once.undone():
        yield full_once


def stands_over(w: World, points: int) -> Iterator[int]:
    """The pool so many hundredths of a per cent over its index, hour after hour: margin follows, and a keeper
    looks. What the breaker says."""
    while True:
        w.curie.converge(w.spot * (10_000 + points) // 10_000)
        w.engine.advance(HOUR)
        w.push_wad(w.spot)
        w.post()
        with suppress(Reverted):
            w.top_up()
        w.tandem.stress.send("remark", sender=w.stranger)
        yield w.tandem.breaker.state().reasons


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize(("points", "hours"), [(80, 24), (55, 64)])
def test_r38_what_takes_more_than_a_day_may_is_seen_in_days(
    full: World, points: int, hours: int
) -> None:
    said = stands_over(full, points)
    assert [next(said) for _ in range(hours)][-1] == full.tandem.breaker.DRAINED()
    with full.refuses("market: paused"):
        full.mint(full.call(2_500), 10**4)


@pytest.mark.proves("BR-1")
def test_r38_what_takes_a_little_less_is_never_seen(full: World) -> None:
    """Of docs/weaknesses.md: 0.48 % for twenty days."""
    who, said = full.tandem.venue.address, stands_over(full, 48)
    before = full.curie.owed_funding(who)
    assert not any(next(said) for _ in range(20 * DAY // HOUR))
    assert 1_500 * USD < full.tandem.breaker.state().drained < 2_000 * USD
    assert full.curie.owed_funding(who) - before == pytest.approx(38_265, rel=0.01)
