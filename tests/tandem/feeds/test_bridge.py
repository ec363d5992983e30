"""The law inside a candle: its four densities, its extremes, its variance."""

from __future__ import annotations

from dataclasses import dataclass

import mpmath as mp
import numpy as np
import pytest
from reference.brownian import brownian_candles
from scipy.stats import kstest

from tandem.feeds import bridge
from tandem.feeds.candles import Candles
from tandem.feeds.visits import candle_variance


def killed(t: float, x: float, y: float, low: mp.mpf, high: mp.mpf) -> mp.mpf:
    """Density of a Brownian motion from x to y that stays in [low, high], by thirty images."""
    width, deviation = high - low, mp.sqrt(t)
    return mp.fsum(
        mp.npdf(y - x + 2 * k * width, 0, deviation)
        - mp.npdf(y + x - 2 * low + 2 * k * width, 0, deviation)
        for k in range(-15, 16)
    )


@pytest.mark.parametrize("t", [0.02, 0.1, 0.299, 0.301, 1.0, 4.0])
def test_the_four_densities_are_derivatives_of_the_killed_one(t: float) -> None:
    found = np.empty(4)
    factor = float(mp.exp(-(mp.pi**2) * t / 2)) if t > 0.3 else 1.0
    with mp.workdps(40):
        for x, y in ((0.3, 0.45), (0.02, 0.7), (0.9, 0.1)):
            expected = [
                killed(t, x, y, mp.mpf(0), mp.mpf(1)),
                mp.diff(lambda h, x=x, y=y: killed(t, x, y, mp.mpf(0), h), 1),
                -mp.diff(lambda low, x=x, y=y: killed(t, x, y, low, mp.mpf(1)), 0),
                -mp.diff(lambda low, h, x=x, y=y: killed(t, x, y, low, h), (0, 1), (1, 1)),
            ]
            bridge._kernels(t, x, y, found)
            assert found * factor == pytest.approx([float(e) for e in expected], rel=1e-9)


VOL = 0.6
TRUE = VOL**2 / 8_760
"""Variance of the log price in an hour."""


@dataclass(frozen=True)
class Truth:
    """Simulated candles, and the log prices that they came from, 240 an hour."""

    candles: Candles
    fine: np.ndarray


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth(*brownian_candles(12_000, VOL, seed=8))


def drawn(candles: Candles, steps: int, variance: np.ndarray, seed: int = 3) -> np.ndarray:
    """Log prices of one draw, the open first. [n, steps + 1]"""
    uniforms = np.random.default_rng(seed).random((len(candles), steps - 1, 2))
    prices = bridge.sample(
        candles.open, candles.high, candles.low, candles.close, variance, uniforms
    )
    return np.log(np.concatenate([candles.open[:, None], prices], axis=1))


def test_garman_klass_is_unbiased_on_exact_extremes(truth: Truth) -> None:
    c = truth.candles
    found = bridge.garman_klass(c.open, c.high, c.low, c.close) / TRUE
    assert found.mean() == pytest.approx(1.0, abs=3 * found.std() / np.sqrt(len(found)))


def test_the_root_of_garman_klass_is_low_by_its_stated_factor(truth: Truth) -> None:
    c = truth.candles
    found = np.sqrt(bridge.garman_klass(c.open, c.high, c.low, c.close) / TRUE)
    error = found.std() / np.sqrt(len(found))
    assert found.mean() == pytest.approx(bridge.ROOT_BIAS, abs=3 * error)


@pytest.mark.parametrize("steps", [4, 12, pytest.param(60, marks=pytest.mark.long)])
def test_the_quadratic_variation_is_the_truth_within_three_percent(
    truth: Truth, steps: int
) -> None:
    path = drawn(truth.candles, steps, candle_variance(truth.candles))
    ratio = (np.diff(path, axis=1) ** 2).sum() / (TRUE * len(truth.candles))
    assert ratio == pytest.approx(1.0, abs=0.03)


def test_prices_inside_the_candle_have_the_law_of_the_path_they_stand_for(truth: Truth) -> None:
    """Place in the range at a third of the hour, and the largest of four moves: drawn against true."""
    c = truth.candles
    path = drawn(c, 12, np.full(len(c), TRUE))
    low, width = np.log(c.low)[:, None], np.log(c.high / c.low)[:, None]
    real = np.concatenate([np.log(c.open)[:, None], np.log(2_500) + truth.fine[:, 19::20]], axis=1)
    for column in (1, 4, 6, 11):
        assert (
            kstest(((path - low) / width)[:, column], ((real - low) / width)[:, column]).pvalue
            > 0.001
        )
    largest = [np.abs(np.diff(p[:, ::3] / width, axis=1)).max(axis=1) for p in (path, real)]
    assert kstest(*largest).pvalue > 0.001


def test_every_price_is_inside_the_range_and_the_last_is_the_close(truth: Truth) -> None:
    c = truth.candles
    uniforms = np.random.default_rng(1).random((len(c), 11, 2))
    prices = bridge.sample(c.open, c.high, c.low, c.close, np.full(len(c), TRUE), uniforms)
    assert (prices >= c.low[:, None]).all()
    assert (prices <= c.high[:, None]).all()
    assert (prices[:, -1] == c.close).all()


CORNERS = {
    "no range": (100.0, 100.0, 100.0, 100.0),
    "straight up": (100.0, 110.0, 100.0, 110.0),
    "straight down": (110.0, 110.0, 100.0, 100.0),
    "back to an open at the low": (100.0, 110.0, 100.0, 100.0),
    "a tick": (100.0, 100.01, 100.0, 100.01),
    "a crash that recovers": (100.0, 101.0, 60.0, 100.0),
}


@pytest.mark.parametrize("corner", CORNERS.values(), ids=CORNERS)
@pytest.mark.parametrize("vol", [1e-9, 0.01, 1.0, 30.0], ids="sigma {}".format)
def test_candles_at_the_edge_of_what_a_candle_can_be_are_drawn(
    corner: tuple[float, float, float, float], vol: float
) -> None:
    """Whatever volatility is thought of them, from a straight line to one that fills the range."""
    count, steps = 400, 24
    open, high, low, close = (np.full(count, price) for price in corner)
    variance = np.full(count, vol**2 / 8_760)
    uniforms = np.random.default_rng(2).random((count, steps - 1, 2))
    prices = bridge.sample(open, high, low, close, variance, uniforms)
    assert np.isfinite(prices).all()
    assert (prices >= low[0]).all()
    assert (prices <= high[0]).all()
    assert (prices[:, -1] == close).all()
    if high[0] > low[0]:
        visited = (prices.max(axis=1) - prices.min(axis=1)) / (high[0] - low[0])
        assert visited.mean() > 0.6
