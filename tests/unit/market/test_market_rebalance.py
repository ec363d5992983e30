"""Market.rebalance: anybody may, it can only reduce, and never for nothing."""

from __future__ import annotations

import pytest
from market_events import hedged
from reference import underwriting as ref
from worlds import ETH, LADDER, LOT, World

from tandem.protocol.series import next_expiry
from tandem.units import DAY, WAD


def drifted(world: World, price: int = 2_600) -> int:
    """A book whose delta has moved from its hedge; the residual, WAD."""
    world.mint(world.call(2_500), 6 * ETH)
    world.mint(world.put(2_400), 6 * ETH)
    world.move(price)
    world.rest()
    residual = world.tandem.snapshot().stance.residual
    assert abs(residual) > 10**17
    return residual


@pytest.mark.proves("HG-9")
@pytest.mark.parametrize("price", [2_400, 2_600])
def test_r05_anybody_may_trade_the_residual_to_zero(world: World, price: int) -> None:
    drifted(world, price)
    before = world.position()
    receipt = world.tandem.rebalance(sender=world.stranger)
    held = {world.call(2_500): 6 * ETH, world.put(2_400): 6 * ETH}
    delta, _, _ = ref.book(held, world.slices, float(price), receipt.timestamp)
    assert world.position() / WAD == pytest.approx(delta, abs=1e-9)
    assert receipt.returned[0] == world.position() - before == hedged(receipt)["order"]
    assert hedged(receipt)["caller"] == world.stranger


def test_r05_the_caller_is_paid_nothing_and_pays_nothing(world: World) -> None:
    drifted(world)
    before, cash = world.usdc(world.stranger), world.tandem.vault.call("cash")
    assert hedged(world.tandem.rebalance(sender=world.stranger))["trader_cost"] == 0
    assert world.usdc(world.stranger) == before
    assert world.tandem.vault.call("cash") == cash


def test_r05_a_target_short_of_zero_is_kept_to(world: World) -> None:
    residual = drifted(world)
    receipt = world.tandem.rebalance(residual // 3)
    assert hedged(receipt)["residual_after"] == pytest.approx(residual // 3, abs=10**6)


@pytest.mark.proves("HG-9")
def test_r05_targets_that_do_not_reduce_are_refused(world: World) -> None:
    residual = drifted(world)
    for target in (residual * 2, residual + residual // 100, -residual, -1 if residual > 0 else 1):
        with world.refuses("hedge: bad target"):
            world.tandem.rebalance(target)


@pytest.mark.proves("HG-9")
def test_r05_nothing_happens_inside_the_minimum_trigger(world: World) -> None:
    world.mint(world.call(2_500), 6 * ETH)
    with world.refuses("hedge: inside trigger"):
        world.tandem.rebalance()
    world.move(2_508)
    stance = world.tandem.snapshot().stance
    assert LOT < abs(stance.residual) < stance.trigger
    with world.refuses("hedge: inside trigger"):
        world.tandem.rebalance(sender=world.stranger)


@pytest.mark.proves("HG-8", "HG-9")
def test_r05_the_trigger_is_half_the_width(world: World) -> None:
    world.mint(world.call(2_500), 6 * ETH)
    held = {world.call(2_500): 6 * ETH}
    for price in range(2_505, 2_700, 5):
        world.move(price)
        world.freshen()
        band = ref.band(world.terms(), held, world.slices, price, world.engine.now() + 1, 1e6)
        delta, _, _ = ref.book(held, world.slices, price, world.engine.now() + 1)
        if abs(world.position() / WAD - delta) >= band.minimum_trigger:
            break
        with world.refuses("hedge: inside trigger"):
            world.tandem.rebalance()
    stance = world.tandem.snapshot().stance
    world.tandem.rebalance(stance.residual + 2 * (LOT if stance.residual < 0 else -LOT))


def test_r05_an_order_below_the_lot_is_refused(world: World) -> None:
    residual = drifted(world)
    target = residual - (LOT // 2 if residual > 0 else -LOT // 2)
    with world.refuses("router: nothing fits"):
        world.tandem.rebalance(target)


@pytest.mark.proves("HG-5")
def test_r03_the_worse_side_is_refused_and_the_better_is_not(world: World) -> None:
    """Nobody can block de-risking by moving the pool the helpful way."""
    assert drifted(world, 2_600) < 0  # it has to buy
    world.curie.converge(2_630 * WAD)
    with world.refuses("router: nothing fits"):
        world.tandem.rebalance()
    world.curie.converge(2_560 * WAD)
    event = hedged(world.tandem.rebalance())
    assert event["cost"] < 0


def test_r13_without_margin_to_reduce_it_is_refused_by_name(world: World) -> None:
    world.mint(world.call(2_500), 8 * ETH)
    world.move(1_870)
    world.engine.advance(1_800)
    world.push(1_870)
    assert world.tandem.venue.call("max_order", -(10**27), 0) == 0
    with world.refuses("router: nothing fits"):
        world.tandem.rebalance()
    world.freshen()
    world.top_up()
    world.tandem.rebalance()


@pytest.mark.proves("HG-4")
def test_r13_a_rebalance_is_clipped_to_what_margin_carries(world: World) -> None:
    """A gain that is not realised carries nothing at the venue: part of the residual goes."""
    for units in (8, 8):
        world.mint(world.call(2_500), units * ETH)
    world.move(2_800)
    world.rest()
    depth = world.tandem.venue.call("average", 180)[2]
    room = min(world.tandem.venue.call("max_order", 10**27, 2_814 * WAD), depth // 10_000)
    residual = world.tandem.snapshot().stance.residual
    assert LOT < room < -residual
    event = hedged(world.tandem.rebalance())
    assert event["order"] == pytest.approx(room, rel=1e-3)
    assert LOT < -event["residual_after"] < -residual


def test_a_pause_does_not_stop_a_rebalance(world: World) -> None:
    drifted(world)
    world.tandem.guardian.send("pause", sender=world.tandem.roles.guardian)
    world.tandem.rebalance()


def test_a_stale_surface_does_not_stop_a_rebalance(world: World) -> None:
    drifted(world)
    world.engine.advance(3_000)
    with world.refuses("market: surface stale"):
        world.mint(world.call(2_500), ETH)
    world.tandem.rebalance()


def test_a_stale_oracle_stops_a_rebalance(world: World) -> None:
    drifted(world)
    world.engine.advance(4_000)
    with world.refuses("spot: stale"):
        world.tandem.rebalance()


def test_after_settlement_the_hedge_of_what_is_gone_is_closed(world: World) -> None:
    world.mint(world.call(2_500), 6 * ETH)
    world.settle(world.near, 2_700)
    world.curie.converge()
    world.rest()
    assert world.position() > 0
    world.bring_home()
    assert world.position() == 0


def test_an_expiry_past_and_unpriced_is_still_hedged(world: World) -> None:
    world.mint(world.call(2_500), 6 * ETH)
    world.engine.set_time(world.near + DAY // 2)
    world.move(2_300)
    world.rest()
    assert hedged(world.tandem.rebalance())["order"] < 0
    world.engine.advance(60)
    world.bring_home()
    assert world.position() == pytest.approx(0, abs=10**12)  # dead out of the money


def test_an_expiry_past_and_unpriced_stops_nothing_when_others_are_posted(world: World) -> None:
    world.mint(world.call(2_500), 6 * ETH)
    world.engine.set_time(world.near + 60)
    world.move(2_300)
    world.rest()
    expiry = next_expiry(world.engine.now(), 20)
    world.tandem.list_expiry(expiry, LADDER)
    world.post({expiry: world.slices[world.far]})
    world.tandem.rebalance()
    world.engine.advance(61)
    world.mint(world.call(2_500, far=True), ETH)
