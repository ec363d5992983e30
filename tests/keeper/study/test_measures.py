"""The figures of a study, held to simulated accounts whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keeper.study.measures import (
    Interval,
    at_error,
    break_even,
    daily_changes,
    hedging,
    interval,
    measure,
)
from tandem.units import DAY, HOUR

NAV = 1_000_000.0


def account(
    daily_mean: float, daily_sd: float, days: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Hourly visits from midnight of a Brownian account with drift. USD."""
    random = np.random.default_rng(seed)
    steps = random.normal(daily_mean / 24, daily_sd / math.sqrt(24), 24 * days)
    time = np.arange(24 * days + 1, dtype=np.int64) * HOUR + 20_000 * DAY
    return time, np.concatenate([[0.0], np.cumsum(steps)])


def test_return_and_sharpe_find_the_truth_of_a_long_account() -> None:
    mean, sd = 300.0, 2_000.0
    found = [measure(*account(mean, sd, 4_000, seed), NAV) for seed in range(20)]
    returns = np.array([f.return_year for f in found])
    sharpes = np.array([f.sharpe for f in found])
    assert abs(returns.mean() - mean * 365 / NAV) < 3 * returns.std(ddof=1) / math.sqrt(20)
    assert abs(sharpes.mean() - mean / sd * math.sqrt(365)) < 3 * sharpes.std(ddof=1) / math.sqrt(
        20
    )


def test_drawdown_and_worst_day_of_an_account_that_is_written_down() -> None:
    time = np.array([0, 6, 12, 24, 30, 48, 60, 72], dtype=np.int64) * HOUR + 20_000 * DAY
    earned = np.array([0.0, 50.0, 20.0, 40.0, 90.0, 10.0, 30.0, 60.0]) * 1_000
    found = measure(time, earned, NAV)
    assert found.drawdown == pytest.approx(0.08)  # 90 to 10
    assert found.worst_day == pytest.approx(-0.03)  # 40 at the second midnight, 10 at the third
    assert found.days == 3.0
    assert found.return_year == pytest.approx(0.06 * 365 / 3)


def test_days_that_the_window_cuts_are_left_out() -> None:
    time = np.array([6, 24, 48, 50], dtype=np.int64) * HOUR + 20_000 * DAY
    assert daily_changes(time, np.array([0.0, 5.0, 7.0, 100.0])).tolist() == [2.0]


def test_an_account_that_does_not_vary_has_no_sharpe() -> None:
    time = np.arange(100, dtype=np.int64) * HOUR
    assert math.isnan(measure(time, np.zeros(100), NAV).sharpe)


def test_nine_intervals_in_ten_hold_the_truth() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(4_000):
        found = interval(random.normal(2.0, 5.0, 5).tolist())
        held += found.low <= 2.0 <= found.high
    assert held / 4_000 == pytest.approx(0.90, abs=4 * math.sqrt(0.9 * 0.1 / 4_000))


def test_one_value_has_no_interval() -> None:
    found = interval([3.0])
    assert (found.mean, found.count) == (3.0, 1)
    assert math.isnan(found.low)
    assert isinstance(found, Interval)


def test_break_even_lies_between_the_points_that_were_run() -> None:
    assert break_even([0.0, 0.1, 0.3], [0.08, 0.02, -0.02]) == pytest.approx(0.2)
    assert break_even([0.0, 0.5], [0.08, 0.01]) is None
    assert break_even([0.0, 0.5], [-0.01, -0.02]) is None


def test_too_little_to_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="two visits"):
        measure(np.array([0]), np.array([0.0]), NAV)
    with pytest.raises(ValueError, match="nothing"):
        interval([])


def test_the_error_of_a_residual_that_stays_is_its_size_times_what_a_day_moves() -> None:
    """One ETH uncovered of a price that moves 60 % a year: 1 x S x 0.6 / sqrt(365) USD a day."""
    random, spot, days = np.random.default_rng(5), 2_000.0, 4_000
    steps = random.normal(0.0, spot * 0.6 / math.sqrt(365 * 24), 24 * days)
    prices = np.concatenate([[spot], spot + np.cumsum(steps)])
    time = np.arange(24 * days + 1, dtype=np.int64) * HOUR
    found = hedging(time, prices, np.ones(len(prices)), 8_000.0, NAV)
    assert found.error == pytest.approx(spot * 0.6 / math.sqrt(365) / NAV, rel=0.01)
    assert found.eth_day == 2.0


def test_a_residual_counts_by_the_move_that_follows_it() -> None:
    time = np.array([0, 12, 24], dtype=np.int64) * HOUR
    found = hedging(time, np.array([100.0, 110.0, 90.0]), np.array([3.0, -1.0, 50.0]), 4.0, 1_000.0)
    assert found.error == pytest.approx(math.sqrt(30.0**2 + 20.0**2) / 1_000.0)


def test_a_frontier_is_read_between_its_points_and_not_beyond() -> None:
    frontier = [(4.0, 10.0), (1.0, 40.0)]
    assert at_error(frontier, 2.0) == pytest.approx(20.0)
    assert at_error(frontier, 4.0) == pytest.approx(10.0)
    assert at_error(frontier, 4.1) is None
    assert at_error(frontier, 0.9) is None
    assert at_error(frontier[:1], 4.0) is None
    assert at_error([*frontier, (2.0, 0.0), (0.0, 9.0)], 2.0) == pytest.approx(20.0)
    assert at_error(frontier, 0.0) is None
