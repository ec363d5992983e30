"""What is sold: deltas as they are asked for, books drawn alike, specs refused by name."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from keeper.backtest import books
from keeper.backtest.books import BookSpecError, Option


@pytest.mark.parametrize("is_put", [False, True])
@pytest.mark.parametrize("delta", [0.1, 0.25, 0.5])
def test_a_strike_by_delta_has_that_delta(is_put: bool, delta: float) -> None:
    option, vol = Option(is_put, delta, 720, 1.0, by_delta=True), 0.7
    deviation = vol * math.sqrt(30 / 365)
    d1 = -math.log(option.moneyness(vol)) / deviation + deviation / 2
    assert norm.cdf(-d1 if is_put else d1) == pytest.approx(delta, abs=1e-12)
    if delta < 0.5:
        assert (option.moneyness(vol) < 1) == is_put


def test_one_option_is_three_side_by_side() -> None:
    at_the_money, call, put = (book[0] for book in books.ONE.at(0))
    assert (at_the_money.moneyness(0.6), at_the_money.hours) == (1.0, 720)
    assert (call.is_put, put.is_put) == (False, True)
    assert put.moneyness(0.6) < 1 < call.moneyness(0.6)


def test_random_books_are_as_the_goals_define_them() -> None:
    drawn = [option for time in range(500) for option in books.TWELVE.at(time)[0]]
    strikes, hours = np.array([o.strike for o in drawn]), np.array([o.hours for o in drawn])
    assert 0.8 <= strikes.min() < 0.805
    assert 1.195 < strikes.max() <= 1.2
    assert 168 <= hours.min() < 172
    assert 1_076 < hours.max() <= 1_080
    assert strikes.mean() == pytest.approx(1.0, abs=0.006)
    assert all(o.is_put == (o.strike < 1) for o in drawn)
    sizes = 12 * np.array([o.weight for o in drawn])
    assert sizes.mean() == pytest.approx(1.0)
    # shares of twelve exponentials: variance of 12 times a Dirichlet share is 11/13
    assert sizes.var() == pytest.approx(11 / 13, rel=0.06)


def test_a_random_book_depends_on_its_time_and_seed_alone() -> None:
    assert books.TWELVE.at(3_600) == books.TWELVE.at(3_600)
    assert books.TWELVE.at(3_600) != books.TWELVE.at(7_200)
    assert books.Selling(count=12, seed=2).at(3_600) != books.TWELVE.at(3_600)


def test_a_book_is_read_as_it_is_typed() -> None:
    book = books.parse("call:1.05:30:3, put:25d:14").at(0)[0]
    assert book == (Option(False, 1.05, 720, 0.75), Option(True, 0.25, 336, 0.25, by_delta=True))
    assert books.parse("random:5").count == 5
    assert books.parse("one") == books.ONE


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "names no options"),
        ("three", "is no option"),
        ("random:0", "1 to 256"),
        ("random:9999999999999999999999", "1 to 256"),
        ("call:1.0", "is no option"),
        ("straddle:1:30", "is no option"),
        ("call:nan:30", "the strike"),
        ("call:1:inf", "the life"),
        ("call:20:30", "the strike"),
        ("put:99.5d:30", "the strike"),
        ("put:1:0.5", "the life"),
        ("put:1:30:-1", "the size"),
    ],
)
def test_a_book_that_cannot_be_read_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(BookSpecError, match=named):
        books.parse(text)
