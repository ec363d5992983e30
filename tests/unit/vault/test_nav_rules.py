"""modules/nav: both sides of NAV, what may leave, what shares cost, to the last unit."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vault_model import Mark

from tandem.engine import open_engine
from tandem.engine.base import Contract

TRIALS = settings(max_examples=150, deadline=None)
E12 = 10**12
MOST_WORD, MOST_ASSETS = 2**256 - 1, 2**96 - 1

cash = st.integers(-(10**14), 10**14)
wads = st.integers(0, 10**27)
navs = st.integers(0, 10**14)
supplies = st.integers(E12, 10**30)


@pytest.fixture(scope="module")
def rules() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/vault/NavHarness.vy"))


@pytest.mark.proves("SH-2", "UN-3")
@TRIALS
@given(own=cash, e=st.tuples(wads, wads), debts=st.tuples(wads, wads), home=st.tuples(wads, wads))
@example(own=0, e=(1, 1), debts=(0, 0), home=(0, 0))
@example(own=1, e=(0, 0), debts=(1, 1), home=(0, 0))
@example(own=0, e=(E12, E12 + 1), debts=(0, 0), home=(0, 0))
@example(own=0, e=(5, 7), debts=(6, 8), home=(0, 0))
def test_low_nav_rounds_down_and_high_nav_up(
    rules: Contract, own: int, e: tuple[int, int], debts: tuple[int, int], home: tuple[int, int]
) -> None:
    """SH-2: "Low NAV: options at the worse side …, venue equity at its worse …, less what closing the
    residual may cost …; never under 0. High NAV: the other way"."""
    mark = Mark(
        equity_low=e[0], equity_high=e[1], liability_low=debts[0], liability_high=debts[1],
        rehedge_cost=home[0], rehedge_gain=home[1],
    )  # fmt: skip
    low = max(own * E12 + e[0] - debts[1] - home[0], 0)
    high = max(own * E12 + e[1] - debts[0] + home[1], 0)
    want = floor(Fraction(low, E12)), ceil(Fraction(high, E12))
    assert rules.call("sides", own, mark.as_tuple(), E12) == want


@pytest.mark.proves("SH-1")
def test_nobody_is_burnt_under_a_twentieth_of_high_nav(rules: Contract) -> None:
    """A low NAV of exactly a twentieth is a price; under it, and at nothing, there is none."""
    for low, high, priced in (
        (5, 100, True), (5, 101, False), (5, 99, True), (0, 0, False), (1, 20, True), (1, 0, True),
    ):  # fmt: skip
        assert rules.call("has_price", low, high) is priced


@pytest.mark.proves("FL-5")
@TRIALS
@given(own=cash, maxima=navs, worth=navs, reserve=st.integers(0, 9_999), top_up=navs)
@example(own=1_000, maxima=400, worth=900, reserve=1_000, top_up=0)
@example(own=1_000, maxima=400, worth=900, reserve=1_000, top_up=300)
@example(own=1_000, maxima=10, worth=5_000, reserve=1_000, top_up=0)
def test_what_leaves_leaves_the_reserve_and_the_top_up(
    rules: Contract, own: int, maxima: int, worth: int, reserve: int, top_up: int
) -> None:
    """FL-5: "Exits are paid at most floor - max(reserve after the exit, what the next margin top-up
    lacks)": all that may leave may, and not one unit more. The reserve is a part of the NAV that is
    left, the maxima at most."""
    room = rules.call(
        "exit_room", own, worth, reserve, Mark(maxima=maxima, top_up=top_up).as_tuple()
    )
    above = own - maxima

    def leaves(x: int) -> bool:
        kept = min(Fraction(reserve * (worth - x), 10_000), Fraction(maxima))
        return above - x >= max(kept, top_up)

    assert room == 0 or leaves(room)
    assert not leaves(room + 1)


@pytest.mark.proves("UN-3", "SH-5")
@TRIALS
@given(amount=st.integers(0, 10**30), worth=navs, supply=supplies)
@example(amount=1, worth=0, supply=E12)
@example(amount=E12, worth=0, supply=E12)
@example(amount=E12 + 1, worth=0, supply=E12)
def test_shares_and_assets_round_against_who_asks(
    rules: Contract, amount: int, worth: int, supply: int
) -> None:
    price = Fraction(worth + 1, supply)
    assert rules.call("shares_for", amount, worth, supply) == floor(amount / price)
    assert rules.call("assets_up", amount, worth, supply) == ceil(amount * price)
    assert rules.call("assets_down", amount, worth, supply) == floor(amount * price)


@pytest.mark.proves("SH-5")
def test_what_no_word_holds_is_the_most_that_one_does(rules: Contract) -> None:
    """SH-5: "`convertTo…` saturate": from the first amount whose product no word holds, not before."""
    last = MOST_WORD // 7
    assert rules.call("shares_for", last, 1, 7) == last * 7 // 2
    assert rules.call("shares_for", last + 1, 1, 7) == MOST_WORD
    assert rules.call("assets_down", last, 6, 2) == last * 7 // 2
    assert rules.call("assets_down", last + 1, 6, 2) == MOST_WORD


@pytest.mark.proves("SH-5")
@TRIALS
@given(worth=navs, room=st.integers(0, 10**30), supply=supplies)
@example(worth=0, room=0, supply=E12)
@example(worth=10**14, room=5, supply=E12)
@example(worth=0, room=2**128, supply=E12)
@example(worth=0, room=2**200, supply=E12)
@example(worth=10**14, room=2**128, supply=E12)
def test_the_most_that_comes_in_buys_what_there_is_room_for(
    rules: Contract, worth: int, room: int, supply: int
) -> None:
    """SH-5: `maxDeposit` is the most assets whose shares there is room for, 0 where they buy none;
    `maxMint` the most shares that the most assets buy."""
    assets, amount = rules.call("most", worth, room, supply)
    price = Fraction(worth + 1, supply)
    assert amount == min(floor(MOST_ASSETS / price), room)
    fits = min(ceil((room + 1) * price) - 1, MOST_ASSETS)
    assert assets == (fits if floor(fits / price) else 0)
    assert floor(assets / price) <= room
