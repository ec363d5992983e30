"""SH-10, PW-5: who renews two open expiries by turns keeps nobody in.

Honest slices are enough, and whoever alone relays them: never are both fresh together, and neither is ever so
old that nobody waits for it. Who gains is an owner whose keeper it is: what he announced was over before
anybody left. So the wait is counted from when all that is open was last fresh together, for a while.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from leaving import leaves
from worlds import ETH, World

from tandem.client.governance import Role
from tandem.engine.base import Call, Receipt
from tandem.protocol.series import Series
from tandem.units import HOUR, MINUTE

DAYS = 2 * 24 * 60  # minutes, the delay


def open_both(w: World) -> tuple[int, int]:
    """A hundredth of an option in each, as whoever does it needs."""
    for expiry in (w.near, w.far):
        w.mint(Series(expiry, False, 2_500, 5_000), ETH // 100)
    return w.near, w.far


def post(w: World, expiry: int) -> None:
    """A slice of now, as honest as any."""
    w.tandem.post_call(expiry, w.slices[expiry], w.engine.now()).send()


def days_until_somebody_leaves(w: World, each_minute: Callable[[int], None]) -> float:
    """From when an LP asks on; he, or anybody, tries once a minute. Never: what the delay has, and more."""
    vault, lp = w.tandem.vault, w.tandem.lp
    guardian, rogue = w.tandem.guardian, w.engine.accounts[7]
    guardian.send("offer_role", Role.signer, rogue, sender=w.tandem.roles.deployer)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    for minute in range(DAYS + HOUR // MINUTE):
        each_minute(minute)
        w.engine.advance(MINUTE)
        w.push_wad(w.spot)
        if leaves(w):
            return minute / 1_440
    return 99.0


@pytest.mark.proves("SH-10", "PW-5")
@pytest.mark.parametrize("every", [30, 90, 179])
def test_r40_expiries_that_are_renewed_by_turns_keep_no_lp_in(world: World, every: int) -> None:
    """Eight slices a day were enough, and 2.85 USD of options: nobody had left after four days."""
    w = world
    both = open_both(w)

    def turn(minute: int) -> None:
        if minute % every == 0:
            post(w, both[minute // every % 2])

    assert days_until_somebody_leaves(w, turn) < 2.0


@pytest.mark.proves("SH-10", "PW-5")
def test_r40_nor_what_is_closed_for_a_moment_and_opened_again(world: World) -> None:
    """In the last second of the one slice its options are closed, the other slice is posted, with which all
    that is open is fresh, and they are opened again, in one block: in the next one of both is stale."""
    w, market = world, world.tandem.market
    held = {each: Series(each, False, 2_500, 5_000) for each in open_both(w)}
    age, trader, last = w.terms()["surface_age"], w.tandem.trader, w.near
    swapped, until = 0, {}
    for expiry in held:
        until[expiry] = w.engine.now() + age
        post(w, expiry)

    def swap(_: int) -> None:
        nonlocal last, swapped
        now = w.engine.now()
        if now + 2 * MINUTE < until[last]:
            return
        other = w.far if last == w.near else w.near
        gone, bound = held[last], 2**255
        calls = [
            Call(market, "close", (gone.id, ETH // 100, 1, 0, bound, trader), trader),
            w.tandem.post_call(other, w.slices[other], now),
            Call(w.tandem.stress, "remark", (), trader),
            Call(market, "mint", (gone.id, ETH // 100, bound, bound, trader), trader),
        ]
        done = w.engine.send_many(calls, timestamp=until[last])
        swapped += all(isinstance(each, Receipt) for each in done)
        last, until[other] = other, now + age

    left = days_until_somebody_leaves(w, swap)
    assert swapped > 10
    assert left < 2.0
