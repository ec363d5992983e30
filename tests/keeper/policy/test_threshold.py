"""The threshold policy: what it may never do, and the closed form's limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keeper.policy.bands import INSIDE_HARD, Bands, band_widths, closed_form, widths_within
from keeper.policy.built_in.clock import FixedClockPolicy
from keeper.policy.built_in.threshold import ThresholdPolicy
from keeper.policy.built_in.whalley_wilmott import WhalleyWilmottPolicy
from keeper.policy.types import MarketState, Policy
from tandem.errors import ConfigError

CALM = MarketState(
    time=0, spot=2500.0, book_delta=-20.0, gamma=0.05, vega=15_000.0, hedge=20.0, residual=0.0,
    hard_band=5.0, min_trigger=1.25, nav=1e6, gross_units=50.0, gas_cost=0.1, realised_vol=0.6,
    sigma_atm=0.65, tau_weighted=30 / 365,
)  # fmt: skip

POLICIES: list[Policy] = [ThresholdPolicy(), WhalleyWilmottPolicy(), FixedClockPolicy()]

positive = st.floats(1e-9, 1e6)
states = st.builds(
    replace,
    st.just(CALM),
    residual=st.floats(-1e3, 1e3),
    spot=st.floats(1.0, 1e5),
    gamma=st.one_of(st.just(0.0), st.just(math.nan), st.floats(-10, 10)),
    hard_band=st.floats(0.0, 100.0),
    min_trigger=st.floats(0.0, 100.0),
    gross_units=st.floats(0.0, 1e4),
    gas_cost=st.floats(0.0, 100.0),
    venue_fee=st.one_of(st.just(math.nan), st.floats(0.0, 1.0)),
    realised_vol=st.one_of(st.just(0.0), st.just(math.nan), st.floats(0.01, 5.0)),
    tau_weighted=st.floats(0.0, 1.0),
)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: type(p).__name__)
@given(state=states)
@settings(max_examples=400, deadline=None)
def test_never_acts_inside_the_minimum_trigger_nor_past_zero(
    policy: Policy, state: MarketState
) -> None:
    decision = policy.decide(state)
    assert decision.reason
    if decision.target_residual is None:
        return
    assert abs(state.residual) > state.min_trigger
    assert decision.target_residual * state.residual >= 0
    assert abs(decision.target_residual) < abs(state.residual)
    assert abs(state.residual - decision.target_residual) >= state.lot - 1e-12


@given(state=states)
@settings(max_examples=400, deadline=None)
def test_always_acts_well_past_the_hard_band(state: MarketState) -> None:
    edge = max(state.hard_band, state.min_trigger)
    far = replace(state, residual=math.copysign(1.001 * edge + 2 * state.lot, state.residual))
    for policy in (ThresholdPolicy(), WhalleyWilmottPolicy()):
        assert policy.decide(far).acts


def test_acts_only_past_the_trigger_and_stops_at_the_reset_point_on_the_same_side() -> None:
    policy = ThresholdPolicy(cost=5e-4)
    wide = replace(CALM, hard_band=6.0)
    bands = policy.bands(wide)
    assert bands is not None
    assert wide.min_trigger < bands.trigger < INSIDE_HARD * wide.hard_band
    inside = replace(wide, residual=-bands.trigger * 0.999)
    assert not policy.decide(inside).acts
    outside = replace(wide, residual=-bands.trigger * 1.001)
    assert policy.decide(outside).target_residual == pytest.approx(-bands.reset)


def test_without_gas_the_closed_form_is_whalley_wilmott_to_the_edge() -> None:
    g, vol, tau, cost, k = 3.0, 0.6, 1.0, 5e-4, 5.0
    bands = closed_form(g, vol, tau, cost, 0.0, k)
    width = (1.5 * cost * g * g / k / 2) ** (1 / 3)
    assert bands == Bands(pytest.approx(width), pytest.approx(width))


def test_without_proportional_cost_the_closed_form_is_root_gamma_to_the_centre() -> None:
    one = closed_form(2.0, 0.6, 10.0, 0.0, 1e-5, 50.0)
    two = closed_form(4.0, 0.6, 10.0, 0.0, 1e-5, 50.0)
    assert one.reset == pytest.approx(0.0, abs=1e-12)
    assert two.trigger / one.trigger == pytest.approx(math.sqrt(2))


def test_more_gas_means_rarer_and_larger_trades() -> None:
    cheap = closed_form(3.0, 0.6, 0.1, 5e-4, 1e-7, 5.0)
    dear = closed_form(3.0, 0.6, 0.1, 5e-4, 1e-4, 5.0)
    assert dear.trigger > cheap.trigger
    assert dear.trigger - dear.reset > cheap.trigger - cheap.reset


def test_a_trigger_cut_at_the_hard_band_does_not_stop_at_the_hard_band() -> None:
    tight = replace(CALM, hard_band=0.02, min_trigger=0.005, residual=0.03)
    decision = ThresholdPolicy().decide(tight)
    assert decision.target_residual is not None
    assert 0 < decision.target_residual < 0.9 * tight.hard_band


def of_closed_form(state: MarketState, risk_aversion: float, cost: float) -> Bands:
    """In ETH, outside of any band of the contract's."""
    size = state.gross_units
    unit = closed_form(
        state.spot * state.gamma / size, state.realised_vol, state.tau_weighted, cost,
        state.gas_cost / (size * state.spot), risk_aversion,
    )  # fmt: skip
    return Bands(unit.trigger * size, unit.reset * size)


@pytest.mark.parametrize("gross", [50.0, 200.0])
def test_a_book_that_is_large_for_its_capital_is_hedged_tighter(gross: float) -> None:
    """Half of what the contract's own band implies: half of lambda_0 x spot x gross over twice NAV."""
    implied = 0.5 * 500.0 * 2_500.0 * gross / (2 * 1e6)
    assert implied > 5.0
    wide = replace(CALM, gross_units=gross, hard_band=1e6)
    expected = of_closed_form(wide, implied, 1e-3)
    found = ThresholdPolicy().bands(wide)
    assert found == Bands(pytest.approx(expected.trigger), pytest.approx(expected.reset))
    rich = replace(wide, nav=1e12)
    own = of_closed_form(wide, 5.0, 1e-3)
    assert ThresholdPolicy().bands(rich) == Bands(
        pytest.approx(own.trigger), pytest.approx(own.reset)
    )
    stricter = replace(wide, contract_risk_aversion=2_000.0)
    assert ThresholdPolicy().bands(stricter) == ThresholdPolicy(of_contract=2.0).bands(wide)
    assert ThresholdPolicy(of_contract=0.0).bands(wide) == ThresholdPolicy().bands(rich)
    assert found is not None
    assert found.trigger < own.trigger


@pytest.mark.parametrize("fee", [5e-4, 3e-3])
def test_an_order_costs_what_the_venue_says_unless_it_is_set(fee: float) -> None:
    """It was a setting alone, of ten basis points: on a pool of five everybody hedged as if it took ten."""
    wide = replace(CALM, hard_band=1e6, nav=1e12)
    own = of_closed_form(wide, 5.0, fee)
    found = ThresholdPolicy().bands(replace(wide, venue_fee=fee))
    assert found == Bands(pytest.approx(own.trigger), pytest.approx(own.reset))
    assert ThresholdPolicy(cost=1e-3).bands(
        replace(wide, venue_fee=fee)
    ) == ThresholdPolicy().bands(wide)


def test_a_trigger_past_the_hard_band_takes_the_reset_of_the_constant_that_fits() -> None:
    wide = of_closed_form(CALM, 40.0, 1e-3)
    tight = replace(CALM, hard_band=wide.trigger / INSIDE_HARD)
    found = ThresholdPolicy(risk_aversion=20.0).bands(tight)
    assert found == Bands(pytest.approx(wide.trigger), pytest.approx(wide.reset))


widths = st.tuples(
    st.floats(1e-8, 1e2), st.floats(0.05, 3.0), st.floats(1e-7, 1.0),
    st.one_of(st.just(0.0), st.floats(1e-5, 1e-2)), st.one_of(st.just(0.0), st.floats(1e-9, 1e-3)),
    st.floats(1e-2, 1e4),
)  # fmt: skip


@given(given_=widths, share=st.floats(1e-6, 2.0))
@settings(max_examples=500, deadline=None)
def test_the_constant_that_fits_is_found(given_: tuple[float, ...], share: float) -> None:
    """Of any trigger and cap: the widths are those of one constant, at least the one that was given."""
    g, vol, tau, cost, gas, k = given_
    trigger, reset = band_widths(g, vol, tau, cost, gas, k)
    cap = share * trigger
    found = widths_within(cap, g, vol, tau, cost, gas, k)
    if share >= 1.0 or trigger == 0.0:
        assert found == (trigger, reset)
        return
    assert found[0] == pytest.approx(cap, rel=1e-9)
    assert 0.0 <= found[1] <= min(reset + 1e-12 * cap, found[0])
    low, high = math.log(k), math.log(k) + 60.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        wide = band_widths(g, vol, tau, cost, gas, math.exp(middle))[0] > cap
        low, high = (middle, high) if wide else (low, middle)
    expected = band_widths(g, vol, tau, cost, gas, math.exp(high))[1]
    assert found[1] == pytest.approx(expected, rel=1e-6, abs=1e-9 * cap)


@pytest.mark.parametrize("cap", [0.0, -1.0])
def test_no_band_at_all_is_hedged_to_nothing(cap: float) -> None:
    assert widths_within(cap, 3.0, 0.6, 0.1, 5e-4, 1e-6, 5.0) == (0.0, 0.0)


@pytest.mark.parametrize(
    "setting",
    [
        {"risk_aversion": 0.0}, {"risk_aversion": math.nan}, {"cost": -1e-9}, {"cost": 1.1},
        {"of_contract": -1.0},
    ],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused_by_name(setting: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(setting))):
        ThresholdPolicy(**setting)


@pytest.mark.parametrize(
    "setting", [{"hours": 0.0}, {"hours": math.nan}, {"phase_hours": math.inf}]
)
def test_a_clock_that_never_strikes_is_refused_by_name(setting: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(setting))):
        FixedClockPolicy(**setting)


def test_acts_while_there_is_still_room_to_the_hard_band() -> None:
    lazy = ThresholdPolicy(cost=1.0)  # whose own trigger is far outside
    assert lazy.decide(replace(CALM, residual=0.91 * CALM.hard_band)).acts
    assert not lazy.decide(replace(CALM, residual=0.89 * CALM.hard_band)).acts


def test_falls_back_to_whalley_wilmott_without_gamma_or_volatility() -> None:
    for missing in (
        {"gamma": math.nan},
        {"gross_units": 0.0},
        {"realised_vol": 0.0, "sigma_atm": 0},
    ):
        state = replace(CALM, residual=4.0, **missing)
        assert ThresholdPolicy().decide(state).target_residual == pytest.approx(2.5)


def hours_of(clock: FixedClockPolicy, filled: Callable[[int], bool]) -> list[int]:
    """The hours in which an order is asked for; it moves the hedge where it is filled."""
    asked, hedge = list[int](), CALM.hedge
    for hour in range(25):
        if clock.decide(replace(CALM, time=hour * 3_600, residual=3.0, hedge=hedge)).acts:
            asked.append(hour)
            hedge += 1.0 if filled(hour) else 0.0
    return asked


def test_the_clock_acts_once_per_slot() -> None:
    assert hours_of(FixedClockPolicy(hours=8.0), lambda _: True) == [0, 8, 16, 24]


def test_the_clock_asks_again_while_its_order_is_refused() -> None:
    filled = hours_of(FixedClockPolicy(hours=8.0), lambda hour: hour not in (8, 9))
    assert filled == [0, 8, 9, 10, 16, 24]
