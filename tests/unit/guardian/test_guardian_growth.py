"""Guardian: that what one of several venues holds has grown is proposed in public before it counts (VS-8)."""

from __future__ import annotations

import pytest
from guardian_bench import DELAY, env
from quick_chain import reverts

from tandem.protocol.announced import VALIDITY
from tandem.units import WAD

GROWTH = -(WAD // 2)


@pytest.mark.proves("VS-8")
def test_a_proposed_growth_counts_from_the_end_of_its_delay_and_lapses(guardian, roles):
    with reverts("guardian: nothing proposed"):
        guardian.proposed_growth(2)
    guardian.propose_growth(2, GROWTH, sender=roles["owner"])
    ready_at = env.timestamp + DELAY
    env.time_travel(seconds=DELAY - 10)
    with reverts("guardian: too early"):
        guardian.proposed_growth(2)
    env.time_travel(seconds=10)
    assert guardian.proposed_growth(2) == (GROWTH, ready_at)
    with reverts("guardian: nothing proposed"):
        guardian.proposed_growth(1)
    env.time_travel(seconds=VALIDITY)
    assert guardian.proposed_growth(2)[0] == GROWTH
    env.time_travel(seconds=10)
    with reverts("guardian: lapsed"):
        guardian.proposed_growth(2)


@pytest.mark.proves("VS-8")
def test_a_new_proposal_starts_the_delay_again(guardian, roles):
    guardian.propose_growth(0, GROWTH, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.propose_growth(0, 2 * GROWTH, sender=roles["owner"])
    with reverts("guardian: too early"):
        guardian.proposed_growth(0)


@pytest.mark.proves("VS-8")
def test_it_is_public_and_withdrawn(guardian, roles):
    with reverts("guardian: none to withdraw"):
        guardian.withdraw_growth(3, sender=roles["owner"])
    guardian.propose_growth(3, GROWTH, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "GrowthProposed"
    assert (event.venue, event.growth, event.ready_at) == (3, GROWTH, env.timestamp + DELAY)
    assert guardian.growths(3)[:2] == (GROWTH, env.timestamp + DELAY)
    env.time_travel(seconds=DELAY)
    guardian.withdraw_growth(3, sender=roles["owner"])
    assert type(guardian.get_logs()[-1]).__name__ == "GrowthWithdrawn"
    with reverts("guardian: nothing proposed"):
        guardian.proposed_growth(3)


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("venue", [4, 2**256 - 1])
def test_there_is_no_such_venue(guardian, roles, venue):
    for call in (
        lambda: guardian.propose_growth(venue, GROWTH, sender=roles["owner"]),
        lambda: guardian.withdraw_growth(venue, sender=roles["owner"]),
        lambda: guardian.proposed_growth(venue),
    ):
        with reverts("guardian: unknown venue"):
            call()
