"""Guardian: a role is taken at once and given after the delay (R24)."""

from __future__ import annotations

import pytest
from guardian_bench import DELAY, GUARDIAN, LISTER, NOBODY, OWNER, SIGNER, env, load
from quick_chain import reverts


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize("role", [GUARDIAN, LISTER, SIGNER])
def test_r24_a_role_moves_in_two_steps_after_the_delay(guardian, roles, role):
    stranger = roles["stranger"]
    guardian.offer_role(role, stranger, sender=roles["owner"])
    with reverts("guardian: too early"):
        guardian.accept_role(role, sender=stranger)
    env.time_travel(seconds=DELAY)
    with reverts("guardian: not offered"):
        guardian.accept_role(role, sender=roles["owner"])
    assert not guardian.has_role(role, stranger)
    guardian.accept_role(role, sender=stranger)
    assert guardian.has_role(role, stranger)
    assert guardian.is_lister(stranger) == (role == LISTER)
    assert guardian.is_signer(stranger) == (role == SIGNER)
    with reverts("guardian: not offered"):
        guardian.accept_role(role, sender=stranger)


def test_r24_the_ownership_passes_on_and_the_old_owner_keeps_nothing(guardian, roles):
    guardian.offer_role(OWNER, roles["stranger"], sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.accept_role(OWNER, sender=roles["stranger"])
    assert guardian.owner() == roles["stranger"]
    assert guardian.members(OWNER) == [roles["stranger"]]
    with reverts("guardian: not the owner"):
        guardian.set_term(7, 100, sender=roles["owner"])
    guardian.set_term(7, 100, sender=roles["stranger"])


@pytest.mark.proves("PW-2")
def test_r24_a_role_is_taken_at_once_but_never_the_ownership(guardian, roles):
    guardian.revoke_role(GUARDIAN, roles["guardian"], sender=roles["owner"])
    with reverts("guardian: not a guardian"):
        guardian.pause(sender=roles["guardian"])
    assert guardian.members(GUARDIAN) == [roles["second"]]
    with reverts("guardian: lacks the role"):
        guardian.revoke_role(GUARDIAN, roles["guardian"], sender=roles["owner"])
    with reverts("guardian: owner stays"):
        guardian.revoke_role(OWNER, roles["owner"], sender=roles["owner"])
    with reverts("guardian: not the owner"):
        guardian.revoke_role(GUARDIAN, roles["second"], sender=roles["stranger"])


def test_a_holder_may_give_up_his_own_role(guardian, roles):
    guardian.revoke_role(SIGNER, roles["signer"], sender=roles["signer"])
    assert not guardian.is_signer(roles["signer"])


def test_r24_an_offer_is_withdrawn_by_its_role_and_account(guardian, roles):
    guardian.offer_role(SIGNER, roles["stranger"], sender=roles["owner"])
    with reverts("guardian: not the owner"):
        guardian.withdraw_offer(SIGNER, roles["stranger"], sender=roles["stranger"])
    guardian.withdraw_offer(SIGNER, roles["stranger"], sender=roles["owner"])
    with reverts("guardian: no such offer"):
        guardian.withdraw_offer(SIGNER, roles["stranger"], sender=roles["owner"])
    with reverts("guardian: offer to nobody"):
        guardian.offer_role(SIGNER, NOBODY, sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    with reverts("guardian: not offered"):
        guardian.accept_role(SIGNER, sender=roles["stranger"])
    with reverts("guardian: unknown role"):
        guardian.offer_role(4, roles["stranger"], sender=roles["owner"])


def test_a_role_holds_sixteen_at_most(guardian, roles):
    full = load(roles, listers=[env.generate_address() for _ in range(16)])
    full.offer_role(LISTER, roles["stranger"], sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    with reverts("guardian: role is full"):
        full.accept_role(LISTER, sender=roles["stranger"])


# ---------------------------------------------------------------- offers stand side by side


def listed(guardian, role):
    return [(offer.account, offer.ready_at) for offer in guardian.offers(role)]


@pytest.mark.proves("PW-4")
def test_r40_an_offer_stands_beside_another_of_the_same_role(guardian, roles):
    """PW-4: "keyed by role and account". One offer replaced the other, so that to take one signer in
    delayed the next, and an offer nobody saw could be behind one that everybody did."""
    first, second = roles["stranger"], env.generate_address("second signer")
    for account in (first, second):
        guardian.offer_role(SIGNER, account, sender=roles["owner"])
        env.time_travel(seconds=60)
    now = env.timestamp
    assert listed(guardian, SIGNER) == [(first, now - 120 + DELAY), (second, now - 60 + DELAY)]
    env.time_travel(seconds=DELAY)
    for account in (first, second):
        guardian.accept_role(SIGNER, sender=account)
        assert guardian.is_signer(account)
    assert listed(guardian, SIGNER) == []


def test_a_second_offer_to_the_same_account_begins_its_delay_anew(guardian, roles):
    for _ in range(2):
        guardian.offer_role(SIGNER, roles["stranger"], sender=roles["owner"])
        env.time_travel(seconds=DELAY - 1)
    with reverts("guardian: too early"):
        guardian.accept_role(SIGNER, sender=roles["stranger"])
    assert len(listed(guardian, SIGNER)) == 1


@pytest.mark.proves("PW-4")
def test_r29_the_offers_the_price_and_the_position_of_a_former_owner_are_void(guardian, roles):
    """R29: "no signed or posted value outlives its signer". An owner who leaves kept a door: an offer
    of the ownership to himself, or of a signer's key, matured under his successor."""
    old, new = roles["owner"], roles["stranger"]
    mine = env.generate_address("the former owner's own")
    expiry = env.timestamp
    guardian.propose_price(expiry, 10**18, sender=old)
    guardian.propose_growth(1, -(10**18), sender=old)
    for role in (OWNER, GUARDIAN, LISTER, SIGNER):
        guardian.offer_role(role, mine, sender=old)
    guardian.offer_role(OWNER, new, sender=old)
    env.time_travel(seconds=DELAY)
    assert guardian.proposed_price(expiry) == 10**18
    assert guardian.proposed_growth(1)[0] == -(10**18)
    guardian.accept_role(OWNER, sender=new)
    for role in (OWNER, GUARDIAN, LISTER, SIGNER):
        assert listed(guardian, role) == []
        with reverts("guardian: not offered"):
            guardian.accept_role(role, sender=mine)
    with reverts("guardian: proposer left"):
        guardian.proposed_price(expiry)
    with reverts("guardian: proposer left"):
        guardian.proposed_growth(1)
    guardian.propose_price(expiry, 2 * 10**18, sender=new)
    env.time_travel(seconds=DELAY)
    assert guardian.proposed_price(expiry) == 2 * 10**18


@pytest.mark.proves("PW-4")
def test_r40_who_is_dismissed_does_not_come_back_by_an_offer_that_waits(guardian, roles):
    guardian.offer_role(SIGNER, roles["signer"], sender=roles["owner"])
    env.time_travel(seconds=DELAY)
    guardian.revoke_role(SIGNER, roles["signer"], sender=roles["owner"])
    with reverts("guardian: not offered"):
        guardian.accept_role(SIGNER, sender=roles["signer"])


def test_a_role_has_sixteen_offers_at_most(guardian, roles):
    people = [env.generate_address() for _ in range(16)]
    for account in people:
        guardian.offer_role(LISTER, account, sender=roles["owner"])
    with reverts("guardian: too many offers"):
        guardian.offer_role(LISTER, roles["stranger"], sender=roles["owner"])
    guardian.offer_role(LISTER, people[3], sender=roles["owner"])
    guardian.withdraw_offer(LISTER, people[5], sender=roles["owner"])
    guardian.offer_role(LISTER, roles["stranger"], sender=roles["owner"])
    assert {account for account, _ in listed(guardian, LISTER)} == {
        *people[:5], *people[6:], roles["stranger"]
    }  # fmt: skip
