"""GT-7, R17, R39: what it costs a day to keep others out of the gate, by who buys what fills it and
holds it, and what of that is the gate's own rent."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from filling import by_and_by, mint
from gate_reference import worst
from hypothesis import given
from hypothesis import strategies as st
from test_marks_of_the_gate import gate, remark, renew
from test_opens_at_the_gate import full, full_once
from worlds import ETH, USD, World, build

from tandem.engine.base import Receipt
from tandem.protocol.series import Series
from tandem.protocol.terms import FIELDS
from tandem.units import DAY, WAD

__all__ = ["full", "full_once"]

YEAR = 365 * DAY
STEPS = st.integers(-(2**31), 2**31)

SERIES = (
    (3_000, 5_000, True),
    (3_000, 6_000, True),
    (3_000, 4_000, True),
    (2_750, 5_000, True),
    (2_750, 4_500, False),
)


@pytest.fixture(scope="module")
def once() -> World:
    return build()


@pytest.mark.proves("GT-7")
@pytest.mark.parametrize(("strike", "cap", "far"), SERIES)
def test_r17_who_fills_the_gate_pays_lps_for_each_day(
    once: World, strike: int, cap: int, far: bool
) -> None:
    """Beside what his options are worth, which he gets back; the cheapest of twenty series."""
    w = once
    with w.undone():
        series, costs = w.call(strike, cap, far=far), list[int]()

        def buy(units: int) -> None:
            mark = w.tandem.quote(series, units).mark
            costs.append(mint(w, series, units) - mark)

        _, reasons = by_and_by(w, buy)
        assert "gate: worst jump" in reasons
        assert sum(costs) * DAY // (series.expiry - w.engine.now()) > 290 * USD
        with w.refuses("gate: worst jump"):
            w.tandem.quote(w.put(2_500), ETH)


def rent(w: World, before: int, after: int, most: int, nav: int = 10**12, life: int = DAY) -> int:
    return w.tandem.stress.rent(before, after, most, nav, life)


def exact(w: World, before: int, after: int, most: int, nav: int, life: int) -> Fraction:
    """`least_premium` of NAV a year, times what is taken of the upper half, squared; token units."""
    if most == 0:
        return Fraction(0)
    start, end = (min(max(Fraction(2 * each, most) - 1, 0), 1) for each in (before, after))
    taken = max(Fraction(end) ** 2 - Fraction(start) ** 2, Fraction(0))
    return nav * Fraction(w.terms()["least_premium"], 10_000) * taken * Fraction(life, YEAR)


@pytest.mark.proves("GT-7")
@given(STEPS, STEPS, st.integers(0, 2**31), st.integers(0, 2**80), st.integers(0, 2**31))
def test_r39_the_upper_half_costs_what_the_floor_does(
    once: World, before: int, after: int, most: int, nav: int, life: int
) -> None:
    """Rounded up, by less than a token unit."""
    want = exact(once, before, after, most, nav, life)
    assert 0 <= rent(once, before, after, most, nav, life) - want < 1


@pytest.mark.proves("GT-7")
@given(st.lists(st.integers(0, 2**31), min_size=3, max_size=6), st.integers(1, 2**31))
def test_however_an_open_is_split_it_pays_the_same(
    once: World, worst: list[int], most: int
) -> None:
    """To a token unit for each part; who goes back and forth pays no less."""
    straight = rent(once, min(worst), max(worst), most)
    rising = sorted(worst)
    parts = [rent(once, a, b, most) for a, b in pairwise(rising)]
    assert straight <= sum(parts) < straight + len(parts)
    low = worst.index(min(worst))
    way = worst[low:] + sorted(worst[:low])
    assert straight <= sum(rent(once, a, b, most) for a, b in pairwise(way))


@pytest.mark.proves("GT-7")
def test_a_gate_of_nothing_has_no_upper_half(once: World) -> None:
    """What makes no jump worse is let through there, and pays nothing."""
    assert rent(once, 5, 3, 0) == rent(once, 0, 2**31, 0) == 0


def charged(done: Receipt) -> int:
    (event,) = done.events("OptionMinted")
    return int(event["capital_charge"])


def hedge_after(w: World, series: Series) -> int:
    """The position with an open's own delta, WAD ETH: what else its order holds is nobody's to pay."""
    return w.position() + w.tandem.quote(series, ETH).own


def worst_with(w: World, position: int) -> int:
    """With another position than there is, WAD USD."""
    now = gate(w)
    lies = now.mark.equity / USD + 0.04 * abs(position) / WAD * w.spot / WAD
    losses = [each / WAD for each in now.losses]
    return round(worst(w, losses, lies, now.mark.purse / USD, position) * WAD)


def tightened(w: World) -> None:
    """To a gate that the book nearly fills."""
    gate_at = FIELDS["gate"].index
    w.tandem.guardian.send("set_term", gate_at, 600, sender=w.tandem.roles.deployer)
    remark(w)
    assert gate(w).limit < gate(w).worst * 2


@pytest.fixture
def wide(full: World) -> World:
    """Under half of a gate that is wide open, and no funding: the charge is capital's alone."""
    full.set_terms(carry=0, gate=2_000)
    renew(full)
    remark(full)
    assert gate(full).worst * 2 < gate(full).limit
    return full


@pytest.mark.proves("GT-7", "PR-6")
def test_r39_the_quote_has_the_rent_in_it_and_the_trade_pays_that(wide: World) -> None:
    w, series = wide, wide.call(2_500)
    plain = w.tandem.quote(series, ETH).charge
    tightened(w)
    quoted, nav = w.tandem.quote(series, ETH).charge, w.tandem.snapshot().funds.nav
    before, life, hedged = gate(w), series.expiry - w.engine.now(), hedge_after(w, series)
    assert charged(w.mint(series, ETH)) == pytest.approx(quoted, rel=2 / life)
    want = exact(w, before.worst, worst_with(w, hedged), before.limit, nav, life)
    assert want > 10 * USD
    assert quoted - plain == pytest.approx(float(want), rel=2e-3)


@pytest.mark.proves("GT-7")
def test_what_lowers_the_worst_jump_pays_no_rent(wide: World) -> None:
    w, narrow = wide, wide.call(2_500, 2_600)
    plain = w.tandem.quote(narrow, ETH).charge
    tightened(w)
    before, life, hedged = gate(w).worst, narrow.expiry - w.engine.now(), hedge_after(w, narrow)
    assert charged(w.mint(narrow, ETH)) == pytest.approx(plain, rel=4 / life)
    assert worst_with(w, hedged) < before
