"""Guardian: what a deployment holds, and the pause (R24)."""

from __future__ import annotations

import pytest
from guardian_bench import DAY, DELAY, GUARDIAN, LISTER, NOBODY, SIGNER, env, load, now
from quick_chain import reverts

from tandem.protocol import terms

# ---------------------------------------------------------------- construction


def with_field(index: int, amount: int) -> list[int]:
    """The default words with any amount in a field, in its bounds or not."""
    words, place = list(terms.defaults()), 16 * (index % 16)
    words[index // 16] = words[index // 16] & ~(0xFFFF << place) | amount << place
    return words


@pytest.mark.proves("BK-6")
def test_r20_terms_bounds_and_roles_are_read_from_the_chain_alone(guardian, roles):
    assert tuple(guardian.words()) == terms.defaults()
    for field in terms.FIELDS.values():
        if field.index == 0:
            continue
        value, low, high, up, down = guardian.term(field.index)
        assert (value, low, high) == (field.default, field.low, field.high)
        assert not (up and down)
    assert guardian.owner() == roles["owner"]
    assert guardian.members(GUARDIAN) == [roles["guardian"], roles["second"]]
    assert guardian.members(LISTER) == [roles["lister"]]
    assert guardian.members(SIGNER) == [roles["signer"]]


@pytest.mark.parametrize("delay", [DAY, 30 * DAY])
def test_r24_a_delay_on_its_bounds_is_taken(roles, delay):
    assert load(roles, delay=delay).DELAY() == delay


@pytest.mark.parametrize("delay", [0, DAY - 1, 30 * DAY + 1])
def test_r24_the_delay_itself_is_bounded(roles, delay):
    with reverts("guardian: delay bounds"):
        load(roles, delay=delay)


@pytest.mark.parametrize("name", [name for name in terms.FIELDS if name != "flags"])
def test_r24_a_deployment_out_of_bounds_reverts(roles, name):
    field = terms.FIELDS[name]
    for amount in (field.low - 1, field.high + 1):
        if amount < 0:
            continue
        with reverts("guardian: out of bounds"):
            load(roles, initial=with_field(field.index, amount))


def test_a_deployment_may_begin_paused(roles):
    assert now(load(roles, initial=with_field(0, 1)))["flags"] == 1


def test_an_unknown_flag_reverts(roles):
    with reverts("guardian: unknown flag"):
        load(roles, initial=with_field(0, 2))


def test_a_word_that_says_more_than_there_are_fields_reverts(roles):
    with reverts("guardian: unknown field"):
        load(roles, initial=with_field(31, 1))


def test_a_role_is_not_given_to_nobody_or_twice(roles):
    with reverts("guardian: nobody"):
        load(roles, owner=NOBODY)
    with reverts("guardian: has the role"):
        load(roles, guardians=[roles["guardian"]] * 2)


# ---------------------------------------------------------------- pause


def test_r24_a_guardian_pauses_at_once_and_nobody_else(guardian, roles):
    for name in ("owner", "lister", "signer", "stranger"):
        with reverts("guardian: not a guardian"):
            guardian.pause(sender=roles[name])
    guardian.pause(sender=roles["second"])
    assert tuple(guardian.words()) == terms.defaults(flags=1)


@pytest.mark.proves("PW-1")
def test_r24_the_pause_ends_by_the_owner_after_the_delay(guardian, roles):
    guardian.pause(sender=roles["guardian"])
    with reverts("guardian: not the owner"):
        guardian.unpause(sender=roles["guardian"])
    guardian.unpause(sender=roles["owner"])
    assert now(guardian)["flags"] == 1
    env.time_travel(seconds=DELAY - 10)
    with reverts("guardian: too early"):
        guardian.apply(0, sender=roles["owner"])
    env.time_travel(seconds=10)
    guardian.apply(0, sender=roles["owner"])
    assert tuple(guardian.words()) == terms.defaults()


def test_r24_a_second_pause_drops_the_queued_unpause(guardian, roles):
    guardian.pause(sender=roles["guardian"])
    guardian.unpause(sender=roles["owner"])
    guardian.pause(sender=roles["second"])
    env.time_travel(seconds=DELAY)
    with reverts("guardian: nothing queued"):
        guardian.apply(0, sender=roles["owner"])


def test_only_a_pause_can_be_ended(guardian, roles):
    with reverts("guardian: not paused"):
        guardian.unpause(sender=roles["owner"])


# ---------------------------------------------------------------- the hedge venue


@pytest.mark.proves("HG-19")
def test_r35_who_takes_the_venue_down_pauses_nothing_besides(guardian, roles):
    """Once it is back opens go on: nobody has to end a pause that nobody began."""
    guardian.take_down(sender=roles["guardian"])
    assert now(guardian)["flags"] == 2


@pytest.mark.proves("HG-19")
def test_r35_a_guardian_takes_the_venue_down_and_the_owner_brings_it_back(guardian, roles):
    """HG-19: "at once … The owner brings it back, after the delay"; a pause beside it stands."""
    with reverts("guardian: not a guardian"):
        guardian.take_down(sender=roles["owner"])
    with reverts("guardian: venue is up"):
        guardian.bring_back(sender=roles["owner"])
    guardian.pause(sender=roles["guardian"])
    guardian.take_down(sender=roles["guardian"])
    assert (now(guardian)["flags"], guardian.down_since()) == (3, env.timestamp)
    with reverts("guardian: venue is down"):
        guardian.take_down(sender=roles["guardian"])
    guardian.bring_back(sender=roles["owner"])
    with reverts("guardian: too early"):
        guardian.apply(0, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=roles["owner"])
    assert now(guardian)["flags"] == 1
    guardian.take_down(sender=roles["guardian"])
    guardian.unpause(sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=roles["owner"])
    assert now(guardian)["flags"] == 2


@pytest.mark.proves("HG-19")
def test_r35_what_is_queued_for_the_flags_does_not_bring_a_venue_back(guardian, roles):
    """An unpause that matures after the venue was taken down again says nothing about it."""
    guardian.pause(sender=roles["guardian"])
    guardian.unpause(sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.take_down(sender=roles["guardian"])
    with reverts("guardian: nothing queued"):
        guardian.apply(0, sender=roles["owner"])
    assert now(guardian)["flags"] == 3


@pytest.mark.proves("VS-5")
def test_one_of_several_is_written_off_three_days_after_its_own_bit_and_until_it_is_back(
    guardian, roles
):
    """VS-5: "Each is written off three days after its own bit"; where no other is up, what was when the last
    went down."""
    who = roles["guardian"]

    def gone() -> list[int]:
        return [place for place in range(4) if guardian.is_written_off(place)]

    guardian.take_down_one(2, sender=who)
    env.time_travel(seconds=2 * DAY)
    guardian.take_down_one(0, sender=who)
    env.time_travel(seconds=DAY - 1)
    assert gone() == []
    env.time_travel(seconds=1)
    assert gone() == [2]
    guardian.take_down_one(1, sender=who)
    env.time_travel(seconds=9 * DAY)
    assert gone() == [0, 1, 2]
    assert now(guardian)["flags"] & 2 == 0
    guardian.take_down_one(3, sender=who)
    assert now(guardian)["flags"] & 2
    with reverts("guardian: venue is down"):
        guardian.take_down(sender=who)
    env.time_travel(seconds=9 * DAY)
    assert gone() == [0, 1, 2]
    guardian.bring_back(sender=roles["owner"])
    env.time_travel(seconds=guardian.DELAY())
    guardian.apply(0, sender=roles["owner"])
    assert gone() == []
    guardian.take_down(sender=who)
    guardian.take_down_one(2, sender=who)
    env.time_travel(seconds=9 * DAY)
    assert gone() == []


@pytest.mark.proves("VS-5")
def test_where_all_of_three_are_down_what_was_written_off_stays_so(roles):
    """Of three the place of a fourth has no bit that makes one of them the last."""
    who, three = roles["guardian"], load(roles, venues=3)
    three.take_down_one(2, sender=who)
    env.time_travel(seconds=3 * DAY)
    for place in (0, 1):
        three.take_down_one(place, sender=who)
    env.time_travel(seconds=9 * DAY)
    assert [place for place in range(3) if three.is_written_off(place)] == [2]


@pytest.mark.proves("VS-5", "PW-2")
@pytest.mark.parametrize("count", [0, 2, 3, 4])
def test_a_place_without_a_venue_has_no_bit(roles, count):
    """One that no venue has stopped deposits, and had those who leave wait anew."""
    guardian = load(roles, venues=count)
    for place in range(count):
        guardian.take_down_one(place, sender=roles["guardian"])
    word = guardian.words()[0]
    with reverts("guardian: unknown venue"):
        guardian.take_down_one(count, sender=roles["guardian"])
    with reverts("guardian: unknown venue"):
        guardian.is_written_off(count)
    assert guardian.words()[0] == word


@pytest.mark.proves("VS-5")
def test_there_are_four_venues_at_the_most(roles):
    with reverts("guardian: too many venues"):
        load(roles, venues=5)
