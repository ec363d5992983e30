"""Margin and losses, venue by venue: what one loses is counted there, and its hedge is lowered there."""

from __future__ import annotations

import pytest
from several import build_beside_two_faces, legs, members, splitter
from worlds import ETH, USD, World

from keeper.several import Several
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.handles import handles_of
from tandem.units import DAY, HOUR, WAD

TO_WAD = 10**12
MOST = 2**255


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
    assert desk.unseen(world.spot).lost == 700 * USD
    liar.send("set_equity", seen + 700 * WAD, sender=world.stranger)
    assert desk.unseen(world.spot).lost == 0


@pytest.mark.proves("HG-13")
def test_what_was_lost_while_the_feed_is_silent_is_counted_once(
    beside_a_liar: World, liar: Contract
) -> None:
    """HG-13: "What was counted is not found again": by its own price nothing is anchored, and what is counted
    goes off what is expected there."""
    world, desk = beside_a_liar, beside_a_liar.tandem.desk
    liar.send("set_equity", 1_000 * WAD, sender=world.stranger)
    desk.top_up(liar).send(world.stranger)
    seen, before = desk.seen(liar), desk.call("lost")
    usd = seen.equity // WAD * 55 // 100  # which leaves less than the least, half of the target
    left = seen.equity - usd * WAD
    liar.send("set_equity", left, sender=world.stranger)
    world.engine.advance(4_001)
    sent = desk.top_up(liar).send(world.stranger).returned
    assert sent > 0
    assert desk.call("lost") - before == usd * USD
    after = desk.seen(liar)
    assert (after.equity, after.spot) == (left + sent * TO_WAD, seen.spot)


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


def _spend_budget(world: World, liar: Contract) -> None:
    """What venues may lose was lost: whatever is sent is gone when somebody looks again, and then nothing
    follows it."""
    liar.send("set_equity", WAD, sender=world.stranger)
    while world.tandem.vault.call("would_lend", liar):
        world.tandem.desk.top_up(liar).send(world.stranger)


@pytest.mark.proves("VS-10")
def test_a_hedge_without_margin_goes_where_it_is_carried(robbed: World, liar: Contract) -> None:
    """Whatever holding costs here and there: the position stays, and it has margin again."""
    world, desk = robbed, robbed.tandem.desk
    curie = members(world)[0]
    held, other, whole = (
        liar.call("position"),
        curie.call("position"),
        world.tandem.router.position(),
    )
    with pytest.raises(Reverted, match="margin: nothing to move"):
        desk.shift(curie, liar, MOST).send(world.stranger)
    (event,) = desk.shift(liar, curie, MOST).send(world.stranger).events("Shifted")
    assert event["size"] == held
    assert (liar.call("position"), curie.call("position")) == (0, other + held)
    assert world.tandem.router.position() == whole


@pytest.mark.proves("VS-10")
def test_no_more_is_forced_than_margin_does_not_carry(beside_a_liar: World, liar: Contract) -> None:
    """Under its least by a little, and nothing may be lent: what goes leaves the rest at its target."""
    world, desk = beside_a_liar, beside_a_liar.tandem.desk
    curie = members(world)[0]
    world.mint(world.call(2_500), 5 * ETH)
    held, (least, target, _) = liar.call("position"), liar.call("bounds", 1)
    _spend_budget(world, liar)
    unit = held * world.spot // WAD
    liar.send("set_equity", unit * least // WAD * 99 // 100, sender=world.stranger)
    (event,) = desk.shift(liar, curie, MOST).send(world.stranger).events("Shifted")
    left = held - event["size"]
    assert left * world.spot // WAD * target // WAD == pytest.approx(
        unit * least // WAD * 99 // 100, rel=1e-6
    )


def _held_by_the_honest(world: World, liar: Contract) -> None:
    """The liar was down while the hedge was opened; what holding takes was asked of both, twice."""
    roles, guardian = world.tandem.roles, world.tandem.guardian
    guardian.take_down_one(1).send(roles.guardian)
    world.tandem.stress.remark().send(world.stranger)
    world.mint(world.call(2_500), 5 * ETH)
    guardian.bring_back_one(1).send(roles.deployer)
    world.engine.advance(2 * DAY)
    guardian.apply(0).send(roles.deployer)
    world.curie.members[0].converge()
    world.rest()
    for _ in range(2):
        splitter(world).send("note", members(world), sender=world.stranger)
        world.engine.advance(HOUR)
        world.push_wad(world.spot)


@pytest.mark.proves("VS-10")
@pytest.mark.parametrize(("above", "moves"), [(15, True), (25, False)])
def test_who_says_that_holding_pays_gains_no_more_than_what_counts(
    beside_a_liar: World, liar: Contract, above: int, moves: bool
) -> None:
    """Of its own carry a venue says what it likes: three thousandths of what moves are lost at the most."""
    world = beside_a_liar
    curie = members(world)[0]
    liar.send("set_rate", -WAD // 2, sender=world.stranger)
    _held_by_the_honest(world, liar)
    shown = world.spot * (10_000 + above) // 10_000
    liar.send("tell", shown, 10**5 * WAD, 0, 0, sender=world.stranger)
    call = world.tandem.desk.shift(curie, liar, WAD)
    if moves:
        (event,) = call.send(world.stranger).events("Shifted")
        assert 0 < -event["received"] <= event["size"] * world.spot // WAD * 3 // 1_000
    else:
        with pytest.raises(Reverted, match="margin: moving costs more"):
            call.send(world.stranger)


@pytest.mark.proves("VS-10")
def test_what_arrives_keeps_its_least_and_its_target_with_what_may_be_lent(
    beside_a_liar: World, liar: Contract
) -> None:
    """It pays to hold it there, and a thin account takes none of it; one between the two takes it as long as
    the Vault may lend."""
    world, desk = beside_a_liar, beside_a_liar.tandem.desk
    curie = members(world)[0]
    liar.send("tell", 2_490 * WAD, 10**5 * WAD, 0, 0, sender=world.stranger)
    _held_by_the_honest(world, liar)
    unit = WAD * world.spot // WAD
    (least, target, _) = liar.call("bounds", 1)
    for equity, lends, fits in (
        (least * 99 // 100, True, False), (least * 101 // 100, True, True),
        (least * 101 // 100, False, False), (target * 99 // 100, False, False),
        (target * 101 // 100, False, True),
    ):  # fmt: skip
        with world.undone():
            if not lends:
                _spend_budget(world, liar)
            liar.send("set_equity", unit * equity // WAD, sender=world.stranger)
            if fits:
                assert desk.shift(curie, liar, WAD).send(world.stranger).returned == WAD
            else:
                with pytest.raises(Reverted, match="margin: target bears less"):
                    desk.shift(curie, liar, WAD).send(world.stranger)


@pytest.mark.proves("VS-6", "HG-20")
def test_whoever_names_no_venue_lowers_the_one_that_is_due(robbed: World, liar: Contract) -> None:
    world, desk = robbed, robbed.tandem.desk
    (event,) = desk.delever().send(world.stranger).events("Delevered")
    assert event["venue"] == liar.address


def _lowered(world: World) -> tuple[int | None, tuple[int, ...]]:
    """What a keeper lowers, and at which venue where that is not the first that is due."""
    several = Several(handles_of(world.tandem))
    return several.moves(world.tandem.snapshot(), world.tandem.keeper, lambda _: False)[:2]


@pytest.mark.proves("HG-20")
def test_a_keeper_lowers_a_hedge_to_which_no_margin_is_sent(robbed: World) -> None:
    """No top-up is due where what is sent would be gone: a keeper that asked after that lowered nothing."""
    assert robbed.tandem.snapshot().account.top_up == 0
    order, place = _lowered(robbed)
    assert order is not None
    assert order < 0
    assert place == ()


@pytest.mark.proves("VS-6", "VS-8", "HG-20")
def test_a_keeper_lowers_what_is_due_behind_a_venue_that_takes_no_order() -> None:
    """VS-8: "Whatever one venue answers, the others go on". The first that is due refuses, as Curie does
    where it may liquidate: of the second a keeper never asked, and its hedge was left to be liquidated."""
    world = build_beside_two_faces("CurieVenue", "AaveVenue")
    first, second = members(world)
    world.mint(world.call(2_500), 8 * ETH)
    for one in (first, second):
        assert one.call("position") > WAD
        one.send("set_equity", -200_000 * WAD, sender=world.stranger)
    assert _lowered(world)[1] == ()
    first.send("turn", False, True, "0x" + "00" * 20, sender=world.stranger)
    with pytest.raises(Reverted, match="liar: refuses"):
        world.tandem.desk.delever().send(world.stranger)
    order, place = _lowered(world)
    assert order is not None
    assert order < 0
    assert place == (int(second.address, 16),)


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
        ("fill", (WAD, 2**255, 0, 0, False, 0, 0, False)),
        ("fill_at", (place, WAD, 2**255)),
        ("prove", (WAD,)),
        ("remember", (place, WAD, 0, WAD)),
        ("fund", (place, USD)),
        ("release", (place, USD)),
    ):
        for who in (world.stranger, world.trader, world.tandem.roles.deployer):
            with pytest.raises(Reverted, match="venues: not the router"):
                venue.send(fn, *args, sender=who)
