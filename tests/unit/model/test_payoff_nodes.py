"""A book of nodes pays what its options pay, exactly; capped options keep their ranges."""

from __future__ import annotations

import numpy as np
import pytest
from black76_oracles import spread_points, textbook
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.errors import DomainError
from tandem.model.payoff import Book, book_of, capped
from tandem.units import UNIT

strikes = st.integers(1, 20_000)


@st.composite
def sold(draw: st.DrawFn) -> tuple[bool, int, int, int | None]:
    """One option sold or bought back: (is_put, strike, size, cap); calls always capped."""
    is_put = draw(st.booleans())
    strike = draw(st.integers(2, 20_000))
    size = draw(st.integers(-(10**9), 10**9))
    if is_put:
        return is_put, strike, size, draw(st.none() | st.integers(1, strike - 1))
    return is_put, strike, size, draw(st.integers(strike + 1, 60_000))


def owed(option: tuple[bool, int, int, int | None], x: int) -> int:
    """The payoff by the contract of the option, without nodes."""
    is_put, strike, size, cap = option
    gain = strike - max(x, cap or 0) if is_put else min(x, cap or x) - strike
    return size * max(gain, 0)


@given(st.lists(sold(), max_size=12), st.lists(st.integers(0, 100_000), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_book_pays_exactly_what_its_options_pay(options: list, prices: list[int]) -> None:
    book = book_of(options)
    for x in prices:
        assert book.payoff(x) == sum(owed(o, x) for o in options)


def test_options_bought_back_leave_nothing() -> None:
    book = book_of([(True, 2000, 5, 1500), (False, 2000, 7, 4000)])
    assert book.with_option(True, 2000, -5, 1500).with_option(False, 2000, -7, 4000) == Book()


def test_book_greeks_are_the_sum_of_its_options() -> None:
    vol = {1500: 0.9, 2000: 0.8, 4000: 0.7}
    options = [(True, 2000, 3 * UNIT, 1500), (False, 2000, 2 * UNIT, 4000)]
    book = book_of(options)
    got = book.greeks(2100.0, 0.08, [vol[k] for k, _ in book.nodes])
    for place in range(5):
        want = 0.0
        for is_put, strike, size, cap in options:
            far = textbook(is_put, 2100.0, cap, 0.08, vol[cap])[place]
            want += size / UNIT * (textbook(is_put, 2100.0, strike, 0.08, vol[strike])[place] - far)
        assert got[place] == pytest.approx(float(want), rel=1e-12)


def test_r06_values_stay_in_their_ranges_everywhere() -> None:
    put, f, k, t, v = spread_points(np.random.default_rng(9), 50_000)
    ratio = np.random.default_rng(10).uniform(1.0001, 5.0, put.size)
    cap = np.where(np.arange(put.size) % 3 == 0, np.nan, np.where(put, k / ratio, k * ratio))
    got = capped(put, f, k, cap, t, v)
    limit = np.where(np.isnan(cap), np.where(put, k, f), np.abs(cap - k))
    assert np.all((got.value >= 0.0) & (got.value <= limit))


def test_capped_call_is_the_difference_of_two_calls() -> None:
    got = capped(False, 2100.0, 2000.0, 4000.0, 0.08, 0.8, 0.7)
    near, far = textbook(False, 2100, 2000, 0.08, 0.8), textbook(False, 2100, 4000, 0.08, 0.7)
    for name, a, b in zip(("value", "delta", "gamma", "vega", "theta"), near, far, strict=True):
        assert float(getattr(got, name)) == pytest.approx(float(a - b), rel=1e-13)


@pytest.mark.parametrize(("is_put", "cap"), [(False, 2000.0), (False, 1.0), (True, 2000.0)])
def test_cap_on_the_wrong_side_is_refused(is_put: bool, cap: float) -> None:
    with pytest.raises(DomainError, match=r"^cap: "):
        capped(is_put, 2100.0, 2000.0, cap, 0.08, 0.8)


@pytest.mark.filterwarnings("error")
def test_one_number_stands_for_a_column_without_a_warning() -> None:
    """numpy warns of arrays that it spread itself and that are asked whether they may be written."""
    forwards = np.array([2_400.0, 2_500.0, 2_600.0])
    spread = capped(False, forwards, 2_500.0, np.nan, 0.1, 0.6)
    each = [capped(False, f, 2_500.0, np.nan, 0.1, 0.6).value for f in forwards.tolist()]
    assert spread.value.tolist() == [float(value) for value in each]
