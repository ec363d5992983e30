"""Prices at even steps: gaps, runs, and a volatility that knows nothing later."""

from __future__ import annotations

import numpy as np
import pytest

from keeper.backtest import series
from keeper.backtest.series import PriceSeriesError, Series
from tandem.feeds.candles import Candles, from_arrays


def candles(first: int, count: int, step: int = 3_600, price: float = 2_000.0) -> Candles:
    time = first + step * np.arange(count, dtype=np.int64)
    flat = np.full(count, price)
    return from_arrays(time, flat, flat, flat, flat, source=f"candles at {first}")


def test_volatility_of_a_walk_is_the_walks(year: Series) -> None:
    known = year.vol[np.isfinite(year.vol)]
    # an average over 28 days' worth of hourly squares: 672 of them, so 2.7 % of deviation each
    assert known.mean() == pytest.approx(0.6, rel=0.01)
    assert 0.015 < known.std() / 0.6 < 0.045


def test_volatility_is_not_known_before_its_days_have_passed(year: Series) -> None:
    assert np.isnan(year.vol[: 24 * 14]).all()
    assert np.isfinite(year.vol[24 * 14 :]).all()


def test_nothing_later_is_known(year: Series) -> None:
    changed = year.price.copy()
    changed[4_000:] *= np.linspace(1.0, 3.0, len(changed) - 4_000) ** 2
    again = series.of_prices(year.time, changed, 3_600)
    assert np.array_equal(again.vol[:4_000], year.vol[:4_000], equal_nan=True)
    assert not np.array_equal(again.vol[4_001:], year.vol[4_001:])


def test_a_price_is_known_when_its_candle_ends() -> None:
    assert series.of_candles([candles(0, 3)]).time.tolist() == [3_600, 7_200, 10_800]


def test_a_short_gap_keeps_the_last_price_and_a_long_one_ends_the_run() -> None:
    time = np.array([0, 1, 2, 5, 6, 13, 14]) * 3_600
    made = series.of_prices(time, np.array([1.0, 2, 3, 4, 5, 6, 7]), 3_600)
    assert (made.time // 3_600).tolist() == [0, 1, 2, 3, 4, 5, 6, 13, 14]
    assert made.price.tolist() == [1, 2, 3, 3, 3, 4, 5, 6, 7]
    assert made.last.tolist() == [6] * 7 + [8] * 2


def test_files_are_joined_in_the_order_of_their_time() -> None:
    made = series.of_candles([candles(36_000, 4, price=3_000), candles(0, 10)])
    assert made.price.tolist() == [2_000.0] * 10 + [3_000.0] * 4
    assert (np.diff(made.time) == 3_600).all()


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ([candles(0, 5, 7_200)], "candles of 7200 s"),
        ([candles(0, 5, 1_500)], "candles of 1500 s"),
        ([candles(0, 5), candles(90_000, 5, 300)], "300 s and 3600 s"),
        ([candles(0, 5), candles(7_200, 5)], "before candles at 0 ends"),
    ],
)
def test_files_that_do_not_fit_are_refused_by_name(files: list[Candles], named: str) -> None:
    with pytest.raises(PriceSeriesError, match=named):
        series.of_candles(files)


def test_volatility_may_be_that_of_a_longer_history(year: Series) -> None:
    later = series.of_prices(year.time[5_000:5_100], year.price[5_000:5_100], 3_600)
    assert np.isnan(later.vol).all()
    assert np.array_equal(later.with_vol_of(year).vol, year.vol[5_000:5_100])
    far = series.of_prices(year.time[-2:] + 10**7, year.price[-2:], 3_600)
    assert np.isnan(far.with_vol_of(year).vol).all()
