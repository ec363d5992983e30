"""VS-8, LM-2: who empties a lender of ether for one transaction keeps nobody from putting aside what he gave.

Ether that a stranger lends in our name is taken out by `accept`, and where the market did not let it go
it was booked as what we had left ourselves: no later `accept` took it out. At one of several venues it is
a position that nobody opened, and not believed. So a cent of it, accepted while all ether was borrowed
for the length of that transaction, stopped deposits, exits, marks and opens of all venues until a
guardian took that one down; and the same again as soon as the owner had brought it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lent import borrow
from several import build_set, lender
from worlds import ETH, World

from tandem.units import USD, WAD
from tandem.venues.aave import Aave

CENT = 4 * 10**12
"""Wei."""


@pytest.fixture(scope="module", params=["curie+aave", "aave+morpho"])
def set_once(request: pytest.FixtureRequest) -> World:
    return build_set(request.param)


@pytest.fixture
def world(set_once: World) -> Iterator[World]:
    with set_once.undone():
        yield set_once


@pytest.mark.proves("VS-8", "LM-2")
def test_what_was_accepted_in_an_emptied_market_is_put_aside_later(world: World) -> None:
    """VS-8: "of a lending market's anybody puts it aside, by `accept`"."""
    market, venue = lender(world, Aave)
    market.supply_for(world.stranger, venue, CENT, market.weth)
    back = borrow(market, True, world.stranger)
    venue.send("accept", sender=world.stranger)
    world.tandem.deposit(1_000 * USD)
    back()
    venue.send("accept", sender=world.stranger)
    assert venue.call("position") == 0
    assert market.weth.call("balanceOf", venue) == pytest.approx(CENT, rel=1e-5)
    world.tandem.deposit(1_000 * USD)
    world.tandem.stress.remark().send(world.stranger)
    world.mint(world.call(2_500), ETH)
    assert abs(world.position()) > WAD // 10


@pytest.mark.proves("LM-2")
def test_margin_that_moves_meanwhile_keeps_nothing_of_it(world: World) -> None:
    """LM-2: "never raises what the account is worth": margin comes home while the market lets nothing go."""
    market, venue = lender(world, Aave)
    t = world.tandem
    world.set_terms(max_trade=100)  # margin is for less, and some goes home
    market.supply_for(world.stranger, venue, WAD, market.weth)
    back = borrow(market, True, world.stranger)
    worth = venue.call("account", world.spot)[1]
    swept = t.desk.send("sweep", venue, sender=world.stranger).returned
    assert swept > 0
    assert venue.call("account", world.spot)[1] == pytest.approx(worth - swept * 10**12, rel=1e-6)
    back()
    venue.send("accept", sender=world.stranger)
    assert venue.call("position") == 0
    assert venue.call("account", world.spot)[1] == pytest.approx(worth - swept * 10**12, rel=1e-6)
    assert venue.call("gifts") == 0


@pytest.mark.proves("LM-2")
def test_what_is_too_little_to_be_taken_out_is_booked_once(world: World) -> None:
    """Five wei are left where they are, and no later order looks at them again."""
    market, venue = lender(world, Aave)
    world.mint(world.call(2_500), ETH)
    with world.undone():
        for _ in range(2):
            venue.send("accept", sender=world.stranger)
        calm = world.mint(world.call(2_500), ETH).gas_used
    market.supply_for(world.stranger, venue, 5, market.weth)
    venue.send("accept", sender=world.stranger)
    assert venue.call("gifts") == 1
    venue.send("accept", sender=world.stranger)
    assert venue.call("gifts") == 1
    assert world.mint(world.call(2_500), ETH).gas_used == pytest.approx(calm, abs=1_000)
