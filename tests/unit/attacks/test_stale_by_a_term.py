"""SH-10, PW-5: a term of the owner's that matures between puts nobody off past what he announces next.

Slices that were fresh are stale in the block in which he lowers the age up to which they are. Nobody has
anything then of a moment at which all was fresh, and of the waits that the delay leaves room for that was one
more. What waits in public is held for as long as LPs may be (`held_until`).
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from leaving import leaves
from worlds import ETH, World, build

from tandem.client.governance import Role
from tandem.engine.base import Call, Receipt
from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR, MINUTE

LATE = 445  # seconds ago, a slice that is as old as it may be
AGE = terms.FIELDS["surface_age"]


def post_call(w: World, time: int, ago: int) -> Call:
    return w.tandem.post_call(w.near, w.slices[w.near], time - ago)


def may_sign(w: World) -> bool:
    with w.undone(), suppress(Reverted):
        w.tandem.guardian.send("accept_role", Role.signer, sender=w.engine.accounts[7])
        return True
    return False


@pytest.mark.sampled
@pytest.mark.proves("SH-10", "PW-5")
@pytest.mark.parametrize("wait", [AGE.default * 24, terms.FIELDS["exit_wait"].high])
def test_r40_a_lower_age_of_slices_puts_nobody_off(wait: int) -> None:
    """The term is announced ten hours before the signer, and the LP asks to leave when that one is: he was in
    when that one signed, with every term at its default too."""
    w = build(settings=DeploySettings(terms={"exit_wait": wait}))
    vault, lp, guardian = w.tandem.vault, w.tandem.lp, w.tandem.guardian
    owner = w.tandem.roles.deployer
    w.mint(w.call(2_500), 4 * ETH)
    w.engine.set_time((w.engine.now() // HOUR + 2) * HOUR)
    guardian.send("set_term", AGE.index, AGE.low, sender=owner)
    w.engine.advance(10 * HOUR)
    guardian.send("offer_role", Role.signer, w.engine.accounts[7], sender=owner)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    due = vault.call("queue")[0] * HOUR
    first = due - 20 * MINUTE
    # what nobody signs has stopped nobody for so long
    second = first + 2 * wait - 9 * MINUTE
    third = second + wait - 8 * MINUTE
    while not leaves(w):
        now = (w.engine.now() // MINUTE + 1) * MINUTE
        calls = []
        if now <= first and now % 600 == 0:
            calls = [post_call(w, now, 0)]  # every moment is calm
        elif now == second:
            calls = [post_call(w, now, LATE)]
        elif now == third:
            calls = [post_call(w, now, AGE.low + 1), Call(guardian, "apply", (AGE.index,), owner)]
        done = w.engine.send_many(calls, timestamp=now) if calls else w.engine.set_time(now)
        assert all(isinstance(each, Receipt) for each in done or ())
        w.push(2_500 if now < due else 2_620 + 60 * (now // HOUR % 2))
        assert not may_sign(w)
