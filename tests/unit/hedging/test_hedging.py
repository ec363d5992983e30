"""lib/hedging: how much to hedge and who bears it, against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import underwriting as ref

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD

IMPUTED = 60 * WAD // 10_000
TRIALS = settings(max_examples=300, deadline=None)

amounts = st.integers(-(10**24), 10**24)
near = st.integers(-20, 20).map(lambda n: n * WAD // 4)
signed = st.one_of(amounts, near)
triggers = st.one_of(st.integers(0, 10**24), st.integers(0, 12).map(lambda n: n * WAD // 4))
spots = st.integers(100 * WAD, 100_000 * WAD)


@pytest.fixture(scope="module")
def rules() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/hedging/HedgingHarness.vy"))


@pytest.mark.proves("HG-3")
@TRIALS
@given(own=signed, residual=signed, trigger=triggers)
@example(own=0, residual=0, trigger=0)
@example(own=WAD, residual=WAD, trigger=WAD)
@example(own=WAD, residual=WAD + 1, trigger=WAD)
def test_r10_the_order_is_what_the_design_says(
    rules: Contract, own: int, residual: int, trigger: int
) -> None:
    order = rules.call("trade_order", own, residual, trigger)
    if abs(residual) > trigger:
        assert order == own - residual
    elif own * residual > 0:
        assert order == (own - residual if abs(own) > abs(residual) else 0)
    else:
        assert order == own


@pytest.mark.proves("HG-2")
@TRIALS
@given(own=signed, residual=signed, trigger=triggers)
def test_r01_the_order_never_widens_the_residual_past_what_it_was(
    rules: Contract, own: int, residual: int, trigger: int
) -> None:
    """The trade takes `own` of delta away from the hedge; the order brings some back."""
    order = rules.call("trade_order", own, residual, trigger)
    after = residual - own + order
    assert abs(after) <= abs(residual)
    if abs(residual) <= trigger:
        assert abs(order) <= abs(own)
        assert order * own >= 0
    else:
        assert after == 0


@pytest.mark.proves("HG-10")
@TRIALS
@given(order=signed, fill=st.integers(0, 10**24), spot=spots, fee=st.integers(0, 10**24))
def test_r10_cost_is_order_times_slippage_plus_fee(
    rules: Contract, order: int, fill: int, spot: int, fee: int
) -> None:
    quote = -order * fill // WAD
    cost = rules.call("cost_of", order, quote, spot, fee)
    exact = ref.fill_cost(order, quote, fee, spot)
    assert abs(cost - exact) < 1
    assert abs(cost - (Fraction(order * (fill - spot), WAD) + fee)) < 2


@pytest.mark.proves("HG-10")
@TRIALS
@given(own=signed, order=signed, cost=amounts, spot=spots)
@example(own=WAD, order=WAD, cost=-(10**18), spot=2_500 * WAD)
@example(own=0, order=WAD, cost=10**18, spot=2_500 * WAD)
@example(own=WAD, order=0, cost=0, spot=2_500 * WAD)
def test_r10_the_trader_bears_his_share_and_imputes_the_rest(
    rules: Contract, own: int, order: int, cost: int, spot: int
) -> None:
    borne = rules.call("trader_cost", own, order, cost, spot, IMPUTED)
    assert abs(borne - ref.borne(own, order, cost, spot)) < 2


@TRIALS
@given(own=near, parts=st.integers(2, 9), spot=spots)
def test_r10_imputed_parts_cost_what_the_whole_costs(
    rules: Contract, own: int, parts: int, spot: int
) -> None:
    own -= own % parts
    whole = rules.call("trader_cost", own, 0, 0, spot, IMPUTED)
    split = parts * rules.call("trader_cost", own // parts, 0, 0, spot, IMPUTED)
    assert whole - 2 * parts <= split <= whole
