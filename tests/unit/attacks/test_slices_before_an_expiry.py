"""SF-7, SH-10, PW-5: a moment after which an expiry is past is none at which anybody could have left.

From its expiry on until a round of the feed settles it nobody is priced (`ST-4`): up to a heartbeat. Who
alone relays slices, or k signers, had all that is open fresh in the last block before it, and stale again
when it was settled: of the waits that the delay leaves room for that was one more.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from leaving import leaves
from worlds import ETH, World, build

from tandem.client.governance import Role
from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, MINUTE

HEARTBEAT = 20 * MINUTE  # of the feed, on Base; ten minutes after the hour
LATE = 445  # seconds ago, a slice that is as old as it may be


def post(w: World, *expiries: int, ago: int = 0) -> None:
    """Slices of a moment ago, as honest as any."""
    for expiry in expiries:
        with suppress(Reverted):
            w.tandem.post_call(expiry, w.slices[expiry], w.engine.now() - ago).send()


def feed_goes_on(w: World, price: int) -> None:
    """A round each heartbeat, which settles what is past."""
    now = w.engine.now()
    if (now - HEARTBEAT // 2) % HEARTBEAT < MINUTE:
        w.push(price)
        if now > w.near:
            with suppress(Reverted):
                w.tandem.settle(w.near, w.round_id())


@pytest.mark.proves("SF-7", "SH-10", "PW-5")
def test_r40_the_last_block_before_an_expiry_puts_nobody_off() -> None:
    """An LP whose request was due at 01:00 before an expiry at 08:00 left 54 hours after the owner had
    announced a signer of his own, who signed after 48."""
    wait = terms.FIELDS["exit_wait"].high
    w = build(settings=DeploySettings(terms={"exit_wait": wait}))
    vault, lp, guardian = w.tandem.vault, w.tandem.lp, w.tandem.guardian
    for expiry in (w.near, w.far):
        w.mint(Series(expiry, False, 2_500, 5_000), 4 * ETH)
    due = -(-(w.near - wait) // HOUR) * HOUR
    w.engine.set_time(due - DAY - HOUR + 5)
    guardian.send("offer_role", Role.signer, w.engine.accounts[7], sender=w.tandem.roles.deployer)
    announced = w.engine.now()
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    assert vault.call("queue")[0] * HOUR == due
    left = is_late = False
    while not left:
        now = (w.engine.now() // MINUTE + 1) * MINUTE
        w.engine.set_time(now)
        if now <= w.near - wait + MINUTE and now % 600 == 0:
            post(w, w.near, w.far)  # every moment is calm
        elif now == w.near - 7 * MINUTE:
            post(w, w.near)
        elif now == w.near - MINUTE:
            far = w.tandem.post_call(w.far, w.slices[w.far], w.near - 1 - LATE)
            w.engine.send_many([far], timestamp=w.near - 1)
        elif not is_late and now >= w.near + 2 * wait - 700 - LATE:
            post(w, w.far, ago=LATE)
            is_late = True
        feed_goes_on(w, 2_500 if now < due else 2_620 + 60 * (now // HOUR % 2))
        left = leaves(w)
    assert w.engine.now() < announced + guardian.call("DELAY")
