"""ChainlinkSpot: whether there was a spot to leave by an hour ago (SH-8)."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sources_bench import GRACE, MAX_AGE, Sources
from spot_bench import DAY, HOUR, Rounds, env, load_feed, load_spot

PATIENCE = 3 * DAY
Shown = tuple[int, bool]  # when, and whether it can be believed


@pytest.fixture
def plain() -> Any:
    """One feed, no sequencer, nothing of its rounds shown yet."""
    with env.anchor():
        env.time_travel(seconds=10 * DAY)
        feed = load_feed()
        yield load_spot(feed, max_age=MAX_AGE), Rounds(feed, env.timestamp)


def history(random: Random) -> list[Shown]:
    """Seconds from a moment on, some of them past what a feed may be silent for."""
    at, shown = 0, list[Shown]()
    for _ in range(random.randint(2, 40)):
        at += random.choice((1, 7, 60, 600, MAX_AGE, MAX_AGE + 1, 3 * MAX_AGE))
        shown.append((at, random.random() < 0.85))
    return shown


def had(shown: list[Shown], at: int) -> bool:
    """The same read off the whole list, which begins with its phase."""
    before = [round_ for round_ in shown if round_[0] <= at]
    if not before:
        return False
    time, good = before[-1]
    return good and at - time <= MAX_AGE


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("seed", range(12))
def test_it_is_whether_the_round_of_that_moment_was_one_to_believe(plain: Any, seed: int) -> None:
    random = Random(seed)
    shown = history(random)
    oracle, rounds = plain
    for number, (at, good) in enumerate(shown, 1):
        rounds.put(3, number, at, 2_000 if good else 1)
    end = shown[-1][0] + random.randint(0, MAX_AGE)
    env.go_to(rounds.expiry + end)
    asked = {at + off for at, _ in shown for off in (-1, 0, 1, MAX_AGE, MAX_AGE + 1)} | {end}
    for at in sorted(at for at in asked if 0 <= at <= end):
        assert oracle.had_spot(rounds.expiry + at) == had(shown, at), at


def test_hundreds_of_rounds_since_are_stepped_over(plain: Any) -> None:
    oracle, rounds = plain
    rounds.put(1, 1, 0)
    for number in range(2, 302):
        rounds.put(1, number, MAX_AGE + number * 10)
    env.go_to(rounds.expiry + MAX_AGE + 3_100)
    assert oracle.had_spot(rounds.expiry + MAX_AGE)
    assert not oracle.had_spot(rounds.expiry + MAX_AGE + 1)
    assert oracle.had_spot(rounds.expiry + MAX_AGE + 20)


@pytest.mark.proves("SH-8")
def test_what_a_feed_keeps_no_more_says_nothing_against_it(plain: Any) -> None:
    """Nobody waits for what cannot be known."""
    oracle, rounds = plain
    rounds.put(2, 900, 0)
    env.go_to(rounds.expiry + HOUR)
    assert oracle.had_spot(rounds.expiry - HOUR)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("number", [1, 2, 7])
def test_there_was_none_of_a_phase_before_it_began(plain: Any, number: int) -> None:
    """Whoever ends a silence by another aggregator hides it no more; for an hour from its first round on."""
    oracle, rounds = plain
    rounds.put(2, 900, 0)
    for one in range(1, number + 1):
        rounds.put(3, one, 5 * HOUR + 60 * one)
    env.go_to(rounds.expiry + 6 * HOUR)
    assert not oracle.had_spot(rounds.expiry + 5 * HOUR + 59)
    assert oracle.had_spot(rounds.expiry + 5 * HOUR + 60)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("number", [0, 1, 5])
def test_numbers_without_phases_tell_of_no_beginning(plain: Any, number: int) -> None:
    """Such as of a feed that has one round alone, whose number never changes: it holds nobody back."""
    oracle, rounds = plain
    rounds.feed.set_latest(0)
    for one in range(min(number, 1), number + 1):
        rounds.put(0, one, 60 * one)
    env.go_to(rounds.expiry + HOUR)
    assert oracle.had_spot(rounds.expiry - 1)


def test_what_a_phase_answered_before_it_was_shown_counts(plain: Any) -> None:
    """No round says since when a proxy shows it: another aggregator that answered for an hour before hides
    a silence."""
    oracle, rounds = plain
    rounds.put(2, 900, 0)
    for one in range(1, 9):
        rounds.feed.set_round(
            3 << 64 | one, 2_000 * 10**8, 1, rounds.expiry + one * HOUR, 3 << 64 | one
        )
    env.go_to(rounds.expiry + 8 * HOUR)
    rounds.feed.set_latest(3 << 64 | 8)
    assert oracle.had_spot(env.timestamp - HOUR)


@pytest.mark.parametrize(("apart", "some"), [(HOUR, True), (HOUR + 1_201, False)])
def test_a_feed_that_speaks_seldom_is_always_just_back(apart: int, some: bool) -> None:
    """Rounds farther apart than its greatest age and an hour leave no moment but those behind a silence."""
    age = 1_200
    with env.anchor():
        env.time_travel(seconds=10 * DAY)
        feed = load_feed()
        oracle, rounds = load_spot(feed, max_age=age), Rounds(feed, env.timestamp)
        rounds.put(1, 1, 0)
        rounds.put(1, 2, apart)
        for later in range(0, age, 60):
            env.go_to(rounds.expiry + apart + later)
            assert oracle.had_spot(env.timestamp - HOUR) == some


@pytest.mark.proves("SH-8")
def test_there_was_none_before_a_sequencers_grace_was_over(sources: Sources) -> None:
    sources.first.put(1, 2, 0)
    sources.uptime.push(1)
    assert not sources.oracle.had_spot(env.timestamp)
    env.time_travel(seconds=5 * HOUR)
    sources.uptime.push(0)
    back = env.timestamp + GRACE
    env.time_travel(seconds=3 * HOUR)
    sources.first.put(1, 3, env.timestamp - sources.expiry - 2 * HOUR)
    assert not sources.oracle.had_spot(back)
    assert sources.oracle.had_spot(back + 1)


@pytest.mark.proves("SH-8", "AV-2")
def test_there_was_none_until_an_uptime_feed_was_passed_over(sources: Sources) -> None:
    """Whatever it says now: a time that no sum of seconds has room for."""
    sources.uptime.set_round(9, 0, 2**256 - 1, env.timestamp, 9)
    sources.uptime.set_latest(9)
    for _ in range(16):
        sources.oracle.watch()
        env.time_travel(seconds=5 * HOUR)
    began = sources.oracle.status_failing_since()
    sources.first.put(1, 2, began + PATIENCE - sources.expiry)
    sources.first.put(1, 3, env.timestamp - sources.expiry)
    assert sources.oracle.spot() > 0
    assert not sources.oracle.had_spot(began + PATIENCE)
    assert sources.oracle.had_spot(began + PATIENCE + 1)


@pytest.mark.proves("SH-8", "AV-2")
def test_there_was_none_between_two_feeds(sources: Sources) -> None:
    """The first ended an hour before the expiry, the second counts three days later."""
    over = PATIENCE - HOUR
    sources.second.put(1, 4, over - HOUR)
    sources.at(over + HOUR)
    assert not sources.oracle.had_spot(sources.expiry + over)
    assert sources.oracle.had_spot(sources.expiry + over + 1)
    assert not sources.oracle.had_spot(sources.expiry + over - HOUR)


@pytest.mark.proves("SH-8", "AV-2")
@pytest.mark.parametrize(("one", "wait"), [(True, PATIENCE), (False, PATIENCE + DAY)])
def test_there_was_none_before_the_last_resort(sources: Sources, one: bool, wait: int) -> None:
    oracle = sources.alone if one else sources.oracle
    over = wait - HOUR
    sources.at(over + HOUR)
    assert not oracle.had_spot(sources.expiry + over)
    assert oracle.had_spot(sources.expiry + over + 1)


@pytest.mark.proves("SH-8", "AV-2")
def test_a_second_feed_that_was_silent_too_gave_none(sources: Sources) -> None:
    sources.second.put(1, 4, PATIENCE + HOUR)
    sources.at(PATIENCE + HOUR)
    assert not sources.oracle.had_spot(sources.expiry + PATIENCE + HOUR - 1)
    assert sources.oracle.had_spot(sources.expiry + PATIENCE + HOUR)


@pytest.mark.proves("SH-8", "AV-2")
def test_an_uptime_feed_is_passed_over_by_whichever_feed_counts(sources: Sources) -> None:
    """The first feed ended before the uptime feed said for good that the sequencer is down: the second's
    rounds belie it. There was a spot price, and who leaves was told that there was none an hour ago, whenever
    he asked."""
    sources.at(PATIENCE + 10 * HOUR)
    sources.uptime.push(1)
    for number in range(4, 20):
        sources.oracle.watch()
        env.time_travel(seconds=5 * HOUR)
        sources.second.put(1, number, env.timestamp - sources.expiry - HOUR)
    assert sources.oracle.spot() > 0
    over = sources.oracle.status_failing_since() + PATIENCE
    assert over < env.timestamp - HOUR
    assert sources.oracle.had_spot(env.timestamp - HOUR)
    assert not sources.oracle.had_spot(over)
