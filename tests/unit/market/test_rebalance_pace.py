"""When an order that no trader brings may meet the market: near the average, in chunks, after a price."""

from __future__ import annotations

from contextlib import suppress

import pytest
from market_events import hedged
from worlds import ETH, LOT, World

from tandem.errors import Reverted
from tandem.units import DAY, WAD


def jumped(world: World, price: int = 2_600) -> int:
    """A book whose oracle and pool have just jumped; the residual, WAD."""
    world.mint(world.call(2_500), 4 * ETH)
    world.move(price)
    world.freshen()
    return world.tandem.snapshot().stance.residual


@pytest.mark.proves("HG-17")
def test_r27_a_real_jump_stops_the_hedge_for_ten_minutes_at_most(world: World) -> None:
    """HG-17: after ten minutes without a possible fill the oracle's band alone: here the pool goes on
    moving away from its average for as long."""
    jumped(world)
    receipt = world.tandem.rebalance(sender=world.stranger)
    assert hedged(receipt)["order"] == 0
    assert [e["order"] > 0 for e in receipt.events("HedgeWaits")] == [True]
    began = receipt.timestamp
    for step in range(1, 5):
        world.engine.set_time(began + 120 * step)
        world.move(2_600 + 70 * step)
        with world.refuses("router: off the average"):
            world.tandem.rebalance()
    world.engine.set_time(began + 599)
    world.move(2_600 + 70 * 5)
    world.engine.set_time(max(began + 600, world.engine.now() + 1))
    assert hedged(world.tandem.rebalance())["order"] > 0


@pytest.mark.proves("HG-17")
def test_r27_at_rest_a_jump_is_hedged_when_the_average_arrives(world: World) -> None:
    residual = jumped(world)
    world.engine.advance(180)
    world.push(2_600)
    event = hedged(world.tandem.rebalance())
    assert 0 < event["order"] <= -residual * 101 // 100


@pytest.mark.proves("HG-17")
def test_r27_the_better_side_of_the_average_is_never_refused(world: World) -> None:
    assert jumped(world) < 0  # it has to buy
    world.curie.converge(2_560 * WAD)
    world.curie.converge(2_520 * WAD)
    assert hedged(world.tandem.rebalance())["order"] > 0


@pytest.mark.proves("HG-3", "HG-17")
def test_r27_an_open_brings_home_what_a_rebalance_may_and_spends_it(world: World) -> None:
    """A push before somebody's open earned 335 to 1,204 USD of the inherited part of its order."""
    for _ in range(2):
        world.mint(world.call(2_500), 8 * ETH)
    world.move(2_562)
    with world.undone():
        world.rest()
        event = hedged(world.mint(world.call(2_600, 5_000), ETH // 10))
        assert -event["residual_after"] == pytest.approx(event["hard_band"] * 3 / 8, rel=0.01)
        spent = world.tandem.router.call("ledger")[2]
        assert 0 < spent < event["order"]
    # 250 bp above its average the pool gives the open its own order, and the Vault none
    event = hedged(world.mint(world.call(2_600, 5_000), ETH // 10))
    assert 0 < event["order"] < ETH // 10 * 10**12
    assert world.tandem.router.call("ledger")[2] == 0


# ---------------------------------------------------------------- between expiry and price


@pytest.mark.proves("HG-18")
@pytest.mark.parametrize("price", [2_380, 2_420])
def test_r05_nothing_enlarges_the_hedge_of_an_expiry_that_waits_for_its_price(
    world: World, price: int
) -> None:
    """HG-18: 136 puts at the money were hedged by -41, then +109 ETH: 804 USD where settling first
    cost 317."""
    for _ in range(2):
        world.mint(world.put(2_400), 6 * ETH)
    world.engine.set_time(world.near + 60)
    world.move(price)
    world.rest()
    position = world.position()
    assert position < 0
    if price < 2_400:  # the phantom asks for a larger short
        with world.refuses("hedge: settle first"):
            world.tandem.rebalance()
    else:
        assert hedged(world.tandem.rebalance())["order"] > 0
        assert position < world.position() <= 0


@pytest.mark.proves("HG-3", "HG-18")
@pytest.mark.parametrize("price", [2_490, 2_525])
def test_r05_an_open_brings_home_nothing_of_an_expiry_that_waits_for_its_price(
    world: World, price: int
) -> None:
    """HG-18, of the inherited part of an open's order: what only a waiting expiry asks for is not bought with
    somebody's trade either. What lowers the position may come with it."""
    for _ in range(2):
        world.mint(world.call(2_500, far=True), 6 * ETH)
        with suppress(Reverted):
            world.top_up()
    world.mint(world.call(2_500), 2 * ETH)
    with suppress(Reverted):
        world.top_up()
    world.engine.set_time(world.near - 60)
    world.move(price)
    world.rest()
    stance, position = world.tandem.snapshot().stance, world.position()
    assert stance.width < abs(stance.residual)
    event = hedged(world.mint(world.call(2_600, 5_000, far=True), ETH // 10))
    if price > 2_500:  # the phantom asks for a larger long
        assert event["residual_after"] == pytest.approx(event["residual_before"], abs=10**6)
        assert position < world.position() < position + WAD // 10
    else:
        assert event["residual_after"] == pytest.approx(stance.width * 3 // 4, rel=0.02)
        assert 0 < world.position() < position


# ---------------------------------------------------------------- what is worth it


@pytest.mark.proves("HG-9")
def test_r27_who_acts_early_stops_early(world: World) -> None:
    """HG-9: |residual| and |target| make at least h together. Strangers who stopped at nothing from
    half the band raised two days' hedging cost from 18 to 100 to 243 to 314 USD."""
    world.mint(world.call(2_500), 6 * ETH)
    for price in range(2_502, 2_600, 2):
        world.move(price)
        stance = world.tandem.snapshot().stance
        if abs(stance.residual) > stance.width * 7 // 10:
            break
    world.rest()
    stance = world.tandem.snapshot().stance
    assert stance.trigger + LOT < abs(stance.residual) < stance.width
    short = -1 if stance.residual < 0 else 1
    near = stance.width - abs(stance.residual)
    for target in (0, near // 2, near - near // 50):
        with world.refuses("hedge: inside trigger"):
            world.tandem.rebalance(short * target)
    assert hedged(world.tandem.rebalance(short * (near + near // 50)))["order"] != 0


def test_r27_a_rebalance_costs_a_day_of_waiting_nothing(world: World) -> None:
    """A wait that nobody followed up is forgotten, and begins anew."""
    jumped(world)
    assert hedged(world.tandem.rebalance())["order"] == 0
    world.engine.advance(DAY)
    world.move(2_700)
    world.freshen()
    assert hedged(world.tandem.rebalance())["order"] == 0
    with world.refuses("router: off the average"):
        world.tandem.rebalance()
