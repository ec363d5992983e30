"""SF-2, SH-10, PW-5: signers who are neither silent nor fresh stop no close and keep no LP in.

Again and again they sign what the market was as long ago as a slice may be when it is posted: fresh for as
little as that leaves, stale until the next one, and never so old that closes and exits go on without it. Who
gains is an owner whose own signers they are: what he announced was over before anybody left. One expiry is
open; two that are renewed by turns: `test_slices_by_turns.py`.
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
from tandem.units import HOUR, MINUTE

HALF_A_DAY = 12 * 60  # minutes
TWO_DAYS = 48 * 60  # minutes, the delay


def signed_late(w: World) -> None:
    """Slices of the moment longest ago of those that are taken: at first of all but a second of the age up to
    which anybody trades on one."""
    age, now = w.terms()["surface_age"], w.engine.now()
    for expiry, slice_ in w.slices.items():
        for ago in (age - 5, age // 2 - 5):
            with suppress(Reverted):
                w.tandem.post_call(expiry, slice_, now - ago).send()
                break


def a_minute(w: World, minute: int, every: int) -> None:
    """Signers do what they do every so many minutes; the feed goes on."""
    if minute % every == 0:
        signed_late(w)
    w.engine.advance(MINUTE)
    w.push_wad(w.spot)


@pytest.mark.proves("SF-2", "PW-2")
def test_r29_signers_who_are_always_late_stop_no_close(world: World) -> None:
    """SF-2: "so that none is stale as soon as it is posted". Of the closes of a holder who tries each minute
    of half a day every one was refused, where signers who say nothing at all stop them for six hours."""
    w, series, closes = world, world.call(2_500), 0
    w.mint(series, 4 * ETH)
    for minute in range(HALF_A_DAY):
        a_minute(w, minute, 15)
        with w.undone(), suppress(Reverted):
            closes += w.close(series, ETH).returned[0] == ETH
    assert closes > HALF_A_DAY // 4


@pytest.mark.proves("SH-10", "PW-5")
@pytest.mark.parametrize("every", [15, 60, 359])
def test_r40_signers_who_are_always_late_keep_no_lp_in(world: World, every: int) -> None:
    """The owner announces a signer of his own, and an LP asks to leave at once. He was kept in for as long
    as the signers went on, and what was announced was over after two days."""
    w, vault, lp = world, world.tandem.vault, world.tandem.lp
    guardian, rogue = w.tandem.guardian, w.engine.accounts[7]
    w.mint(w.call(2_500), 4 * ETH)
    guardian.send("offer_role", Role.signer, rogue, sender=w.tandem.roles.deployer)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    left = 0
    for minute in range(TWO_DAYS):
        a_minute(w, minute, every)
        with suppress(Reverted):
            left = left or vault.send("process", 1, sender=w.stranger).returned
    guardian.send("accept_role", Role.signer, sender=rogue)
    assert left > 0


@pytest.mark.proves("PW-5")
def test_r40_nor_where_no_moment_is_calm() -> None:
    """PW-5: three longest waits lie in that day. At no calm moment, signers who post just before closes and
    exits go on without them have him wait until nobody may mark, until he may leave by that mark, and until
    anybody may mark again: 52.9 hours of a delay of 48, where exits wait ten hours at most."""
    longest = terms.FIELDS["exit_wait"].high
    w = build(settings=DeploySettings(terms={"exit_wait": longest}))
    vault, lp, age = w.tandem.vault, w.tandem.lp, w.terms()["surface_age"]
    guardian, rogue = w.tandem.guardian, w.engine.accounts[7]
    w.mint(w.call(2_500), 4 * ETH)
    guardian.send("offer_role", Role.signer, rogue, sender=w.tandem.roles.deployer)
    announced = last = w.engine.now()
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    due = vault.call("queue")[0] * HOUR
    left = False
    while not left:
        now = w.engine.now()
        if now < due - age - 300 and now >= last + 600:
            w.post()  # every moment is calm
            last = now
        elif now >= max(last + longest - 700, due):
            signed_late(w)
            last = now - age // 2
        w.engine.advance(MINUTE)
        w.push(2_500 if now < due - 300 else 2_620 + 60 * (now // HOUR % 2))
        left = leaves(w)
    assert 2 * longest < w.engine.now() - due < 3 * longest
    assert w.engine.now() < announced + guardian.call("DELAY")
