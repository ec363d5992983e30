"""What is long at one venue and short at another goes home at both: margin is freed, the position stays."""

from __future__ import annotations

import pytest
from several import fund, legs, members
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY, WAD

MOST = 10**30


@pytest.fixture
def crossed(pair: World) -> World:
    """The lending market is down while its long is sold back: Curie is short against it."""
    world, guardian = pair, pair.tandem.guardian
    for _ in range(2):
        world.mint(world.call(2_500), 15 * ETH)
    curie, aave = members(world)
    assert aave.call("position") > 5 * WAD
    guardian.take_down_one(1).send(world.tandem.roles.guardian)
    world.close(world.call(2_500), 20 * ETH)
    assert curie.call("position") < 0
    guardian.bring_back_one(1).send(world.tandem.roles.deployer)
    world.engine.advance(2 * DAY)
    guardian.apply(0).send(world.tandem.roles.deployer)
    world.rest()
    fund(world)
    return world


@pytest.mark.proves("VS-6")
def test_both_sides_go_home_chunk_by_chunk_and_the_position_stays(crossed: World) -> None:
    world, desk = crossed, crossed.tandem.desk
    curie, aave = members(world)
    whole, usable = world.position(), world.tandem.router.account(world.spot, 0)
    for n in range(90):
        held, other = aave.call("position"), curie.call("position")
        if other > -(10**15):
            break
        receipt = desk.shift(aave if n % 2 else curie, curie if n % 2 else aave, MOST).send(
            world.stranger
        )
        (event,) = receipt.events("Shifted")
        found = legs(receipt)
        assert found[aave.address]["order"] == -event["size"]
        assert found[curie.address]["order"] == event["size"]
        paid = sum(leg["quote_delta"] - leg["fee"] for leg in found.values())
        assert event["received"] == paid
        assert 0 < event["size"] <= min(held, -other) + 10**12
        left = world.tandem.venue.call("chunk_left", curie, True, False)
        share = world.terms()["chunk"]
        chunk = curie.call("average", 180)[2] * share // 10_000
        assert left == pytest.approx(chunk - event["size"], abs=chunk // 100)
        world.engine.advance(60)
        world.push_wad(world.spot)
    assert curie.call("position") > -(10**15)
    assert world.position() == pytest.approx(whole, abs=10**12)
    after = world.tandem.router.account(world.spot, 0)
    assert after.need < usable.need
    with pytest.raises(Reverted, match="margin: nothing to move"):
        desk.shift(curie, aave, MOST).send(world.stranger)


@pytest.mark.proves("VS-6")
def test_no_more_goes_than_is_asked_for_and_nothing_under_a_lot(crossed: World) -> None:
    curie, aave = members(crossed)
    desk = crossed.tandem.desk
    assert desk.shift(curie, aave, 10**16).send(crossed.stranger).returned == 10**16
    with pytest.raises(Reverted, match="router: nothing to net"):
        desk.shift(curie, aave, 10**14).send(crossed.stranger)


@pytest.mark.proves("VS-6")
def test_nobody_is_netted_with_himself_or_with_a_stranger(crossed: World) -> None:
    curie, aave = members(crossed)
    for one, other, reason in (
        (curie, curie, "margin: nothing to move"),
        (curie, crossed.stranger, "margin: venue is not up"),
        (crossed.stranger, aave, "margin: venue is not up"),
    ):
        with pytest.raises(Reverted, match=reason):
            crossed.tandem.desk.shift(one, other, MOST).send(crossed.stranger)
    with pytest.raises(Reverted, match="router: not the desk"):
        crossed.tandem.router.net(curie, aave, WAD, crossed.spot, [0, 0]).send(crossed.stranger)


@pytest.mark.proves("HG-19")
def test_while_all_are_down_nothing_is_netted_and_who_asks_is_told_why(crossed: World) -> None:
    curie, aave = members(crossed)
    crossed.tandem.guardian.take_down().send(crossed.tandem.roles.guardian)
    with pytest.raises(Reverted, match="margin: venue down"):
        crossed.tandem.desk.shift(curie, aave, MOST).send(crossed.stranger)


@pytest.mark.proves("VS-2", "HG-17")
def test_of_what_no_trader_brings_no_market_gets_more_than_its_own_chunk(pair: World) -> None:
    """Whatever the others take: a venue that refuses lends its depth to nobody."""
    world = pair
    for _ in range(3):
        world.mint(world.call(2_500), 30 * ETH)
    world.move(2_600)
    world.rest()
    curie, aave = members(world)
    share = world.terms()["chunk"]
    chunks = {v.address: v.call("average", 180)[2] * share // 10_000 for v in (curie, aave)}
    assert abs(world.tandem.snapshot().stance.residual) > 2 * sum(chunks.values())
    with world.undone():
        found = legs(world.tandem.rebalance(sender=world.stranger))
        assert set(found) == set(chunks)
        for place, leg in found.items():
            assert abs(leg["order"]) <= chunks[place] + 10
    market = world.curie.members[1]
    market.configurator.send("setReservePause", market.weth, True, sender=market.owner)
    (leg,) = legs(world.tandem.rebalance(sender=world.stranger)).values()
    assert leg["venue"] == curie.address
    assert abs(leg["order"]) == pytest.approx(chunks[curie.address], rel=1e-3)


@pytest.mark.proves("VS-6")
def test_a_market_that_was_just_pushed_nets_nothing(crossed: World) -> None:
    """HG-17's bands and waits are netting's: whoever pushes a pool around it gets none of it."""
    curie, aave = members(crossed)
    crossed.curie.members[1].spot.arbitrage_call(crossed.spot * 995 // 1000).send()
    with pytest.raises(Reverted, match="router: nothing to net"):
        crossed.tandem.desk.shift(curie, aave, MOST).send(crossed.stranger)
