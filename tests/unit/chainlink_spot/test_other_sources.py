"""ChainlinkSpot: what answers once a feed has ended, and not before (ST-5 to ST-8, AV-2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boa
import pytest
from spot_bench import (
    DAY,
    HIGH,
    HOUR,
    LOW,
    WAD,
    Rounds,
    load_feed,
    load_guardian,
    load_spot,
    with_last,
)

SECOND_FEED, PROPOSAL = 1 << 144, 2 << 144
DELAY = 2 * DAY
MAX_AGE, GRACE = 2 * HOUR, HOUR


@dataclass
class Sources:
    """An oracle over two feeds, the same over one, and everything that they answer from."""

    oracle: Any
    alone: Any
    first: Rounds
    second: Rounds
    guardian: Any
    uptime: Any
    owner: str

    @property
    def expiry(self) -> int:
        return self.first.expiry

    def at(self, after: int) -> None:
        """Go to so many seconds after the expiry."""
        boa.env.timestamp = self.expiry + after

    def refuses(self, round_id: int, reason: str, oracle: Any = None) -> None:
        with boa.reverts(reason):
            (oracle or self.oracle).settlement_price(self.expiry, round_id)

    def settles(self, round_id: int, oracle: Any = None) -> int:
        """At this price, in USD."""
        return (oracle or self.oracle).settlement_price(self.expiry, round_id) // WAD

    def propose(self, usd: int) -> None:
        self.guardian.propose_price(self.expiry, usd * WAD, sender=self.owner)


@pytest.fixture(scope="module")
def loaded() -> Sources:
    feed, second, uptime = load_feed(), load_feed(18), load_feed(0)
    owner = boa.env.generate_address("owner")
    guardian = load_guardian(owner, DELAY)
    more = {"guardian": guardian, "uptime": uptime, "max_age": MAX_AGE, "grace": GRACE}
    oracle, alone = load_spot(feed, second=second, **more), load_spot(feed, **more)
    expiry = boa.env.timestamp + 10 * DAY
    uptime.push(0)
    return Sources(
        oracle, alone, Rounds(feed, expiry), Rounds(second, expiry), guardian, uptime, owner
    )


@pytest.fixture
def sources(loaded: Sources) -> Any:
    """The first feed ended an hour before the expiry; the second goes on."""
    with boa.env.anchor():
        loaded.at(0)
        loaded.first.put(1, 1, -HOUR, 1_990)
        loaded.second.put(1, 1, -60, 1_995)
        loaded.second.put(1, 2, 60, 2_005)
        loaded.second.put(1, 3, 120, 2_010)
        yield loaded


SECOND_SETTLES = SECOND_FEED | 1 << 64 | 2

# ---------------------------------------------------------------- settlement by the second feed


def test_st6_the_second_feed_settles_from_three_days_after_the_expiry_on(sources):
    sources.at(3 * DAY - 1)
    sources.refuses(SECOND_SETTLES, "spot: source not open")
    sources.at(3 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005
    sources.at(365 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005


def test_st6_of_the_second_feed_too_only_the_first_round_after_the_expiry_settles(sources):
    sources.at(3 * DAY)
    sources.refuses(SECOND_FEED | 1 << 64 | 1, "spot: before expiry")
    sources.refuses(SECOND_FEED | 1 << 64 | 3, "spot: not the first round")
    sources.second.put(1, 2, 60, 99)
    sources.refuses(SECOND_SETTLES, "spot: round does not count")
    assert sources.settles(SECOND_FEED | 1 << 64 | 3) == 2_010


def test_st6_of_the_second_feed_too_the_newest_phase_alive_decides(sources):
    sources.second.put(2, 1, -30, 1_996)
    new = sources.second.put(2, 2, 90, 2_008)
    sources.at(3 * DAY)
    sources.refuses(SECOND_SETTLES, "spot: newer phase alive")
    assert sources.settles(SECOND_FEED | new) == 2_008


def test_st6_the_phases_of_one_feed_say_nothing_about_the_other(sources):
    """The first feed is in its phase 12, the second still in its phase 1."""
    sources.first.feed.answer_zeros(True)
    sources.first.put(12, 1, -HOUR)
    sources.at(3 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005


def test_st6_of_the_second_feed_too_a_silent_phase_is_proved_silent(sources):
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
    assert sources.settles(new) == 2_030


def test_st6_the_round_of_one_feed_does_not_settle_as_the_others(sources):
    sources.at(3 * DAY)
    sources.refuses(1 << 64 | 2, "No data present")
    late = sources.first.put(1, 2, 90, 2_222)
    assert sources.settles(late) == 2_222
    assert sources.settles(SECOND_FEED | late) == 2_005


def test_st6_where_there_is_no_second_feed_none_settles(sources):
    sources.at(3 * DAY)
    sources.refuses(SECOND_SETTLES, "spot: no such source", sources.alone)


@pytest.mark.parametrize("kind", [3, 4, 2**112 - 1])
def test_there_is_no_fourth_source(sources, kind):
    sources.at(30 * DAY)
    sources.refuses(kind << 144 | 1 << 64 | 2, "spot: no such source")


# ---------------------------------------------------------------- settlement by the owner's price


def test_st7_without_a_second_feed_the_owners_price_opens_three_days_after_the_expiry(sources):
    sources.propose(2_100)
    sources.at(3 * DAY - 1)
    sources.refuses(PROPOSAL, "spot: source not open", sources.alone)
    sources.at(3 * DAY)
    assert sources.settles(PROPOSAL, sources.alone) == 2_100


def test_st7_the_second_feed_has_a_day_before_the_owners_price(sources):
    sources.propose(2_100)
    sources.at(4 * DAY - 1)
    assert sources.settles(SECOND_SETTLES) == 2_005
    sources.refuses(PROPOSAL, "spot: source not open")
    sources.at(4 * DAY)
    assert sources.settles(PROPOSAL) == 2_100


def test_st7_however_long_after_the_expiry_the_owners_price_waits_for_its_delay(sources):
    sources.at(10 * DAY)
    sources.refuses(PROPOSAL, "guardian: nothing proposed")
    sources.propose(2_100)
    sources.at(12 * DAY - 1)
    sources.refuses(PROPOSAL, "guardian: too early")
    sources.at(12 * DAY)
    assert sources.settles(PROPOSAL) == 2_100
    sources.at(26 * DAY + 1)
    sources.refuses(PROPOSAL, "guardian: lapsed")


def test_st7_a_withdrawn_price_settles_nothing(sources):
    sources.propose(2_100)
    sources.at(5 * DAY)
    sources.guardian.withdraw_price(sources.expiry, sender=sources.owner)
    sources.refuses(PROPOSAL, "guardian: nothing proposed")


@pytest.mark.parametrize(
    ("price", "good"),
    [(0, False), (LOW - 1, False), (LOW, True), (HIGH, True), (HIGH + 1, False), (2**255, False)],
)
def test_st7_the_owners_price_is_inside_the_bounds_of_a_round(sources, price, good):
    sources.guardian.propose_price(sources.expiry, price, sender=sources.owner)
    sources.at(5 * DAY)
    if good:
        assert sources.oracle.settlement_price(sources.expiry, PROPOSAL) == price
    else:
        sources.refuses(PROPOSAL, "spot: proposal out of bounds")


def test_st7_a_price_is_for_one_expiry(sources):
    sources.propose(2_100)
    sources.at(5 * DAY)
    for other in (sources.expiry - DAY, sources.expiry - 1):
        with boa.reverts("guardian: nothing proposed"):
            sources.oracle.settlement_price(other, PROPOSAL)


def test_st8_a_round_goes_on_settling_whatever_the_owner_proposes(sources):
    """From the round's first moment on: before, while and after the owner's price is open."""
    late = sources.first.put(1, 2, 90, 2_020)
    sources.propose(9_999)
    for after in (90, 3 * DAY, 4 * DAY, 30 * DAY):
        sources.at(after)
        assert sources.settles(late) == sources.settles(late, sources.alone) == 2_020
    sources.at(5 * DAY)
    assert sources.settles(SECOND_SETTLES) == 2_005


# ---------------------------------------------------------------- spot


def refuses_spot(oracle: Any, reason: str) -> None:
    with boa.reverts(reason):
        oracle.spot()
    assert oracle.peek()[2] is False


def test_av2_the_second_feed_answers_once_the_first_had_no_round_for_three_days(sources):
    sources.at(3 * DAY - HOUR)
    time = boa.env.timestamp
    sources.second.put(1, 4, 3 * DAY - HOUR, 2_345)
    refuses_spot(sources.oracle, "spot: stale")
    sources.at(3 * DAY - HOUR + 1)
    assert sources.oracle.spot() == 2_345 * WAD
    assert sources.oracle.peek() == (2_345 * WAD, time, True)
    refuses_spot(sources.alone, "spot: stale")


def test_av2_the_first_feed_answers_again_from_its_next_round_on(sources):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY, 2_345)
    sources.first.put(1, 2, 4 * DAY, 2_350)
    assert sources.oracle.spot() == 2_350 * WAD
    assert sources.oracle.peek()[0] == 2_350 * WAD


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
def test_av2_the_second_feed_is_checked_as_the_first(sources, usd, after, carried, reason):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY + after, usd, carried)
    refuses_spot(sources.oracle, reason)


def test_av2_nor_is_the_second_feed_believed_while_the_sequencer_is_down(sources):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY)
    sources.uptime.push(1)
    refuses_spot(sources.oracle, "spot: sequencer down")
    sources.uptime.push(0)
    refuses_spot(sources.oracle, "spot: grace period")


@pytest.mark.parametrize("usd", [0, -5, 99, 100_001])
def test_av2_a_feed_that_answers_nonsense_has_not_ended(sources, usd):
    """Until three days after its last word."""
    sources.first.put(1, 2, DAY, usd)
    for after in (4 * DAY, 4 * DAY + 1):
        sources.at(after)
        sources.second.put(1, 4, 4 * DAY, 2_345)
        if after == 4 * DAY:
            with boa.reverts("spot: stale"):
                sources.oracle.spot()
        else:
            assert sources.oracle.spot() == 2_345 * WAD


def test_av2_a_feed_that_shows_no_round_at_all_has_not_ended(sources):
    sources.at(4 * DAY)
    sources.second.put(1, 4, 4 * DAY, 2_345)
    sources.first.feed.answer_zeros(True)
    sources.first.feed.next_phase()
    refuses_spot(sources.oracle, "spot: incomplete round")


def test_av2_while_the_first_feed_answers_the_second_is_not_even_read(sources):
    """It has no round, so that reading it reverts."""
    bare = load_feed()
    oracle = load_spot(sources.first.feed, second=bare)
    round_id = sources.first.put(1, 2, 0, 2_001)
    assert oracle.spot() == oracle.peek()[0] == 2_001 * WAD
    assert sources.settles(round_id, oracle) == 2_001
    sources.at(4 * DAY)
    with boa.reverts("No data present"):
        oracle.spot()
