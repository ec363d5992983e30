"""ChainlinkSpot: what settles once a feed has ended, and not before (ST-5 to ST-8)."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from spot_bench import DAY, HIGH, HOUR, LOW, env, with_last

SECOND_FEED, PROPOSAL = 1 << 144, 2 << 144
SECOND_SETTLES = SECOND_FEED | 1 << 64 | 2


# ---------------------------------------------------------------- settlement by the second feed


@pytest.mark.proves("ST-6")
def test_the_second_feed_settles_from_three_days_after_the_expiry_on(sources):
    sources.at(3 * DAY - 1)
    sources.refuses(SECOND_SETTLES, "spot: source not open")
    sources.at(3 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005
    sources.at(365 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005


@pytest.mark.proves("ST-6")
def test_of_the_second_feed_too_only_the_first_round_after_the_expiry_settles(sources):
    sources.at(3 * DAY)
    sources.refuses(SECOND_FEED | 1 << 64 | 1, "spot: before expiry")
    sources.refuses(SECOND_FEED | 1 << 64 | 3, "spot: not the first round")
    sources.second.put(1, 2, 60, 99)
    sources.refuses(SECOND_SETTLES, "spot: round does not count")
    assert sources.settles(SECOND_FEED | 1 << 64 | 3) == 2_010


@pytest.mark.proves("ST-6")
def test_of_the_second_feed_too_the_newest_phase_alive_decides(sources):
    sources.second.put(2, 1, -30, 1_996)
    new = sources.second.put(2, 2, 90, 2_008)
    sources.at(3 * DAY)
    sources.refuses(SECOND_SETTLES, "spot: newer phase alive")
    assert sources.settles(SECOND_FEED | new) == 2_008


@pytest.mark.proves("ST-6")
def test_the_phases_of_one_feed_say_nothing_about_the_other(sources):
    """The first feed is in its phase 12, the second still in its phase 1."""
    sources.first.feed.answer_zeros(True)
    sources.first.put(12, 1, -HOUR)
    sources.at(3 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005


@pytest.mark.proves("ST-6")
def test_of_the_second_feed_too_a_silent_phase_is_proved_silent(sources):
    """Its phase 2, which the first feed never had."""
    sources.second.feed.answer_zeros(True)
    for number, after in ((1, -60), (2, -40), (3, -20)):
        sources.second.put(2, number, after)
    new = SECOND_FEED | sources.second.put(3, 1, 2 * DAY + 60, 2_030)
    sources.at(3 * DAY)
    sources.refuses(new, "spot: earlier phase unproved")
    sources.refuses(with_last(new, 2), "spot: earlier phase not silent")
    assert sources.settles(with_last(new, 3)) == 2_030
    sources.at(3 * DAY + 60)
    sources.refuses(new, "spot: earlier phase unproved")


@pytest.mark.proves("ST-6")
def test_the_round_of_one_feed_does_not_settle_as_the_others(sources):
    sources.at(3 * DAY)
    sources.refuses(1 << 64 | 2, "spot: round does not count")
    late = sources.first.put(1, 2, 90, 2_222)
    assert sources.settles(late) == 2_222
    assert sources.settles(SECOND_FEED | late) == 2_005


@pytest.mark.proves("ST-6")
def test_where_there_is_no_second_feed_none_settles(sources):
    sources.at(3 * DAY)
    sources.refuses(SECOND_SETTLES, "spot: no such source", sources.alone)


@pytest.mark.parametrize("kind", [3, 4, 2**112 - 1])
def test_there_is_no_fourth_source(sources, kind):
    sources.at(30 * DAY)
    sources.refuses(kind << 144 | 1 << 64 | 2, "spot: no such source")


# ---------------------------------------------------------------- settlement by the owner's price


@pytest.mark.proves("ST-7")
def test_without_a_second_feed_the_owners_price_opens_three_days_after_the_expiry(sources):
    sources.propose(2_100)
    sources.at(3 * DAY - 1)
    sources.refuses(PROPOSAL, "spot: source not open", sources.alone)
    sources.at(3 * DAY)
    assert sources.settles(PROPOSAL, sources.alone) == 2_100


@pytest.mark.proves("ST-7")
def test_the_second_feed_has_a_day_before_the_owners_price(sources):
    sources.propose(2_100)
    sources.at(4 * DAY - 1)
    assert sources.settles(SECOND_SETTLES) == 2_005
    sources.refuses(PROPOSAL, "spot: source not open")
    sources.at(4 * DAY)
    assert sources.settles(PROPOSAL) == 2_100


@pytest.mark.proves("ST-7")
def test_however_long_after_the_expiry_the_owners_price_waits_for_its_delay(sources):
    sources.at(10 * DAY)
    sources.refuses(PROPOSAL, "guardian: nothing proposed")
    sources.propose(2_100)
    sources.at(12 * DAY - 1)
    sources.refuses(PROPOSAL, "guardian: too early")
    sources.at(12 * DAY)
    assert sources.settles(PROPOSAL) == 2_100
    sources.at(26 * DAY + 1)
    sources.refuses(PROPOSAL, "guardian: lapsed")


@pytest.mark.proves("ST-7")
def test_a_withdrawn_price_settles_nothing(sources):
    sources.propose(2_100)
    sources.at(5 * DAY)
    sources.guardian.withdraw_price(sources.expiry, sender=sources.owner)
    sources.refuses(PROPOSAL, "guardian: nothing proposed")


@pytest.mark.proves("ST-7")
@pytest.mark.parametrize(
    ("price", "good"),
    [(0, False), (LOW - 1, False), (LOW, True), (HIGH, True), (HIGH + 1, False), (2**255, False)],
)
def test_the_owners_price_is_inside_the_bounds_of_a_round(sources, price, good):
    sources.guardian.propose_price(sources.expiry, price, sender=sources.owner)
    sources.at(5 * DAY)
    if good:
        assert sources.oracle.settlement_price(sources.expiry, PROPOSAL) == price
    else:
        sources.refuses(PROPOSAL, "spot: proposal out of bounds")


@pytest.mark.proves("ST-7")
def test_a_price_is_for_one_expiry(sources):
    sources.propose(2_100)
    sources.at(5 * DAY)
    for other in (sources.expiry - DAY, sources.expiry - 1):
        with reverts("guardian: nothing proposed"):
            sources.oracle.settlement_price(other, PROPOSAL)


@pytest.mark.proves("ST-8")
def test_a_round_goes_on_settling_whatever_the_owner_proposes(sources):
    """From the round's first moment on: before, while and after the owner's price is open."""
    late = sources.first.put(1, 2, 90, 2_020)
    sources.propose(9_999)
    with env.anchor():
        sources.at(5 * DAY)
        assert sources.settles(SECOND_SETTLES) == 2_005
    for after in (90, 3 * DAY, 4 * DAY, 30 * DAY):
        sources.at(after)
        assert sources.settles(late) == sources.settles(late, sources.alone) == 2_020
