"""What a Guardian says happened: who watches a chain sees every use of a power."""

from __future__ import annotations

from guardian_bench import DELAY, SIGNER, env

from tandem.protocol import terms


def said(guardian) -> list[tuple]:
    return [(type(e).__name__, *[*e][1:]) for e in guardian.get_logs()]


def test_a_role_from_its_offer_to_its_end(guardian, roles):
    owner, who = roles["owner"], roles["stranger"]
    guardian.offer_role(SIGNER, who, sender=owner)
    assert said(guardian) == [("RoleOffered", SIGNER, who, env.timestamp + DELAY)]
    guardian.withdraw_offer(SIGNER, who, sender=owner)
    assert said(guardian) == [("RoleOfferWithdrawn", SIGNER, who)]
    guardian.offer_role(SIGNER, who, sender=owner)
    env.time_travel(seconds=DELAY)
    guardian.accept_role(SIGNER, sender=who)
    assert said(guardian) == [("RoleGranted", SIGNER, who)]
    guardian.revoke_role(SIGNER, who, sender=owner)
    assert said(guardian) == [("RoleRevoked", SIGNER, who)]


def test_a_pause_and_a_venue_taken_down(guardian, roles):
    who = roles["guardian"]
    guardian.pause(sender=who)
    assert said(guardian) == [("Paused", who, guardian.terms())]
    guardian.take_down(sender=who)
    assert said(guardian) == [("VenueTakenDown", who, guardian.terms())]


def test_a_change_that_is_dropped(guardian, roles):
    field = terms.FIELDS["max_trade"]
    wider = field.default + 1
    guardian.set_term(field.index, wider, sender=roles["owner"])
    ready = env.timestamp + DELAY
    assert said(guardian) == [("TermQueued", field.index, field.default, wider, ready)]
    guardian.cancel(field.index, sender=roles["owner"])
    assert said(guardian) == [("TermCancelled", field.index, wider)]
