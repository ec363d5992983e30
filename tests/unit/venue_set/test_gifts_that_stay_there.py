"""LM-2, VS-8: what a stranger lends in our name, and the market does not let go, keeps no order away and is
no position."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from lent import STOPS, borrow
from several import believed, build_set, fund, legs, lender, members
from worlds import ETH, FLAT, WIDE, World, build

from tandem import venues
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD
from tandem.venues.aave import Aave

LENDERS = pytest.mark.parametrize("name", ["curie+aave", "curie+morpho"])
DUST = 50
"""Wei: more than roundings leave."""


def long(name: str) -> World:
    """Ninety calls, whose hedge the lender holds, and as little margin there as may be."""
    world = build_set(name)
    for _ in range(6):
        world.mint(world.call(2_500), 15 * ETH)
        fund(world)
        world.freshen()
    world.set_terms(max_trade=50)
    for _ in range(3):
        with suppress(Reverted):
            world.tandem.desk.send("sweep", lender(world)[1], sender=world.stranger)
    return world


def fall(world: World) -> None:
    """To the first price at which the lender may be liquidated."""
    market, venue = lender(world)
    usd = world.spot // WAD
    while not market.liquidatable(venue):
        usd -= 1 if usd < 1_800 else 10
        world.push(usd)


def homeward(world: World, venue: Contract) -> int:
    """What a fall of three per cent brings home of what it holds, chunk after chunk."""
    world.curie.converge()
    world.rest()
    world.push_wad(world.spot * 97 // 100)
    world.curie.converge()
    world.rest()
    held = venue.call("position")
    world.bring_home()
    left: int = held - venue.call("position")
    return left


def liquidated_and_noted(world: World, gift: int) -> None:
    """By whoever then lends the gift, all in one transaction's time. gift: hundredths of what was taken."""
    market, venue = lender(world)
    held = venue.call("position")
    market.liquidate(venue, *(() if isinstance(market, Aave) else (300,)))
    world.tandem.venue.send("note", sender=world.stranger)
    taken = held - venue.call("position")
    assert taken > WAD
    if gift:
        market.supply_for(world.stranger, venue, taken * gift // 100, market.weth)


def healed(world: World, gift: int) -> None:
    """Under its threshold, and lifted over it by the gift: without that the lender lets nothing go. gift:
    hundredths of the position."""
    market, venue = lender(world)
    if gift:
        market.supply_for(world.stranger, venue, venue.call("position") * gift // 100, market.weth)


@pytest.mark.proves("VS-8", "LM-2")
@LENDERS
@pytest.mark.parametrize("act", [liquidated_and_noted, healed])
def test_the_hedge_comes_home_as_without_it(name: str, act: Callable[[World, int], None]) -> None:
    """An honest lender was not believed any more: 24.7 ETH for three days by 313 USD, 33.8 for eighteen by
    2,907, with the other venue short against it."""
    home: list[int] = []
    for gift in (0, 5):
        world = long(name)
        fall(world)
        _, venue = lender(world)
        act(world, gift)
        with suppress(Reverted):
            venue.send("accept", sender=world.stranger)
        with suppress(Reverted):
            world.top_up()
        home.append(homeward(world, venue))
        assert abs(believed(world, venue)) <= abs(venue.call("position"))
    bare, given = home
    assert bare > WAD
    assert given == pytest.approx(bare, rel=0.1)


@pytest.mark.proves("LM-2")
def test_what_is_not_let_go_is_none_of_ours_later_either() -> None:
    """Morpho: 1.7 ETH that heal an account cannot be taken out of it, and were booked as ours for good."""
    world = long("curie+morpho")
    fall(world)
    _, venue = lender(world)
    held = venue.call("position")
    healed(world, 5)
    for _ in range(2):
        venue.send("accept", sender=world.stranger)
        assert venue.call("position") == pytest.approx(held, rel=1e-6)
    world.top_up()
    venue.send("accept", sender=world.stranger)
    assert venue.call("position") == pytest.approx(held, rel=1e-6)
    assert lender(world)[0].weth.call("balanceOf", venue) == pytest.approx(held // 20, rel=1e-6)


def only_aave() -> World:
    return build(venue=venues.recipe("aave"), smile=FLAT, settings=DeploySettings(terms=WIDE))


@pytest.mark.proves("LM-2")
@pytest.mark.parametrize("name", ["aave", "curie+aave", "aave+morpho"])
@pytest.mark.parametrize("order", ["opens", "is told before", "comes home", "is bought back"])
def test_orders_go_while_all_ether_is_borrowed(name: str, order: str) -> None:
    """Fifty wei lent in our name made every order that lends ether revert, `aave: fill not exact`, though it
    was said to fit: at the only venue, and over the whole set."""
    world = only_aave() if name == "aave" else build_set(name)
    market, venue = (world.curie, world.tandem.venue) if name == "aave" else lender(world, Aave)
    world.mint(world.call(2_500), 10 * ETH)
    market.supply_for(world.stranger, venue, DUST, market.weth)
    borrow(market, True, world.engine.accounts[7])
    if order == "comes home":
        world.move(2_600)
        world.rest()
        world.tandem.rebalance(sender=world.stranger)
    elif order == "is bought back":
        world.close(world.call(2_500), 2 * ETH)
    else:
        if order == "is told before":
            venue.send("accept", sender=world.stranger)
        world.mint(world.call(2_500), 5 * ETH)
    assert abs(world.tandem.snapshot().stance.residual) < 4 * WAD


@pytest.mark.proves("LM-2", "VS-8")
@pytest.mark.parametrize("gift", [WAD // 20, 3 * WAD])
@pytest.mark.parametrize("puts", [1, 4, 8, 15])
def test_it_makes_no_room_for_orders(gift: int, puts: int) -> None:
    """While no ether may be borrowed: a sale counted on what it takes out itself before, and reverted."""
    world = build_set("curie+aave")
    market, venue = lender(world, Aave)
    world.mint(world.call(2_500), 4 * ETH)
    STOPS["no borrowing"][0](market, True)
    room = venue.call("max_order", -100 * WAD, 0)
    market.supply_for(world.stranger, venue, gift, market.weth)
    assert venue.call("max_order", -100 * WAD, 0) == pytest.approx(room, rel=1e-6)
    sent = world.mint(world.put(2_500), puts * ETH)
    assert members(world)[0].address in legs(sent) or puts < 8


@pytest.mark.proves("LM-2", "VS-8")
@pytest.mark.parametrize("gift", [WAD // 50, WAD // 5, WAD])
@pytest.mark.parametrize("left", [0, 3 * WAD])
def test_orders_go_where_little_ether_is_left(gift: int, left: int) -> None:
    """A sale that may take all that the market has took the gift out of it before, and reverted: 50 USD for
    all orders with a leg there."""
    world = build_set("curie+aave")
    market, venue = lender(world, Aave)
    for _ in range(3):
        world.mint(world.call(2_500), 10 * ETH)
        fund(world)
        world.freshen()
    borrow(market, True, world.engine.accounts[7], left=left)
    market.supply_for(world.stranger, venue, gift, market.weth)
    sent = legs(world.mint(world.put(2_500), 15 * ETH))
    assert venue.address in sent or not left


@pytest.mark.proves("LM-2")
@pytest.mark.parametrize("gift", [WAD // 50, WAD])
def test_a_close_goes_at_the_only_venue(gift: int) -> None:
    world = only_aave()
    world.mint(world.call(2_500), 10 * ETH)
    world.freshen()
    market, venue = world.curie, world.tandem.venue
    borrow(market, True, world.engine.accounts[7], left=3 * WAD)
    market.supply_for(world.stranger, venue, gift, market.weth)
    held = venue.call("position")
    fits = venue.call("max_order", -held, 0)
    assert fits > 2 * WAD
    world.close(world.call(2_500), 10 * ETH * fits // held * 999 // 1_000)


@pytest.mark.proves("VS-8")
@LENDERS
def test_what_is_left_of_it_once_the_hedge_is_home_keeps_no_order_away(name: str) -> None:
    """A hundredth of an ether after a noted liquidation, which the adapter takes for ours: it was more than
    twice of nothing, and the lender had no part in any order until an owner spoke."""
    world = long(name)
    fall(world)
    market, venue = lender(world)
    liquidated_and_noted(world, 0)
    market.supply_for(world.stranger, venue, WAD // 100, market.weth)
    with suppress(Reverted):
        venue.send("accept", sender=world.stranger)
    fund(world)
    world.curie.converge()
    world.rest()
    for _ in range(60):
        if abs(believed(world, venue)) < WAD // 1_000:
            break
        with suppress(Reverted):
            world.close(world.call(2_500), ETH)
        world.bring_home()
        world.rest()
        with suppress(Reverted):
            world.tandem.desk.shift(venue, members(world)[0], 10 * WAD).send(world.stranger)
        world.rest()
    assert abs(believed(world, venue)) < WAD // 1_000 < venue.call("position")
    world.set_terms(max_trade=1_000)
    world.freshen()
    fund(world)
    world.rest()
    assert world.tandem.venue.call("legs", -10 * WAD, 0)[1] < 0
