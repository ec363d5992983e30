"""Realised volatility is the square root of what squared moves say, however long the steps are."""

from __future__ import annotations

import numpy as np
import pytest

from tandem.feeds.realised import RealisedVol
from tandem.units import DAY, YEAR

TRUE = 0.8


def variances(steps: np.ndarray, half_life_hours: float, seed: int) -> np.ndarray:
    """Squares of the estimates along a simulated diffusion, from the second half of it."""
    rng = np.random.default_rng(seed)
    moves = TRUE * np.sqrt(steps / YEAR) * rng.standard_normal(len(steps))
    prices = 2_000 * np.exp(np.cumsum(moves))
    estimator = RealisedVol(start=0.1, half_life_hours=half_life_hours)
    times = np.cumsum(steps).tolist()
    vols = [estimator.update(time, price) for time, price in zip(times, prices, strict=True)]
    return np.square(vols[len(vols) // 2 :])


@pytest.mark.parametrize("step", [12, 300, 3_600])
def test_its_square_is_unbiased_at_any_step(step: int) -> None:
    steps = np.full(120_000, step)
    found = variances(steps, half_life_hours=20 * step / 3_600, seed=step) / TRUE**2
    # 60,000 squares of normal moves: one standard error of their mean is 0.6 %
    assert found.mean() == pytest.approx(1.0, abs=0.018)


def test_its_square_is_unbiased_where_steps_differ() -> None:
    steps = np.random.default_rng(1).choice([1, 2, 300, 900, 3_600], size=120_000)
    found = variances(steps, half_life_hours=24, seed=2) / TRUE**2
    assert np.average(found, weights=steps[60_000:]) == pytest.approx(1.0, abs=0.03)


def test_a_price_of_the_same_second_enters_with_the_next_one() -> None:
    twice, once = RealisedVol(), RealisedVol()
    for estimator in (twice, once):
        estimator.update(0, 3_000.0)
    twice.update(0, 2_900.0)
    assert twice.update(300, 2_800.0) == once.update(300, 2_800.0)


def test_a_crash_is_seen_as_it_happens_and_decays_by_half_in_a_half_life() -> None:
    estimator = RealisedVol(start=0.5)
    estimator.update(0, 3_000.0)
    assert estimator.update(900, 3_000.0) < 0.5
    crash = estimator.update(1_800, 2_500.0)
    assert crash > 1.0
    assert estimator.update(1_800 + DAY, 2_500.0) ** 2 == pytest.approx(crash**2 / 2)
