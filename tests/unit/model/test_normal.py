"""The normal law against mpmath in 60 digits."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from tandem.model import normal

mp.mp.dps = 60
POINTS = np.concatenate(
    [
        np.linspace(-37.0, 37.0, 1481),
        np.array([-0.25, np.nextafter(-0.25, -1), -1e-300, 0.0, 1e-300, 1e-9, 0.25, 8.3]),
        np.random.default_rng(1).normal(0.0, 3.0, 1000),
    ]
)


def worst(got: np.ndarray, want: list[mp.mpf]) -> float:
    return max(float(abs(mp.mpf(float(g)) / w - 1)) for g, w in zip(got, want, strict=True))


def test_density_is_right_to_1e15_in_both_tails() -> None:
    assert worst(normal.pdf(POINTS), [mp.npdf(mp.mpf(float(x))) for x in POINTS]) <= 1e-15


def test_distribution_is_right_to_1e15_in_both_tails() -> None:
    assert worst(normal.cdf(POINTS), [mp.ncdf(mp.mpf(float(x))) for x in POINTS]) <= 1e-15


def test_mills_ratio_is_right_to_1e15_from_the_far_left_to_infinity() -> None:
    points = np.concatenate([POINTS, [45.99, 46.0, 46.01, 60.0, 1e3, 1e8, 1e150]])

    def ratio(y: float) -> mp.mpf:
        if y > 1e4:
            return (1 - 1 / mp.mpf(y) ** 2 + 3 / mp.mpf(y) ** 4) / mp.mpf(y)
        return mp.ncdf(-mp.mpf(y)) / mp.npdf(mp.mpf(y))

    assert worst(normal.mills(points), [ratio(float(y)) for y in points]) <= 1e-15


@pytest.mark.parametrize(("x", "below", "above"), [(-60.0, 0.0, 0.0), (60.0, 1.0, 1.0)])
def test_distribution_saturates(x: float, below: float, above: float) -> None:
    assert below <= normal.cdf(x) <= above


def test_distribution_never_falls() -> None:
    grid = np.linspace(-39.0, 9.0, 200_001)
    assert np.all(np.diff(normal.cdf(grid)) >= 0.0)


def test_shapes_are_kept_and_not_a_number_stays() -> None:
    assert normal.cdf(np.zeros((2, 3))).shape == (2, 3)
    assert np.isnan(normal.cdf(np.nan))
