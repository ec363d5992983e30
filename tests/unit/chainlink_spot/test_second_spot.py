"""ChainlinkSpot: the second feed is spot once the first has ended, and not before (AV-2)."""

from __future__ import annotations

from typing import Any

import pytest
from quick_chain import reverts
from sources_bench import MAX_AGE
from spot_bench import DAY, HOUR, WAD, env, load_feed, load_spot


def refuses_spot(oracle: Any, reason: str) -> None:
    with reverts(reason):
        oracle.spot()
    assert oracle.peek()[2] is False


@pytest.mark.proves("AV-2")
def test_the_second_feed_answers_once_the_first_had_no_round_for_three_days(sources):
    sources.at(3 * DAY - HOUR)
    time = env.timestamp
    sources.second.put(1, 4, 3 * DAY - HOUR, 2_345)
    refuses_spot(sources.oracle, "spot: stale")
    sources.at(3 * DAY - HOUR + 1)
    assert sources.oracle.spot() == 2_345 * WAD
    assert sources.oracle.peek() == (2_345 * WAD, time, True)
    refuses_spot(sources.alone, "spot: stale")


@pytest.mark.proves("AV-2")
def test_the_first_feed_answers_again_from_its_next_round_on(sources):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY, 2_345)
    sources.first.put(1, 2, 4 * DAY, 2_350)
    assert sources.oracle.spot() == 2_350 * WAD
    assert sources.oracle.peek()[0] == 2_350 * WAD


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize(
    ("usd", "after", "carried", "reason"),
    [
        (2_000, -MAX_AGE - 1, 0, "spot: stale"),
        (0, 0, 0, "spot: not positive"),
        (99, 0, 0, "spot: out of bounds"),
        (2_000, 1, 0, "spot: future timestamp"),
        (2_000, 0, 1, "spot: incomplete round"),
    ],
)
def test_the_second_feed_is_checked_as_the_first(sources, usd, after, carried, reason):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY + after, usd, carried)
    refuses_spot(sources.oracle, reason)


@pytest.mark.proves("AV-2")
def test_nor_is_the_second_feed_believed_while_the_sequencer_is_down(sources):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY)
    sources.uptime.push(1)
    refuses_spot(sources.oracle, "spot: sequencer down")
    sources.uptime.push(0)
    refuses_spot(sources.oracle, "spot: grace period")


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize("usd", [0, -5, 99, 100_001])
def test_a_feed_that_answers_nonsense_has_not_ended(sources, usd):
    """Until three days after its last word."""
    sources.first.put(1, 2, DAY, usd)
    for after in (4 * DAY, 4 * DAY + 1):
        sources.at(after)
        sources.second.put(1, 4, 4 * DAY, 2_345)
        if after == 4 * DAY:
            with reverts("spot: stale"):
                sources.oracle.spot()
        else:
            assert sources.oracle.spot() == 2_345 * WAD


@pytest.mark.proves("AV-2")
def test_a_feed_that_shows_no_round_at_all_has_not_ended(sources):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY, 2_345)
    sources.first.feed.answer_zeros(True)
    sources.first.feed.next_phase()
    refuses_spot(sources.oracle, "spot: incomplete round")


@pytest.mark.proves("AV-2")
def test_while_the_first_feed_answers_the_second_is_not_even_read(sources):
    """It has no round, so that reading it reverts."""
    bare = load_feed()
    oracle = load_spot(sources.first.feed, second=bare)
    round_id = sources.first.put(1, 2, 0, 2_001)
    assert oracle.spot() == oracle.peek()[0] == 2_001 * WAD
    assert sources.settles(round_id, oracle) == 2_001
    sources.at(4 * DAY)
    refuses_spot(oracle, "spot: incomplete round")
