"""ChainlinkSpot: a price is checked before it is believed (R16)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_chain import reverts
from spot_bench import HIGH, LOW, NOBODY, WAD, env, load_feed, load_spot

MAX_AGE = 3_960
GRACE = 3_600
PRICE = 2_500 * 10**8


@pytest.fixture(scope="module")
def feed() -> Any:
    return load_feed()


@pytest.fixture(scope="module")
def uptime() -> Any:
    return load_feed(0)


@pytest.fixture(scope="module")
def deployed(feed: Any, uptime: Any) -> Any:
    env.time_travel(seconds=10**7)
    feed.push(PRICE)
    uptime.push_at(0, env.timestamp - GRACE - 1)
    return load_spot(feed, uptime=uptime, max_age=MAX_AGE, grace=GRACE)


@pytest.fixture
def oracle(deployed: Any) -> Any:
    with env.anchor():
        yield deployed


def refuses(oracle: Any, reason: str) -> None:
    with reverts(reason):
        oracle.spot()
    assert oracle.peek()[2] is False


@pytest.mark.proves("UN-1")
def test_a_good_answer_is_the_spot_price_in_wad(oracle):
    assert oracle.spot() == 2_500 * WAD
    assert oracle.peek() == (2_500 * WAD, env.timestamp, True)


@pytest.mark.parametrize("decimals", [0, 6, 8, 18])
def test_r16_decimals_are_the_feeds(decimals):
    feed = load_feed(decimals)
    feed.push(2_500 * 10**decimals)
    assert load_spot(feed).spot() == 2_500 * WAD


def test_r16_a_deployment_without_sense_reverts(feed):
    with reverts("spot: no feed"):
        load_spot(NOBODY)
    with reverts("spot: one feed twice"):
        load_spot(feed, second=feed)
    with reverts("spot: no guardian"):
        load_spot(feed, guardian=NOBODY)
    with reverts("spot: no venue"):
        load_spot(feed, venue=NOBODY)
    with reverts("spot: no age"):
        load_spot(feed, max_age=0)
    for low, high in ((0, HIGH), (HIGH, LOW), (LOW, LOW)):
        with reverts("spot: price bounds"):
            load_spot(feed, min_price=low, max_price=high)
    wide = load_feed(19)
    for feeds in ((wide, NOBODY), (feed, wide)):
        with reverts("spot: feed decimals"):
            load_spot(feeds[0], second=feeds[1])


def test_r16_an_answer_is_stale_one_second_after_its_age(oracle, feed):
    feed.push_at(PRICE, env.timestamp - MAX_AGE)
    assert oracle.spot() == 2_500 * WAD
    feed.push_at(PRICE, env.timestamp - MAX_AGE - 1)
    refuses(oracle, "spot: stale")


@pytest.mark.parametrize("answer", [0, -1, -(2**255)])
def test_r16_zero_and_negative_answers_are_refused(oracle, feed, answer):
    feed.push(answer)
    refuses(oracle, "spot: not positive")
    assert oracle.peek()[0] == 0


def test_r16_an_answer_from_the_future_is_refused(oracle, feed):
    feed.push_at(PRICE, env.timestamp + 1)
    refuses(oracle, "spot: future timestamp")


def test_r16_an_incomplete_round_is_refused(oracle, feed):
    feed.answer_zeros(True)
    feed.next_phase()
    refuses(oracle, "spot: incomplete round")


def test_r16_an_answer_carried_over_from_an_earlier_round_is_refused(oracle, feed):
    round_id = feed.latest_id() + 1
    feed.set_round(round_id, PRICE, env.timestamp, env.timestamp, round_id - 1)
    feed.set_latest(round_id)
    refuses(oracle, "spot: incomplete round")


@pytest.mark.parametrize(
    ("usd", "good"), [(100, True), (100_000, True), (99.99, False), (100_000.01, False)]
)
def test_r16_an_answer_out_of_bounds_is_refused(oracle, feed, usd, good):
    feed.push(round(usd * 10**8))
    if good:
        assert oracle.spot() == round(usd * 10**8) * 10**10
    else:
        refuses(oracle, "spot: out of bounds")


def test_r16_an_enormous_answer_is_out_of_bounds_and_does_not_overflow(oracle, feed):
    feed.push(2**255 - 1)
    refuses(oracle, "spot: out of bounds")


def test_r16_nothing_is_believed_while_the_sequencer_is_down(oracle, uptime):
    uptime.push_at(1, env.timestamp - GRACE - 1)
    refuses(oracle, "spot: sequencer down")


def test_r16_nor_in_the_grace_period_after_it_came_back(oracle, uptime):
    uptime.push_at(0, env.timestamp - GRACE)
    refuses(oracle, "spot: grace period")
    uptime.push_at(0, env.timestamp - GRACE - 1)
    assert oracle.spot() == 2_500 * WAD
    uptime.push_at(0, env.timestamp + 1)
    refuses(oracle, "spot: grace period")


def test_r16_an_uptime_feed_that_never_started_is_not_believed(oracle, uptime):
    uptime.answer_zeros(True)
    uptime.next_phase()
    refuses(oracle, "spot: sequencer unknown")


def test_r16_where_there_is_no_sequencer_none_is_asked(feed):
    assert load_spot(feed, max_age=10**9, grace=GRACE).spot() == 2_500 * WAD


@settings(max_examples=80, deadline=None)
@given(
    answer=st.one_of(st.integers(-(2**255), 2**255 - 1), st.integers(90 * 10**8, 110 * 10**8)),
    age=st.integers(-100, 2 * MAX_AGE),
    carried=st.booleans(),
)
def test_r16_peek_never_reverts_and_says_what_spot_does(deployed, feed, answer, age, carried):
    with env.anchor():
        now, round_id = env.timestamp, feed.latest_id() + 1
        feed.set_round(round_id, answer, now - age, now - age, round_id - carried)
        feed.set_latest(round_id)
        price, time, usable = deployed.peek()
        good = 0 <= age <= MAX_AGE and not carried and LOW <= answer * 10**10 <= HIGH
        assert (usable, time) == (good, now - age)
        if good:
            assert deployed.spot() == price == answer * 10**10
        else:
            with reverts():
                deployed.spot()
