"""Maximum, payoff, partial close and hedging band against integers, fractions and bisection."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath as mp
import pytest
from kernel_oracle import NIGHTLY, NOW, WAD, Expiry, kernel, random_expiry, slice_word

from tandem.errors import Reverted

BOOKS = 3_000 if NIGHTLY else 300


def call(fn: str, *args: object) -> int:
    return kernel().engine.call(kernel().risk, fn, *args)


def words(expiry: Expiry) -> tuple[int, list[int]]:
    return expiry.header, expiry.node_words


def pays(is_put: bool, strike: int, other: int, x: Fraction) -> Fraction:
    zero = Fraction(0)
    if is_put:
        return max(strike - x, zero) - (max(other - x, zero) if other else zero)
    return max(x - strike, zero) - (max(x - other, zero) if other else zero)


@pytest.mark.proves("BK-3")
def test_maximum_is_the_largest_payoff_anywhere() -> None:
    rng = random.Random(41)
    for _ in range(BOOKS):
        expiry = random_expiry(rng, rng.randint(0, 16))
        assert call("maximum", *words(expiry)) == expiry.peak()
        x = Fraction(rng.randint(0, 12_000 * 10**6), 10**6)
        assert expiry.payoff(x) <= max(expiry.peak(), 0)


@pytest.mark.proves("BK-3")
def test_maximum_refuses_a_slope_left_open() -> None:
    open_call = Expiry(NOW, slice_word(), [(2_500, 1)])
    with pytest.raises(Reverted, match="risk: open slope"):
        call("maximum", *words(open_call))
    falling = Expiry(NOW, slice_word(), [(2_500, -1)])
    assert call("maximum", *words(falling)) == 0


@pytest.mark.proves("UN-3")
def test_payoff_rounds_up_and_holdings_round_down() -> None:
    rng = random.Random(42)
    for _ in range(BOOKS):
        expiry = random_expiry(rng, rng.randint(0, 16))
        price = rng.choice([0, rng.randint(0, 10_000 * WAD), rng.randint(0, 10_000) * WAD])
        true = max(expiry.payoff(Fraction(price, WAD)), Fraction(0))
        assert call("payoff", *words(expiry), price) == -((-true.numerator) // true.denominator)
        is_put, strike = rng.random() < 0.5, rng.randint(100, 9_000)
        other = rng.choice([0, strike // 2 if is_put else strike * 2])
        units = rng.randint(0, 10**9)
        true = units * pays(is_put, strike, other, Fraction(price, WAD))
        assert call("unit_payoff", is_put, strike, other, units, price) == int(true)


def test_what_holders_get_never_exceeds_what_is_set_aside() -> None:
    rng = random.Random(43)
    for _ in range(60):
        series = []
        sizes: dict[int, int] = {}
        forward = cash = 0
        for _ in range(rng.randint(1, 6)):
            is_put, strike = rng.random() < 0.5, rng.randint(100, 5_000)
            other = strike // 2 if is_put else strike * 2
            units = rng.randint(1, 10**8)
            series.append((is_put, strike, other, units))
            sizes[strike] = sizes.get(strike, 0) + units
            sizes[other] = sizes.get(other, 0) - units
            cash += units * (strike - other) if is_put else 0
        expiry = Expiry(NOW, slice_word(), list(sizes.items()), forward, cash)
        price = rng.randint(0, 10_000 * WAD)
        holders = sum(call("unit_payoff", *s, price) for s in series)
        assert holders <= call("payoff", *words(expiry), price) <= call("maximum", *words(expiry))


def fits(
    expiry: Expiry, is_put: bool, strike: int, other: int, q: int, price_up: int, room: int
) -> bool:
    """Whether closing q keeps every payoff inside the room, in exact arithmetic."""
    for x in [0, *(k for k, _ in expiry.nodes)]:
        kept = expiry.payoff(Fraction(x)) - q * pays(is_put, strike, other, Fraction(x))
        if price_up > 10**6 * pays(is_put, strike, other, Fraction(x)) and (
            kept + Fraction(q * price_up, 10**6) > room
        ):
            return False
    return True


def test_max_close_equals_exact_bisection() -> None:
    rng = random.Random(44)
    partial = 0
    for _ in range(BOOKS):
        is_put, strike = rng.random() < 0.5, rng.randint(700, 4_000)
        other = rng.choice([0, strike // 2 if is_put else strike * 2])
        expiry = random_expiry(rng, rng.randint(1, 14))
        units = rng.randint(1, 60_000_000)
        price_up = rng.randint(0, 1_200 * 10**6)
        room = expiry.peak() + rng.choice([0, 1, rng.randint(0, 10**11)]) - 1
        got = call("max_close", *words(expiry), is_put, strike, other, units, price_up, room)
        low, high = 0, units
        while low < high:
            middle = (low + high + 1) // 2
            if fits(expiry, is_put, strike, other, middle, price_up, room):
                low = middle
            else:
                high = middle - 1
        assert got == low
        partial += 0 < got < units
    assert partial > BOOKS // 20


def test_max_close_is_nothing_without_room() -> None:
    expiry = Expiry(NOW, slice_word(), [(2_000, 10**6), (4_000, -(10**6))])
    args = (*words(expiry), False, 2_000, 4_000, 10**6, 500 * 10**6)
    assert call("max_close", *args, 499 * 10**6) == 998_000
    assert call("max_close", *args, -1) == 0
    assert call("max_close", *args, 10**15) == 10**6


def test_what_trades_run_is_the_library_to_the_unit() -> None:
    """lib/inlined.vy is written by a script; it must not matter."""
    rng = random.Random(47)
    seen = set()
    for _ in range(400):
        expiry = random_expiry(rng, rng.randint(0, 16))
        strike, is_put = rng.randint(600, 9_000), rng.random() < 0.5
        other = rng.choice([0, strike // 2 if is_put else strike * 2])
        price = rng.randint(0, 12_000) * WAD + rng.randint(0, WAD)
        units, room = rng.randint(0, 10**9), rng.choice([-1, rng.randint(0, 10**12)])
        series = (expiry.at, is_put, strike, other)
        called, written = kernel().engine.call(
            kernel().harness, "both_payoffs", *words(expiry), price, series, units, room
        )
        assert called == written
        seen |= set(called)
    assert len(seen) > 500


def test_price_out_of_range_reverts_by_name() -> None:
    expiry = Expiry(NOW, slice_word(), [])
    with pytest.raises(Reverted, match="risk: price range"):
        call("payoff", *words(expiry), 2**96)
    with pytest.raises(Reverted, match="risk: price range"):
        call("unit_payoff", False, 1, 2, 1, 2**96)
    top = 2**96 - 1
    assert call("unit_payoff", False, 1, 0, WAD, top) == top - WAD


def band(gamma: int, spot: int, nav: int, bps: int, aversion: int, gross: int, lot: int) -> tuple:
    return kernel().engine.call(
        kernel().risk, "hedge_band", gamma, spot, nav, bps, aversion, gross, lot
    )


@pytest.mark.proves("HG-8")
def test_band_is_the_cube_root_of_whalley_and_wilmott() -> None:
    rng = random.Random(45)
    for _ in range(200):
        gamma = rng.choice([-1, 1]) * int(10 ** rng.uniform(-5, 0) * WAD)
        spot, nav = rng.randint(100, 10_000) * WAD, rng.randint(10**4, 10**9) * WAD
        bps, aversion = rng.randint(1, 100), rng.randint(10, 5_000)
        width, hard, trigger = band(gamma, spot, nav, bps, aversion, 10**15, 1)
        g, s, n = (mp.mpf(x) / WAD for x in (gamma, spot, nav))
        true = mp.cbrt(mp.mpf(3) / 2 * mp.mpf(bps) / 10_000 * s * g * g * n / aversion)
        assert abs(mp.mpf(width) / WAD - true) < true * mp.mpf("1e-11") + mp.mpf("1e-12")
        assert hard == 2 * width
        assert trigger == width // 2


@pytest.mark.proves("HG-8")
def test_band_is_clamped_by_gross_and_the_lot_wins() -> None:
    # 50 at-the-money 30-day options, $1M: 2.7 ETH unclamped, 5 % of 50 ETH is 2.5
    width, hard, trigger = band(55 * WAD // 1_000, 2_500 * WAD, 10**6 * WAD, 10, 500, 50 * 10**6, 1)
    assert (width, hard, trigger) == (25 * WAD // 10, 5 * WAD, 125 * WAD // 100)
    lot = WAD // 1_000
    assert band(0, 2_500 * WAD, 10**6 * WAD, 10, 500, 0, lot) == (lot, 2 * lot, lot)
    assert band(WAD, 2_500 * WAD, 10**6 * WAD, 10, 500, 10**3, lot) == (lot, 2 * lot, lot)


def test_band_never_reverts_in_range() -> None:
    rng = random.Random(46)
    tops = [0, 1, WAD, 2**96, 2**200, 2**255 - 1]
    for _ in range(200):
        gamma = rng.choice([-1, 1]) * rng.choice(tops)
        band(
            gamma,
            rng.choice(tops),
            rng.choice(tops),
            rng.randint(0, 10_000),
            rng.choice([1, 500, 2**256 - 1]),
            rng.choice(tops),
            rng.choice([0, WAD]),
        )
    assert band(-(2**255), WAD, WAD, 10, 500, 10**12, 1)[0] == 10**12 * 10**12 // 20


def test_band_terms_out_of_range_revert_by_name() -> None:
    for bps, aversion in ((10, 0), (10_001, 500)):
        with pytest.raises(Reverted, match=r"band"):
            band(WAD, WAD, WAD, bps, aversion, 1, 1)
