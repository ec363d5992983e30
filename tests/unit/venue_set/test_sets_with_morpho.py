"""Sets that hold Morpho: beside another lending market, beside the perpetual exchange, and all three."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from several import build_set, fund, legs, members
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, WAD

SETS = ("aave+morpho", "curie+morpho", "curie+aave+morpho", "morpho+morpho4")
DUST = 10**11
"""Interest on tens of ETH in the seconds between two looks: 1e-7 ETH."""
LARGE = 40 * ETH
SOME = WAD // 4


@pytest.fixture(scope="module", params=SETS)
def set_once(request: pytest.FixtureRequest) -> World:
    return build_set(request.param)


@pytest.fixture
def world(set_once: World) -> Iterator[World]:
    with set_once.undone():
        yield set_once


def morpho(world: World) -> tuple[int, Contract]:
    """Its bit, and its adapter: the last of each set."""
    venues = members(world)
    assert world.curie.members[-1].recipe.name.startswith("morpho")
    return len(venues) - 1, venues[-1]


@pytest.mark.proves("VS-1")
def test_legs_are_exact_at_each_venue_and_sum_to_the_order(world: World) -> None:
    """An open, a close that turns the position, a put after it: Morpho has a leg of each sign."""
    venues, (_, last) = members(world), morpho(world)
    signs = set()
    for act in (
        lambda: world.mint(world.call(2_500), LARGE),
        lambda: world.mint(world.put(2_500), LARGE),
        lambda: world.close(world.call(2_500), LARGE),
    ):
        fund(world)
        before = [venue.call("position") for venue in venues]
        receipt = act()
        (hedged,) = receipt.events("Hedged")
        found = legs(receipt)
        for venue, was in zip(venues, before, strict=True):
            moved = found[venue.address]["order"] if venue.address in found else 0
            assert abs(venue.call("position") - was - moved) < DUST
        assert sum(leg["order"] for leg in found.values()) == hedged["order"]
        assert sum(leg["quote_delta"] for leg in found.values()) == hedged["quote_delta"]
        assert sum(leg["fee"] for leg in found.values()) == hedged["venue_fee"]
        if last.address in found:
            signs.add(found[last.address]["order"] > 0)
    assert signs == {True, False}


@pytest.mark.proves("VS-2")
def test_markets_that_share_an_order_end_at_one_level(world: World) -> None:
    """Fees included, to a basis point. Whoever has no leg costs more at his first unit than that level."""
    world.mint(world.call(2_500), LARGE)
    found = legs(world.mint(world.call(2_500), LARGE))
    levels = {}
    for venue in members(world):
        price, fee, _, _ = venue.call("curve", WAD)
        levels[venue.address] = price / (1 - fee / WAD)
    shared = [level for place, level in levels.items() if place in found]
    assert len(shared) >= 2
    assert math.isclose(min(shared), max(shared), rel_tol=1e-4)
    for place in levels.keys() - found.keys():
        assert levels[place] > max(shared) * (1 - 1e-4)


@pytest.mark.proves("VS-5")
def test_morpho_is_down_by_its_bit_and_the_others_trade(world: World) -> None:
    """Its position counts as it was; no leg and no margin go there."""
    world.mint(world.call(2_500), LARGE)
    place, down = morpho(world)
    held, whole = down.call("position"), world.position()
    assert held > WAD
    world.tandem.guardian.take_down_one(place).send(world.tandem.roles.guardian)
    assert world.tandem.venue.call("legs", WAD, 2**255)[place] == 0
    world.tandem.stress.remark().send(world.stranger)
    receipt = world.mint(world.put(2_500), 10 * ETH)
    (hedged,) = receipt.events("Hedged")
    assert down.address not in legs(receipt)
    assert abs(down.call("position") - held) < DUST
    assert abs(world.position() - whole - hedged["order"]) < DUST
    with pytest.raises(Reverted, match="margin: venue is not up"):
        world.tandem.desk.top_up(down).send(world.stranger)


@pytest.mark.proves("VS-6")
def test_margin_goes_to_the_venue_that_is_named(world: World) -> None:
    """Spot fell by a twelfth under longs: to Morpho, none to the others; then none is due there."""
    for _ in range(4):
        world.mint(world.call(2_500), LARGE)
    world.move(2_300)
    world.rest()
    _, named = morpho(world)
    spot = world.spot
    before = [venue.call("account", spot)[1] for venue in members(world)]
    (event,) = world.tandem.desk.top_up(named).send(world.stranger).events("MarginToppedUp")
    assert event["venue"] == named.address
    sent = event["amount"] * 10**12
    after = [venue.call("account", spot)[1] for venue in members(world)]
    for was, now, wanted in zip(before, after, [0] * (len(before) - 1) + [sent], strict=True):
        assert now - was == pytest.approx(wanted, abs=sent / 1_000)
    with pytest.raises(Reverted, match="margin: no top-up due"):
        world.tandem.desk.top_up(named).send(world.stranger)


@pytest.fixture
def crossed(world: World) -> World:
    """Morpho is down while its long is sold back: another is short against it."""
    guardian, (place, down) = world.tandem.guardian, morpho(world)
    for _ in range(2):
        world.mint(world.call(2_500), 15 * ETH)
    assert down.call("position") > 3 * WAD
    guardian.take_down_one(place).send(world.tandem.roles.guardian)
    world.close(world.call(2_500), 28 * ETH)
    guardian.bring_back_one(place).send(world.tandem.roles.deployer)
    world.engine.advance(2 * DAY)
    guardian.apply(0).send(world.tandem.roles.deployer)
    world.rest()
    fund(world)
    return world


@pytest.mark.proves("VS-6")
def test_what_morpho_holds_against_another_goes_home_at_both(crossed: World) -> None:
    """In either order of the two that are named; the position stays."""
    world, (_, longs) = crossed, morpho(crossed)
    shorts = min(members(world), key=lambda venue: venue.call("position"))
    assert shorts.call("position") < -WAD
    for pair in ((longs, shorts), (shorts, longs)):
        held, other = longs.call("position"), shorts.call("position")
        receipt = world.tandem.desk.shift(*pair, SOME).send(world.stranger)
        (event,) = receipt.events("Shifted")
        found = legs(receipt)
        assert 0 < event["size"] <= SOME
        assert found[longs.address]["order"] == -event["size"]
        assert found[shorts.address]["order"] == event["size"]
        assert abs(longs.call("position") - held + event["size"]) < DUST
        assert abs(shorts.call("position") - other - event["size"]) < DUST
        world.engine.advance(60)
        world.push_wad(world.spot)


def test_an_arbitrageur_has_arrived_when_no_pool_is_left_off_the_index(world: World) -> None:
    """Two lending markets' pools end at one and the same limit: a step at the one is none at the other."""
    exchange, index = world.curie, world.spot * 1_004 // 1_000
    exchange.set_index(index)
    steps, left = 0, len(members(world))
    while left:
        step = exchange.arbitrage_call(index)
        assert step is not None
        step.send()
        world.engine.advance(15)
        left = sum(member.arbitrage_call(index) is not None for member in exchange.members)
        assert exchange.arrives(step, index) == (left == 0)
        steps += 1
    assert steps >= len(members(world))
