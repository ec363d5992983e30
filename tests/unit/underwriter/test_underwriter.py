"""Underwriter: the stateless rules, at the ends of their ranges; the Market's tests hold the middle."""

from __future__ import annotations

from fractions import Fraction

import pytest
from reference import underwriting as ref
from worlds import ETH, LOT, ROUNDING, World

from tandem.protocol.bindings.structs import Deal, Desk, Exposure
from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY, WAD


def quote(world: World, series: Series, units: int, close: bool = False) -> Deal:
    return world.tandem.quote(series, units, close)


def test_the_fee_is_at_most_a_tenth_of_the_premium(world: World) -> None:
    cheap = world.call(2_500, 2_600)
    world.set_terms(fee=300)
    deal = quote(world, cheap, ETH)
    assert deal.fee == deal.premium // 10
    dear = quote(world, world.call(2_500), ETH)
    assert dear.fee == 2_500 * 300 * 1_000_000 // 100_000 < dear.premium // 10


@pytest.mark.proves("PR-6")
def test_r39_the_charge_is_not_cut(world: World) -> None:
    """PR-6: "An open pays the capital charge to expiry on the maximum that it adds, however cheap the
    option"."""
    world.set_terms(capital_charge=2_000)
    for series in (world.call(3_000, far=True), world.put(2_500, 2_250)):
        deal = quote(world, series, ETH)
        now = world.engine.now()
        want = ref.price(world.terms(), {}, world.slices, series, ETH, 2_500.0, now, 1e6)
        assert deal.charge == pytest.approx(want.charge, abs=ROUNDING)
    assert deal.charge < deal.premium // 5
    assert quote(world, world.call(3_000, far=True), ETH).charge > deal.premium // 5


@pytest.mark.proves("PR-6")
def test_r39_spread_and_charge_come_to_the_least_premium(world: World) -> None:
    """PR-6: "spread and charge together come to at least `least_premium` of it a year"."""
    world.set_terms(least_premium=2_000)
    series = world.call(3_000, far=True)
    deal = quote(world, series, ETH)
    least = 3_000 * ETH * 2_000 * (series.expiry - world.engine.now()) // (10_000 * 365 * DAY)
    assert deal.premium - deal.mark + deal.charge == pytest.approx(least, abs=ROUNDING)
    world.set_terms(least_premium=0)
    assert quote(world, series, ETH).charge < least // 4


@pytest.mark.proves("MP-3")
def test_r09_the_spread_grows_with_the_fuller_risk_factor(world: World) -> None:
    world.set_terms(vega_cap=20, gamma_cap=100)
    held: dict[Series, int] = {}
    for series in (world.call(2_500), world.put(2_500), world.call(2_750, far=True)):
        deal = quote(world, series, 3 * ETH)
        held = ref.with_units(held, series, 3 * ETH)
        spread = ref.half_spread(
            world.terms(), held, world.slices, 2_500.0, world.engine.now(), 1e6
        )
        assert deal.half_spread / WAD == pytest.approx(spread, rel=1e-9)
        assert 0.0151 < spread < 0.0349
        world.mint(series, 3 * ETH)


def test_r09_closing_brings_the_spread_back(world: World) -> None:
    world.set_terms(vega_cap=20)
    series = world.call(2_500)
    world.mint(series, 6 * ETH)
    small, large = quote(world, series, ETH, True), quote(world, series, 6 * ETH, True)
    assert large.half_spread == 150 * WAD // 10_000
    assert small.half_spread > large.half_spread


@pytest.mark.proves("PR-3")
def test_ask_and_bid_stay_in_their_range(world: World) -> None:
    """A spread of 10 vol points on a narrow option: not over what it can pay; and "what is worth
    something has a bid, half of its mark at least" (PR-3), which used to be nothing."""
    world.set_terms(half_spread=1_000)
    world.tandem.list_expiry(world.near, [2_550])
    narrow = world.call(2_500, 2_550)
    deal = quote(world, narrow, ETH)
    assert deal.premium == 50 * ETH
    world.mint(narrow, ETH)
    bid = quote(world, narrow, ETH, True)
    assert bid.premium == (bid.mark + 1) // 2 or bid.premium == bid.mark // 2


@pytest.mark.proves("UN-3", "PR-3")
def test_the_ask_is_rounded_up_and_the_bid_down(world: World) -> None:
    series, units = world.call(2_500), ETH + 7
    world.mint(series, 2 * ETH)
    ask, bid = quote(world, series, units), quote(world, series, units, True)
    o = ref.option(series, world.slices[world.near], 2_500.0, world.engine.now())
    for deal, side in ((ask, 1), (bid, -1)):
        margin = deal.half_spread / WAD * o.spread_vega
        exact = (o.value + side * margin) * units
        assert deal.premium == pytest.approx(exact, abs=1)
    assert ask.mark == bid.mark == pytest.approx(o.value * units, abs=1)


@pytest.mark.proves("UN-3")
@pytest.mark.parametrize("price", [1_000, 2_456, 2_500, 2_751, 7_777])
def test_what_a_holding_is_paid_is_its_payoff_rounded_down(world: World, price: int) -> None:
    exact = price * WAD + 123_456_789_012_345_678
    for series in (
        world.call(2_500),
        world.call(2_600, 3_000),
        world.put(2_400),
        world.put(2_500, 2_000),
    ):
        paid = world.tandem.underwriter.call("payout", series.id, 1_234_567, exact)
        fair = 1_234_567 * ref.payoff(series, Fraction(exact, WAD))
        assert 0 <= fair - paid < 1


@pytest.mark.parametrize("aversion", [500, 50_000])
def test_the_hard_band_of_a_close_is_of_what_is_left(world: World, aversion: int) -> None:
    """Where the twentieth of what is open binds, and where gamma and NAV do."""
    world.set_terms(risk_aversion=aversion)
    series = world.call(2_500)
    world.mint(series, 8 * ETH)
    for units in (2 * ETH, 8 * ETH):
        deal = quote(world, series, units, True)
        left = {series: 8 * ETH - units}
        band = ref.band(world.terms(), left, world.slices, 2_500.0, world.engine.now(), 1e6)
        assert deal.hard / WAD == pytest.approx(band.hard, rel=1e-9)
        assert (deal.hard * 10 < (8 * ETH - units) * 10**12) is (
            aversion == 50_000 and units != 8 * ETH
        )


@pytest.mark.proves("MP-3")
def test_tenor_is_from_seven_to_fortyfive_days_to_the_second(world: World) -> None:
    expiry = next_expiry(world.engine.now(), 7)
    world.tandem.list_expiry(expiry, [2_500, 5_000])
    world.engine.set_time(expiry - 7 * DAY - 120)
    world.push(2_500)
    world.post({expiry: world.slices[world.near]})
    world.tandem.freshen_gate()
    world.engine.set_time(expiry - 7 * DAY)
    series = Series(expiry, False, 2_500, 5_000)
    quote(world, series, ETH)
    world.engine.advance(1)
    with world.refuses("limits: tenor"):
        quote(world, series, ETH)


@pytest.mark.proves("MP-3")
def test_the_least_and_the_largest_trade_to_the_unit(world: World) -> None:
    series = world.call(2_500)
    quote(world, series, ETH // 100)
    quote(world, series, 8 * ETH)
    with world.refuses("limits: size too small"):
        quote(world, series, ETH // 100 - 1)
    with world.refuses("limits: size over cap"):
        quote(world, series, 8 * ETH + 1)


def test_the_widest_cap_to_the_tick(world: World) -> None:
    quote(world, world.call(2_500, 5_000), ETH)
    world.set_terms(call_cap=199)
    with world.refuses("limits: cap too far"):
        quote(world, world.call(2_500, 5_000), ETH)


def test_moneyness_from_three_fifths_to_eight_fifths(world: World) -> None:
    """1,500 and 4,000 at a spot of 2,500 are the last that pass: their deltas refuse them."""
    for series in (world.put(1_500), world.call(4_000, 6_000)):
        with world.refuses("limits: delta"):
            quote(world, series, ETH)
    world.push(2_501)
    with world.refuses("limits: moneyness"):
        quote(world, world.put(1_500), ETH)
    world.push(2_499)
    with world.refuses("limits: moneyness"):
        quote(world, world.call(4_000, 6_000), ETH)


def test_the_part_of_a_close_that_fits_is_all_of_it_when_the_vault_is_rich(world: World) -> None:
    series = world.put(2_500)
    world.mint(series, 8 * ETH)
    assert quote(world, series, 8 * ETH, True).units == 8 * ETH


@pytest.mark.proves("HG-9")
@pytest.mark.parametrize("side", [1, -1])
def test_a_rebalance_aims_between_nothing_and_where_it_is(world: World, side: int) -> None:
    """HG-9: "It only reduces |residual|": to nothing, or to anything on its own side that is less."""
    before = side * 5 * WAD
    word = world.tandem.guardian.words()[0]
    desk = Desk(word, world.engine.now(), world.spot, 10**12, 10 * ETH << 16, LOT, before, 0)
    flat = Exposure(0, 0, 0)
    homing = world.tandem.underwriter.homing
    for target in (0, side, before - side):
        assert homing(flat, desk, target).residual == before
    for target in (before, before + side, -side, -before):
        with world.refuses("hedge: bad target"):
            homing(flat, desk, target)


@pytest.mark.proves("HG-9")
def test_a_rebalance_begins_at_the_trigger_and_by_its_aim_at_the_width(world: World) -> None:
    """HG-9: "Inside the minimum trigger it reverts", and "where |residual| and |target| make less than h
    together": each met exactly is enough."""
    word = world.tandem.guardian.words()[0]
    underwriter = world.tandem.underwriter

    def at(residual: int) -> Desk:
        return Desk(word, world.engine.now(), world.spot, 10**12, 10**9 << 16, LOT, residual, 0)

    for gamma in (0, 10**16):
        exposure = Exposure(0, gamma, 0)
        stance = underwriter.stance(exposure, at(0))
        aim = stance.width // 3
        assert stance.trigger == max(stance.width // 2, LOT) <= stance.width
        underwriter.homing(exposure, at(stance.width - aim if gamma else LOT), aim if gamma else 0)
        for residual, target in ((stance.width - 1, 0), (stance.trigger - 1, stance.trigger - 2)):
            with world.refuses("hedge: inside trigger"):
                underwriter.homing(exposure, at(residual), target)
