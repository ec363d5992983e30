"""A whole market that hedges on a lending market and a pool: no line of it knows which venue it has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import ETH, FLAT, PRICE, World, build

from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import USD, WAD
from tandem.venues.aave import Aave, AaveRecipe


@pytest.fixture(scope="module", params=[True, False], ids=["base first", "quote first"])
def once(request: pytest.FixtureRequest) -> World:
    return build(venue=AaveRecipe(base_first=request.param), smile=FLAT)


@pytest.fixture
def world(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def venue(world: World) -> Aave:
    found: Aave = world.curie  # pyright: ignore[reportAssignmentType]
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


def test_an_option_that_cannot_be_hedged_is_not_sold(world: World) -> None:
    """The lending market pauses ether: no option, and nobody has paid."""
    there = venue(world)
    there.configurator.send("setReservePause", there.weth, True, sender=there.owner)
    before = world.usdc(world.trader)
    with pytest.raises(Reverted, match="ReservePaused"):
        world.mint(world.call(), ETH)
    assert world.usdc(world.trader) == before
    assert (world.position(), world.tandem.balance_of(world.call())) == (0, 0)


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


@pytest.mark.proves("HG-19")
def test_an_oracle_that_reverts_stops_the_venue_and_a_guardian_keeps_the_rest_going(
    world: World,
) -> None:
    """The lender's own price is gone: whatever values the account reverts, opens with it; a close goes on
    (LM-3, HG-4). Once a guardian says that the venue is down no order is tried, an expiry is settled, holders
    are paid to the unit, and LPs leave three days later."""
    call, put = world.call(), world.put(2_250)
    world.mint(call, 2 * ETH)
    world.mint(put, ETH)
    there = venue(world)
    there.parts["usdc_feed"].send("push", 0, sender=there.owner)
    world.engine.advance(3 * 3_600 + 1)  # no proof of margin says anything any more
    world.freshen()
    with pytest.raises(Reverted):
        world.mint(call, ETH)
    before = world.position()
    assert world.close(call, ETH // 10).returned[0] == ETH // 10
    held = world.position()
    assert held < before
    world.tandem.guardian.send("take_down", sender=world.tandem.roles.guardian)
    assert world.close(call, ETH // 10).returned[0] == ETH // 10
    assert world.position() == pytest.approx(held, abs=10**10)
    with pytest.raises(Reverted):
        world.mint(call, ETH)
    world.settle(world.near, 2_600)
    before = world.usdc(world.trader)
    world.tandem.redeem(call, 18 * ETH // 10)
    assert world.usdc(world.trader) - before == 180 * USD
    assert world.position() == there.position(world.tandem.venue) > WAD // 2


@pytest.mark.proves("LM-3", "HG-4")
def test_who_sells_back_beside_a_short_without_a_price_needs_no_order(world: World) -> None:
    """HG-4: "A close that stays inside its bound needs no order": it was asked how far one goes, which
    reverted, and with it every close until a guardian spoke."""
    put = world.put(2_500)
    world.mint(put, 4 * ETH)
    there, held = venue(world), world.position()
    there.parts["usdc_feed"].send("push", 0, sender=there.owner)
    assert world.close(put, ETH // 5).returned[0] == ETH // 5
    assert held - WAD // 10**6 <= world.position() < 0


def test_gas_of_a_mint_on_a_lending_market(world: World) -> None:
    """A mint costs less here than on the perpetual exchange, of which an order alone takes 640,000."""
    assert world.mint(world.call(), ETH).gas_used < 500_000
    assert world.mint(world.put(), 2 * ETH).gas_used < 600_000
