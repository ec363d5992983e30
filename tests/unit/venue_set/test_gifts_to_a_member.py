"""Ether that a stranger lends in our name at one of several venues is a position that nobody opened: ours is
believed instead, and anybody puts it aside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lent import lend_ether, lend_to_others, repay
from several import build_set, fund, lender, members
from worlds import ETH, World

from tandem.units import DAY, USD, WAD

SETS = ("curie+aave", "curie+morpho", "aave+morpho4")
LEAST = 10**9
"""Wei: some 1e-6 USD."""
INTEREST = 10**12


@pytest.fixture(scope="module", params=SETS)
def set_once(request: pytest.FixtureRequest) -> World:
    return build_set(request.param)


@pytest.fixture(params=[0, 1, -1], ids=["flat", "long", "short"])
def world(request: pytest.FixtureRequest, set_once: World) -> Iterator[World]:
    """With a hedge of either sign, or none."""
    with set_once.undone():
        if request.param:
            option = set_once.call(2_500) if request.param > 0 else set_once.put(2_500)
            for _ in range(2):
                set_once.mint(option, 30 * ETH)
                fund(set_once)
        yield set_once


@pytest.mark.proves("LM-2", "VS-8")
@pytest.mark.parametrize("amount", [LEAST, 50 * WAD])
def test_anybody_puts_aside_what_nobody_opened(world: World, amount: int) -> None:
    """Nobody waits for it: what is not believed of a position makes the account worth what it was. A
    stranger's millionth of a dollar a minute had kept a keeper from 118 of 120 looks."""
    t = world.tandem
    market, venue = lender(world)
    held, worth = venue.call("position"), venue.call("account", world.spot)[1]
    whole = t.router.account(world.spot, 0).equity
    market.supply_for(world.stranger, venue, amount, market.weth)
    assert venue.call("account", world.spot)[1] == pytest.approx(worth, rel=1e-6)
    assert t.router.account(world.spot, 0).equity == pytest.approx(whole, rel=1e-6)
    t.deposit(1_000 * USD)
    venue.send("accept", sender=world.stranger)
    t.deposit(1_000 * USD)
    t.stress.remark().send(world.stranger)
    owed = -held if held < 0 and "morpho" in market.recipe.name else 0
    assert venue.call("position") == pytest.approx(held + min(amount, owed), abs=INTEREST)
    lies = market.weth.call("balanceOf", venue)
    assert lies == pytest.approx(amount - min(amount, owed), abs=INTEREST)
    assert venue.call("account", world.spot)[1] == pytest.approx(worth, rel=1e-6)
    assert t.router.call("position") == world.position()


@pytest.mark.proves("LM-2", "VS-8")
def test_margin_that_comes_home_puts_it_aside_as_well(set_once: World) -> None:
    """Who has margin moved before anybody asks does not make ours what was given."""
    world, t = set_once, set_once.tandem
    with world.undone():
        market, venue = lender(world)
        world.set_terms(max_trade=100)  # margin is for less, and some goes home
        lend_ether(market, world.stranger, venue)
        assert t.desk.send("sweep", venue, sender=world.stranger).returned > 0
        t.deposit(1_000 * USD)
        assert t.router.call("position") == world.position() == 0


@pytest.mark.proves("LM-2")
def test_other_gifts_are_believed(world: World) -> None:
    market, venue = lender(world)
    for give in (repay, lend_to_others):
        give(market, world.stranger, venue)
        world.tandem.deposit(1_000 * USD)
    assert world.tandem.router.call("position") == world.position()


@pytest.mark.proves("VS-8", "LM-2")
def test_a_gift_a_minute_blinds_no_keeper(set_once: World) -> None:
    """Lent in our name to a flat member, a millionth of a dollar a minute: 118 of 120 looks failed."""
    world, t = set_once, set_once.tandem
    with world.undone():
        market, venue = lender(world)
        for _ in range(20):
            world.engine.advance(60)
            world.push_wad(world.spot)
            market.supply_for(world.stranger, venue, LEAST, market.weth)
            assert t.snapshot().account.equity > 0
            t.vault.send("poke", sender=world.stranger)


@pytest.mark.proves("VS-8")
def test_interest_without_an_order_is_believed(sold: World) -> None:
    """An eighth more than our last order left, after years at a lender that nobody orders at."""
    aave = members(sold)[1]
    left = abs(aave.call("position"))
    while abs(aave.call("position")) <= left * 9 // 8:
        sold.engine.advance(90 * DAY)
    sold.push_wad(sold.spot)
    assert sold.tandem.router.account(sold.spot, 0).equity > 0
