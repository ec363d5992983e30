"""ChainlinkSpot.closing_spot: the price for those who leave, to the second from which it is another's."""

from __future__ import annotations

from typing import Any

import pytest
from quick_chain import reverts
from sources_bench import MAX_AGE, Sources
from spot_bench import DAY, HIGH, HOUR, LOW, WAD, env, load_spot

VENUE = """
# pragma version 0.4.3
index: public(uint256)

@external
def set_index(amount: uint256):
    self.index = amount
"""
ENDED = -HOUR  # when the first feed showed its last round, from the expiry


@pytest.fixture(scope="module")
def venue() -> Any:
    return env.loads(VENUE)


@pytest.fixture
def leaving(sources: Sources, venue: Any) -> Any:
    """Over both feeds, and over the first alone; the venue's index is 2,222."""
    venue.set_index(2_222 * WAD)
    first, second, uptime = sources.first.feed, sources.second.feed, sources.uptime
    more = {"uptime": uptime, "max_age": MAX_AGE, "grace": HOUR, "venue": venue}
    return load_spot(first, second=second, **more), load_spot(first, **more)


@pytest.mark.proves("AV-2")
def test_the_second_feed_is_the_price_of_those_who_leave_from_the_same_second_on(sources, leaving):
    """AV-2: "Where the feed has had no round for three days, spot is the second feed's" """
    both, alone = leaving
    sources.at(ENDED + 3 * DAY)
    sources.second.put(1, 4, ENDED + 3 * DAY, 2_345)
    for oracle in leaving:
        with reverts("spot: stale"):
            oracle.closing_spot()
    sources.at(ENDED + 3 * DAY + 1)
    assert both.closing_spot() == (2_345 * WAD, False)
    assert alone.closing_spot() == (2_222 * WAD, True)
    sources.at(ENDED + 3 * DAY + MAX_AGE)
    assert both.closing_spot() == (2_345 * WAD, False)


@pytest.mark.proves("AV-2")
def test_the_venues_index_comes_a_day_after_the_second_feed(sources, leaving):
    """The second feed has ended too: a day's head start over the index, to the second."""
    both, _ = leaving
    for silence in (3 * DAY + 1, 4 * DAY):
        sources.at(ENDED + silence)
        with reverts("spot: stale"):
            both.closing_spot()
    sources.at(ENDED + 4 * DAY + 1)
    assert both.closing_spot() == (2_222 * WAD, True)
    sources.second.put(1, 4, ENDED + 4 * DAY + 1, 2_345)
    assert both.closing_spot() == (2_345 * WAD, False)
    assert both.spot() == 2_345 * WAD


@pytest.mark.proves("AV-2")
def test_the_venues_index_is_bounded_as_a_round_is(sources, leaving, venue):
    _, alone = leaving
    sources.at(30 * DAY)
    for index, good in ((LOW, True), (LOW - 1, False), (HIGH, True), (HIGH + 1, False)):
        venue.set_index(index)
        if good:
            assert alone.closing_spot() == (index, True)
        else:
            with reverts("spot: index out of bounds"):
                alone.closing_spot()


@pytest.mark.proves("AV-2")
def test_nobody_leaves_at_the_index_while_the_sequencer_is_down(sources, leaving):
    _, alone = leaving
    sources.at(4 * DAY)
    sources.uptime.push(1)
    with reverts("spot: sequencer down"):
        alone.closing_spot()


def test_a_good_round_is_the_price_of_those_who_leave(sources, leaving):
    for oracle in leaving:
        assert oracle.closing_spot() == (oracle.spot(), False)


def noted(sources: Sources, oracle: Any, price: int) -> None:
    """The first feed says what is not believed for three days, and somebody notes it; its last is of now."""
    for place in range(20):
        sources.at(DAY + place * 4 * HOUR)
        sources.first.put(1, 4 + place, DAY + place * 4 * HOUR, price)
        oracle.watch()


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize(
    ("said", "index", "counts"),
    [
        (HIGH // WAD + 1, HIGH + 1, HIGH),
        (10 * HIGH // WAD, 10 * HIGH, HIGH),
        (LOW // WAD - 1, LOW - 1, LOW),
        (LOW // WAD // 10, LOW // 10, LOW),
        (10 * HIGH // WAD + 1, HIGH + 1, 0),
        (HIGH // WAD + 1, 10 * HIGH + 1, 0),
        (LOW // WAD // 10 - 1, LOW - 1, 0),
        (LOW // WAD - 1, LOW // 10 - 1, 0),
        (LOW // WAD - 1, HIGH + 1, 0),
        (HIGH // WAD + 1, LOW - 1, 0),
        (HIGH // WAD + 1, 0, 0),
        (0, LOW - 1, 0),
    ],
)
def test_an_index_past_a_bound_counts_as_far_as_that_where_the_feed_says_so_too(
    sources: Sources, leaving: Any, venue: Any, said: int, index: int, counts: int
) -> None:
    """AV-2: "One past them counts as far as they go where a feed says so too, neither of them ten times past
    them"."""
    _, alone = leaving
    noted(sources, alone, said)
    venue.set_index(index)
    if counts:
        assert alone.closing_spot() == (counts, True)
        env.time_travel(MAX_AGE)
        assert alone.closing_spot() == (counts, True)
        env.time_travel(1)
    with reverts("spot: index out of bounds"):
        alone.closing_spot()
