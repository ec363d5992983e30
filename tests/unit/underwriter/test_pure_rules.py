"""limits, fees and underwriting on their bounds and to their last digit, against exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY, Contract
from tandem.errors import Reverted
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.terms import defaults
from tandem.units import DAY, WAD

NOW = 1_700_000_000
SPOT = 2_500 * WAD
NAV = 10**12  # a million USD, token units
YEAR = 365 * DAY
TERMS = defaults()[0]
DEFAULT_SPREAD = Fraction(150, 10_000)
SLOPE = Fraction(200, 10_000)


@pytest.fixture(scope="module")
def rules() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/underwriter/RulesHarness.vy"))


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(Reverted) as caught:
        yield
    assert caught.value.reason == reason


def desk(**changes: int) -> tuple[int, ...]:
    facts = {
        "terms": TERMS, "timestamp": NOW, "spot": SPOT, "nav": NAV, "totals": 0, "lot": 0,
        "position": 0, "surface_age": 0,
    }  # fmt: skip
    assert not set(changes) - set(facts)
    return tuple((facts | changes).values())


def greeks(**changes: int) -> tuple[Any, ...]:
    facts: dict[str, Any] = {
        "value": 100 * WAD + 7, "delta": 5 * 10**17 + 1, "gamma": 10**15 + 3, "vega": 400 * WAD + 9,
        "value_previous": 90 * WAD + 5, "spread_vega": 400 * WAD + 3, "uncapped_delta": 0,
        "maximum": 2_500 * WAD, "sigma": 0, "forward": SPOT, "main": (0, 2**93), "other": (0, 0),
    }  # fmt: skip
    assert not set(changes) - set(facts)
    return tuple((facts | changes).values())


def series(days: float = 30, strike: int = 2_500, other: int = 5_000, put: bool = False) -> Any:
    return NOW + round(days * DAY), put, strike, other


@pytest.mark.proves("MP-3")
@pytest.mark.parametrize(
    ("inside", "outside", "reason"),
    [
        (series(7), (NOW + 7 * DAY - 1, False, 2_500, 5_000), "limits: tenor"),
        (series(45), (NOW + 45 * DAY + 1, False, 2_500, 5_000), "limits: tenor"),
        ((NOW + 7 * DAY, False, 2_500, 5_000), (NOW, False, 2_500, 5_000), "limits: expired"),
        (series(strike=1_500, other=3_000), series(strike=1_499, other=2_998), "limits: moneyness"),
        (series(strike=4_000, other=8_000), series(strike=4_001, other=8_002), "limits: moneyness"),
        (series(other=5_000), series(other=5_001), "limits: cap too far"),
    ],
)
def test_what_may_be_opened_ends_exactly_at_its_bounds(
    rules: Contract, inside: Any, outside: Any, reason: str
) -> None:
    """MP-3: "What may not be opened (tenor, moneyness, …) is refused here": 7 to 45 days, 0.6 to 1.6
    of spot, a call's cap at twice its strike."""
    rules.call("check_series", inside, NOW, SPOT, 200)
    with refused(reason):
        rules.call("check_series", outside, NOW, SPOT, 200)


def test_a_put_has_a_floor_and_no_cap(rules: Contract) -> None:
    for floor_ in (0, 1, 2_499, 60_000):
        rules.call("check_series", series(put=True, other=floor_), NOW, SPOT, 200)


@pytest.mark.proves("MP-3")
def test_delta_size_and_load_end_exactly_at_their_bounds(rules: Contract) -> None:
    """MP-3: a delta of 0.1 to 0.6, 0.01 ETH to `max_trade` of NAV, a book that is full and no fuller."""
    for sign in (1, -1):
        for inside, outside in ((10**17, 10**17 - 1), (6 * 10**17, 6 * 10**17 + 1)):
            rules.call("check_delta", sign * inside)
            with refused("limits: delta"):
                rules.call("check_delta", sign * outside)
    most = NAV * 200 // 10_000
    rules.call("check_size", TERMS, 10_000, most, NAV)
    with refused("limits: size too small"):
        rules.call("check_size", TERMS, 9_999, most, NAV)
    with refused("limits: size over cap"):
        rules.call("check_size", TERMS, 10_000, most + 1, NAV)
    rules.call("check_outstanding", 5, 5)
    with refused("limits: over outstanding"):
        rules.call("check_outstanding", 6, 5)
    rules.call("check_load", WAD, WAD)
    with refused("limits: book vega"):
        rules.call("check_load", WAD + 1, WAD)
    with refused("limits: book gamma"):
        rules.call("check_load", WAD, WAD + 1)


@pytest.mark.proves("PR-3")
def test_how_full_a_book_is_and_what_that_spreads(rules: Contract) -> None:
    """`vega_cap` is 1e-5 of NAV per vol point, `gamma_cap` 1e-4 of NAV as delta's change per 1 % of
    spot; the half-spread is the base plus the slope at the fuller of the two, full at most."""
    nav = NAV * 10**12
    vega_cap, gamma_cap = Fraction(nav, 1_000) * 100, Fraction(nav, 10_000) * 400
    for sign in (1, -1):
        vega, gamma = sign * 12_345 * WAD, sign * 3 * WAD // 7
        got = rules.call("load", TERMS, vega, gamma, SPOT, nav)
        moved = floor(Fraction(abs(gamma) * 2_500 * 2_500, 100))
        assert got[0] == floor(abs(vega) / vega_cap * WAD)
        assert got[1] == pytest.approx(floor(moved / gamma_cap * WAD), abs=WAD // 10**9)
    assert rules.call("load", TERMS, 1, 1, SPOT, 0) == (WAD, 625 * WAD * 100)
    for full in (0, WAD // 3, WAD - 1, WAD, WAD + 1, 5 * WAD):
        used = Fraction(min(full, WAD), WAD)
        want = floor((DEFAULT_SPREAD + SLOPE * used) * WAD)
        assert rules.call("half_spread", TERMS, full, 0) == want
        assert rules.call("half_spread", TERMS, full // 2, full) == want


def test_a_slice_past_its_age_spreads_as_if_the_book_filled(rules: Contract) -> None:
    """From the base at `surface_age` to that of a full book at twice of it."""
    for age, used in (
        (0, 0),
        (900, 0),
        (901, Fraction(1, 900)),
        (1_350, Fraction(1, 2)),
        (1_800, 1),
    ):
        want = floor((DEFAULT_SPREAD + SLOPE * Fraction(floor(used * WAD), WAD)) * WAD)
        assert rules.call("half_spread_of_age", TERMS, age) == want
    full = rules.call("half_spread", TERMS, WAD, 0)
    assert rules.call("half_spread_of_age", TERMS, 10**6) == full


@pytest.mark.proves("PR-3")
def test_ask_and_bid_at_their_ends(rules: Contract) -> None:
    """PR-3: "the ask at most the most that the option pays, the bid at least half the mark"."""
    assert rules.call("ask", 100, 20, 120) == 120
    assert rules.call("ask", 100, 21, 120) == 120
    assert rules.call("ask", 100, 19, 120) == 119
    assert [rules.call("bid", 101, m) for m in (0, 49, 50, 51, 10**20)] == [101, 52, 51, 51, 51]
    assert rules.call("bid", 1, 5) == 1


def test_the_fee_rounds_down_and_is_a_tenth_at_most(rules: Contract) -> None:
    assert rules.call("fee", TERMS, 333_333, 10**9) == 99
    assert rules.call("fee", TERMS, 10**9, 1_009) == 100
    assert rules.call("fee", TERMS, 0, 10**9) == 0


@pytest.mark.proves("PR-6")
def test_r39_charge_and_margin_come_to_the_least_rounded_up(rules: Contract) -> None:
    """PR-6: "spread and charge together come to at least `least_premium` of it a year"."""
    added, left = 3_000 * 10**6 + 1, 20 * DAY + 7
    used = Fraction(added * left, YEAR)
    rent, least = floor(used * 400 / 10_000), ceil(used * 800 / 10_000)
    assert used * 800 / 10_000 != least
    for margin in (
        0,
        1,
        least - rent - 1,
        least - rent,
        least - rent + 1,
        least,
        least + 1,
        10**12,
    ):
        got = rules.call("charge", desk(), added, left, margin)
        assert got == max(rent, least - margin)
    year = rules.call("charge", desk(), 10_000, YEAR, 0)
    assert year == 800  # what needs no rounding has none


@pytest.mark.proves("UN-3", "PR-3")
@pytest.mark.parametrize("over", [0, 1, 10**12 - 1])
def test_the_best_bid_there_could_be_is_rounded_up(rules: Contract, over: int) -> None:
    """An empty book's bid on the lower of two slices: a bound must not be under what is bid."""
    bid = 80 * WAD + over
    margin = floor(Fraction(150 * (400 * WAD), 10_000))
    for now, then in ((bid, 90 * WAD), (90 * WAD, bid)):
        given = greeks(value=now + margin, value_previous=then + margin, spread_vega=400 * WAD)
        assert rules.call("best_bid", TERMS, given) == ceil(Fraction(bid, 10**12))


@pytest.mark.proves("MP-3", "UN-3")
@pytest.mark.parametrize("units", [1, 333_333, 7 * 10**6])
@pytest.mark.parametrize("close", [False, True])
def test_a_price_is_that_of_the_state_after_the_trade(
    rules: Contract, units: int, close: bool
) -> None:
    """MP-3: "the price of the state *after* the trade", on whichever slice is worse for the trader;
    UN-3: an ask rounded up, a bid rounded down."""
    g, size = greeks(), -units if close else units
    book = (10**18 + 1, 10**16 + 1, 9_000 * WAD + 1)
    own, delta, gamma, half, premium, fee = rules.call("price", desk(), units, close, book, g)
    assert own == _towards_zero(g[1] * size)
    assert delta == book[0] + own
    assert gamma == book[1] + _towards_zero(g[2] * size)
    full = rules.call(
        "load", TERMS, book[2] + _towards_zero(g[3] * size), gamma, SPOT, NAV * 10**12
    )
    assert half == rules.call("half_spread", TERMS, *full) > DEFAULT_SPREAD * WAD
    margin = half * g[5] // WAD
    if close:
        assert premium == (g[4] - margin) * units // WAD
    else:
        assert premium == ceil(Fraction((g[0] + margin) * units, WAD))
    assert fee == rules.call("fee", TERMS, 2_500 * units, premium)


def _towards_zero(product: int) -> int:
    return product // 10**6 if product >= 0 else -(-product // 10**6)


def test_old_slices_spread_a_close_and_not_an_open(rules: Contract) -> None:
    """A close beside stale slices pays at least the spread of their age; how full the book is
    counts where it is more."""
    old = desk(surface_age=1_350)
    for close, book in ((True, 0), (True, 90_000 * WAD), (False, 0)):
        fresh = rules.call("price", desk(), 10**6, close, (0, 0, book), greeks())
        got = rules.call("price", old, 10**6, close, (0, 0, book), greeks())
        aged = rules.call("half_spread_of_age", TERMS, 1_350)
        assert got[3] == (max(fresh[3], aged) if close else fresh[3])
        margin = got[3] * greeks()[5] // WAD
        if close:
            assert got[4] == (greeks()[4] - margin) * 10**6 // WAD


@pytest.mark.parametrize("floor_", [2, 3, 1_000, 99_999])
def test_a_close_may_take_all_of_the_floor_but_a_unit(floor_: int) -> None:
    """A call for which a tenth of a dollar is bid, beside a put that owes as much where the call pays
    nothing: to the unit of what is sold, and of what is paid. One is left for roundings."""
    ask = open_engine("pyrevm").deploy(compile_vyper("Underwriter"), NOBODY)
    cheap = greeks(
        value=WAD // 10, value_previous=WAD // 10, gamma=0, vega=0, spread_vega=0,
        uncapped_delta=WAD // 2,
    )  # fmt: skip
    held, flat = 4 * 10**6, (0, 0, 0)
    around = desk(totals=2 * held << 16, lot=10**15)
    ahead = next_expiry(NOW, 30)
    put, call = Series(ahead, True, 2_500, 0).id, Series(ahead, False, 2_500, 5_000).id
    words: Any = ask.call("listed", (0, [0] * 4), [2_500, 5_000])
    for id in (put, call):
        opened = (id, held, False, 0, False, 0)
        words = ask.call("underwrite", flat, cheap, words, around, opened)[11]
    fits = 10 * (floor_ - 1)
    for asked, units in ((fits - 1, fits - 1), (fits, fits), (fits + 1, fits), (held, fits)):
        closed = (call, asked, True, floor_, False, 0)
        deal = ask.call("underwrite", flat, cheap, words, around, closed)
        assert deal[:2] == (units, units // 10)
