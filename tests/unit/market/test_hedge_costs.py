"""R10: who bears a hedge's cost, worked out again from events and the oracle alone."""

from __future__ import annotations

from fractions import Fraction

import pytest
from market_events import closed, hedged, minted
from reference import underwriting as ref
from worlds import ETH, USD, World

from tandem.engine.base import Receipt
from tandem.protocol.series import Series
from tandem.units import WAD

# The model's delta is a double: an own delta of 4 ETH is known to 1e-9 of itself.
NEAR = 10**11  # WAD USD


def own(world: World, series: Series, units: int, receipt: Receipt) -> int:
    """The order that the trade's own delta asks for, WAD, from the model."""
    slice_ = world.slices[series.expiry]
    o = ref.option(series, slice_, world.spot / WAD, receipt.timestamp)
    return round(o.delta * units * 10**12)


def expected(world: World, series: Series, units: int, receipt: Receipt, fee: int) -> Fraction:
    event = hedged(receipt)
    cost = ref.borne(
        own(world, series, units, receipt), event["order"], event["cost"], event["oracle_price"]
    )
    return max(cost, Fraction(-fee * 10**12))


@pytest.mark.proves("HG-10")
def test_r10_the_whole_cost_of_his_own_delta_is_the_traders(world: World) -> None:
    for series in (world.call(2_500), world.put(2_400), world.put(2_500, 2_000)):
        receipt = world.mint(series, 3 * ETH)
        event = hedged(receipt)
        assert event["trader_cost"] == pytest.approx(event["cost"], rel=1e-6)
        assert event["cost"] > 0


@pytest.mark.proves("HG-3", "HG-10")
def test_r10_what_offsets_the_residual_pays_the_imputed_cost(world: World) -> None:
    """No order, no fill: oracle deviation and venue fee, 60 bp of the delta's notional."""
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_485)  # the hedge is too long now, inside the band
    world.freshen()
    series = world.call(2_500)
    receipt = world.mint(series, ETH // 10)
    event = hedged(receipt)
    assert event["order"] == 0
    notional = own(world, series, ETH // 10, receipt) * 2_485
    assert event["trader_cost"] == pytest.approx(notional * 60 // 10_000, abs=NEAR)
    assert event["cost"] == 0


@pytest.mark.proves("HG-3", "HG-10")
def test_r10_a_part_that_needed_no_order_pays_imputed_and_the_rest_its_share(world: World) -> None:
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_485)
    world.freshen()
    series = world.call(2_500)
    receipt = world.mint(series, 2 * ETH)
    event = hedged(receipt)
    want = own(world, series, 2 * ETH, receipt)
    assert 0 < event["order"] < want - 10**17
    assert event["order"] == pytest.approx(want - event["residual_before"], abs=10**9)
    cost = expected(world, series, 2 * ETH, receipt, minted(receipt)["fee"])
    assert event["trader_cost"] == pytest.approx(cost, abs=NEAR)
    assert event["trader_cost"] > event["cost"]


@pytest.mark.proves("HG-3", "HG-10")
def test_r10_an_inherited_residual_is_the_vaults(world: World) -> None:
    """HG-3: past the band an open brings the residual to three quarters of it, as far as the pace of
    what no trader brings allows; the trader pays his share of the order."""
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_550)
    world.rest()
    series = world.call(2_500)
    receipt = world.mint(series, ETH)
    event = hedged(receipt)
    want = own(world, series, ETH, receipt)
    near = event["hard_band"] * 3 // 8
    assert event["order"] == pytest.approx(want - event["residual_before"] - near, abs=10**9)
    assert event["order"] > want + 10**17
    share = Fraction(event["cost"] * want, event["order"])
    assert event["trader_cost"] == pytest.approx(share, abs=NEAR)
    assert event["trader_cost"] < event["cost"]


def test_r10_an_order_against_his_own_delta_is_not_his(world: World) -> None:
    """The inherited residual outweighs his: the order goes the other way, he pays imputed."""
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_430)  # far too long: the hedge has to sell
    world.rest()
    series = world.call(2_500)
    receipt = world.mint(series, ETH // 10)
    event = hedged(receipt)
    want = own(world, series, ETH // 10, receipt)
    assert event["order"] < 0 < want
    assert event["trader_cost"] == pytest.approx(want * 2_430 * 60 // 10_000, abs=NEAR)


@pytest.mark.proves("HG-10")
def test_r10_a_gain_is_at_most_the_fee(world: World) -> None:
    """A pool 40 bp better than the oracle: the trader's gain stops at the protocol's fee."""
    world.curie.converge(2_490 * WAD)
    receipt = world.mint(world.call(2_500), 4 * ETH)
    event, fee = hedged(receipt), minted(receipt)["fee"]
    assert event["cost"] < -2 * fee * 10**12
    assert event["trader_cost"] == -fee * 10**12
    bill = minted(receipt)
    assert receipt.returned == bill["premium"] + bill["capital_charge"]


def test_r10_a_small_gain_reduces_the_premium(world: World) -> None:
    world.curie.converge(2_497 * WAD)
    receipt = world.mint(world.call(2_500), 4 * ETH)
    event, fee = hedged(receipt), minted(receipt)["fee"]
    assert -fee * 10**12 < event["cost"] < 0
    assert event["trader_cost"] == pytest.approx(event["cost"], abs=NEAR)


@pytest.mark.proves("HG-10")
def test_r10_a_closes_gain_is_at_most_the_fee_too(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, 4 * ETH)
    world.curie.converge(2_530 * WAD)  # selling the hedge 120 bp above the oracle
    receipt = world.close(series, 4 * ETH)
    event, fee = hedged(receipt), closed(receipt)["fee"]
    assert event["cost"] < -2 * fee * 10**12
    assert event["trader_cost"] == -fee * 10**12
    assert closed(receipt)["payout"] == closed(receipt)["premium"]


def test_r10_a_close_never_costs_more_than_it_pays(world: World) -> None:
    """Worthless options close for nothing, never for a bill."""
    series = world.call(2_750)
    world.mint(series, 8 * ETH)
    world.engine.set_time(world.near - 3_600)
    world.move(2_600)
    world.freshen()
    before = world.usdc(world.trader)
    receipt = world.close(series, 8 * ETH)
    assert closed(receipt)["payout"] == 0
    assert closed(receipt)["premium"] < ref.in_tokens(hedged(receipt)["trader_cost"]) + USD
    assert world.usdc(world.trader) == before


@pytest.mark.proves("PR-4")
@pytest.mark.parametrize("price", [2_490, 2_500, 2_510])
@pytest.mark.parametrize("parts", [2, 5, 10])
def test_r10_splitting_buys_nothing(world: World, price: int, parts: int) -> None:
    """At one oracle price, wherever the pool is inside its band, a split trade costs no less."""
    series = world.call(2_500)
    world.curie.converge(price * WAD)
    with world.undone():
        whole = world.mint(series, 5 * ETH).returned
    split = sum(world.mint(series, 5 * ETH // parts).returned for _ in range(parts))
    assert split >= whole - 2 * USD * parts // 10  # each part is a second later


@pytest.mark.proves("HG-10", "HG-11")
def test_r10_every_event_can_be_worked_out_again(world: World) -> None:
    """A day of trading at drifting prices and pools: each cost is order x (fill - oracle) + fee,
    each trader's part is what the rule says."""
    trades = [
        (world.call(2_500), 5), (world.put(2_400), 7), (world.call(2_600, 3_000), 6),
        (world.put(2_500, 2_250), 3), (world.call(2_750, far=True), 6), (world.put(2_400), 2),
    ]  # fmt: skip
    for step, (series, size) in enumerate(trades):
        world.move(2_500 + 12 * (-1) ** step)
        world.curie.converge((2_500 + 12 * (-1) ** step + step - 3) * WAD)
        world.freshen()
        receipt = world.mint(series, size * ETH)
        event = hedged(receipt)
        fair = ref.fill_cost(
            event["order"], event["quote_delta"], event["venue_fee"], event["oracle_price"]
        )
        assert abs(event["cost"] - fair) < 1
        cost = expected(world, series, size * ETH, receipt, minted(receipt)["fee"])
        assert event["trader_cost"] == pytest.approx(cost, abs=NEAR)
        assert minted(receipt)["hedge_cost"] == event["trader_cost"]
    for series, size in trades[:3]:
        world.freshen()
        receipt = world.close(series, size * ETH // 2)
        cost = expected(world, series, -size * ETH // 2, receipt, closed(receipt)["fee"])
        assert hedged(receipt)["trader_cost"] == pytest.approx(cost, abs=NEAR)
