"""Guardian: while LPs wait for a venue nothing is taken up that they might want to leave before (PW-5)."""

from __future__ import annotations

import pytest
from guardian_bench import DELAY, SIGNER, env
from quick_chain import reverts

from tandem.protocol import terms
from tandem.protocol.announced import VALIDITY
from tandem.units import DAY, HOUR, WAD

HELD = 4 * DAY
FEE = terms.FIELDS["half_spread"]


@pytest.mark.proves("PW-5")
@pytest.mark.parametrize("act", ["take_down", "take_down_one"])
def test_what_is_queued_waits_until_lps_have_had_their_time(guardian, roles, act):
    """A role, a term and a growth. They lapse when they would have."""
    owner, rogue = roles["owner"], roles["stranger"]
    guardian.offer_role(SIGNER, rogue, sender=owner)
    guardian.set_term(FEE.index, FEE.high, sender=owner)
    guardian.propose_growth(1, WAD, sender=owner)
    env.time_travel(seconds=DELAY - HOUR)
    getattr(guardian, act)(*([0] if act == "take_down_one" else []), sender=roles["guardian"])
    assert guardian.held_until() == env.timestamp + HELD
    takes = (
        lambda: guardian.accept_role(SIGNER, sender=rogue),
        lambda: guardian.apply(FEE.index, sender=owner),
        lambda: guardian.proposed_growth(1),
    )
    env.time_travel(seconds=HELD - 1)
    for take in takes:
        with reverts("guardian: held"):
            take()
    env.time_travel(seconds=1)
    for take in takes:
        with env.anchor():
            take()
    env.time_travel(seconds=VALIDITY + HOUR - HELD)
    for take in takes:
        with env.anchor():
            take()
    env.time_travel(seconds=1)
    for take in takes:
        with reverts("guardian: lapsed"):
            take()
    guardian.take_down_one(3, sender=roles["guardian"])
    env.time_travel(seconds=HELD)
    for take in takes:  # what had lapsed stays so
        with reverts("guardian: lapsed"):
            take()


@pytest.mark.proves("PW-5")
def test_each_of_several_holds_anew_and_what_is_down_already_does_not(guardian, roles):
    """As LPs wait for each anew, until all are down (VS-5)."""
    who = roles["guardian"]
    for place in range(4):
        env.time_travel(seconds=DAY)
        guardian.take_down_one(place, sender=who)
        assert guardian.held_until() == env.timestamp + HELD
    until = guardian.held_until()
    guardian.bring_back(sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=roles["owner"])
    assert guardian.held_until() == until
    guardian.take_down(sender=who)
    until = guardian.held_until()
    env.time_travel(seconds=DAY)
    guardian.take_down_one(0, sender=who)
    assert guardian.held_until() == until


@pytest.mark.proves("PW-5")
def test_a_venue_that_is_back_leaves_lps_the_wait_that_it_begins(guardian, roles):
    """A day; and it comes back whatever is held. The end of a pause holds nothing."""
    owner, who = roles["owner"], roles["guardian"]
    guardian.pause(sender=who)
    guardian.unpause(sender=owner)
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=owner)
    assert guardian.held_until() == 0
    guardian.take_down(sender=who)
    env.time_travel(seconds=DAY + 23 * HOUR)
    guardian.bring_back(sender=owner)
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=owner)
    assert guardian.held_until() == env.timestamp + DAY
    guardian.take_down_one(3, sender=who)
    guardian.bring_back_one(3, sender=owner)
    env.time_travel(seconds=DELAY)
    guardian.apply(0, sender=owner)
    assert guardian.held_until() == env.timestamp + HELD - DELAY


@pytest.mark.proves("PW-5")
def test_a_lower_age_of_slices_leaves_lps_a_day(guardian, roles):
    """What they could leave by may be stale in that second. A higher one holds nothing, nor does another."""
    owner, age = roles["owner"], terms.FIELDS["surface_age"]
    for field, amount, held in ((FEE, FEE.high, 0), (age, age.high, 0), (age, age.high - 1, DAY)):
        guardian.set_term(field.index, amount, sender=owner)
        env.time_travel(seconds=DELAY)
        guardian.apply(field.index, sender=owner)
        assert guardian.held_until() == (env.timestamp + held if held else 0)


@pytest.mark.proves("PW-5", "ST-7")
def test_settlement_is_never_held(guardian, roles):
    expiry = env.timestamp - 5 * DAY
    guardian.propose_price(expiry, 2_500 * WAD, sender=roles["owner"])
    guardian.take_down(sender=roles["guardian"])
    env.time_travel(seconds=DELAY)
    assert guardian.held_until() > env.timestamp
    assert guardian.proposed_price(expiry) == 2_500 * WAD
