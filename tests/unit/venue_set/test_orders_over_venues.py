"""One order over two real venues: exact, at the best price there is, and all of it or nothing."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from several import fund, legs, members
from worlds import ETH, USD, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.model.split import Curve, Stretch, split
from tandem.units import WAD

DUST = 10**11
"""Interest on tens of ETH in the seconds between two looks: 1e-7 ETH."""
LARGE = 40 * ETH
UNBOUNDED = 2**255


def curves(world: World, order: int) -> list[Curve]:
    """What the venues say of their markets, for the twin."""
    found = []
    for venue in members(world):
        price, fee, depths, reaches = venue.call("curve", order)
        rows = [Stretch(d / WAD, r / WAD) for d, r in zip(depths, reaches, strict=True) if r]
        found.append(Curve(price / WAD, fee / WAD, tuple(rows)))
    return found


@pytest.mark.proves("VS-1")
def test_an_order_is_the_sum_of_its_legs_and_each_is_what_its_venue_reports(pair: World) -> None:
    """Opens that add, closes that turn the position, rebalances: what the venues themselves report moves by
    the legs, the legs sum to the order, and the Market's event is their sum."""
    world, both = pair, members(pair)
    split_orders = 0
    for act in (
        lambda: world.mint(world.call(2_500), LARGE),
        lambda: world.mint(world.call(2_500), LARGE),
        lambda: world.mint(world.put(2_500), LARGE),
        lambda: world.close(world.call(2_500), 2 * LARGE),
        lambda: world.mint(world.put(2_500, far=True), 30 * ETH),
    ):
        fund(world)
        before = [venue.call("position") for venue in both]
        receipt = act()
        (hedged,) = receipt.events("Hedged")
        found = legs(receipt)
        after = [venue.call("position") for venue in both]
        for venue, was, now in zip(both, before, after, strict=True):
            leg = found.get(venue.address)
            assert abs(now - was - (leg["order"] if leg else 0)) < DUST
            if leg:
                assert abs(leg["position"] - now) < DUST
        assert sum(leg["order"] for leg in found.values()) == hedged["order"]
        assert sum(leg["quote_delta"] for leg in found.values()) == hedged["quote_delta"]
        assert sum(leg["fee"] for leg in found.values()) == hedged["venue_fee"]
        assert abs(world.tandem.router.call("position") - sum(after)) < DUST
        split_orders += len(found) == 2
    assert split_orders >= 2


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("eth", [1, 10, 40])
def test_legs_are_the_best_that_a_convex_solver_finds(pair: World, sign: int, eth: int) -> None:
    """Beside the twin on the venues' own curves: each leg within a thousandth of the order of the best, where
    both venues have room."""
    world, order = pair, sign * eth * WAD
    worst = UNBOUNDED if sign > 0 else 0
    found = [abs(leg) / WAD for leg in world.tandem.venue.call("legs", order, worst)[:2]]
    assert sum(found) == pytest.approx(eth, rel=1e-12)
    there = curves(world, order)
    rooms = [v.call("max_order", order, worst) / WAD for v in members(world)]
    best = split(eth, sign > 0, there, rooms)
    for leg, wanted in zip(found, best, strict=True):
        assert leg == pytest.approx(wanted, abs=eth * 1e-3 + 1e-3)


@pytest.mark.proves("VS-2")
def test_a_split_order_leaves_both_markets_at_one_level(pair: World) -> None:
    """Fees included: the next unit costs the same at both, to a basis point."""
    world = pair
    world.mint(world.call(2_500), LARGE)
    assert len(legs(world.mint(world.call(2_500), LARGE))) == 2
    levels = []
    for venue in members(world):
        price, fee, _, _ = venue.call("curve", WAD)
        levels.append(price / (1 - fee / WAD))
    for one, other in pairwise(levels):
        assert math.isclose(one, other, rel_tol=1e-4)


@pytest.mark.proves("VS-2")
def test_what_a_venue_cannot_fill_goes_to_the_other(pair: World) -> None:
    """The lending market stops moving ether: nobody says that it is down, and orders go on."""
    world = pair
    curie, aave = members(world)
    market = world.curie.members[1]
    assert world.tandem.venue.call("legs", -WAD, 0)[1] == -WAD
    market.configurator.send("setReservePause", market.weth, True, sender=market.owner)
    assert world.tandem.venue.call("legs", -WAD, 0)[0] == -WAD
    receipt = world.mint(world.put(2_500), 5 * ETH)
    assert set(legs(receipt)) == {curie.address}
    assert aave.call("position") == 0


@pytest.mark.proves("VS-2")
def test_a_venue_past_the_bound_takes_no_part(pair: World) -> None:
    """A bound between two prices leaves the one; a bound past both leaves none."""
    world = pair
    curie, _ = (venue.call("price") for venue in members(world))
    world.curie.members[1].spot.arbitrage_call(world.spot * 102 // 100).send()
    moved = members(world)[1].call("price")
    assert moved > curie * 101 // 100
    parts = world.tandem.venue.call("legs", 5 * WAD, (curie + moved) // 2)
    assert parts == (5 * WAD, 0, 0, 0)
    below = world.spot * 9 // 10
    assert world.tandem.venue.call("legs", 5 * WAD, below) == (0, 0, 0, 0)
    assert world.tandem.venue.call("max_order", 5 * WAD, below) == 0


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("sign", [1, -1])
def test_what_max_order_says_fits_fills(pair: World, sign: int) -> None:
    """From a lot to more than both carry: the legs of what fits are what fits."""
    world, venue = pair, pair.tandem.venue
    worst = UNBOUNDED if sign > 0 else 0
    for size in (10**15, 10**16, WAD, 7 * WAD, 33 * WAD, 200 * WAD, 10**6 * WAD):
        fits = venue.call("max_order", sign * size, worst)
        assert fits <= size
        if size <= WAD:
            assert fits == size
        again = venue.call("max_order", sign * fits, worst)
        assert again == fits
        parts = venue.call("legs", sign * fits, worst)
        assert sum(parts) == sign * fits
    assert world.tandem.router.call("max_order", sign * WAD, worst) == WAD


@pytest.mark.proves("VS-3")
def test_an_open_leaves_each_account_its_own_least(pair: World) -> None:
    """Not the sum: after each of many opens every venue's equity carries its own position."""
    world = pair
    for _ in range(5):
        world.mint(world.call(2_500), LARGE)
        for venue in members(world):
            account, held = venue.call("account", world.spot), venue.call("position")
            least = venue.call("bounds", held)[0]
            usable = min(account[1], account[3])
            assert usable >= abs(held) * world.spot // WAD * least // WAD
        fund(world)


def _fallen(world: World, price: int) -> None:
    """Spot falls so far under a long whose margin to spare was swept home."""
    for _ in range(3):
        world.mint(world.call(2_500), LARGE)
    world.set_terms(max_trade=100)
    for _ in members(world):
        world.tandem.desk.sweep().send(world.stranger)
    world.move(price)
    world.rest()


@pytest.mark.proves("VS-3")
def test_an_open_beside_an_account_under_its_least_is_refused_by_name(pair: World) -> None:
    """Spot falls by a tenth under a long: margin that lies at another venue is none of the account that is
    under its minimum."""
    world = pair
    _fallen(world, 2_300)
    short = []
    for venue in members(world):
        account, held = venue.call("account", world.spot), venue.call("position")
        least = venue.call("bounds", held)[0]
        usable = min(account[1], account[3])
        short.append(usable < abs(held) * world.spot // WAD * least // WAD)
    assert any(short)
    with pytest.raises(Reverted, match="venues: under minimum"):
        world.mint(world.call(2_500), ETH)
    fund(world)
    world.bring_home()
    world.freshen()
    world.mint(world.call(2_500), ETH)


@pytest.mark.proves("VS-3")
def test_an_open_that_needs_no_order_is_refused_beside_such_an_account_too(pair: World) -> None:
    """The hedge covers it already, so that no leg proves an account: each is asked for that alone."""
    world = pair
    _fallen(world, 2_200)
    world.bring_home()
    world.move(2_195)
    world.rest()
    with pytest.raises(Reverted, match="venues: under minimum"):
        world.mint(world.call(2_500), ETH)
    fund(world)
    receipt = world.mint(world.call(2_500), ETH)
    assert receipt.events("Hedged")[0]["order"] == 0


def _lacks(world: World, venue: Contract) -> bool:
    """Whether an account is under its least for its position and the largest order."""
    account = venue.call("account", world.spot)
    nav = world.tandem.vault.call("funds")[3] * 10**12
    need = abs(account[0]) * world.spot // WAD + nav * world.terms()["max_trade"] // 10_000
    return min(account[1], account[3]) < need * venue.call("bounds", account[0])[0] // WAD


@pytest.mark.proves("VS-6")
def test_margin_names_its_venue(pair: World) -> None:
    """Events say which; who names none gets the first that is due; a stranger is no venue."""
    world, desk = pair, pair.tandem.desk
    for _ in range(3):
        world.mint(world.call(2_500), LARGE)
    curie, aave = members(world)
    lacks = [v for v in (curie, aave) if _lacks(world, v)]
    assert lacks
    for venue in (curie, aave):
        if venue in lacks:
            (event,) = desk.top_up(venue).send(world.stranger).events("MarginToppedUp")
            assert event["venue"] == venue.address
        else:
            with pytest.raises(Reverted, match="margin: no top-up due"):
                desk.top_up(venue).send(world.stranger)
    assert not world.tandem.snapshot().account.top_up
    with pytest.raises(Reverted, match="margin: venue is not up"):
        desk.top_up(world.stranger).send(world.stranger)
    with pytest.raises(Reverted, match="margin: no top-up due"):
        desk.top_up().send(world.stranger)
    assert world.usdc(world.tandem.venue) == 0


@pytest.mark.proves("VS-6")
def test_what_is_too_much_at_one_venue_comes_home_from_it(pair: World) -> None:
    world = pair
    usual = world.terms()["max_trade"]
    world.set_terms(max_trade=usual // 5)
    held = [venue.call("account", world.spot)[1] for venue in members(world)]
    swept = {}
    for _ in range(2):
        (event,) = world.tandem.desk.sweep().send(world.stranger).events("MarginSwept")
        swept[event["venue"]] = event["amount"]
    assert set(swept) == {venue.address for venue in members(world)}
    for venue, was in zip(members(world), held, strict=True):
        left = venue.call("account", world.spot)[1]
        assert was - left == pytest.approx(swept[venue.address] * 10**12, abs=USD * 10**12)
    with pytest.raises(Reverted, match="margin: no sweep due"):
        world.tandem.desk.sweep().send(world.stranger)


@pytest.mark.proves("VS-2")
def test_what_lowers_a_position_comes_before_what_would_have_to_come_home_later(
    pair: World,
) -> None:
    """Long at the lending market, whose pool stands ten points lower: a sale goes there, though Curie would
    take it five points cheaper today, until Curie is better by its fee once more."""
    world = pair
    world.mint(world.call(2_500), 15 * ETH)
    curie, aave = members(world)
    assert aave.call("position") > 5 * WAD
    assert curie.call("position") == 0
    pool = world.curie.members[1].spot
    price = curie.call("price")
    pool.arbitrage_call(price * 9_990 // 10_000).send()
    pieces = world.tandem.venue.call("legs", -WAD, 0)
    assert pieces == (0, -WAD, 0, 0)
    pool.arbitrage_call(price * 9_970 // 10_000).send()
    assert world.tandem.venue.call("legs", -WAD, 0)[0] == -WAD
