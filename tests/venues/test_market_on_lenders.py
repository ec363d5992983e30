"""A whole market that hedges on a lending market and a pool: no line of it knows which lender it has, and it
lives the same on each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import ETH, FLAT, PRICE, World, build

from tandem.protocol.series import Series
from tandem.units import USD, WAD
from tandem.venues.aave import Aave, AaveRecipe
from tandem.venues.morpho import Morpho, MorphoRecipe
from tandem.venues.morpho4 import Morpho4Recipe

LENDERS = {
    "Aave": AaveRecipe(),
    "Aave, quote first": AaveRecipe(base_first=False),
    "Morpho": MorphoRecipe(),
    "Morpho, quote first": MorphoRecipe(base_first=False),
    "Morpho with v4": Morpho4Recipe(),
}


@pytest.fixture(scope="module", params=LENDERS)
def once(request: pytest.FixtureRequest) -> World:
    return build(venue=LENDERS[request.param], smile=FLAT)


@pytest.fixture
def world(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def venue(world: World) -> Aave | Morpho:
    found: Aave | Morpho = world.curie  # pyright: ignore[reportAssignmentType]
    return found


def residual(world: World) -> int:
    return abs(world.tandem.snapshot().stance.residual)


def fill(world: World, series: Series) -> None:
    """Twelve options, and the margin that their hedge needs."""
    for _ in range(3):
        world.mint(series, 4 * ETH)
        if world.tandem.snapshot().account.top_up:
            world.top_up()


def test_an_option_and_its_hedge_trade_in_one_transaction(world: World) -> None:
    """A call is hedged by ether that is lent, a put by ether that is owed, each inside the band."""
    world.mint(world.call(), 4 * ETH)
    long = world.position()
    assert 15 * WAD // 10 < long < 25 * WAD // 10
    world.mint(world.put(), 8 * ETH)
    assert world.position() < -WAD
    assert residual(world) < WAD // 1_000
    assert world.floor() > 0


def test_a_life_from_the_deposit_to_the_last_lp(world: World) -> None:
    """Sold on both sides, hedged up and down, closed in part, settled, paid to the unit, and everybody
    leaves with what is his."""
    call, put = world.call(), world.put(2_250)
    world.mint(call, 4 * ETH)
    world.mint(put, 4 * ETH)
    for price in (2_650, 2_400, 2_550):
        world.move(price)
        world.rest()
        world.bring_home()
        assert residual(world) < WAD // 2
        assert world.floor() >= 0
    assert world.close(call, ETH).returned[0] == ETH
    world.settle(world.near, 2_600)
    before = world.usdc(world.trader)
    world.tandem.redeem(call, 3 * ETH)
    assert world.usdc(world.trader) - before == 3 * 100 * USD
    world.move(2_600)
    world.rest()
    world.bring_home()
    lp, vault = world.tandem.lp, world.tandem.vault
    world.lp_exits()
    vault.send("redeem", vault.call("maxRedeem", lp), lp, lp, sender=lp)
    assert 980_000 * USD < world.usdc(lp) < 1_010_000 * USD
    assert vault.call("balanceOf", lp) == 0


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize(("option", "far"), [("put", 3_100), ("call", 1_500)])
def test_margin_follows_the_health_factor(world: World, option: str, far: int) -> None:
    """A loss makes a top-up due, which brings the account to its target by its sign and the market's own
    thresholds; a gain is swept home."""
    series = world.put() if option == "put" else world.call()
    fill(world, series)
    back = 2 * PRICE - far
    for price, verb in ((far, "top_up"), (back, "sweep")):
        world.push(price)
        sign = 1 if option == "call" else -1
        if verb == "top_up":
            assert world.tandem.snapshot().account.top_up > 0
        world.tandem.desk.send(verb, sender=world.stranger)
        account = world.tandem.snapshot().account
        target = world.tandem.venue.call("bounds", sign)[1]
        assert account.usable == pytest.approx(account.need * target // WAD, rel=1e-3)


@pytest.mark.proves("HG-13")
def test_a_liquidation_is_counted_as_lost(world: World) -> None:
    """HG-13: what a venue took that no price explains is counted before margin follows it (and with it what
    a position lost that was held between two top-ups alone)."""
    fill(world, world.put())
    there = venue(world)
    world.push(5_200)
    assert there.liquidatable(world.tandem.venue)
    receipt = there.liquidate(world.tandem.venue)
    took = there.liquidation(receipt, str(world.tandem.venue.address), 5_200.0)
    world.tandem.desk.send("top_up", sender=world.stranger)
    assert world.tandem.desk.call("lost") / USD >= took.cost > 500


@pytest.mark.proves("FL-8")
def test_a_strangers_repayment_moves_the_residual_and_never_the_nav(world: World) -> None:
    world.mint(world.put(), 8 * ETH)
    vault, before = world.tandem.vault, residual(world)
    nav = vault.call("totalAssets"), world.tandem.snapshot().account.equity
    there = venue(world)
    there.repay_for(world.stranger, world.tandem.venue, WAD)
    assert residual(world) - before == pytest.approx(WAD, abs=10**12)
    assert vault.call("totalAssets") <= nav[0]
    assert world.tandem.snapshot().account.equity == pytest.approx(nav[1], abs=10**15)
    world.rest()
    world.bring_home()
    assert residual(world) < WAD // 2


def test_gas_of_a_mint_on_a_lending_market(world: World) -> None:
    """A mint costs less here than on the perpetual exchange, of which an order alone takes 640,000."""
    assert world.mint(world.call(), ETH).gas_used < 500_000
    assert world.mint(world.put(), 2 * ETH).gas_used < 600_000
