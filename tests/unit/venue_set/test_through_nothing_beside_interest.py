"""VS-8: an honest lender that took more interest than is believed goes on when its orders turn the hedge
through nothing, and the owner's word on what it grew by makes it whole."""

from __future__ import annotations

from contextlib import suppress

import pytest
from lent import borrow
from several import believed, build_set, fund, lender, members
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, WAD


def dear(world: World) -> tuple[Contract, Contract]:
    """The exchange and a lender that is short, of which an ether of interest is not believed."""
    for _ in range(4):
        world.mint(world.put(2_500, far=True), 15 * ETH)
        fund(world)
    market, venue = lender(world)
    back = borrow(market, True, world.engine.accounts[7])
    for _ in range(40):
        if believed(world, venue) - venue.call("position") > WAD:
            break
        world.engine.advance(3 * DAY if believed(world, venue) == venue.call("position") else DAY)
        world.freshen()
        fund(world)
    back()
    world.freshen()
    fund(world)
    world.curie.converge()
    world.rest()
    return members(world)[0], venue


def turned(world: World, curie: Contract, venue: Contract) -> int:
    """Our orders bring home what they had sold there and buy more. What the venue reports once they come to
    more than was owed."""
    for _ in range(60):
        if believed(world, venue) > -WAD // 4:
            break
        world.close(world.put(2_500, far=True), ETH)
        world.freshen()
    for _ in range(60):
        with suppress(Reverted):
            world.mint(world.call(2_500, far=True), ETH)
            fund(world)
            world.freshen()
            ours = world.tandem.venue.call("position") - curie.call("position")
            reported = venue.call("position")
            if reported > -WAD // 2 or ours > WAD // 100:
                return int(reported)
            continue
        world.rest()
    raise AssertionError("it never turned")


@pytest.mark.proves("VS-8")
def test_it_goes_on() -> None:
    """1.25 ETH of interest, and an order past nothing: no leg went there any more either way, nothing could
    be moved or lowered, and all but its margin was swept from beside half an ether that it owed."""
    world = build_set("curie+morpho")
    curie, venue = dear(world)
    reported = turned(world, curie, venue)
    assert reported < 0
    world.tandem.venue.send("note", sender=world.stranger)
    legs = world.tandem.venue.call("legs", WAD, 2**255), world.tandem.venue.call("legs", -WAD, 0)
    assert any(leg[1] for leg in legs)
    guardian, owner = world.tandem.guardian, world.tandem.roles.deployer
    guardian.propose_growth(1, 2 * (venue.call("position") - believed(world, venue))).send(owner)
    world.engine.advance(guardian.DELAY())
    world.freshen()
    world.tandem.venue.send("begin_anew", venue, sender=world.stranger)
    assert believed(world, venue) == pytest.approx(venue.call("position"), abs=10**9)
