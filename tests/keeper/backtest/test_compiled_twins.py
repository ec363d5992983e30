"""The back-test's compiled loops decide as the policy objects do that run live, at every step."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keeper.backtest import episodes as backtest
from keeper.backtest.episodes import TWELVE, Case, Episodes
from keeper.policy import MarketState, Policy, create

CASES = {"one": Case(), "book of twelve, dear gas": Case(TWELVE, 1.0, 5e-4, 1.0)}


def walk() -> np.ndarray:
    """Fourteen weeks of a simulated diffusion of 60 % volatility, by the hour."""
    rng = np.random.default_rng(5)
    return 2_500 * np.exp(np.cumsum(0.6 / math.sqrt(8_760) * rng.standard_normal(24 * 98)))


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def made(case: Case) -> Episodes:
    return backtest.episodes(walk(), case, stride_hours=67)


def walked(
    made: Episodes, case: Case, i: int, policy: Policy, first: float, bands: np.ndarray | None
) -> np.ndarray:
    """The hedge after each price of episode i, decided by a policy that sees states alone. first:
    the hedge that the sale leaves; bands: the contract's hard band, None where it never binds."""
    life, hedges = made.delta.shape[1], [first]
    for t in range(life):
        spot, delta, size = made.start[i] * made.spot[i, t], made.delta[i, t], case.size
        hedge = hedges[-1] if t else (0.0 if math.isnan(first) else first)
        state = MarketState(
            time=3_600 * t,
            spot=spot,
            book_delta=-delta * size,
            gamma=made.slope[i, t] * size / spot,
            vega=0.0,
            hedge=hedge * size,
            residual=(hedge - delta) * size,
            hard_band=math.inf if bands is None else bands[t] * size,
            min_trigger=0.0,
            nav=1e6,
            gross_units=size,
            gas_cost=case.gas,
            realised_vol=made.vol[i],
            sigma_atm=math.nan,
            tau_weighted=made.tau[i, t],
            lot=0.0,
        )
        target = policy.decide(state).target_residual
        hedges.append(hedge if target is None else delta + target / size)
    return np.array(hedges[1:])


def check(policy_made: np.ndarray, compiled: np.ndarray) -> None:
    """The same orders at the same steps, of the same size."""
    acts = [np.flatnonzero(np.abs(np.diff(h)) > 1e-9) for h in (policy_made, compiled)]
    assert acts[0].tolist() == acts[1].tolist()
    assert len(acts[0]) > 0
    np.testing.assert_allclose(policy_made, compiled, rtol=0, atol=1e-12)


@pytest.mark.parametrize("risk_aversion", [3.0, 40.0])
def test_the_closed_form_is_the_threshold_policy(
    made: Episodes, case: Case, risk_aversion: float
) -> None:
    compiled = backtest.closed_form_hedges(made, case, risk_aversion)
    for i in range(len(compiled)):
        policy = create("threshold", risk_aversion=risk_aversion, cost=case.cost)
        check(walked(made, case, i, policy, compiled[i, 0], None), compiled[i])


@pytest.mark.parametrize("risk_aversion", [3.0, 40.0])
def test_whalley_wilmott_is_the_policy_of_that_name(
    made: Episodes, case: Case, risk_aversion: float
) -> None:
    compiled = backtest.whalley_wilmott_hedges(made, case, risk_aversion)
    for i in range(len(compiled)):
        halves = (1.5 * case.cost * made.slope[i] ** 2 / risk_aversion) ** (1 / 3)
        policy = create("whalley-wilmott")
        check(walked(made, case, i, policy, compiled[i, 0], 2 * halves), compiled[i])


@pytest.mark.parametrize("hours", [1, 8, 24])
def test_the_clock_is_the_policy_of_that_name(made: Episodes, case: Case, hours: int) -> None:
    compiled = backtest.clock_hedges(made, hours)
    for i in range(len(compiled)):
        policy = create("clock", hours=float(hours))
        check(walked(made, case, i, policy, math.nan, None), compiled[i])
