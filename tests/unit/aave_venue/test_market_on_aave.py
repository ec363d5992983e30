"""A whole market that hedges on Aave and a pool, where that is another than any lender's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import ETH, FLAT, World, build

from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues.aave import Aave, AaveRecipe


@pytest.fixture(scope="module", params=[True, False], ids=["base first", "quote first"])
def once(request: pytest.FixtureRequest) -> World:
    return build(venue=AaveRecipe(base_first=request.param), smile=FLAT)


@pytest.fixture
def world(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def venue(world: World) -> Aave:
    found: Aave = world.curie  # pyright: ignore[reportAssignmentType]
    return found


def test_an_option_that_cannot_be_hedged_is_not_sold(world: World) -> None:
    """The lending market pauses ether: no option, and nobody has paid."""
    there = venue(world)
    there.configurator.send("setReservePause", there.weth, True, sender=there.owner)
    before = world.usdc(world.trader)
    with pytest.raises(Reverted, match="ReservePaused"):
        world.mint(world.call(), ETH)
    assert world.usdc(world.trader) == before
    assert (world.position(), world.tandem.balance_of(world.call())) == (0, 0)


@pytest.mark.proves("HG-19")
def test_an_oracle_that_reverts_stops_the_venue_and_a_guardian_keeps_the_rest_going(
    world: World,
) -> None:
    """The lender's own price is gone: whatever values the account reverts, opens with it; a close goes on
    (LM-3, HG-4). Once a guardian says that the venue is down no order is tried, an expiry is settled, holders
    are paid to the unit, and LPs leave three days later."""
    call, put = world.call(), world.put(2_250)
    world.mint(call, 2 * ETH)
    world.mint(put, ETH)
    there = venue(world)
    there.parts["usdc_feed"].send("push", 0, sender=there.owner)
    world.engine.advance(3 * 3_600 + 1)  # no proof of margin says anything any more
    world.freshen()
    with pytest.raises(Reverted):
        world.mint(call, ETH)
    before = world.position()
    assert world.close(call, ETH // 10).returned[0] == ETH // 10
    held = world.position()
    assert held < before
    world.tandem.guardian.send("take_down", sender=world.tandem.roles.guardian)
    assert world.close(call, ETH // 10).returned[0] == ETH // 10
    assert world.position() == pytest.approx(held, abs=10**10)
    with pytest.raises(Reverted):
        world.mint(call, ETH)
    world.settle(world.near, 2_600)
    before = world.usdc(world.trader)
    world.tandem.redeem(call, 18 * ETH // 10)
    assert world.usdc(world.trader) - before == 180 * USD
    assert world.position() == there.position(world.tandem.venue) > WAD // 2


@pytest.mark.proves("LM-3", "HG-4")
def test_who_sells_back_beside_a_short_without_a_price_needs_no_order(world: World) -> None:
    """HG-4: "A close that stays inside its bound needs no order": it was asked how far one goes, which
    reverted, and with it every close until a guardian spoke."""
    put = world.put(2_500)
    world.mint(put, 4 * ETH)
    there, held = venue(world), world.position()
    there.parts["usdc_feed"].send("push", 0, sender=there.owner)
    assert world.close(put, ETH // 5).returned[0] == ETH // 5
    assert held - WAD // 10**6 <= world.position() < 0
