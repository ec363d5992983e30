"""Candles of a simulated Brownian log price whose extremes are exact."""

from __future__ import annotations

import numpy as np

from tandem.feeds.candles import Candles, from_arrays

HOUR = 3_600
YEAR = 31_536_000


def brownian_candles(
    count: int, vol: float, seed: int, steps: int = 240, spot: float = 2_500.0
) -> tuple[Candles, np.ndarray]:
    """`count` hourly candles, and the log prices over `spot` at the end of each step [count, steps].

    Between two points of the path its maximum and minimum are drawn from the law of a bridge's (by
    reflection), not read off a grid: 3,600 points an hour would read the variance 2 % low.
    """
    rng = np.random.default_rng(seed)
    variance = vol * vol * HOUR / YEAR / steps
    moves = np.sqrt(variance) * rng.standard_normal((count, steps))
    after = np.cumsum(moves.reshape(-1)).reshape(count, steps)
    before = np.concatenate([[0.0], after.reshape(-1)[:-1]]).reshape(count, steps)

    def reach() -> np.ndarray:
        return np.sqrt(moves**2 - 2 * variance * np.log(1.0 - rng.random((count, steps))))

    high = ((before + after + reach()) / 2).max(axis=1)
    low = ((before + after - reach()) / 2).min(axis=1)
    times = HOUR * np.arange(count, dtype=np.int64)
    prices = (before[:, 0], high, low, after[:, -1])
    return from_arrays(times, *(spot * np.exp(p) for p in prices)), after
