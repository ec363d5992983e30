"""SH-8, AV-1: a rollup that stands still for days, and goes on.

Nobody sends anything meanwhile. What its uptime feed says of it comes from the L1, and is carried out first:
then nobody leaves before the feed has said what the price is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_leavers_behind_an_outage import at
from test_whose_moment import all_asked_for, filled, left_with, settle_down
from worlds import USD, World

from tandem.units import DAY, HOUR


@pytest.fixture(scope="module")
def due_once() -> World:
    """2.5M, a million of it due to leave."""
    w = filled(1_500_000 * USD, 1_000_000 * USD, 300, uptime=True)
    all_asked_for(w)
    return w


@pytest.fixture
def due(due_once: World) -> Iterator[World]:
    with due_once.undone():
        yield due_once


@pytest.mark.proves("SH-8", "AV-1")
@pytest.mark.parametrize("percent", [-20, 20])
def test_nobody_is_priced_before_the_feed_is_back(due: World, percent: int) -> None:
    w, vault = due, due.tandem.vault
    price = 2_500 * (100 + percent) // 100
    w.halt(6 * DAY)
    for _ in range(2):
        with w.refuses("spot: grace period"):
            vault.send("process", 8, sender=w.stranger)
        w.engine.advance(HOUR // 2)
        w.push(price)
    w.engine.advance(1)
    w.push(price)
    with w.refuses("vault: not calm"):
        vault.send("process", 8, sender=w.stranger)


@pytest.mark.proves("AV-1")
@pytest.mark.parametrize(("days", "cost"), [(3.5, 26_600), (6, 45_000)])
def test_an_uptime_feed_that_says_nothing_of_it_lets_anybody_price_who_is_due(
    due: World, days: float, cost: int
) -> None:
    """In the first second by the venue's index, as where no feed is left, beside slices of before: it
    stands in docs/weaknesses.md."""
    w = due
    w.engine.advance(int(days * DAY))
    with w.undone():
        paid = left_with(w)
    at(w, 2_500)
    settle_down(w)
    w.engine.advance(1)
    settle_down(w)
    assert left_with(w) - paid == pytest.approx(cost * USD, rel=0.02)
