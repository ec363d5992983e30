"""Episodes hold what is sold, at every hour of the day, with the Greeks of the textbook."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from keeper.backtest import books, episodes, series
from keeper.backtest.books import Option, Selling
from keeper.backtest.episodes import Episodes, ShortHistoryError
from keeper.backtest.series import PriceSeriesError, Series

HOUR_YEARS = 1 / 8_760


def test_starts_visit_every_hour_of_the_day(made: Episodes) -> None:
    hours = np.unique(made.time) // 3_600
    assert (np.diff(hours) == 41).all()
    assert set((hours % 24).tolist()) == set(range(24))


def test_greeks_are_the_textbooks(year: Series, made_books: Episodes) -> None:
    """Summed one by one from the normal distribution, expired options left out."""
    for i in (0, len(made_books) // 2):
        book = books.TWELVE.at(int(made_books.time[i]))[0]
        for t in (0, 200, int(made_books.life[i]) - 1):
            spot, vol = made_books.spot[i, t], made_books.vol[i]
            delta = slope = weighted = left = 0.0
            for option in book:
                if option.hours <= t:
                    continue
                tau = (option.hours - t) * HOUR_YEARS
                deviation = vol * math.sqrt(tau)
                d1 = math.log(spot / option.moneyness(vol)) / deviation + deviation / 2
                delta += option.weight * (norm.cdf(d1) - option.is_put)
                gamma = option.weight * norm.pdf(d1) / (spot * deviation)
                slope += gamma * spot
                weighted += gamma * spot * tau
                left += option.weight
            assert made_books.delta[i, t] == pytest.approx(delta, abs=1e-12)
            assert made_books.slope[i, t] == pytest.approx(slope, rel=1e-9)
            if slope > 1e-250:
                assert made_books.tau[i, t] == pytest.approx(weighted / slope, rel=1e-9)
            assert made_books.open[i, t] == pytest.approx(left, rel=1e-12)


def test_a_book_lives_to_its_last_expiry_and_no_longer(made_books: Episodes) -> None:
    for i in range(len(made_books)):
        life = int(made_books.life[i])
        assert (made_books.open[i, :life] > 0).all()
        assert not made_books.open[i, life:].any()
        assert not made_books.delta[i, life:].any()


def test_where_no_gamma_is_left_the_tenor_is_what_remains() -> None:
    """A call at ten times a price that hardly moves: its gamma is less than a float can hold."""
    n = 24 * 60
    price = 2_000.0 * np.exp(1e-5 * np.cumsum(np.random.default_rng(1).standard_normal(n)))
    quiet = series.of_prices(3_600 * np.arange(n, dtype=np.int64), price, 3_600)
    made = episodes.make(quiet, Selling(((Option(False, 10.0, 480, 1.0),),)))
    assert not made.slope.any()
    np.testing.assert_allclose(made.tau[0], (480 - np.arange(480)) * HOUR_YEARS, rtol=1e-12)


def test_an_episode_lies_inside_its_span(year: Series) -> None:
    begin, end = int(year.time[1_000]), int(year.time[4_000])
    made = episodes.make(year, books.TWELVE, begin, end)
    assert made.time.min() >= begin
    assert (made.time + 3_600 * made.life).max() <= end


def test_no_episode_reaches_over_a_gap() -> None:
    n = 24 * 120
    time = 3_600 * np.arange(n, dtype=np.int64)
    time[n // 2 :] += 10 * 86_400
    price = 2_000.0 * np.exp(np.cumsum(0.005 * np.random.default_rng(2).standard_normal(n)))
    made = episodes.make(series.of_prices(time, price, 3_600), books.ONE)
    gap = time[n // 2 - 1]
    ends = made.time + 3_600 * made.life
    assert ((ends <= gap) | (made.time > gap + 10 * 86_400)).all()
    assert (made.time > gap).any()
    assert (ends <= gap).any()


def test_steps_of_five_minutes_are_twelve_an_hour(year: Series) -> None:
    n = 12 * 24 * 50
    price = 2_000.0 * np.exp(np.cumsum(0.001 * np.random.default_rng(3).standard_normal(n)))
    fine = series.of_prices(300 * np.arange(n, dtype=np.int64), price, 300)
    made = episodes.make(fine, books.ONE)
    assert made.per_hour == 12
    assert set(made.life.tolist()) == {12 * 720}
    assert made.tau[0, 0] == pytest.approx(30 / 365)
    assert made.vol.mean() == pytest.approx(0.001 * math.sqrt(12 / HOUR_YEARS), rel=0.1)


def test_a_short_history_is_refused_by_name() -> None:
    flat = series.of_prices(3_600 * np.arange(800, dtype=np.int64), np.full(800, 2_000.0), 3_600)
    with pytest.raises(ShortHistoryError, match="no episode fits"):
        episodes.make(flat, books.ONE)


def test_volatility_may_be_quoted_and_where_it_is_not_nothing_is_sold(year: Series) -> None:
    middle = int(year.time[4_000])

    def quoted(time: int, hours: int) -> float:
        return 0.4 + hours / 10_000 if time < middle else math.nan

    made = episodes.make(year, books.TWELVE, quoted=quoted)
    assert made.time.max() < middle
    np.testing.assert_allclose(made.vol, 0.4 + made.life / 10_000)


def test_more_steps_than_memory_holds_are_refused_by_name(
    year: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(episodes, "MOST_STEPS", 100_000)
    with pytest.raises(PriceSeriesError, match="more than memory"):
        episodes.make(year, books.ONE)
