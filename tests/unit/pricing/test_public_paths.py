"""Every public path to a price is within 5e-16 of max(F, K) of Black-76 in 60 digits, from a second
to two years and from 1 to 500 %."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import black76_oracles
import mpmath as mp
import pytest
from kernel_oracle import NOW, WAD, YEAR, Expiry, kernel, signed, slice_word

POINTS = 20_000
BOUND = mp.mpf("5e-16")
WEI = mp.mpf(10) ** -18
LIVES = (1, 2, 3, 59, 60, 3_600, 86_400, YEAR, 2 * YEAR)
VOLS = (100, 101, 5_000, 49_999, 50_000)  # 1e-4: their squares are whole in a slice's 1e-15
TOP = 2**24 - 1


@dataclass(frozen=True, slots=True)
class Point:
    """One option: ticks, USD (WAD), seconds, 1e-4 of volatility."""

    is_put: bool
    strike: int
    forward: int
    life: int
    vol: int

    @property
    def slice(self) -> int:
        """Flat, without a basis: the forward is spot to the last digit."""
        return slice_word(a=0.0, b=0.0, basis=0.0) | self.vol**2 * 10**7

    @property
    def top(self) -> mp.mpf:
        return max(mp.mpf(self.forward) / WAD, mp.mpf(self.strike))

    def true(self) -> mp.mpf:
        forward, tau = mp.mpf(self.forward) / WAD, mp.mpf(self.life) / YEAR
        vol = mp.mpf(self.vol) / 10**4
        return black76_oracles.textbook(self.is_put, forward, mp.mpf(self.strike), tau, vol)[0]


def corners() -> list[Point]:
    """Each end of lives, volatilities and strikes with each other, near the money and off it."""
    ratios = (0.5, 1 - 1e-6, 1 - 1e-12, 1.0, 1 + 1e-12, 1 + 1e-6, 2.0)
    grid = itertools.product((False, True), (1, 2_500, TOP), ratios, LIVES, VOLS)
    return [Point(put, k, int(k * WAD * ratio), life, vol) for put, k, ratio, life, vol in grid]


def points(count: int, seed: int) -> list[Point]:
    """Corners, and in between: near the money by deviations, and anywhere."""
    rng, found = random.Random(seed), corners()
    while len(found) < count:
        strike, vol = round(10 ** rng.uniform(0, 7.22)), round(10 ** rng.uniform(2, 4.69897))
        life = round(10 ** rng.uniform(0, 7.799))
        away = rng.gauss(0, 3) * vol / 10**4 * (life / YEAR) ** 0.5
        if rng.random() < 0.2:
            away = rng.uniform(-3, 3)
        forward = int(strike * WAD * mp.exp(max(min(away, 3), -3)))
        found.append(Point(rng.random() < 0.5, strike, forward, life, vol))
    return found


@pytest.fixture(scope="module")
def known() -> list[tuple[Point, mp.mpf]]:
    """Points with what they are worth."""
    found = [(point, point.true()) for point in points(POINTS, 6)]
    assert len(found) >= POINTS
    return found


def worst(errors: list[tuple[mp.mpf, Point]]) -> mp.mpf:
    error, point = max(errors, key=lambda pair: pair[0])
    assert error <= BOUND, point
    return error


def test_r06_one_option_on_its_forward(known: list[tuple[Point, mp.mpf]]) -> None:
    queries = [
        (int(p.is_put), p.forward, p.strike * WAD, 0, p.life, p.vol * 10**14) for p, _ in known
    ]
    values = kernel().prices(queries)[:, 0]
    errors = [
        (max(abs(int(v) * WEI - true) - WEI, 0) / p.top, p)
        for v, (p, true) in zip(values, known, strict=True)
    ]
    assert worst(errors) < mp.mpf("7e-17")


def test_r06_a_series_beside_a_book_and_a_book_of_one_node(
    known: list[tuple[Point, mp.mpf]],
) -> None:
    """`assess` and `marks` price from a minute on: an expiry that waits for its price keeps that."""
    beside: list[tuple[mp.mpf, Point]] = []
    booked: list[tuple[mp.mpf, Point]] = []
    for p, true in known:
        if p.life < 60 or p.forward < WAD // 100:
            continue
        series = [NOW + p.life, int(p.is_put), p.strike, 0, p.slice, 0]
        answer = kernel().words(kernel().risk, "assess", 4, [0] * 48 + [p.forward, NOW, *series])
        beside.append((max(abs(answer[3] * WEI - true) - WEI, 0) / p.top, p))
        # a put of 1 ETH is a call node, a forward sold and cash
        held, cash = (-(10**6), p.strike * 10**6) if p.is_put else (0, 0)
        expiry = Expiry(NOW + p.life, p.slice, [(p.strike, 10**6)], held, cash)
        row = [expiry.header | (2**60 - 1) << 196, *expiry.row[1:]]
        answer = kernel().words(kernel().risk, "marks", 4, [*row, *[0] * 42, p.forward, NOW, 0])
        booked.append((max(abs(signed(answer[0]) * WEI - true) - WEI, 0) / p.top, p))
    assert len(beside) > POINTS * 3 // 5
    assert worst(beside) < mp.mpf("7e-17")
    assert worst(booked) < mp.mpf("7e-17")


def test_a_deviation_ends_at_its_least_and_at_its_most() -> None:
    """At the money a call is worth F (2 N(s / 2) - 1): s is 2**-40 where nothing can move, and 8 at most."""
    forward = 2_500 * WAD
    for life, vol, deviation in ((1, 0, mp.mpf(2) ** -40), (100 * YEAR, 100 * WAD, mp.mpf(8))):
        value = kernel().engine.call(kernel().risk, "price", False, forward, forward, 0, life, vol)[
            0
        ]
        true = forward * (2 * mp.ncdf(deviation / 2) - 1)
        assert abs(value - true) < true * mp.mpf("2e-3")
