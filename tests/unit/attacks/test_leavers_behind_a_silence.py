"""SH-8: the longest wait for a calm moment is over in no silence of the price feed, nor right behind it.

While the feed is silent nobody hedges, marks or leaves, as in an outage of the sequencer. Its own rounds say
that it was, for an hour from the first one on.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_leavers_behind_an_outage import at
from test_whose_moment import DUST, all_asked_for, filled, left_with, marked_off, settle_down
from worlds import USD, WINDOW, World

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.units import HOUR

SILENCE = 7 * HOUR


@pytest.fixture(scope="module")
def due_once() -> World:
    """2.5M, a million of it due to leave, and a mark while the venue stands off the oracle."""
    w = filled(1_500_000 * USD, 1_000_000 * USD, 300)
    all_asked_for(w)
    marked_off(w)
    return w


@pytest.fixture
def due(due_once: World) -> Iterator[World]:
    with due_once.undone():
        yield due_once


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("percent", [-6, 3, 6])
def test_r30_nobody_is_priced_at_the_worst_of_a_jump_behind_a_silent_feed(
    due: World, percent: int
) -> None:
    """SH-8: "behind a time in which the feeds said no price that may be believed"."""
    w = due
    w.engine.advance(SILENCE)
    at(w, 2_500 * (100 + percent) // 100)
    w.tandem.vault.send("poke", sender=w.stranger)
    with w.refuses("vault: not calm"):
        w.tandem.vault.send("process", 8, sender=w.stranger)
    settle_down(w)  # calm, within the hour
    with w.undone():
        paid = left_with(w)
    settle_down(w)
    assert abs(left_with(w) - paid) < DUST


@pytest.mark.proves("SH-8")
def test_r29_who_waited_leaves_an_hour_behind_the_first_round_whatever_the_moment(
    due: World,
) -> None:
    """Nobody is locked in by it, however many rounds come in that hour."""
    w = due
    w.engine.advance(SILENCE)
    w.push(2_500)
    back = w.tandem.spot.call("peek")[1]
    for minute in range(1, 60, 7):
        w.engine.set_time(back + 60 * minute)
        w.push(2_500 + minute)
    at(w, 2_650)
    process = Call(w.tandem.vault, "process", (8,), w.stranger)
    with w.undone():
        early = w.engine.send_many([process], timestamp=back + HOUR - 1)[0]
        assert isinstance(early, Reverted)
        assert early.reason == "vault: not calm"
    w.engine.set_time(back + HOUR)
    assert left_with(w) > 0
    assert not w.tandem.lens.mark_for(10**12, HOUR).calm


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("percent", [-6, 3, 6])
def test_r30_nor_where_another_aggregator_ends_the_silence(due: World, percent: int) -> None:
    """A phase that began since had no price an hour ago: a million left with 10,207 USD less at +6 %, 5,116
    at +3 % and 436 at -6 %."""
    w = due
    w.engine.advance(SILENCE)
    w.curie.feed.send("next_phase", sender=w.curie.owner)
    w.push(2_500 * (100 + percent) // 100)
    back = w.tandem.spot.call("peek")[1]
    at(w, 2_500 * (100 + percent) // 100)
    with w.refuses("vault: not calm"):
        w.tandem.vault.send("process", 8, sender=w.stranger)
    w.engine.set_time(back + HOUR - 2 * WINDOW)
    at(w, 2_500 * (100 + percent) // 100)
    w.engine.set_time(back + HOUR)
    assert left_with(w) > 0


@pytest.mark.proves("SH-8")
def test_a_feed_that_says_nothing_while_its_price_stands_still_was_not_silent(due: World) -> None:
    """Its heartbeat holds nobody back: there was a price to hedge and leave by at every moment of it."""
    w = due
    for _ in range(6):
        w.engine.advance(w.tandem.spot.call("MAX_AGE") - 10)
        w.push(2_500)
    at(w, 2_650)
    assert left_with(w) > 0
    assert not w.tandem.lens.mark_for(10**12, HOUR).calm
