"""Margin and losses, venue by venue: what one loses is counted there, and its hedge is lowered there."""

from __future__ import annotations

import pytest
from several import legs, members
from worlds import ETH, USD, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

TO_WAD = 10**12


@pytest.fixture
def robbed(beside_a_liar: World, liar: Contract) -> World:
    """The liar holds a hedge, and says that it owes more than the hedge is worth keeping: nothing is sent."""
    world = beside_a_liar
    world.mint(world.call(2_500), 5 * ETH)
    assert liar.call("position") > WAD
    liar.send("set_equity", -20_000 * WAD, sender=world.stranger)
    return world


@pytest.mark.proves("VS-6", "HG-13")
def test_what_a_venue_lost_is_counted_there_and_no_gain_elsewhere_hides_it(
    beside_a_liar: World, liar: Contract
) -> None:
    world, desk = beside_a_liar, beside_a_liar.tandem.desk
    curie = members(world)[0]
    liar.send("set_equity", 1_000 * WAD, sender=world.stranger)
    desk.top_up(liar).send(world.stranger)  # seen, at what it is worth now with what was sent
    seen = desk.seen(liar).equity
    assert seen > 1_000 * WAD
    assert desk.seen(curie).equity != seen
    liar.send("set_equity", seen - 700 * WAD, sender=world.stranger)
    assert desk.unseen(world.spot) == 700 * USD
    liar.send("set_equity", seen + 700 * WAD, sender=world.stranger)
    assert desk.unseen(world.spot) == 0


@pytest.mark.proves("VS-6", "HG-20")
def test_a_hedge_without_margin_is_lowered_where_it_lies(robbed: World, liar: Contract) -> None:
    """Its own position goes, chunk by chunk, and the other's stays."""
    world, desk = robbed, robbed.tandem.desk
    curie = members(world)[0]
    held, other = liar.call("position"), curie.call("position")
    with pytest.raises(Reverted, match="margin: bankrupt account"):
        desk.top_up(liar).send(world.stranger)
    with pytest.raises(Reverted, match="margin: no delever due"):
        desk.delever(curie).send(world.stranger)
    receipt = desk.delever(liar).send(world.stranger)
    (event,) = receipt.events("Delevered")
    (leg,) = legs(receipt).values()
    assert event["venue"] == leg["venue"] == liar.address
    assert event["order"] == leg["order"] < 0
    assert liar.call("position") == held + event["order"] == event["position"]
    assert curie.call("position") == other
    known = robbed.tandem.router.call("position")
    assert abs(world.tandem.router.call("last_position") - known) <= 10**6


@pytest.mark.proves("VS-6", "HG-20")
def test_whoever_names_no_venue_lowers_the_one_that_is_due(robbed: World, liar: Contract) -> None:
    world, desk = robbed, robbed.tandem.desk
    (event,) = desk.delever().send(world.stranger).events("Delevered")
    assert event["venue"] == liar.address


@pytest.mark.proves("VS-4")
def test_a_gain_counts_as_far_as_one_venue_can_pay_its_part(
    beside_a_liar: World, liar: Contract
) -> None:
    """One purse is small, the other said to be endless: with nothing open all that they have; then as
    much as makes Curie pay all of it, by the shares of the positions; of one that is down nothing."""
    world, tandem = beside_a_liar, beside_a_liar.tandem
    curie = members(world)[0]
    endless, small = liar.call("purse"), curie.call("purse")
    assert small < endless
    assert tandem.venue.call("purse") == endless + small
    shown, depth = curie.call("price") * 1_001 // 1_000, curie.call("curve", WAD)[2][0]
    liar.send("tell", shown, depth, 0, 0, sender=world.stranger)
    for _ in range(4):
        world.mint(world.call(2_500), 30 * ETH)
    held, other = curie.call("position"), liar.call("position")
    assert held > 0 < other
    small = curie.call("purse")
    assert tandem.venue.call("purse") == small * (held + other) // held
    tandem.guardian.take_down_one(0).send(tandem.roles.guardian)
    assert tandem.venue.call("purse") == 0


@pytest.mark.proves("VS-1")
def test_nobody_but_the_router_moves_anything_through_the_set(beside_a_liar: World) -> None:
    world, venue = beside_a_liar, beside_a_liar.tandem.venue
    place = venue.call("venues")[0]
    for fn, args in (
        ("fill", (WAD, 2**255, 0, 0, False)),
        ("fill_at", (place, WAD, 2**255)),
        ("prove", (WAD,)),
        ("remember", (place, WAD, 0, WAD)),
        ("fund", (place, USD)),
        ("release", (place, USD)),
    ):
        for who in (world.stranger, world.trader, world.tandem.roles.deployer):
            with pytest.raises(Reverted, match="venues: not the router"):
                venue.send(fn, *args, sender=who)
