"""Exposure, assessment and marks of whole books against mpmath; any storable book returns.

Longer than a file should be: every test holds the same books to the same references, made above them.
"""

from __future__ import annotations

import random

import mpmath as mp
import pytest
from kernel_oracle import (
    NIGHTLY,
    NOW,
    WAD,
    YEAR,
    Expiry,
    SliceFields,
    bits,
    kernel,
    random_expiry,
    slice_word,
    value_book,
)

from tandem.errors import Reverted

BOOKS = 400 if NIGHTLY else 60
HALF_SPREAD = WAD // 50


def call(fn: str, *args: object) -> tuple[int, ...]:
    return kernel().engine.call(kernel().risk, fn, *args)


EMPTY = [0] * 6


def rows(book: list[Expiry]) -> list[list[int]]:
    """Eight rows, the empty ones among the others."""
    return padded([expiry.row for expiry in book])


def padded(words: list[list[int]]) -> list[list[int]]:
    """As a book with gaps keeps them: one empty row in front of the last one."""
    gap = [EMPTY] * (8 - len(words))
    return words[:-1] + gap + words[-1:]


def random_book(rng: random.Random, expiries: int | None = None) -> list[Expiry]:
    count = rng.randint(0, 8) if expiries is None else expiries
    days = rng.choice([0.0, 0.001, 7.0])
    return [random_expiry(rng, rng.randint(0, 16), days + 6.0 * i) for i in range(count)]


def near(got: int, true: mp.mpf, slack: float) -> bool:
    return abs(mp.mpf(got) / WAD - true) <= mp.mpf(slack) * (1 + abs(true))


@pytest.mark.proves("HG-7", "PR-1")
def test_r04_exposure_agrees_with_mpmath_on_random_books() -> None:
    rng = random.Random(31)
    for _ in range(BOOKS):
        book, spot = random_book(rng), rng.randint(500, 8_000)
        delta, gamma, vega = call("exposure", rows(book), spot * WAD, NOW)
        true = value_book(book, mp.mpf(spot), NOW)
        assert abs(mp.mpf(delta) / WAD - true.delta) < 2e-14
        assert near(gamma, true.gamma, 1e-12)
        assert near(vega, true.vega, 1e-11)


def test_exact_delta_of_64_nodes_is_within_2e_minus_14_eth() -> None:
    rng = random.Random(32)
    for _ in range(4):
        book = [random_expiry(rng, 8, 7.0 * (i + 1)) for i in range(8)]
        delta = call("exposure", rows(book), 2_500 * WAD, NOW)[0]
        assert abs(mp.mpf(delta) / WAD - value_book(book, mp.mpf(2_500), NOW).delta) < 2e-14


def test_marks_agree_with_mpmath_on_random_books() -> None:
    rng = random.Random(33)
    for _ in range(BOOKS // 2):
        book, spot = random_book(rng), rng.randint(500, 8_000)
        at = (rows(book), spot * WAD, NOW)
        mid, low, high, delta, gamma, vega = call("marks", *at, HALF_SPREAD)
        theta = call("theta", *at)
        true = value_book(book, mp.mpf(spot), NOW, mp.mpf("0.02"))
        for got, wanted in ((mid, true.mid), (low, true.low), (high, true.high)):
            assert near(got, wanted, 1e-12)
        assert abs(mp.mpf(delta) / WAD - true.delta) < 2e-14
        assert near(gamma, true.gamma, 1e-12)
        assert near(vega, true.vega, 1e-11)
        assert near(theta, true.theta, 1e-10)
        assert low <= mid <= high


CAPPED = [(2_500, 1_000_000), (3_000, -1_000_000)]  # a call spread on 1 ETH


@pytest.mark.proves("SH-2")
def test_low_and_high_lie_between_nothing_and_the_maxima() -> None:
    book = [Expiry(NOW + days * 86_400, slice_word(), CAPPED) for days in (7, 30)]
    mid, low, high = call("marks", rows(book), 2_500 * WAD, NOW, 10**20)[:3]
    assert (low, high) == (0, 2 * 500 * WAD)
    assert 0 < mid < high


def test_no_mark_is_over_the_maximum_in_the_header() -> None:
    row = Expiry(NOW + 86_400, slice_word(), CAPPED).row
    row[0] = row[0] & (2**196 - 1) | 7 << 196
    assert call("marks", padded([row]), 2_500 * WAD, NOW, 0)[:3] == (7 * 10**12,) * 3


def test_marks_and_exposure_are_the_same_greeks() -> None:
    rng = random.Random(34)
    for _ in range(20):
        book = random_book(rng)
        lean = call("exposure", rows(book), 2_500 * WAD, NOW)
        full = call("marks", rows(book), 2_500 * WAD, NOW, 0)
        for a, b in zip(lean, full[3:6], strict=True):
            assert abs(a - b) <= 4 + abs(a) // 10**13
        assert full[0] == full[1] == full[2]


def test_an_expiry_that_waits_for_its_price_keeps_a_minute() -> None:
    rng = random.Random(35)
    expiry = random_expiry(rng, 6, 0.0)
    at = rows([expiry])
    frozen = call("exposure", at, 2_500 * WAD, NOW - 60)
    assert frozen == call("exposure", at, 2_500 * WAD, NOW)
    assert frozen == call("exposure", at, 2_500 * WAD, NOW + 10**9)


def test_empty_book_is_worth_nothing() -> None:
    assert call("exposure", [EMPTY] * 8, 2_500 * WAD, NOW) == (0, 0, 0)
    assert call("marks", [EMPTY] * 8, 2_500 * WAD, NOW, 0) == (0,) * 6


def wild_row(rng: random.Random) -> list[int]:
    """Every field at random over all its bits, strikes in any order."""

    def extreme(width: int) -> int:
        most = 2 ** (width - 1)
        return bits(rng.choice([-most, most - 1, 0, 1, -1, rng.randint(-most, most - 1)]), width)

    count = rng.randint(0, 16)
    header = (
        count
        | rng.choice([0, NOW, NOW + 1, 2**32 - 1]) << 8
        | rng.getrandbits(48) << 40
        | extreme(48) << 88
        | extreme(60) << 136
        | rng.choice([0, 2**60 - 1, rng.getrandbits(60)]) << 196
    )
    nodes = [rng.choice([1, 2**24 - 1, rng.randint(1, 2**24 - 1)]) << 40 for _ in range(count)]
    nodes = [node | extreme(40) for node in nodes] + [0] * (16 - count)
    words = [sum(n << 64 * (3 - j) for j, n in enumerate(nodes[i : i + 4])) for i in (0, 4, 8, 12)]
    return [header, rng.getrandbits(256), *words]


@pytest.mark.proves("BK-5")
def test_r07_no_storable_book_reverts() -> None:
    rng = random.Random(36)
    for _ in range(300):
        book = padded([wild_row(rng) for _ in range(rng.randint(1, 8))])
        spot = rng.choice([10**16, WAD, 2_500 * WAD, 10**6 * WAD, 2**96 - 1])
        mid, low, high = call("marks", book, spot, NOW, rng.choice([0, HALF_SPREAD, 10**20]))[:3]
        assert 0 <= low <= mid <= high
        call("exposure", book, spot, NOW)
        call("theta", book, spot, NOW)


def test_a_header_with_more_nodes_than_fit_reverts() -> None:
    for fn, more in (("exposure", ()), ("marks", (0,))):
        with pytest.raises(Reverted):
            call(fn, padded([[17, 0, 0, 0, 0, 0]]), 2_500 * WAD, NOW, *more)


def test_spot_and_spread_out_of_range_revert_by_name() -> None:
    for spot in (0, 10**16 - 1, 2**96):
        with pytest.raises(Reverted, match="risk: spot range"):
            call("exposure", [EMPTY] * 8, spot, NOW)
    with pytest.raises(Reverted, match="risk: half spread"):
        call("marks", [EMPTY] * 8, WAD, NOW, 10**20 + 1)


# ---------------------------------------------------------------- one series

WORD = slice_word()
OLD = slice_word(a=0.4)


def assess(is_put: bool, strike: int, other: int, spot: int = 2_500, old: int = 0) -> tuple:
    query = (NOW + 30 * 86_400, is_put, strike, other, WORD, old)
    return call("assess", [EMPTY] * 8, spot * WAD, NOW, query)[1]


def series_in_mpmath(
    word: int, is_put: bool, strike: int, other: int, spot: int
) -> dict[str, mp.mpf]:
    """A series as a book of its own: calls, forwards and cash per 1 ETH."""
    one = 10**6
    nodes = [(strike, one)] + ([(other, -one)] if other else [])
    forward = -one if is_put and not other else 0
    cash = one * (strike - other) if is_put else 0
    expiry = Expiry(NOW + 30 * 86_400, word, nodes, forward, cash)
    expiry_value = value_book([expiry], mp.mpf(spot), NOW)
    fields, tau = SliceFields.of(word), mp.mpf(30 * 86_400) / YEAR
    total = {n: getattr(expiry_value, n) for n in ("delta", "gamma", "vega")}
    f = spot * mp.exp(fields.basis * tau)
    worth = forward * f + cash
    for k, size in nodes:
        s = mp.sqrt(fields.variance(mp.log(k / f)) * tau)
        d1 = mp.log(f / k) / s + s / 2
        worth += size * (f * mp.ncdf(d1) - k * mp.ncdf(d1 - s))
    return {**total, "value": worth / one, "sigma": mp.sqrt(fields.variance(mp.log(strike / f)))}


@pytest.mark.proves("UN-2", "PR-1")
@pytest.mark.parametrize(
    ("is_put", "strike", "other"),
    [
        (False, 2_600, 5_200),
        (False, 2_600, 0),
        (True, 2_400, 0),
        (True, 2_400, 2_000),
        (False, 9_000, 18_000),
        (True, 900, 450),
        (False, 300, 600),
    ],
)
def test_series_agrees_with_mpmath(is_put: bool, strike: int, other: int) -> None:
    got = assess(is_put, strike, other)
    true = series_in_mpmath(WORD, is_put, strike, other, 2_500)
    value, delta, gamma, vega, previous, spread_vega, uncapped, maximum, sigma, forward, *places = (
        got
    )
    assert previous == value
    assert abs(mp.mpf(value) / WAD - true["value"]) < 2.5e-13  # 1e-16 of spot
    assert near(delta, true["delta"], 1e-14)
    assert near(gamma, true["gamma"], 1e-14)
    assert near(vega, true["vega"], 1e-12)
    assert near(sigma, true["sigma"], 1e-15)
    fields, tau = SliceFields.of(WORD), mp.mpf(30 * 86_400) / YEAR
    assert near(forward, 2_500 * mp.exp(fields.basis * tau), 1e-15)
    for place, at in zip(places, (strike, other), strict=True):
        k = mp.log(at * WAD / mp.mpf(forward)) if at else 0
        deviation = mp.sqrt(fields.variance(k) * tau) if at else 0
        assert abs(mp.mpf(place[0]) / 2**96 - k) < 1e-15
        assert abs(mp.mpf(place[1]) / 2**96 - deviation) < 1e-15
    alone = series_in_mpmath(WORD, is_put, strike, 0, 2_500)
    assert near(uncapped, alone["delta"], 1e-14)
    far = series_in_mpmath(WORD, False, other, 0, 2_500)["vega"] if other else 0
    assert near(spread_vega, alone["vega"] + far, 1e-12)
    bound = strike - other if is_put else other - strike
    assert maximum == (bound * WAD if is_put or other else 2**256 - 1)
    assert value <= maximum


def test_previous_slice_values_the_same_series() -> None:
    both = assess(False, 2_600, 5_200, old=OLD)
    true = series_in_mpmath(OLD, False, 2_600, 5_200, 2_500)
    assert abs(mp.mpf(both[4]) / WAD - true["value"]) < 2.5e-13
    assert both[4] > both[0]


@pytest.mark.proves("PR-1")
def test_stickiness_moves_delta_by_vega_and_slope_only() -> None:
    words = {r: slice_word(stickiness=r) for r in (0.0, 1.0, 2.0)}
    deltas = {}
    for r, word in words.items():
        query = (NOW + 30 * 86_400, False, 2_900, 0, word, 0)
        deltas[r] = call("assess", [EMPTY] * 8, 2_500 * WAD, NOW, query)[1]
    step_up = deltas[2.0][1] - deltas[1.0][1]
    assert abs(step_up + (deltas[0.0][1] - deltas[1.0][1])) <= 2
    assert step_up != 0
    assert deltas[0.0][0] == deltas[1.0][0] == deltas[2.0][0]
    assert deltas[0.0][2:4] == deltas[2.0][2:4]


def test_assess_gives_the_books_exposure_too() -> None:
    book = random_book(random.Random(37), 3)
    query = (NOW + 30 * 86_400, True, 2_400, 0, WORD, 0)
    both = call("assess", rows(book), 2_500 * WAD, NOW, query)[0]
    assert both == call("exposure", rows(book), 2_500 * WAD, NOW)


@pytest.mark.proves("PR-2")
def test_r06_series_stay_in_range_far_out_and_at_the_end() -> None:
    rng = random.Random(38)
    for _ in range(300):
        strike = round(10 ** rng.uniform(0, 6.9))
        is_put = rng.random() < 0.5
        other = rng.choice([0, max(strike // 2, 0)]) if is_put else rng.choice([0, strike * 2])
        if is_put and other == strike:
            other = 0
        word = slice_word(a=rng.choice([1e-4, 0.3, 24.9]), b=rng.choice([0.0, 0.2]))
        expiry = NOW + rng.choice([-1, 1, 60, 86_400, 2 * YEAR])
        other = min(other, 2**24 - 1)
        query = (expiry, is_put, strike, other, word, word)
        spot = rng.choice([1, 2_500, 10**6])
        greeks = call("assess", [EMPTY] * 8, spot * WAD, NOW, query)[1]
        assert 0 <= greeks[0] <= greeks[7]
        assert greeks[0] == greeks[4]
        assert greeks[5] >= 0


def test_r06_series_stay_in_range_on_a_smile_with_arbitrage_in_it() -> None:
    steep = slice_word(a=0.01, b=10.0, rho=-0.99, m=0.0, s=0.001, basis=0.0)
    for is_put, strike, other, value in ((False, 2_250, 2_500, 250), (True, 2_500, 2_250, 0)):
        query = (NOW + 30 * 86_400, is_put, strike, other, steep, steep)
        greeks = call("assess", [EMPTY] * 8, 2_500 * WAD, NOW, query)[1]
        assert greeks[0] == greeks[4] == value * WAD


@pytest.mark.parametrize(
    ("is_put", "strike", "other", "reason"),
    [
        (False, 0, 10, "risk: strike range"),
        (False, 2**24, 0, "risk: strike range"),
        (False, 10, 10, "risk: cap or floor"),
        (False, 10, 9, "risk: cap or floor"),
        (True, 10, 11, "risk: cap or floor"),
        (True, 10, 10, "risk: cap or floor"),
    ],
)
def test_bad_series_revert_by_name(is_put: bool, strike: int, other: int, reason: str) -> None:
    with pytest.raises(Reverted, match=reason):
        assess(is_put, strike, other)
