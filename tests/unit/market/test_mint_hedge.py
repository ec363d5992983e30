"""Market.mint: every open is hedged in its own transaction, exactly, by one order."""

from __future__ import annotations

import pytest
from market_events import hedged
from market_series import SHAPES, shape
from reference import underwriting as ref
from worlds import ETH, LOT, WINDOW, World

from tandem.engine.base import Event, Receipt
from tandem.protocol.series import Series
from tandem.units import DAY, WAD

# Funding of the seconds between two views, WAD USD.
FUNDING = 10**13


@pytest.mark.proves("UN-1", "MP-6", "HG-1", "HG-4")
@pytest.mark.parametrize("name", SHAPES)
def test_r01_r04_an_open_is_hedged_to_the_exact_delta(world: World, name: str) -> None:
    series = shape(world, name)
    receipt = world.mint(series, 3 * ETH)
    delta, _, _ = ref.book({series: 3 * ETH}, world.slices, 2_500.0, receipt.timestamp)
    assert world.position() / WAD == pytest.approx(delta, abs=1e-10)
    event = hedged(receipt)
    assert abs(event["residual_after"]) <= event["hard_band"]


@pytest.mark.proves("HG-1", "HG-8")
def test_r01_the_hard_band_is_that_of_the_book_after_the_trade(world: World) -> None:
    held: dict[Series, int] = {}
    for name in SHAPES:
        series = shape(world, name)
        receipt = world.mint(series, 2 * ETH)
        held = ref.with_units(held, series, 2 * ETH)
        band = ref.band(world.terms(), held, world.slices, 2_500.0, receipt.timestamp, 1e6)
        assert hedged(receipt)["hard_band"] / WAD == pytest.approx(band.hard, rel=1e-9)


@pytest.mark.proves("MP-5", "HG-4")
def test_r03_the_fill_is_exact(world: World) -> None:
    for name in SHAPES:
        before = world.position()
        event = hedged(world.mint(shape(world, name), ETH))
        assert world.position() - before == event["order"]
        assert event["position_after"] == world.position()


@pytest.mark.proves("HG-5")
def test_r03_an_open_refuses_a_fill_worse_than_the_band(world: World) -> None:
    world.curie.converge(2_515 * WAD)
    with world.refuses("curie: bought above the bound"):
        world.mint(world.call(2_500), ETH)
    world.curie.converge(2_485 * WAD)
    with world.refuses("curie: sold below the bound"):
        world.mint(world.put(2_500), ETH)


@pytest.mark.proves("HG-5")
def test_r03_an_open_refuses_a_fill_better_than_the_band(world: World) -> None:
    world.curie.converge(2_485 * WAD)
    with world.refuses("hedge: fill under band"):
        world.mint(world.call(2_500), ETH)
    world.curie.converge(2_515 * WAD)
    with world.refuses("hedge: fill over band"):
        world.mint(world.put(2_500), ETH)


@pytest.mark.proves("HG-5")
def test_r03_an_open_takes_a_fill_just_inside_the_band(world: World) -> None:
    world.curie.converge(2_511 * WAD)
    world.mint(world.call(2_500), ETH)
    world.mint(world.put(2_500), ETH)
    world.curie.converge(2_489 * WAD)
    world.mint(world.call(2_500), ETH)
    world.mint(world.put(2_500), ETH)


@pytest.mark.proves("HG-7")
def test_r04_greeks_follow_spot_time_and_surface_without_being_told(world: World) -> None:
    held = {world.call(2_500): 4 * ETH, world.put(2_400, far=True): 3 * ETH}
    for series, units in held.items():
        world.mint(series, units)
    position = world.position()
    world.engine.advance(DAY)
    world.move(2_530)
    world.freshen()
    world.shift(world.near, 0.003)
    world.engine.advance(WINDOW)
    event = hedged(world.mint(world.put(2_250), ETH))
    delta, _, _ = ref.book(held, world.slices, 2_530.0, world.engine.now())
    assert event["residual_before"] / WAD == pytest.approx(position / WAD - delta, abs=1e-10)
    assert abs(event["residual_before"]) > 10**16


def narrow(world: World) -> Series:
    """A spread so narrow that the least trade of it has a delta under the lot."""
    world.tandem.list_expiry(world.near, [2_175])
    return world.put(2_250, 2_175)


@pytest.mark.proves("MP-5")
def test_r12_below_the_lot_there_is_no_order_and_the_residual_shows(world: World) -> None:
    series = narrow(world)
    orders = len(venue_orders(world, receipt := world.mint(series, ETH // 100)))
    event = hedged(receipt)
    assert orders == 0
    assert event["order"] == 0
    assert world.position() == 0
    assert 0 < event["residual_after"] < LOT
    delta, _, _ = ref.book({series: ETH // 100}, world.slices, 2_500.0, receipt.timestamp)
    assert event["residual_after"] / WAD == pytest.approx(-delta, abs=1e-10)
    stance = world.tandem.snapshot().stance
    assert stance.residual / WAD == pytest.approx(-delta, abs=1e-8)


@pytest.mark.proves("HG-3")
def test_r12_dust_adds_up_to_no_more_than_the_band(world: World) -> None:
    """Below the lot nothing trades; what lies past the band goes with the first open that finds it."""
    series = narrow(world)
    for _ in range(8):
        event = hedged(world.mint(series, ETH // 100))
        assert abs(event["residual_after"]) <= event["hard_band"]
    snapshot = world.tandem.snapshot()
    assert LOT < abs(snapshot.stance.residual) <= snapshot.stance.hard


def venue_orders(world: World, receipt: Receipt) -> list[Event]:
    return receipt.events("PositionChanged", world.curie.clearing_house)


@pytest.mark.proves("HG-6")
def test_r21_long_to_short_is_one_netted_order(world: World) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    assert world.position() > 0
    receipt = world.mint(world.put(2_600), 5 * ETH)
    (order,) = venue_orders(world, receipt)
    assert order["exchangedPositionSize"] == hedged(receipt)["order"]
    assert world.position() < 0


@pytest.mark.proves("HG-11")
def test_r28_the_event_reconciles_with_the_venue(world: World) -> None:
    for series in (world.call(2_500), world.put(2_600), world.call(3_000, far=True)):
        before, position = venue_money(world), world.position()
        receipt = world.mint(series, 2 * ETH)
        event = hedged(receipt)
        (order,) = venue_orders(world, receipt)
        assert event["caller"] == world.trader
        assert event["oracle_price"] == world.spot
        assert event["venue_fee"] == order["fee"]
        assert event["quote_delta"] == order["exchangedPositionNotional"]
        moved = venue_money(world) - before
        assert moved == pytest.approx(event["quote_delta"] - event["venue_fee"], abs=FUNDING)
        assert event["position_after"] - position == event["order"]
        assert event["residual_after"] - event["residual_before"] == pytest.approx(
            event["order"] - minted_delta(world, series, 2 * ETH, receipt), abs=10**8
        )
        cost = ref.fill_cost(event["order"], event["quote_delta"], event["venue_fee"], world.spot)
        assert abs(event["cost"] - cost) < 1


def venue_money(world: World) -> int:
    """The venue account without its position, WAD, in the venue's own words."""
    venue, balances = world.tandem.venue, world.curie.account_balance
    deposits = world.curie.vault.call("getBalance(address)", venue) * 10**12
    owed = balances.call("getPnlAndPendingFee", venue)[0]
    funding = world.curie.exchange.call("getPendingFundingPayment", venue, world.curie.base)
    return (
        deposits + owed - funding + balances.call("getTakerOpenNotional", venue, world.curie.base)
    )


def minted_delta(world: World, series: Series, units: int, receipt: Receipt) -> float:
    now = receipt.timestamp
    return ref.option(series, world.slices[series.expiry], 2_500.0, now).delta * units * 10**12
