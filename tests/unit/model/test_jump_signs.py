"""Jumps that stand out are found where they were put, and hardly ever where none is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from tandem.model import jump_signs
from tandem.model.jump_signs import NAMES, WINDOW, found, limit, standardised, statistics

SIGMA = 0.006


def normal(seed: int, n: int = 3_000) -> np.ndarray:
    return SIGMA * np.random.default_rng(seed).standard_normal(n)


def by_name(r: np.ndarray) -> dict[str, float]:
    return dict(zip(NAMES, statistics(r).tolist(), strict=True))


def test_a_return_is_measured_against_the_bipower_variation_before_it() -> None:
    r = normal(1, 400)
    z = standardised(r)
    for t in (WINDOW + 1, 200, 399):
        before = [abs(r[s] * r[s - 1]) for s in range(t - WINDOW + 1, t)]
        scale = math.sqrt(math.pi / 2 * sum(before) / (WINDOW - 1))
        assert z[t] == pytest.approx(r[t] / scale, rel=1e-9)
    assert not z[: WINDOW + 1].any()


@pytest.mark.parametrize("n", [500, 3_000, 100_000])
def test_the_limit_is_what_the_largest_of_n_normals_stays_under(n: int) -> None:
    """Against the exact law, of which it is the limit for many."""
    for confidence in (0.5, 0.95):
        exact = norm.ppf(0.5 + 0.5 * confidence ** (1.0 / n))
        assert limit(n, confidence) == pytest.approx(exact, abs=0.07)


def test_no_jump_is_found_in_nearly_all_diffusions() -> None:
    """The confidence is over the whole series: of 200 without a jump some ten show one, and a few more
    because what a return is measured against is estimated."""
    wrong = sum(len(found(normal(seed))) > 0 for seed in range(200))
    assert 4 <= wrong <= 28


def test_planted_jumps_are_found_where_they_are() -> None:
    r = normal(3)
    places = [300, 900, 1_700, 2_500]
    r[places] += [0.06, -0.08, 0.05, -0.1]
    assert found(r).tolist() == places


def test_bipower_variation_does_not_see_a_jump_and_variance_does() -> None:
    r = normal(4, 8_000)
    before = by_name(r)
    assert math.exp(before["bipower variation"]) == pytest.approx(SIGMA**2, rel=0.04)
    assert before["variance"] == pytest.approx(0.0, abs=0.05)
    r[[1_000, 3_000, 5_000]] = 0.15
    after = by_name(r)
    assert after["variance"] > 0.15
    assert abs(after["bipower variation"] - before["bipower variation"]) < 0.05


def test_only_the_level_depends_on_the_scale() -> None:
    r = normal(5)
    r[500] = -0.07
    one, ten = statistics(r), statistics(10 * r)
    assert ten[0] - one[0] == pytest.approx(math.log(100))
    np.testing.assert_allclose(ten[1:], one[1:], atol=1e-9)


def test_turned_upside_down_falls_become_rises() -> None:
    r = normal(6)
    r[[500, 900, 1_500]] = [-0.07, -0.05, 0.06]
    one, other = by_name(r), by_name(-r)
    for name in ("falls past 4", "sum past 4", "return and volatility"):
        assert one[name] == pytest.approx(-other[name], abs=1e-12)
        assert one[name] != 0.0
    assert one["size past 4"] == pytest.approx(other["size past 4"])


def test_volatility_after_a_jump_is_seen() -> None:
    r = normal(7)
    for t in (500, 1_200, 1_900, 2_400):
        r[t] = 0.08
        r[t + 1 : t + 60] *= 3.0
    seen = by_name(r)
    assert seen["volatility after a jump"] > 0.3
    assert seen["volatility after a jump"] > seen["4 days after a jump"]


def test_each_series_by_itself_is_the_same() -> None:
    both = np.stack([normal(8), normal(9)])
    out = np.empty((2, jump_signs.COUNT))
    jump_signs.statistics_of_each(both, out)
    assert np.array_equal(out[1], statistics(both[1]))


def test_statistics_are_numbers_even_where_nothing_moves() -> None:
    assert np.isfinite(statistics(np.zeros(300))).all()
