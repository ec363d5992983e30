"""Simulated prices whose truth is known."""

from __future__ import annotations

import math

import numpy as np

from keeper.backtest import series
from keeper.backtest.series import Series

YEAR_HOURS = 8_760


def walk(days: int, seed: int, vol: float = 0.6, mood: float = 0.0) -> Series:
    """A martingale by the hour, of `vol` a year. mood: deviation of the logarithm of volatility, which comes
    back in ten days."""
    rng, n = np.random.default_rng(seed), 24 * days
    level, keep = np.zeros(n), math.exp(-1 / 240)
    if mood:
        noise = rng.standard_normal(n)
        level[0] = mood * noise[0]
        for i in range(1, n):
            level[i] = keep * level[i - 1] + mood * math.sqrt(1 - keep * keep) * noise[i]
    hourly = vol * np.exp(level - mood * mood) / math.sqrt(YEAR_HOURS)
    moves = hourly * rng.standard_normal(n) - hourly**2 / 2
    return series.of_prices(
        3_600 * np.arange(n, dtype=np.int64), 2_500 * np.exp(np.cumsum(moves)), 3_600
    )
