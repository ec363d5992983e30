"""A venue of several that lies, goes under or is gone: its leg reverts all of it (in whatever place:
test_a_liar_in_any_place.py), and the others, the NAV and the exits go on by the table of availability."""

from __future__ import annotations

import pytest
from several import legs, members
from worlds import ETH, PRICE, USD, World

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, WAD

NOBODY = "0x" + "00" * 20
DEEP = 10**5 * WAD
LIAR = 1  # its place in the set


def refused(world: World, reason: str) -> None:
    """An open reverts for this reason and leaves both venues as they were."""
    before = [venue.call("position") for venue in members(world)]
    with pytest.raises(Reverted) as caught:
        world.mint(world.call(2_500), 5 * ETH)
    assert caught.value.reason == reason
    assert [venue.call("position") for venue in members(world)] == before


def take_down(world: World) -> int:
    """When the guardian said so."""
    guardian = world.tandem.guardian
    return guardian.take_down_one(LIAR).send(world.tandem.roles.guardian).timestamp


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("thousandths", [980, 992, 1008, 1020])
def test_a_leg_outside_the_band_reverts_the_whole_whatever_the_average_is(
    beside_a_liar: World, liar: Contract, thousandths: int
) -> None:
    """On either side. The other leg may make the average lie inside: with half of the order each, half a
    percent around the oracle holds eight thousandths and none."""
    world = beside_a_liar
    curie = members(world)[0]
    depth = curie.call("curve", 5 * WAD)[2][0]
    shown = curie.call("price") * 1_001 // 1_000  # what the other costs with its fee
    liar.send("tell", shown, depth, PRICE * WAD * thousandths // 1000, 0, sender=world.stranger)
    parts = world.tandem.venue.call("legs", 5 * WAD, 2**255)
    assert parts[0] > WAD < parts[1]
    average = (parts[0] * shown + parts[1] * PRICE * WAD * thousandths // 1000) // (5 * WAD)
    inside = abs(average - PRICE * WAD) * 200 <= PRICE * WAD
    assert inside == (thousandths in (992, 1008))
    refused(world, "venues: leg past the band")


@pytest.mark.proves("VS-4")
def test_an_account_under_water_takes_nothing_from_the_others(
    beside_a_liar: World, liar: Contract
) -> None:
    """Each is clamped by itself, then they are summed; bankrupt is any, and nobody comes meanwhile."""
    world, router = beside_a_liar, beside_a_liar.tandem.router
    both = router.account(world.spot, 0)
    other = both.equity_low - 10**5 * WAD
    assert other > 0
    assert not both.bankrupt
    liar.send("set_equity", -(10**7) * WAD, sender=world.stranger)
    after = router.account(world.spot, 0)
    assert after.bankrupt
    assert (after.equity_low, after.equity_high) == (other, other)
    assert after.equity < 0
    with pytest.raises(Reverted):
        world.tandem.deposit(1_000 * USD)


@pytest.mark.proves("VS-4")
def test_what_one_account_has_too_much_is_no_other_accounts(
    beside_a_liar: World, liar: Contract
) -> None:
    """The liar says that it holds a million; the real account, whose margin is gone, lacks all of its."""
    world = beside_a_liar
    liar.send("set_equity", 10**6 * WAD, sender=world.stranger)
    headroom = 20_000 * WAD
    lacks = world.tandem.router.account(world.spot, headroom).top_up
    liar.send("set_equity", 0, sender=world.stranger)
    both = world.tandem.router.account(world.spot, headroom).top_up
    assert both - lacks == headroom // 5 // 10**12


@pytest.mark.proves("VS-5")
def test_r35_a_venue_that_answers_nothing_stops_no_trade_and_once_its_bit_is_set_no_mark(
    beside_a_liar: World, liar: Contract
) -> None:
    """Nobody knows what its account is worth: marks and NAV wait. With the bit trades, rebalances, margin and
    the gate's mark go on at the other; the last position counts."""
    world, tandem = beside_a_liar, beside_a_liar.tandem
    world.mint(world.call(2_500), 5 * ETH)
    held = liar.call("position")
    assert held > WAD
    whole = tandem.router.call("position")
    liar.send("turn", True, False, NOBODY, sender=world.stranger)
    for act in (
        lambda: tandem.stress.remark().send(world.stranger),
        lambda: tandem.vault.poke().send(world.stranger),
    ):
        with pytest.raises(Reverted, match="venues: account unknown"):
            act()
    for act in (
        lambda: world.mint(world.call(2_500), ETH),
        lambda: world.close(world.call(2_500), ETH),
    ):
        with world.undone():
            assert set(legs(act())) <= {members(world)[0].address}
    take_down(world)
    tandem.stress.remark().send(world.stranger)
    assert abs(tandem.router.call("position") - whole) <= 10**6
    opened = legs(world.mint(world.put(2_500), 5 * ETH))
    assert set(opened) == {members(world)[0].address}
    closed = legs(world.close(world.call(2_500), 3 * ETH))
    assert set(closed) <= {members(world)[0].address}
    world.move(2_600)
    world.rest()
    assert world.bring_home()
    world.top_up() if tandem.snapshot().account.top_up else None
    assert abs(tandem.snapshot().stance.residual) < WAD


@pytest.mark.proves("VS-5")
def test_while_one_is_down_nobody_comes_and_who_leaves_waits_three_days_and_gets_nothing_of_it(
    beside_a_liar: World, liar: Contract
) -> None:
    world, vault = beside_a_liar, beside_a_liar.tandem.vault
    low = world.tandem.lens.call("mark")
    liar.send("turn", True, False, NOBODY, sender=world.stranger)
    down = take_down(world)
    world.freshen()
    for refusal in (
        lambda: world.tandem.deposit(1_000 * USD),
        lambda: vault.poke().send(world.stranger),
    ):
        with pytest.raises(Reverted, match="lens: venue down"):
            refusal()
    world.engine.set_time(down + 3 * DAY)
    world.freshen()
    vault.poke().send(world.stranger)
    assert world.tandem.router.account(world.spot, 0).equity_low < 10**5 * WAD
    assert low is not None
    with pytest.raises(Reverted, match="lens: venue down"):
        world.tandem.deposit(1_000 * USD)


@pytest.mark.proves("VS-5")
def test_no_margin_goes_to_a_venue_that_is_down(beside_a_liar: World, liar: Contract) -> None:
    world, desk = beside_a_liar, beside_a_liar.tandem.desk
    liar.send("set_equity", 0, sender=world.stranger)
    assert world.tandem.router.account(world.spot, 20_000 * WAD).top_up
    take_down(world)
    with pytest.raises(Reverted, match="margin: venue is not up"):
        desk.top_up(liar).send(world.stranger)
    with pytest.raises(Reverted, match="margin: no top-up due"):
        desk.top_up().send(world.stranger)


@pytest.mark.proves("VS-5")
def test_a_bit_is_set_at_once_and_taken_back_by_the_owner_after_the_delay(
    beside_a_liar: World,
) -> None:
    """Pausing, its end, and the bits are one field: each keeps the others."""
    world, tandem = beside_a_liar, beside_a_liar.tandem
    guardian, owner = tandem.guardian, tandem.roles.deployer
    who = tandem.roles.guardian
    take_down(world)
    with pytest.raises(Reverted, match="guardian: venue is down"):
        take_down(world)
    with pytest.raises(Reverted, match="guardian: unknown venue"):
        guardian.take_down_one(4).send(who)
    with pytest.raises(Reverted, match="guardian: not a guardian"):
        guardian.take_down_one(0).send(world.stranger)
    with pytest.raises(Reverted, match="guardian: venue is up"):
        guardian.bring_back_one(0).send(owner)
    guardian.pause().send(who)
    assert len(tandem.venue.call("venues_up")) == 1
    guardian.bring_back_one(LIAR).send(owner)
    world.engine.advance(2 * DAY)
    guardian.apply(0).send(owner)
    assert len(tandem.venue.call("venues_up")) == 2
    assert tandem.guardian.terms() & 1  # still paused
    guardian.take_down().send(who)
    assert tandem.venue.call("venues_up") == ()
    assert tandem.router.call("max_order", WAD, 2**255) == 0


@pytest.mark.proves("VS-7")
def test_a_set_is_of_two_or_more_of_its_own_and_no_two_share_a_pool(beside_a_liar: World) -> None:
    world, code = beside_a_liar, compile_vyper("VenueSet")
    router, guardian = world.tandem.router.address, world.tandem.guardian.address
    both = [venue.address for venue in members(world)]
    for venues, reason in (
        ([], "venues: fewer than two"),
        (both[:1], "venues: fewer than two"),
        (both, "venues: not ours"),
    ):
        with pytest.raises(Reverted, match=reason):
            world.engine.deploy(
                code, router, guardian, guardian, guardian, venues, sender=world.stranger
            )


@pytest.mark.proves("VS-5", "HG-19")
def test_whoever_takes_down_one_after_the_other_has_leavers_wait_until_all_are_down(
    beside_a_liar: World,
) -> None:
    """The wait of those who leave begins anew with each bit, one for each venue, and with the word for all,
    after which none begins it; one act of the owner's ends all."""
    world, guardian = beside_a_liar, beside_a_liar.tandem.guardian
    who, owner = world.tandem.roles.guardian, world.tandem.roles.deployer
    first = take_down(world)
    world.engine.advance(DAY // 2)
    guardian.take_down_one(0).send(who)
    assert guardian.down_since() == world.engine.now()
    assert first + DAY // 2 <= guardian.down_since() < first + DAY
    with pytest.raises(Reverted, match="guardian: unknown venue"):
        guardian.take_down_one(2).send(who)
    guardian.bring_back_one(0).send(owner)
    world.engine.advance(2 * DAY)
    guardian.apply(0).send(owner)
    guardian.take_down().send(who)
    down = guardian.down_since()
    world.engine.advance(DAY // 2)
    guardian.take_down_one(0).send(who)
    assert guardian.down_since() == down
    guardian.bring_back().send(owner)
    world.engine.advance(2 * DAY)
    guardian.apply(0).send(owner)
    assert len(world.tandem.venue.call("venues_up")) == 2
    assert take_down(world) > first


@pytest.mark.proves("VS-2", "HG-17")
def test_a_market_that_was_moved_sends_what_no_trader_brings_to_the_others(
    beside_a_liar: World, liar: Contract
) -> None:
    """One jolted member, or one that says so, stops none of the others."""
    world = beside_a_liar
    liar.send("tell", PRICE * WAD, DEEP, 0, 0, sender=world.stranger)
    for _ in range(3):
        world.mint(world.call(2_500), 30 * ETH)
    world.move(2_600)
    world.rest()
    world.curie.arbitrage_call(world.spot * 1_005 // 1_000).send()  # buys get dearer at Curie
    liar.send("tell", world.spot, DEEP, 0, 0, sender=world.stranger)
    curie = members(world)[0]
    assert world.tandem.venue.call("chunk_left", curie, True, False) == 0
    assert not world.tandem.router.call("is_jolted", True)
    found = legs(world.tandem.rebalance(sender=world.stranger))
    assert set(found) == {liar.address}


@pytest.mark.proves("VS-1", "VS-2")
def test_a_market_far_on_the_better_side_takes_no_part_in_an_open(
    beside_a_liar: World, liar: Contract
) -> None:
    """As suspicious as one that is too dear: the open goes to the others, and is not refused."""
    world = beside_a_liar
    liar.send("tell", PRICE * WAD * 98 // 100, DEEP, 0, 0, sender=world.stranger)
    assert world.tandem.venue.call("legs", WAD, 2**255)[1] == WAD
    found = legs(world.mint(world.call(2_500), 5 * ETH))
    assert set(found) == {members(world)[0].address}
