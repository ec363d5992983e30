"""Black-76 against mpmath and QuantLib, and the laws that no reference is needed for."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from black76_oracles import NAMES, NIGHTLY, YEAR, corners, quantlib, spread_points, textbook
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.errors import DomainError
from tandem.model.black76 import CALL, PUT, Greeks, intrinsic, price

BULK = 3_000_000 if NIGHTLY else 120_000
PRECISE = 40_000 if NIGHTLY else 3_000
TINY = 1e-280
"""Below this a double has started to lose digits: only the size is compared."""


def errors(got: Greeks, points: tuple[np.ndarray, ...]) -> tuple[float, dict[str, float]]:
    """Largest error of value over max(F, K), and largest relative error of each number."""
    over, relative = 0.0, dict.fromkeys(NAMES, 0.0)
    columns = [getattr(got, name) for name in NAMES]
    for i, row in enumerate(zip(*points, strict=True)):
        want = textbook(*row)
        over = max(over, float(abs(mp.mpf(float(columns[0][i])) - want[0])) / max(row[1], row[2]))
        for name, column, exact in zip(NAMES, columns, want, strict=True):
            if abs(exact) > TINY:
                off = float(abs(mp.mpf(float(column[i])) / exact - 1))
                relative[name] = max(relative[name], off)
            else:
                assert abs(column[i]) <= 1e-270
    return over, relative


@pytest.mark.parametrize("where", ["spread", "corners"])
def test_agrees_with_sixty_digits(where: str) -> None:
    points = spread_points(np.random.default_rng(7), PRECISE) if where == "spread" else corners()
    over, relative = errors(price(*points), points)
    assert over <= 5e-16
    assert relative.pop("value") <= 2e-14
    assert max(relative.values()) <= 1e-14


def test_within_eight_standard_deviations_even_the_last_digits_are_right() -> None:
    put, f, k, t, v = spread_points(np.random.default_rng(8), PRECISE)
    inside = np.abs(np.log(f / k)) < 8.0 * v * np.sqrt(t)
    points = tuple(x[inside] for x in (put, f, k, t, v))
    _, relative = errors(price(*points), points)
    assert relative.pop("value") <= 6e-15
    assert max(relative.values()) <= 1.5e-15


def test_agrees_with_quantlib_in_bulk() -> None:
    points = spread_points(np.random.default_rng(11), BULK)
    got, want = price(*points), quantlib(*points)
    top = np.maximum(points[1], points[2])
    assert np.max(np.abs(got.value - want[:, 0]) / top) <= 1e-14
    # QuantLib takes the logarithm of a rounded F/K: at s standard deviations it is off by 1e-16/s
    s = points[4] * np.sqrt(points[3])
    allowed = 1e-12 + 4e-16 / s
    assert np.all(np.abs(got.delta - want[:, 1]) <= allowed)
    for column, name in ((2, "gamma"), (3, "vega"), (4, "theta")):
        scale = {
            "gamma": 1.0 / (points[1] * s),
            "vega": points[1] * np.sqrt(points[3]),
            "theta": points[1] * points[4] / np.sqrt(points[3]),
        }[name]
        assert np.all(np.abs(getattr(got, name) - want[:, column]) <= allowed * scale), name


def test_parity_is_exact_to_rounding() -> None:
    _, forward, strike, tau, vol = spread_points(np.random.default_rng(3), 100_000)
    call, put = price(CALL, forward, strike, tau, vol), price(PUT, forward, strike, tau, vol)
    top = np.maximum(np.maximum(call.value, put.value), np.maximum(forward, strike))
    off = np.abs((call.value - put.value) - (forward - strike))
    assert np.all(off <= 2.3e-16 * top)
    assert np.all(np.abs(call.delta - put.delta - 1.0) <= 2.3e-16)
    for name in ("gamma", "vega", "theta"):
        np.testing.assert_array_equal(getattr(call, name), getattr(put, name))


option = {
    "is_put": st.booleans(),
    "forward": st.floats(1.0, 1e6),
    "ratio": st.floats(-3.0, 3.0),
    "tau": st.floats(1 / YEAR, 2.0),
    "vol": st.floats(0.01, 5.0),
}


@given(**option)
@settings(max_examples=300, deadline=None)
def test_value_lies_between_its_intrinsic_and_its_limit(
    is_put: bool, forward: float, ratio: float, tau: float, vol: float
) -> None:
    strike = forward * float(np.exp(ratio))
    got = price(is_put, forward, strike, tau, vol)
    limit = strike if is_put else forward
    slack = 4.5e-16 * max(forward, strike)
    assert intrinsic(is_put, forward, strike) <= got.value <= limit + slack
    low, high = (-1.0, 0.0) if is_put else (0.0, 1.0)
    assert low <= got.delta <= high
    assert got.gamma >= 0.0
    assert got.vega >= 0.0
    assert got.theta <= 0.0


@pytest.mark.parametrize("is_put", [CALL, PUT])
def test_value_is_monotone_in_forward_strike_time_and_volatility(is_put: bool) -> None:
    rng = np.random.default_rng(5)
    _, f, k, t, v = spread_points(rng, 20_000)
    base = price(is_put, f, k, t, v).value
    slack = 1e-15 * np.maximum(f, k)
    side = -1.0 if is_put else 1.0
    step = 1.0 + 1e-3 * rng.random(f.size)
    assert np.all(side * (price(is_put, f * step, k, t, v).value - base) >= -slack)
    assert np.all(side * (base - price(is_put, f, k * step, t, v).value) >= -slack)
    assert np.all(price(is_put, f, k, t * step, v).value - base >= -slack)
    assert np.all(price(is_put, f, k, t, v * step).value - base >= -slack)


def test_one_option_is_priced_as_many_are() -> None:
    points = spread_points(np.random.default_rng(2), 1_000)
    together = price(*points)
    for i in range(0, 1_000, 37):
        alone = price(*(x[i] for x in points))
        assert all(getattr(alone, n) == getattr(together, n)[i] for n in NAMES)


def test_results_fill_the_buffer_they_are_given() -> None:
    buffer = np.empty((5, 3))
    got = price(CALL, [90.0, 100.0, 110.0], 100.0, 0.1, 0.5, out=buffer)
    assert np.shares_memory(got.value, buffer)
    np.testing.assert_array_equal(
        buffer[0], price(CALL, [90.0, 100.0, 110.0], 100.0, 0.1, 0.5).value
    )


@pytest.mark.parametrize(
    ("name", "place", "bad"),
    [
        ("forward", 1, 0.0),
        ("forward", 1, np.nan),
        ("forward", 1, np.inf),
        ("strike", 2, -5.0),
        ("strike", 2, 1e13),
        ("tau", 3, 0.0),
        ("tau", 3, 11.0),
        ("vol", 4, np.nan),
        ("vol", 4, 51.0),
    ],
)
def test_an_input_out_of_the_domain_is_named(name: str, place: int, bad: float) -> None:
    row = [False, 100.0, 100.0, 0.1, 0.5]
    row[place] = np.array([row[place], bad])
    with pytest.raises(DomainError, match=f"^{name}: "):
        price(*row)


def test_nothing_to_price_is_no_error() -> None:
    assert price(CALL, [], [], [], []).value.size == 0
