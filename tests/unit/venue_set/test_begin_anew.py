"""VS-8: a lender that took more interest than is believed is believed again by its owner's proposal, and no
further than that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from lent import borrow
from several import REPLACED, behind, believed, build_set, fund, legs, lender, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, HOUR, WAD


@pytest.fixture(scope="module")
def dear_once() -> World:
    """A short on Morpho whose ether is all lent for weeks: its rate rises past 105 % a year."""
    world = build_set("curie+morpho")
    for _ in range(4):
        world.mint(world.put(2_500, far=True), 15 * ETH)
        fund(world)
    market, venue = lender(world)
    assert venue.call("position") < -20 * WAD
    back = borrow(market, True, world.engine.accounts[7])
    while believed(world, venue) == venue.call("position"):
        world.engine.advance(3 * DAY)
        world.freshen()
        fund(world)
    back()
    return world


@pytest.fixture
def dear(dear_once: World) -> Iterator[World]:
    with dear_once.undone():
        yield dear_once


def grown(world: World, venue: Contract) -> int:
    """By how much what it says is more than what is believed."""
    there: int = venue.call("position") - believed(world, venue)
    return there


def propose(world: World, place: int, growth: int, wait: int | None = None) -> None:
    """By the owner, and as long as it takes."""
    t = world.tandem
    t.guardian.propose_growth(place, growth).send(t.roles.deployer)
    world.engine.advance(t.guardian.DELAY() if wait is None else wait)
    world.freshen()


def begin(world: World, venue: Contract) -> None:
    world.tandem.venue.send("begin_anew", venue, sender=world.stranger)


@pytest.mark.proves("VS-8")
def test_all_that_it_says_counts_again(dear: World) -> None:
    """Until then what our orders there come to, by which they go on."""
    venue = lender(dear)[1]
    growth = grown(dear, venue)
    assert growth < 0
    assert venue.address in legs(dear.close(dear.put(2_500, far=True), ETH))
    assert grown(dear, venue) == pytest.approx(growth, rel=0.05)
    propose(dear, 1, growth * 3 // 2)
    begin(dear, venue)
    assert grown(dear, venue) == 0
    assert venue.address in legs(dear.close(dear.put(2_500, far=True), ETH))
    assert grown(dear, venue) == 0


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("when", [-30, 10])
def test_no_order_voids_a_proposal(dear: World, when: int) -> None:
    """Whoever closed a fiftieth of an option within five minutes of it, for two dollars, had the owner
    propose again."""
    venue = lender(dear)[1]
    propose(dear, 1, 2 * grown(dear, venue), wait=dear.tandem.guardian.DELAY() + when)
    assert venue.address in legs(dear.close(dear.put(2_500, far=True), ETH // 50))
    dear.engine.advance(60)
    dear.freshen()
    begin(dear, venue)
    assert grown(dear, venue) == 0


@pytest.mark.proves("VS-8")
def test_not_before_the_delay_is_over_nor_long_after_it(dear: World) -> None:
    venue = lender(dear)[1]
    with pytest.raises(Reverted, match="guardian: nothing proposed"):
        begin(dear, venue)
    propose(dear, 1, -WAD, wait=HOUR)
    with pytest.raises(Reverted, match="guardian: too early"):
        begin(dear, venue)
    dear.engine.advance(30 * DAY)
    with pytest.raises(Reverted, match="guardian: lapsed"):
        begin(dear, venue)
    with pytest.raises(Reverted, match="venues: unknown venue"):
        begin(dear, dear.tandem.router)


@pytest.mark.proves("VS-8")
def test_once_for_each_proposal(dear: World) -> None:
    """What was liquidated since, or said to be gone, does not come back by the same one."""
    venue = lender(dear)[1]
    propose(dear, 1, -WAD)
    begin(dear, venue)
    with pytest.raises(Reverted, match="venues: growth taken up"):
        begin(dear, venue)


@pytest.mark.proves("VS-8")
def test_not_further_than_was_proposed(dear: World) -> None:
    """Interest that came while the proposal waited, and was not reckoned with: the next one may."""
    venue = lender(dear)[1]
    growth = grown(dear, venue)
    for proposed in (growth // 2, 0, -growth):
        propose(dear, 1, proposed)
        with pytest.raises(Reverted, match="venues: grew by more"):
            begin(dear, venue)
    propose(dear, 1, 2 * growth)
    begin(dear, venue)


@pytest.mark.proves("VS-8")
def test_what_went_home_in_the_meantime_does_not_come_back(faced: World, face: Contract) -> None:
    """A hostile member whom the owner takes for a dear lender: its whole position was proposed, went home by
    orders in the delay, and was believed again."""
    held, curie = face.call("position"), members(faced)[0]
    faced.tandem.guardian.propose_growth(1, held // 50).send(faced.tandem.roles.deployer)
    faced.bring_home()
    ghost = behind(faced, face)
    depth = curie.call("curve", WAD)[2][0]
    for _ in range(30):
        dearer = curie.call("price") * 1_002 // 1_000
        ghost.send("tell", dearer, depth, 0, 0, sender=faced.stranger)
        with suppress(Reverted):
            faced.close(faced.call(2_500), ETH)
        faced.engine.advance(61)
        faced.push_wad(faced.spot)
    assert believed(faced, face) < held // 4
    faced.engine.advance(faced.tandem.guardian.DELAY())
    faced.freshen()
    ghost.send("trade", held - face.call("position"), 0, sender=faced.stranger)
    with pytest.raises(Reverted, match="venues: grew by more"):
        begin(faced, face)


@pytest.mark.proves("VS-5", "VS-8")
def test_what_is_down_says_nothing(faced: World, face: Contract) -> None:
    propose(faced, 1, face.call("position") // 50)
    faced.tandem.guardian.take_down_one(1).send(faced.tandem.roles.guardian)
    tell(faced, face, ("position", REPLACED, 0, 0))
    with pytest.raises(Reverted, match="guardian: held"):  # LPs have yet to leave (PW-5)
        begin(faced, face)
    faced.engine.set_time(faced.tandem.guardian.held_until())
    with pytest.raises(Reverted, match="venues: venue is down"):
        begin(faced, face)
