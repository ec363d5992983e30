"""Guardian: a role is taken at once and given after the delay (R24)."""

from __future__ import annotations

import boa
import pytest
from guardian_bench import DELAY, GUARDIAN, LISTER, NOBODY, OWNER, SIGNER, load


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize("role", [GUARDIAN, LISTER, SIGNER])
def test_r24_a_role_moves_in_two_steps_after_the_delay(guardian, roles, role):
    stranger = roles["stranger"]
    guardian.offer_role(role, stranger, sender=roles["owner"])
    with boa.reverts("guardian: too early"):
        guardian.accept_role(role, sender=stranger)
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: not offered"):
        guardian.accept_role(role, sender=roles["owner"])
    assert not guardian.has_role(role, stranger)
    guardian.accept_role(role, sender=stranger)
    assert guardian.has_role(role, stranger)
    assert guardian.is_lister(stranger) == (role == LISTER)
    assert guardian.is_signer(stranger) == (role == SIGNER)
    with boa.reverts("guardian: not offered"):
        guardian.accept_role(role, sender=stranger)


def test_r24_the_ownership_passes_on_and_the_old_owner_keeps_nothing(guardian, roles):
    guardian.offer_role(OWNER, roles["stranger"], sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    guardian.accept_role(OWNER, sender=roles["stranger"])
    assert guardian.owner() == roles["stranger"]
    assert guardian.members(OWNER) == [roles["stranger"]]
    with boa.reverts("guardian: not the owner"):
        guardian.set_term(7, 100, sender=roles["owner"])
    guardian.set_term(7, 100, sender=roles["stranger"])


@pytest.mark.proves("PW-2")
def test_r24_a_role_is_taken_at_once_but_never_the_ownership(guardian, roles):
    guardian.revoke_role(GUARDIAN, roles["guardian"], sender=roles["owner"])
    with boa.reverts("guardian: not a guardian"):
        guardian.pause(sender=roles["guardian"])
    assert guardian.members(GUARDIAN) == [roles["second"]]
    with boa.reverts("guardian: lacks the role"):
        guardian.revoke_role(GUARDIAN, roles["guardian"], sender=roles["owner"])
    with boa.reverts("guardian: owner stays"):
        guardian.revoke_role(OWNER, roles["owner"], sender=roles["owner"])
    with boa.reverts("guardian: not the owner"):
        guardian.revoke_role(GUARDIAN, roles["second"], sender=roles["stranger"])


def test_a_holder_may_give_up_his_own_role(guardian, roles):
    guardian.revoke_role(SIGNER, roles["signer"], sender=roles["signer"])
    assert not guardian.is_signer(roles["signer"])


def test_r24_an_offer_is_withdrawn_by_offering_nobody(guardian, roles):
    guardian.offer_role(SIGNER, roles["stranger"], sender=roles["owner"])
    guardian.offer_role(SIGNER, NOBODY, sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: not offered"):
        guardian.accept_role(SIGNER, sender=roles["stranger"])
    with boa.reverts("guardian: unknown role"):
        guardian.offer_role(4, roles["stranger"], sender=roles["owner"])


def test_a_role_holds_sixteen_at_most(guardian, roles):
    full = load(roles, listers=[boa.env.generate_address() for _ in range(16)])
    full.offer_role(LISTER, roles["stranger"], sender=roles["owner"])
    boa.env.time_travel(seconds=DELAY)
    with boa.reverts("guardian: role is full"):
        full.accept_role(LISTER, sender=roles["stranger"])
