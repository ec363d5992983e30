"""The back-test measures cost at equal tracking error, and the closed form beats a clock at it."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from keeper.backtest import episodes as backtest
from keeper.backtest import quality
from keeper.backtest.episodes import Case, Frontier, Option, Outcome
from tandem.feeds import candles

YEAR_HOURS = 24 * 365


@pytest.fixture(scope="module")
def walk() -> np.ndarray:
    """A year of a simulated diffusion of 60 % volatility, by the hour."""
    rng = np.random.default_rng(11)
    return 2500 * np.exp(np.cumsum(0.6 / math.sqrt(YEAR_HOURS) * rng.standard_normal(YEAR_HOURS)))


@pytest.fixture(scope="module")
def made(walk: np.ndarray) -> backtest.Episodes:
    return backtest.episodes(walk, Case(), stride_hours=11)


def test_hedging_at_every_price_leaves_no_error(made: backtest.Episodes) -> None:
    assert backtest.run_clock(made, Case(), 1).error == pytest.approx(0.0, abs=1e-12)


def test_a_slower_clock_is_cheaper_and_looser(made: backtest.Episodes) -> None:
    outcomes = [backtest.run_clock(made, Case(), hours) for hours in (2, 4, 8, 24)]
    assert all(a.cost > b.cost for a, b in pairwise(outcomes))
    assert all(a.error < b.error for a, b in pairwise(outcomes))
    for each, entries in zip(outcomes, (360, 180, 90, 30), strict=True):
        assert 0.97 * entries < each.trades <= entries + 1


def test_the_error_of_a_clock_is_that_of_theory(made: backtest.Episodes) -> None:
    """Between hedges the error is gamma x (moves so far) x next move: Var = sum g^2 s^4 h/2 dt."""
    variance = (0.6**2 / YEAR_HOURS) ** 2 * (made.slope**2 * made.spot[:, :-1] ** 2)
    expected = 100 * math.sqrt(variance.sum(axis=1).mean() * (8 - 1) / 2)
    assert backtest.run_clock(made, Case(), 8).error == pytest.approx(expected, rel=0.2)


def test_cost_counts_every_order_entry_and_exit() -> None:
    flat = np.full(721 + 48, 2000.0)
    flat[::2] *= 1 + 1e-6
    case = Case(options=(Option(0.5, 48, 1.0),), size=2.0, cost=1e-3, gas=4.0)
    made = backtest.episodes(flat, case, vol_hours=720)
    outcome = backtest.run_clock(made, case, 8)
    assert outcome.cost == pytest.approx(100 * (2 * 1e-3 + 2 * 4.0 / 2.0 / 2000), rel=1e-4)
    assert outcome.trades == 2


def test_a_higher_constant_hedges_tighter_and_dearer(made: backtest.Episodes) -> None:
    loose = backtest.run_closed_form(made, Case(), 2.0)
    tight = backtest.run_closed_form(made, Case(), 50.0)
    assert tight.error < loose.error
    assert tight.cost > loose.cost
    assert tight.trades > loose.trades


def test_calibration_meets_the_clock(made: backtest.Episodes) -> None:
    constant = backtest.calibrate(made, Case())
    wanted = backtest.run_clock(made, Case(), 8).error
    assert backtest.run_closed_form(made, Case(), constant).error == pytest.approx(wanted, rel=0.03)


def test_the_closed_form_beats_clock_and_whalley_wilmott_where_gas_matters(
    made: backtest.Episodes,
) -> None:
    case = Case(size=1.0, gas=1.0)
    constant = backtest.calibrate(made, case)
    closed = backtest.judge(made, case, constant)
    edge = backtest.calibrate(made, case, backtest.run_whalley_wilmott)
    other = backtest.judge(made, case, edge, backtest.run_whalley_wilmott)
    assert closed.cost_ratio < 0.4
    assert closed.cost_ratio < 0.5 * other.cost_ratio
    assert closed.trades_ratio < 0.35


def test_the_frontier_is_interpolated_and_nothing_is_made_up_outside() -> None:
    frontier = Frontier((Outcome(4.0, 1.0, 10.0), Outcome(1.0, 4.0, 2.0)))
    assert frontier.cost_at(2.0) == pytest.approx(2.0)
    assert math.isnan(frontier.cost_at(5.0))


def test_a_short_history_is_refused_by_name() -> None:
    with pytest.raises(backtest.ShortHistoryError, match="too few"):
        backtest.episodes(np.full(800, 2000.0), Case())


def test_nothing_later_is_known(walk: np.ndarray) -> None:
    changed = walk.copy()
    changed[4_000:] *= 1.5
    before = backtest.episodes(walk, Case(), stride_hours=11)
    after = backtest.episodes(changed, Case(), stride_hours=11)
    seen = (720 + 11 * np.arange(len(before.vol))) < 4_000
    assert np.array_equal(before.vol[seen], after.vol[seen])


def test_on_recorded_prices_the_closed_form_is_cheaper_unseen(recorded_hours: Path) -> None:
    chosen = [quality.CASES[1], quality.CASES[2]]
    book, small = quality.measure(candles.load(recorded_hours).close, chosen, stride_hours=23)
    assert book.cost_ratio < 0.6
    assert small.cost_ratio < 0.2
    assert max(book.trades_ratio, small.trades_ratio) < 0.33
    for fold in (*book.folds, *small.folds):
        assert 0.05 < fold.cost_ratio < 1
