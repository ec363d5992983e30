"""Tokens that carry our debts on Aave and should not, or should and do not: a keeper looks for them once an
hour and sets them right one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from lent import govern
from several import LentWorld, build_pair, members
from strangers import list_token
from test_distress import keeper_of
from worlds import ETH, FLAT, WIDE, World, build

from keeper.cycle import Done, Keeper
from keeper.journal import State
from keeper.planner import Kind
from keeper.prices import Prices
from keeper.several import address_of
from tandem import venues
from tandem.client.venues import VenueState, of_strays
from tandem.engine.base import Contract
from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR, MINUTE
from tandem.venues import STRAY_GAS, Strays, strays

DUST = 10**9


@pytest.fixture(scope="module")
def once() -> World:
    """A market on Aave whose hedge is short."""
    settings = DeploySettings(terms=WIDE)
    world = build(settings=settings, smile=FLAT, venue=venues.recipe("aave"), kind=LentWorld)
    world.mint(world.put(2_500), 10 * ETH)
    world.engine.advance(10 * MINUTE)
    world.freshen()
    return world


@pytest.fixture
def world(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def lends(world: World, count: int, venue: Contract | None = None, market: Any = None) -> list[str]:
    """So many tokens of others, lent in our name."""
    market = market or world.curie
    found: list[str] = []
    for _ in range(count):
        token = list_token(market)
        market.supply_for(world.stranger, venue or world.tandem.venue, DUST, token)
        found.append(token.address)
    return found


def there(world: World, venue: Contract) -> Strays:
    """Those in an adapter's name."""
    found = strays(world.engine, venue.address)
    assert found is not None
    return found


def strange(world: World, venue: Contract) -> list[str]:
    """Those that are left."""
    return [each.token for each in there(world, venue).found()]


def settled(world: World, keeper: Keeper) -> list[Done]:
    """In a cycle of now."""
    world.freshen()
    return [done for done in keeper.cycle() if done.intent.kind is Kind.COLLATERAL]


def test_one_is_disowned_at_a_time_until_none_is_left(world: World) -> None:
    venue = world.tandem.venue
    tokens = lends(world, 3)
    assert strange(world, venue) == tokens
    keeper, times = keeper_of(world), list[int]()
    for _ in range(20):
        world.freshen()
        for done in settled(world, keeper):
            assert done.result.state is State.MINED
            times.append(world.engine.now())
            assert len(strange(world, venue)) == 3 - len(times)
        world.engine.advance(20)
    assert len(times) == 3
    assert all(then - before >= MINUTE for before, then in pairwise(times))


def test_it_looks_once_an_hour_where_there_is_nothing(world: World) -> None:
    keeper = keeper_of(world)
    assert settled(world, keeper) == []
    lends(world, 1)
    asked: list[str] = []
    ask = world.engine.call
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            type(world.engine), "call",
            lambda _, *args, **how: [asked.append(args[1]), ask(*args, **how)][1],
        )  # fmt: skip
        for _ in range(5):
            world.engine.advance(5 * MINUTE)
            assert settled(world, keeper) == []
        assert "getUserConfiguration" not in asked
        world.engine.advance(HOUR)
        assert len(settled(world, keeper)) == 1
        assert "getUserConfiguration" in asked


@pytest.mark.proves("LM-4")
def test_what_keeps_margin_from_being_taken_back_goes_first(world: World) -> None:
    first, second = lends(world, 2)
    exchange: Any = world.curie
    govern(exchange, "configureReserveAsCollateral", second, 0, 5_000, 10_500)
    world.freshen()
    keeper = keeper_of(world)
    _, plan = keeper.plan()
    assert plan.intents[0].kind is Kind.COLLATERAL
    assert address_of(plan.intents[0].args[1]) == second
    assert "taken back" in plan.intents[0].reason
    settled(world, keeper)
    assert strange(world, world.tandem.venue) == [first]


@pytest.mark.proves("LM-4")
def test_one_without_a_price_goes_first_too(world: World) -> None:
    """The market values nothing beside it: no order, and no margin home."""
    first, second = lends(world, 2)
    exchange: Any = world.curie
    ended = ([second], ["0x" + "00" * 20])
    world.freshen()
    exchange.parts["oracle"].send("setAssetSources", *ended, sender=exchange.owner)
    assert [each.blocks for each in there(world, world.tandem.venue).found()] == [False, True]
    keeper = keeper_of(world)
    _, plan = keeper.plan()
    assert address_of(plan.intents[0].args[1]) == second
    settled(world, keeper)
    assert strange(world, world.tandem.venue) == [first]


def test_it_is_not_worth_data_that_is_dearer_than_orders_to_come(world: World) -> None:
    """What blocks is disowned at any price."""
    (token,) = lends(world, 1)
    keeper = keeper_of(world)
    (found,) = there(world, world.tandem.venue).found()
    dear = Prices(gas=lambda: 1, data=lambda _: 100 * found.order_gas)
    keeper.observer.collateral.prices = dear
    assert settled(world, keeper) == []
    exchange: Any = world.curie
    govern(exchange, "configureReserveAsCollateral", token, 0, 5_000, 10_500)
    world.engine.advance(HOUR)
    assert len(settled(world, keeper)) == 1


def test_what_an_order_pays_and_what_disowning_costs_are_as_they_are_told(world: World) -> None:
    """By the chain: five tokens make an order dearer by five times what is told."""

    def order() -> int:
        with world.undone():
            world.freshen()
            receipt = world.mint(world.put(2_500), 10 * ETH)
            assert [event for event in receipt.events("Hedged") if event["order"]]
            return receipt.gas_used

    bare = order()
    tokens = lends(world, 5)
    at = there(world, world.tandem.venue)
    told = at.found()[0]
    assert (order() - bare) / 5 == pytest.approx(told.order_gas, rel=0.2)
    used = at.settle(tokens[0]).send(world.stranger).gas_used
    assert used == pytest.approx(told.used, rel=0.2)
    assert used < STRAY_GAS


def test_of_several_venues_the_one_that_lends_is_looked_at() -> None:
    world = build_pair()
    exchange: Any = world.curie
    curie, aave = members(world)
    (token,) = lends(world, 1, aave, exchange.members[1])
    assert strays(world.engine, curie.address) is None
    (done,) = settled(world, keeper_of(world))
    assert tuple(map(address_of, done.intent.args)) == (aave.address, token)


@pytest.mark.proves("LM-4")
def test_what_we_lend_carries_our_debts_again() -> None:
    """First lent while it counted for nothing it carries none, until somebody says so."""
    settings = DeploySettings(terms=WIDE)
    world = build(settings=settings, smile=FLAT, venue=venues.recipe("aave"), kind=LentWorld)
    exchange: Any = world.curie
    govern(exchange, "configureReserveAsCollateral", exchange.weth.address, 0, 8_300, 10_500)
    world.mint(world.call(2_500), 10 * ETH)
    world.freshen()
    assert strange(world, world.tandem.venue) == []
    govern(exchange, "configureReserveAsCollateral", exchange.weth.address, 8_000, 8_300, 10_500)
    (token,) = there(world, world.tandem.venue).found()
    assert (token.token, token.is_ours, token.blocks) == (exchange.weth.address, True, True)
    keeper = keeper_of(world)
    (done,) = settled(world, keeper)
    assert done.result.state is State.MINED
    assert strange(world, world.tandem.venue) == []
    world.mint(world.put(2_500), 10 * ETH)


def test_how_many_there_are_is_said_in_words() -> None:
    state = VenueState("aave", "0x", is_down=False, strays=3, idle=1, blocking=2)
    assert of_strays(state) == (
        "aave: 3 tokens of strangers are lent in its name, 1 of its own are lent and carry no debts, "
        "2 of them keep what is lent from being taken back"
    )
    assert of_strays(VenueState("aave", "0x", is_down=False)) == ""
