"""Guardian: a price of last resort stands in public before it counts (ST-7)."""

from __future__ import annotations

import pytest
from guardian_bench import DAY, DELAY, env
from quick_chain import reverts

from tandem.protocol.announced import VALIDITY
from tandem.units import WAD


@pytest.fixture
def past() -> int:
    """An expiry that nobody has priced."""
    return env.timestamp - DAY


@pytest.mark.proves("ST-7")
def test_a_proposed_price_counts_from_the_end_of_its_delay_and_lapses(guardian, roles, past):
    with reverts("guardian: nothing proposed"):
        guardian.proposed_price(past)
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    env.time_travel(seconds=DELAY - 10)
    with reverts("guardian: too early"):
        guardian.proposed_price(past)
    env.time_travel(seconds=10)
    assert guardian.proposed_price(past) == 2_500 * WAD
    with reverts("guardian: nothing proposed"):
        guardian.proposed_price(past - DAY)
    env.time_travel(seconds=VALIDITY)
    assert guardian.proposed_price(past) == 2_500 * WAD
    env.time_travel(seconds=10)
    with reverts("guardian: lapsed"):
        guardian.proposed_price(past)


@pytest.mark.proves("ST-7")
def test_no_price_is_proposed_before_anybody_knows_it(guardian, roles):
    with reverts("guardian: not expired"):
        guardian.propose_price(env.timestamp + 60, 2_500 * WAD, sender=roles["owner"])


@pytest.mark.proves("ST-7")
def test_a_new_proposal_starts_the_delay_again(guardian, roles, past):
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.propose_price(past, 2_600 * WAD, sender=roles["owner"])
    with reverts("guardian: too early"):
        guardian.proposed_price(past)
    env.time_travel(seconds=DELAY)
    assert guardian.proposed_price(past) == 2_600 * WAD


@pytest.mark.proves("ST-7")
@pytest.mark.parametrize("wait", [0, DELAY])
def test_a_proposal_is_withdrawn_while_it_waits_and_afterwards(guardian, roles, past, wait):
    with reverts("guardian: none to withdraw"):
        guardian.withdraw_price(past, sender=roles["owner"])
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    env.time_travel(seconds=wait)
    guardian.withdraw_price(past, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    with reverts("guardian: nothing proposed"):
        guardian.proposed_price(past)


@pytest.mark.proves("ST-7")
def test_what_is_proposed_and_withdrawn_is_public(guardian, roles, past):
    guardian.propose_price(past, 2_500 * WAD, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "PriceProposed"
    ready_at = env.timestamp + DELAY
    assert (event.expiry, event.price, event.ready_at) == (past, 2_500 * WAD, ready_at)
    assert guardian.proposals(past)[:2] == (2_500 * WAD, ready_at)
    guardian.withdraw_price(past, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert type(event).__name__ == "PriceWithdrawn"
    assert (event.expiry, event.price) == (past, 2_500 * WAD)
