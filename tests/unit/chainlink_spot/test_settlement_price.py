"""ChainlinkSpot: one round settles an expiry, and the chain itself proves which (R16)."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_chain import reverts
from spot_bench import DAY, HOUR, WAD, Rounds, env, load_feed, load_spot, with_last

EXAMPLES = 2_000 if os.environ.get("TANDEM_NIGHTLY") else 40


@pytest.fixture(scope="module")
def deployed() -> tuple[Any, Any]:
    feed = load_feed()
    return feed, load_spot(feed)


@pytest.fixture
def oracle(deployed: tuple[Any, Any]) -> Any:
    with env.anchor():
        yield deployed[1]


@pytest.fixture
def rounds(deployed: tuple[Any, Any], oracle: Any) -> Rounds:
    expiry = env.timestamp + 10 * DAY
    env.time_travel(seconds=10 * DAY + 2 * HOUR)
    return Rounds(deployed[0], expiry)


def refuses(oracle: Any, rounds: Rounds, round_id: int, reason: str) -> None:
    with reverts(reason):
        oracle.settlement_price(rounds.expiry, round_id)


# ---------------------------------------------------------------- inside a phase


@pytest.mark.proves("ST-1")
def test_r16_the_first_round_after_expiry_settles_and_no_other(oracle, rounds):
    before = rounds.put(1, 1, -100, 1_990)
    first = rounds.put(1, 2, 50, 2_010)
    second = rounds.put(1, 3, 90, 2_020)
    assert oracle.settlement_price(rounds.expiry, first) == 2_010 * WAD
    refuses(oracle, rounds, before, "spot: before expiry")
    refuses(oracle, rounds, second, "spot: not the first round")


@pytest.mark.proves("ST-1")
def test_r16_a_round_at_the_very_second_of_expiry_settles(oracle, rounds):
    rounds.put(1, 1, -1)
    first = rounds.put(1, 2, 0, 2_010)
    after = rounds.put(1, 3, 1)
    assert oracle.settlement_price(rounds.expiry, first) == 2_010 * WAD
    refuses(oracle, rounds, after, "spot: not the first round")


def test_r16_the_feeds_very_first_round_settles_nothing(oracle, rounds):
    first = rounds.put(1, 1, 10)
    refuses(oracle, rounds, first, "spot: no phase alive")


def test_r16_settlement_asks_no_sequencer_and_no_age(oracle, rounds):
    rounds.put(1, 1, -10)
    first = rounds.put(1, 2, 10, 2_010)
    env.time_travel(seconds=2 * DAY)
    with reverts("spot: stale"):
        oracle.spot()
    assert oracle.settlement_price(rounds.expiry, first) == 2_010 * WAD


@pytest.mark.parametrize("usd", [0, -5, 99, 100_001])
def test_r16_a_round_that_cannot_be_believed_is_passed_over(oracle, rounds, usd):
    rounds.put(1, 1, -10)
    bad = rounds.put(1, 2, 10, usd)
    good = rounds.put(1, 3, 20, 2_010)
    refuses(oracle, rounds, bad, "spot: round does not count")
    assert oracle.settlement_price(rounds.expiry, good) == 2_010 * WAD


def test_r16_a_carried_over_round_is_passed_over(oracle, rounds):
    rounds.put(1, 1, -10)
    carried = rounds.put(1, 2, 10, 2_000, carried=1)
    good = rounds.put(1, 3, 20, 2_010)
    refuses(oracle, rounds, carried, "spot: round does not count")
    assert oracle.settlement_price(rounds.expiry, good) == 2_010 * WAD


def test_r16_empty_rounds_that_answer_zero_are_passed_over(oracle, rounds):
    rounds.feed.answer_zeros(True)
    rounds.put(1, 1, -10)
    good = rounds.put(1, 9, 20, 2_010)
    assert oracle.settlement_price(rounds.expiry, good) == 2_010 * WAD
    refuses(oracle, rounds, 1 << 64 | 5, "spot: round does not count")


def test_r16_a_gap_of_more_than_eight_rounds_proves_nothing(oracle, rounds):
    rounds.feed.answer_zeros(True)
    rounds.put(1, 1, -10)
    assert oracle.settlement_price(rounds.expiry, rounds.put(1, 10, 20)) == 2_000 * WAD
    refuses(oracle, rounds, rounds.put(1, 30, 20), "spot: gap too wide")


def test_r16_a_round_from_the_future_does_not_settle(oracle, rounds):
    rounds.put(1, 1, -10)
    ahead = rounds.put(1, 2, 3 * HOUR)
    refuses(oracle, rounds, ahead, "spot: round does not count")


def test_r16_a_missing_round_that_reverts_is_passed_over_like_one_that_answers_zeros(
    oracle, rounds
):
    """ST-1: "with one rule for phases and missing rounds" """
    rounds.put(1, 1, -10)
    after_gap = rounds.put(1, 3, 20)
    for zeros in (False, True):
        rounds.feed.answer_zeros(zeros)
        assert oracle.settlement_price(rounds.expiry, after_gap) == 2_000 * WAD
        refuses(oracle, rounds, 1 << 64 | 2, "spot: round does not count")


def test_r16_nobody_makes_a_round_look_missing_by_sending_too_little_gas(oracle, rounds):
    """The first at or after the expiry is there; with just so much gas that reading it would fail,
    the one behind it must not settle."""
    rounds.put(1, 1, -10)
    rounds.put(1, 2, 10)
    second = rounds.put(1, 3, 20)
    for gas in range(30_000, 600_000, 2_000):
        assert not oracle.answers("settlement_price", rounds.expiry, second, gas=gas), gas


# ---------------------------------------------------------------- phases


@pytest.mark.proves("ST-1")
def test_r16_phases_overlapping_the_expiry_the_newest_alive_decides(oracle, rounds):
    rounds.put(1, 7, -10, 1_990)
    old = rounds.put(1, 8, 5, 2_005)
    rounds.put(2, 1, -500, 1_995)
    rounds.put(2, 2, -3, 1_996)
    new = rounds.put(2, 3, 8, 2_008)
    assert oracle.settlement_price(rounds.expiry, new) == 2_008 * WAD
    refuses(oracle, rounds, old, "spot: newer phase alive")


def test_r16_a_phase_born_after_expiry_leaves_the_old_one_to_settle(oracle, rounds):
    rounds.put(1, 1, -900)
    rounds.put(1, 2, -10)
    old = rounds.put(1, 3, 60, 2_060)
    new = rounds.put(2, 1, 30, 2_030)
    later = rounds.put(2, 2, 70, 2_070)
    assert oracle.settlement_price(rounds.expiry, old) == 2_060 * WAD
    refuses(oracle, rounds, later, "spot: not the first round")
    refuses(oracle, rounds, new, "spot: earlier phase unproved")


def test_r16_an_old_phase_that_went_on_is_not_shown_silent(oracle, rounds):
    rounds.feed.answer_zeros(True)
    rounds.put(1, 1, -900)
    rounds.put(1, 2, -10)
    rounds.put(1, 3, 10, 2_010)
    new = rounds.put(2, 1, 30, 2_030)
    refuses(oracle, rounds, with_last(new, 2), "spot: earlier phase not silent")
    refuses(oracle, rounds, with_last(new, 3), "spot: last round not earlier")
    refuses(oracle, rounds, with_last(new, 4), "spot: no such last round")


def test_r16_a_silent_phase_is_proved_by_its_empty_next_round(oracle, rounds):
    rounds.feed.answer_zeros(True)
    rounds.put(1, 1, -900)
    rounds.put(1, 2, -10)
    new = rounds.put(2, 1, 30, 2_030)
    assert oracle.settlement_price(rounds.expiry, with_last(new, 2)) == 2_030 * WAD
    refuses(oracle, rounds, with_last(new, 1), "spot: earlier phase not silent")
    refuses(oracle, rounds, new, "spot: earlier phase unproved")
    refuses(oracle, rounds, with_last(new, 2**64 - 1), "spot: last round number")


def test_r16_a_phase_with_any_update_after_expiry_is_not_silent_however_late(oracle, rounds):
    rounds.feed.answer_zeros(True)
    rounds.put(1, 1, -900)
    rounds.put(1, 2, -10)
    late = rounds.put(1, 11, 60, 2_060)
    new = rounds.put(2, 1, 30, 2_030)
    assert oracle.settlement_price(rounds.expiry, late) == 2_060 * WAD
    refuses(oracle, rounds, with_last(new, 2), "spot: earlier phase not silent")


def test_r16_where_the_feed_reverts_silence_is_proved_as_where_it_answers_zeros(oracle, rounds):
    """ST-1: "at most one round passes at any moment"; here it is the same one at every moment."""
    rounds.put(1, 1, -900)
    rounds.put(1, 2, -10)
    new = rounds.put(2, 1, 30, 2_030)
    for _ in range(3):
        refuses(oracle, rounds, new, "spot: earlier phase unproved")
        refuses(oracle, rounds, with_last(new, 1), "spot: earlier phase not silent")
        assert oracle.settlement_price(rounds.expiry, with_last(new, 2)) == 2_030 * WAD
        env.time_travel(seconds=DAY)


def test_r16_round_one_needs_a_phase_before_it_that_was_alive(oracle, rounds):
    rounds.feed.answer_zeros(True)
    rounds.put(1, 1, -900)
    rounds.put(2, 1, 20)
    third = rounds.put(3, 1, 30)
    env.time_travel(seconds=2 * DAY)
    refuses(oracle, rounds, third, "spot: no phase alive")
    assert oracle.settlement_price(rounds.expiry, with_last(2 << 64 | 1, 1)) == 2_000 * WAD


def test_r16_a_proxy_that_goes_back_to_an_old_aggregator_still_names_one_round(oracle, rounds):
    rounds.put(1, 1, -900)
    one = rounds.put(1, 2, 20, 2_020)
    rounds.put(2, 1, 5)
    rounds.put(3, 1, -900)
    three = rounds.put(3, 2, 20, 2_020)
    refuses(oracle, rounds, one, "spot: newer phase alive")
    assert oracle.settlement_price(rounds.expiry, three) == 2_020 * WAD


def test_r16_a_phase_that_the_feed_does_not_show_yet_settles_nothing(oracle, rounds):
    rounds.put(1, 1, -10)
    rounds.put(1, 2, 10)
    rounds.put(2, 1, -10)
    ahead = rounds.put(2, 2, 10)
    rounds.feed.set_latest(1 << 64 | 2)
    refuses(oracle, rounds, ahead, "spot: unknown phase")


def test_r16_more_than_eight_phases_later_nothing_is_proved(oracle, rounds):
    rounds.put(1, 1, -10)
    first = rounds.put(1, 2, 10)
    for phase in range(2, 10):
        rounds.put(phase, 1, 100)
    assert oracle.settlement_price(rounds.expiry, first) == 2_000 * WAD
    rounds.put(10, 1, 100)
    refuses(oracle, rounds, first, "spot: too many phases")


# ---------------------------------------------------------------- whatever the feed did


def passes(oracle: Any, expiry: int, round_id: int) -> bool:
    """Whether the proof is good."""
    return oracle.answers("settlement_price", expiry, round_id)


@pytest.mark.proves("ST-1")
@settings(max_examples=EXAMPLES, deadline=None)
@given(
    phases=st.lists(
        st.tuples(st.integers(-60, 60), st.lists(st.integers(0, 40), max_size=4)),
        min_size=1,
        max_size=3,
    )
)
def test_r16_whatever_the_phases_did_at_most_one_round_settles(deployed, phases):
    """Whatever rounds the phases have, within a day of the expiry exactly one passes if the newest
    phase alive at the expiry, or the one after it, has an update, and none otherwise; whoever
    proves it, and whatever last round he names."""
    feed, oracle = deployed
    with env.anchor():
        expiry = env.timestamp + 10 * DAY
        env.time_travel(seconds=10 * DAY + 2 * HOUR)
        feed.answer_zeros(True)
        rounds = Rounds(feed, expiry)
        written: dict[int, list[int]] = {}
        for phase, (start, steps) in enumerate(phases, 1):
            times = [start + sum(steps[:n]) for n in range(len(steps) + 1)]
            for number, time in enumerate(times, 1):
                rounds.put(phase, number, time)
            written[phase] = times
        passed = {
            (phase, number)
            for phase, times in written.items()
            for number in range(1, len(times) + 2)
            for last in range(6)
            if passes(oracle, expiry, with_last(phase << 64 | number, last))
        }
        assert passed == expected_rounds(written)


def expected_rounds(written: dict[int, list[int]]) -> set[tuple[int, int]]:
    alive = [phase for phase, times in written.items() if times[0] < 0]
    if not alive:
        return set()
    newest = max(alive)
    for number, time in enumerate(written[newest], 1):
        if time >= 0:
            return {(newest, number)}
    return {(newest + 1, 1)} if newest + 1 in written else set()
