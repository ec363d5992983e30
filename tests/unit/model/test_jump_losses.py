"""L(j) is what book and hedge lose in a jump, by other people's mathematics, and keeps its laws."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from black76_oracles import textbook
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.errors import DomainError
from tandem.model import jumps
from tandem.model.jumps import GATE, PUBLISHED, Holding
from tandem.model.payoff import Book, book_of
from tandem.units import UNIT

SPOT = 2_500.0
RICH = 1e12
"""USD at the venue: no floor."""
ladder = st.lists(st.integers(40, 200).map(lambda n: 25 * n), min_size=1, max_size=6, unique=True)


@st.composite
def options(draw: st.DrawFn) -> list[tuple[bool, int, int, int]]:
    """(is put, strike, size, cap), sold or bought, none of whose strikes and caps meet."""
    found = []
    for i, strike in enumerate(draw(ladder)):
        size = draw(st.integers(-50 * UNIT, 50 * UNIT).filter(bool))
        found.append((draw(st.booleans()), strike, size, 2 * strike + 2 * i + 1))
    return found


def held(sold: list[tuple[bool, int, int, int]], vol: float = 0.7, tau: float = 0.08) -> Holding:
    """Puts have no cap; the smile is not flat."""
    book = book_of((p, k, n, None if p else cap) for p, k, n, cap in sold)
    smile = vol * (1.0 + 0.1 * (book.strikes / SPOT - 1.0) ** 2)
    return Holding(book, tau, smile, basis=0.03)


def by_hand(sold: list, each: Holding, spot: float, shocked: bool) -> mp.mpf:
    """What the options are worth one by one, each as itself: puts as puts, calls less their caps."""
    vols = dict(zip(each.book.strikes.tolist(), each.vols.tolist(), strict=True))
    forward = mp.mpf(spot) * mp.exp(mp.mpf(each.basis) * mp.mpf(each.tau))

    def leg(is_put: bool, strike: int, size: int) -> mp.mpf:
        factor = (1.5 if size > 0 else 0.8) if shocked else 1.0
        vol = vols[float(strike)] * factor
        return mp.mpf(size) / UNIT * textbook(is_put, forward, strike, each.tau, vol)[0]

    return mp.fsum(
        leg(p, k, n) + (0 if p else leg(False, cap, -n)) for p, k, n, cap in sold
    )  # fmt: skip


@given(options(), st.sampled_from(PUBLISHED), st.floats(-80, 80), st.floats(0, 50_000))
@settings(max_examples=120)
def test_r22_a_loss_in_a_jump_is_that_of_options_revalued_one_by_one(
    sold: list, jump: float, position: float, equity: float
) -> None:
    """Sold options at 1.5 times their volatility, bought ones at 0.8; the account down to nothing."""
    each = held(sold)
    after, before = by_hand(sold, each, SPOT * (1 + jump), True), by_hand(sold, each, SPOT, False)
    wanted = after - before - max(mp.mpf(position) * SPOT * jump, -equity)
    size = sum(abs(n) / UNIT * k for _, k, n, _ in sold) * 4 + abs(position) * SPOT
    found = jumps.losses([each], SPOT, position, equity, jump)
    assert float(abs(found[0] - wanted)) < 1e-13 * size + 1e-9


def test_nothing_sold_and_nothing_hedged_loses_nothing() -> None:
    assert jumps.losses([], SPOT, 0.0, 0.0, PUBLISHED).tolist() == [0.0] * len(PUBLISHED)
    empty = Holding(Book(), 0.1, np.array([]))
    assert jumps.losses([empty], SPOT, 0.0, 1e6, PUBLISHED).tolist() == [0.0] * len(PUBLISHED)


@given(st.integers(1, 10**9), st.integers(100, 20_000))
def test_a_perfect_static_hedge_loses_nothing_in_any_jump(size: int, strike: int) -> None:
    """A call sold and a put bought at one strike are a forward: a position of its size holds it."""
    book = book_of([(False, strike, size, None), (True, strike, -size, None)])
    each = Holding(book, 0.1, np.array([]))
    found = jumps.losses([each], SPOT, size / UNIT, RICH, PUBLISHED)
    assert np.abs(found).max() <= 1e-12 * (size / UNIT * max(SPOT, strike)) * 8


def test_a_perfect_hedge_at_a_poor_account_loses_what_the_account_lacks() -> None:
    """The book gains where spot falls; of what the hedge then owes the account pays what it holds."""
    book = book_of([(False, 2_000, UNIT, None), (True, 2_000, -UNIT, None)])
    each = Holding(book, 0.1, np.array([]))
    assert jumps.losses([each], SPOT, 1.0, 500.0, [-0.5])[0] == pytest.approx(-750.0)
    assert jumps.losses([each], SPOT, 1.0, -500.0, [-0.5])[0] == pytest.approx(-1_250.0)
    assert jumps.losses([each], SPOT, 1.0, 500.0, [0.5])[0] == pytest.approx(0.0, abs=1e-9)


@given(options(), st.floats(-80, 80), st.floats(0, 1e5), st.floats(0, 1e5))
@settings(max_examples=50)
def test_money_at_the_venue_can_only_be_lost(
    sold: list, position: float, equity: float, more: float
) -> None:
    """And no jump costs more than the money that is there."""
    poor, rich, broke = (
        jumps.losses([held(sold)], SPOT, position, e, PUBLISHED) for e in (equity, equity + more, 0)
    )
    slack = 1e-9 * np.abs(rich).max() + 1e-9
    assert (rich >= poor - slack).all()
    gains = np.maximum(position * SPOT * np.array(PUBLISHED), 0.0)
    bare = jumps.losses([held(sold)], SPOT, 0.0, 0.0, PUBLISHED)
    np.testing.assert_allclose(broke, bare - gains, rtol=0, atol=1e-9 * (1 + abs(bare).max()))


@given(options(), st.floats(-80, 80), st.floats(0, 1e5), st.integers(2, 5))
@settings(max_examples=50)
def test_a_book_of_twice_the_size_loses_twice_as_much(
    sold: list, position: float, equity: float, times: int
) -> None:
    one = jumps.losses([held(sold)], SPOT, position, equity)
    many = jumps.losses(
        [held([(p, k, times * n, cap) for p, k, n, cap in sold])], SPOT, times * position,
        times * equity,
    )  # fmt: skip
    np.testing.assert_allclose(many, times * one, rtol=1e-9, atol=1e-6)


@given(options())
@settings(max_examples=50)
def test_expiries_add_up(sold: list) -> None:
    first, second = held(sold), held(sold, vol=0.9, tau=0.02)
    both = jumps.losses([first, second], SPOT, 3.0, RICH)
    apart = jumps.losses([first], SPOT, 1.0, RICH) + jumps.losses([second], SPOT, 2.0, RICH)
    np.testing.assert_allclose(both, apart, rtol=1e-9, atol=1e-6)


def test_whoever_sold_loses_by_volatility_where_spot_stands_still() -> None:
    sold = held([(False, 2_500, UNIT, 5_001), (True, 2_300, UNIT, 0)])
    bought = held([(False, 2_500, -UNIT, 5_001), (True, 2_300, -UNIT, 0)])
    assert jumps.losses([sold], SPOT, 0.0, 0.0, [0.0])[0] > 50.0
    assert jumps.losses([bought], SPOT, 0.0, 0.0, [0.0])[0] > 10.0


def test_a_better_hedge_of_a_short_call_loses_less_in_a_rise() -> None:
    each = held([(False, 2_500, UNIT, 5_001)])
    delta = jumps.delta_of([each], SPOT)
    assert 0.4 < delta < 0.7
    worst = [jumps.losses([each], SPOT, x * delta, RICH).max() for x in (0.0, 0.5, 1.0)]
    assert worst[0] > worst[1] > worst[2]


def test_greeks_are_slopes_of_the_value() -> None:
    each = held([(False, 2_400, 3 * UNIT, 5_001), (True, 2_600, -UNIT, 0)])
    at, step = np.array([2_100.0, 2_500.0, 3_300.0]), 0.5
    up, here, down = (each.greeks(at + x) for x in (step, 0.0, -step))
    np.testing.assert_allclose(here[1], (up[0] - down[0]) / (2 * step), rtol=1e-6)
    np.testing.assert_allclose(here[2], (up[1] - down[1]) / (2 * step), rtol=1e-5, atol=1e-12)
    assert jumps.delta_of([each, each], 2_500.0) == pytest.approx(2 * here[1][1])


def test_each_path_has_its_own_volatility_and_life() -> None:
    each = held([(False, 2_400, 3 * UNIT, 5_001)])
    found = each.greeks(np.full(2, SPOT), np.array([1.0, 1.3]), np.array([0.08, 0.02]))[0]
    other = Holding(each.book, 0.02, each.vols * 1.3, each.basis)
    assert found[0] == pytest.approx(each.greeks(np.array([SPOT]))[0][0], rel=1e-14)
    assert found[1] == pytest.approx(other.greeks(np.array([SPOT]))[0][0], rel=1e-14)


@pytest.mark.parametrize(("spot", "jump"), [(SPOT, -1.0), (SPOT, math.nan), (0.0, 0.1)])
def test_a_jump_to_nothing_is_refused(spot: float, jump: float) -> None:
    with pytest.raises(DomainError, match="above 0"):
        jumps.losses([], spot, 1.0, 1.0, [*GATE, jump])
