"""A whole market that hedges on Morpho Blue and a pool, where that is another than any lender's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from worlds import ETH, FLAT, World, build

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues.morpho import Morpho, MorphoRecipe
from tandem.venues.morpho4 import Morpho4, Morpho4Recipe


@pytest.fixture(
    scope="module",
    params=[MorphoRecipe(), MorphoRecipe(base_first=False), Morpho4Recipe()],
    ids=["base first", "quote first", "v4"],
)
def once(request: pytest.FixtureRequest) -> World:
    return build(venue=request.param, smile=FLAT)


@pytest.fixture
def world(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def venue(world: World) -> Morpho:
    found: Morpho = world.curie  # pyright: ignore[reportAssignmentType]
    return found


def test_an_option_that_cannot_be_hedged_is_not_sold(world: World) -> None:
    """Nobody lends ether any more: no put, and nobody has paid; calls go on."""
    there = venue(world)
    there.drain(there.short)
    before = world.usdc(world.trader)
    with pytest.raises(Reverted, match="insufficient liquidity"):
        world.mint(world.put(), 4 * ETH)
    assert world.usdc(world.trader) == before
    assert (world.position(), world.tandem.balance_of(world.put())) == (0, 0)
    world.mint(world.call(), ETH)
    assert world.position() > 0


@pytest.mark.proves("HG-12", "HG-19")
def test_behind_a_strangers_repayment_an_open_asks_once_and_knows_what_it_was_told(
    world: World,
) -> None:
    """What is followed of margin ends with a position that somebody else moved. The next open asks the venue,
    the one after it does not, and should the venue fall silent its position counts, not its margin."""
    world.mint(world.put(), 8 * ETH)
    venue(world).repay_for(world.stranger, world.tandem.venue, WAD // 20)
    gas: list[int] = []
    for _ in range(3):
        gas.append(world.mint(world.put(), ETH).gas_used)
        known = world.tandem.router.call("last_position")
        assert known == pytest.approx(world.position(), abs=10**6), gas
    assert gas[0] - gas[1] > 10_000 > abs(gas[1] - gas[2])


@pytest.mark.proves("LM-9", "HG-17")
@pytest.mark.parametrize("side", [1, -1], ids=["buys", "sells"])
@pytest.mark.parametrize("moved", ["the pool", "its reference"])
def test_nothing_that_no_trader_brings_goes_where_a_pool_left_its_reference(
    side: int, moved: str
) -> None:
    """Whichever of the two somebody moved, to an order's disadvantage: the pool at once, its reference once
    it stood there; back together it goes again. Opens go on, at the worse of both."""
    with _on_v4().undone():
        world = _on_v4()
        there, router = venue(world), world.tandem.router
        assert isinstance(there, Morpho4)
        pool = there.v4 if moved == "the pool" else there.v4.reference
        push = side if moved == "the pool" else -side
        assert not router.call("is_jolted", side > 0)
        pool.swap(world.stranger, push * 80 * WAD)
        assert router.call("is_jolted", side > 0) == (moved == "the pool")
        world.engine.advance(60)
        assert router.call("is_jolted", side > 0)
        assert not router.call("is_jolted", side < 0)
        world.freshen()
        assert world.mint(world.call(), ETH).events("Hedged")
        there.converge()
        world.engine.advance(200)
        assert not router.call("is_jolted", side > 0)


@cache
def _on_v4() -> World:
    return build(venue=Morpho4Recipe(), smile=FLAT)
