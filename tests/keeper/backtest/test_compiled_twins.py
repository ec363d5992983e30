"""The back-test's compiled loops decide as the policy objects do that run live, at every step."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keeper.backtest import objects, twins
from keeper.backtest.episodes import Episodes
from keeper.backtest.twins import Costs
from keeper.policy import create

COSTS = {
    "without a contract": Costs(),
    "dear gas": Costs(1.0, 5e-4, 1.0),
    "under the contract's band": Costs(nav=1e6),
    "under a narrow band": Costs(nav=2e4),
}


@pytest.fixture(params=COSTS.values(), ids=COSTS)
def costs(request: pytest.FixtureRequest) -> Costs:
    return request.param


@pytest.fixture(params=["one", "books"])
def some(request: pytest.FixtureRequest, made: Episodes, made_books: Episodes) -> Episodes:
    """A few episodes that lie far apart."""
    return (made if request.param == "one" else made_books).part(slice(None, None, 41))


def check(by_object: np.ndarray, compiled: np.ndarray) -> None:
    """The same orders at the same steps, of the same size."""
    changes = [np.diff(h, axis=1, prepend=0.0) for h in (by_object, compiled)]
    acts = [np.argwhere(np.abs(each) > 1e-9).tolist() for each in changes]
    assert acts[0] == acts[1]
    assert len(acts[0]) > len(compiled)
    np.testing.assert_allclose(by_object, compiled, rtol=0, atol=1e-11)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("risk_aversion", [3.0, 40.0, 2_000.0])
def test_threshold_is_the_policy_of_that_name(
    some: Episodes, costs: Costs, risk_aversion: float
) -> None:
    compiled = twins.threshold(some, costs, risk_aversion, costs.cost)
    policy = lambda: create("threshold", risk_aversion=risk_aversion, cost=costs.cost)  # noqa: E731
    check(objects.hedges(some, costs, policy, first=compiled[:, 0]), compiled)


@pytest.mark.parametrize("nav", [1e6, 2e4])
def test_whalley_wilmott_is_the_policy_of_that_name(some: Episodes, nav: float) -> None:
    costs = Costs(nav=nav)
    compiled = twins.whalley_wilmott(some, costs)
    by_object = objects.hedges(some, costs, lambda: create("whalley-wilmott"))
    check(by_object, compiled)


@pytest.mark.parametrize("hours", [1, 6.5, 8, 24])
def test_the_clock_is_the_policy_of_that_name(some: Episodes, costs: Costs, hours: int) -> None:
    """The object counts from midnight; an episode's clock begins with its sale. Under a contract it waited
    for no trigger of that: another clock than a keeper's."""
    compiled = twins.clock(some, hours, costs)
    for i in range(len(some)):
        row = some.part(slice(i, i + 1))
        phase = row.time[0] / 3_600 % hours
        by_object = objects.hedges(
            row, costs, lambda phase=phase: create("clock", hours=hours, phase_hours=phase)
        )
        check(by_object, compiled[i : i + 1])


def test_a_policy_sees_its_market_as_it_is_live(some: Episodes) -> None:
    """The state of the sale, in ETH and USD."""
    state = objects.state_of(some, Costs(nav=1e6), 0, 5, hedge=0.25)
    spot = some.start[0] * some.spot[0, 5]
    assert state.spot == spot
    assert state.time == some.time[0] + 5 * 3_600
    assert state.residual == pytest.approx(50 * (0.25 - some.delta[0, 5]))
    assert state.residual == pytest.approx(state.book_delta + state.hedge)
    assert abs(state.gamma) * spot / 50 == pytest.approx(some.slope[0, 5])
    assert state.min_trigger == pytest.approx(max(state.hard_band / 4, state.lot))
    assert state.gross_units == pytest.approx(50 * some.open[0, 5])
    assert objects.state_of(some, Costs(), 0, 5, hedge=0.25).hard_band == math.inf
