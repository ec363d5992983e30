"""A leg that lies, fails or calls back reverts the whole in whatever place of the set it is: also where
honest legs were filled before it, and where they would be after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from several import build_beside_a_liar, fund, legs, liars, members
from worlds import ETH, PRICE, World

from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted
from tandem.units import WAD

NOBODY = "0x" + "00" * 20
PLACES = {"aave+curie": 0, "curie+aave": 1, "curie+aave+morpho": 1, "curie+morpho+aave": 2}
"""Where the liar is, which stands in Aave's place."""
DEEP = 10**5 * WAD
LEVEL = PRICE * WAD * 1_001 // 1_000
"""What the first unit costs at each, with its fee: each has a part of an order."""


@pytest.fixture(scope="module", params=PLACES)
def shared_once(request: pytest.FixtureRequest) -> World:
    world = build_beside_a_liar(request.param)
    exchange: Any = world.curie
    (liar,) = liars(world)
    assert members(world).index(liar) == PLACES[request.param]
    fund(world)
    liar.send("tell", LEVEL, DEEP, 0, 0, sender=world.stranger)
    for market, adapter in zip(exchange.members, members(world), strict=True):
        if adapter != liar:
            fee = adapter.call("curve", WAD)[1]
            market.converge(LEVEL * (WAD - fee) // WAD)
    with world.undone():
        assert set(legs(mint(world))) == {one.address for one in members(world)}
    return world


@pytest.fixture
def shared(shared_once: World) -> Iterator[World]:
    with shared_once.undone():
        yield shared_once


@pytest.fixture
def liar(shared: World) -> Contract:
    (found,) = liars(shared)
    return found


def mint(world: World) -> Receipt:
    return world.mint(world.call(2_500), 20 * ETH)


def refused(world: World, reason: str) -> None:
    """An open reverts for this reason, and no member holds anything of it."""
    parts = world.tandem.venue.call("legs", 10 * WAD, 2**255)
    assert all(part > WAD for part in parts[: len(members(world))])
    before = [one.call("position") for one in members(world)]
    with pytest.raises(Reverted) as caught:
        mint(world)
    assert caught.value.reason == reason
    assert [one.call("position") for one in members(world)] == before


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("drift", [10**6, -(10**6), WAD, -WAD])
def test_a_leg_that_is_not_exact_reverts_the_whole(
    shared: World, liar: Contract, drift: int
) -> None:
    liar.send("tell", LEVEL, DEEP, 0, drift, sender=shared.stranger)
    refused(shared, "venues: leg not exact")


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("thousandths", [990, 1010])
def test_a_leg_outside_the_band_reverts_the_whole(
    shared: World, liar: Contract, thousandths: int
) -> None:
    fills_at = PRICE * WAD * thousandths // 1_000
    liar.send("tell", LEVEL, DEEP, fills_at, 0, sender=shared.stranger)
    refused(shared, "venues: leg past the band")


@pytest.mark.proves("VS-1")
def test_a_venue_that_refuses_what_it_said_it_fills_reverts_the_whole(
    shared: World, liar: Contract
) -> None:
    liar.send("turn", False, True, NOBODY, sender=shared.stranger)
    refused(shared, "liar: refuses")


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("back", ["venue", "desk"])
def test_a_venue_that_calls_back_reverts_the_whole(
    shared: World, liar: Contract, back: str
) -> None:
    """Into the set that asked it, or into the desk, which anybody may call."""
    liar.send("turn", False, False, getattr(shared.tandem, back).address, sender=shared.stranger)
    refused(shared, "reverted without a reason")
