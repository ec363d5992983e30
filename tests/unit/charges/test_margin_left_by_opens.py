"""R13, HG-12: an open leaves the venue account its least equity, or reverts by name.

At three hundred calls the account stood at 11 % of its hedge with the lending budget spent; a pool
pushed down for eight minutes then had half of the hedge liquidated.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.units import WAD

LEAST = 12 * WAD // 100
UNDER = "router: under minimum"


def filled(world: World) -> str:
    """Calls until the next is refused, on the margin that is there; why it was."""
    world.set_terms(vega_cap=1_000, gamma_cap=2_000)
    for _ in range(120):
        try:
            world.mint(world.call(2_500, 3_500), 2 * ETH)
        except Reverted as refusal:
            return refusal.reason
        world.curie.converge()
        world.freshen()
    raise AssertionError("nothing stopped them")


def ratio(world: World) -> int:
    """Equity that carries orders per unit of hedge, WAD, as the venue says it."""
    account = world.tandem.venue.call("account", world.spot)
    return min(account[1], account[3]) * WAD // (abs(account[0]) * world.spot // WAD)


@pytest.mark.proves("HG-12")
def test_r13_an_open_leaves_the_account_its_least_equity_or_reverts_by_name(world: World) -> None:
    """HG-12: "An open leaves the account at least its minimum for the hedge that it then holds, or
    reverts `router: under minimum`"."""
    assert filled(world) == UNDER
    assert ratio(world) >= LEAST


def test_r13_a_pool_pushed_down_for_minutes_liquidates_nothing(world: World) -> None:
    filled(world)
    before = world.position()
    world.curie.converge(world.spot * 905 // 1_000)
    for _ in range(8):
        world.engine.advance(60)
        assert not world.curie.liquidatable(world.tandem.venue)
    assert world.position() == before


def test_r13_the_bound_that_is_followed_is_never_above_what_the_venue_says(world: World) -> None:
    """Orders both ways, at moving prices and with funding: whatever the router lets pass, the venue's
    own figures carry."""
    passed = 0
    for step, price in enumerate([2_500, 2_480, 2_520, 2_450, 2_530, 2_500] * 3):
        world.move(price)
        world.freshen()
        with suppress(Reverted):
            if step % 3 == 2:
                world.close(world.call(2_500), 3 * ETH)
            else:
                world.mint(world.call(2_500) if step % 2 else world.put(2_500), 4 * ETH)
                passed += 1
                assert ratio(world) >= LEAST - WAD // 1_000
        if step % 6 == 5:
            with suppress(Reverted):
                world.top_up()
    assert passed > 4


@pytest.mark.proves("HG-12")
def test_r13_margin_that_is_moved_is_followed(world: World) -> None:
    """After a sweep the bound is what is left, not what was there."""
    world.overfund()
    world.mint(world.call(2_500), 8 * ETH)
    world.tandem.desk.send("sweep", sender=world.stranger)
    for _ in range(12):
        try:
            world.mint(world.call(2_500), 8 * ETH)
        except Reverted:
            break
        assert ratio(world) >= LEAST
    assert world.usdc(world.tandem.vault) > 900_000 * USD
