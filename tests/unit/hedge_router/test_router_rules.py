"""lib/margin_proof, lib/pacing and lib/funding on their bounds and to the last unit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import DAY, HOUR, WAD

TRIALS = settings(max_examples=150, deadline=None)
E6, E12, E14 = 10**6, 10**12, 10**14
DRIFT = 4096
STEP, MOST_STEPS = 2 * 10**12, 2**16 - 1
NOW = 1_700_000_000
SPOT = 2_500 * WAD
LEAST = WAD // 10
Proof = tuple[int, int, int, int, int]  # time, usable, position, price, least

positions = st.integers(-(2**59) + 1, 2**59 - 1).map(lambda held: held * E6)
prices = st.integers(1, 2**35 - 1).map(lambda price: price * E14)
usables = st.integers(1, 2**43 - 1).map(lambda usable: usable * E14)
leasts = st.integers(0, 2**14 - 1).map(lambda least: least * E14)
proofs = st.tuples(st.integers(1, 2**32 - 1), usables, positions, prices, leasts)


@pytest.fixture(scope="module")
def rules() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/hedge_router/RouterRulesHarness.vy"))


def kept(rules: Contract, p: Proof) -> Proof:
    return rules.call("proof_kept", p)[1]


# ---------------------------------------------------------------- the margin proof


@pytest.mark.proves("HG-12")
@TRIALS
@given(p=proofs, above=st.integers(0, 2**72 - 1))
def test_a_proof_is_kept_as_it_is_below_what_stands_above_it(
    rules: Contract, p: Proof, above: int
) -> None:
    word, again = rules.call("proof_kept", p)
    assert word < 2**184
    assert again == p == rules.call("proof_in", word | above << 184)


@pytest.mark.proves("HG-12")
def test_what_is_rounded_is_rounded_against_the_account(rules: Contract) -> None:
    """HG-12: the account is never thought to carry more than the venue said."""
    long = (7, 3 * E14 + E14 - 1, 5 * E6, SPOT + 1, LEAST + 1)
    short = (7, 3 * E14, -5 * E6, SPOT + E14 - 1, LEAST)
    assert kept(rules, long) == (7, 3 * E14, 5 * E6, SPOT + E14, LEAST + E14)
    assert kept(rules, short) == (7, 3 * E14, -5 * E6, SPOT, LEAST)
    assert kept(rules, (7, E14, 5 * E6, SPOT, 0)) == (7, E14, 5 * E6, SPOT, 0)
    assert kept(rules, (7, E14, 0, SPOT + E14 - 1, 0)) == (7, E14, 0, SPOT, 0)
    for least in (E6, -E6):  # the least position that is kept, of either sign
        price = SPOT + E14 if least > 0 else SPOT
        assert kept(rules, (7, E14, least, SPOT + 1, 0)) == (7, E14, least, price, 0)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize(
    ("fits", "does_not"),
    [
        ((1, E14, E6, SPOT, 0), (0, E14, E6, SPOT, 0)),
        ((1, E14, E6, SPOT, 0), (1, E14 - 1, E6, SPOT, 0)),
        ((1, E14, E6, SPOT, 0), (1, -E14, E6, SPOT, 0)),
        ((1, (2**43 - 1) * E14, E6, SPOT, 0), (1, 2**43 * E14, E6, SPOT, 0)),
        ((1, E14, E6, (2**35 - 1) * E14, 0), (1, E14, E6, 2**35 * E14, 0)),
        ((1, E14, E6, SPOT, (2**14 - 1) * E14), (1, E14, E6, SPOT, (2**14 - 1) * E14 + 1)),
    ],
)
def test_what_does_not_fit_is_no_proof_and_keeps_the_position(
    rules: Contract, fits: Proof, does_not: Proof
) -> None:
    assert kept(rules, fits) == fits
    assert kept(rules, does_not) == (0, 0, E6, 0, 0)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("sign", [1, -1])
def test_a_position_that_does_not_fit_leaves_nothing(rules: Contract, sign: int) -> None:
    most = (2**59 - 1) * E6
    assert kept(rules, (1, E14, sign * most, SPOT, LEAST)) == (1, E14, sign * most, SPOT, LEAST)
    gone = rules.call("proof_kept", (1, E14, sign * (most + E6), SPOT, LEAST))
    assert gone == (0, (0, 0, 0, 0, 0))


@pytest.mark.proves("HG-12")
@TRIALS
@given(p=proofs, price=prices)
@example(p=(9, 5 * E14, WAD, SPOT, 0), price=SPOT)
@example(p=(9, 5 * E14, WAD, SPOT, 0), price=SPOT - E14)
@example(p=(9, 5 * E14, -WAD, SPOT, 0), price=SPOT - E14)
def test_losses_since_count_in_full_and_gains_for_nothing(
    rules: Contract, p: Proof, price: int
) -> None:
    _, usable, position, before, _ = p
    moved = Fraction(position * (price - before), WAD)
    lost = usable - rules.call("proof_at", p, price)
    assert (lost == 0) if moved >= 0 else (abs(lost + moved) < 1)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("sign", [1, -1])
def test_an_order_values_what_was_there_at_its_own_fill_and_pays_its_fee(
    rules: Contract, sign: int
) -> None:
    p = (NOW, 1_000 * WAD, sign * 4 * WAD, SPOT, LEAST)
    order, worse = sign * 2 * WAD, SPOT - sign * 10 * WAD
    got = rules.call("proof_after", p, sign * 6 * WAD, order, -order * worse // WAD, 7)
    assert got == (NOW, 1_000 * WAD - 40 * WAD - 7, sign * 6 * WAD, worse, LEAST)
    better = SPOT + sign * 10 * WAD
    got = rules.call("proof_after", p, sign * 6 * WAD, order, -order * better // WAD, 7)
    assert got == (NOW, 1_000 * WAD - 7, sign * 6 * WAD, better, LEAST)


@pytest.mark.proves("HG-12")
def test_a_position_that_somebody_else_moved_proves_nothing(rules: Contract) -> None:
    p, quote = (NOW, 1_000 * WAD, 4 * WAD, SPOT, LEAST), -2 * SPOT
    most = 4 * WAD // DRIFT
    for off in (2 * E6, -2 * E6, 0, most, -most):  # interest moves it, and that counts as lost
        lost = abs(off) * SPOT // WAD if abs(off) > 2 * E6 else 0
        got = rules.call("proof_after", p, 6 * WAD + off, 2 * WAD, quote, 0)
        assert got == (NOW, 1_000 * WAD - lost, 6 * WAD + off, SPOT, LEAST)
    for off in (most + 1, -most - 1):
        got = rules.call("proof_after", p, 6 * WAD + off, 2 * WAD, quote, 0)
        assert got == (0, 0, 6 * WAD + off, 0, 0)
    small = (NOW, 1_000 * WAD, 10**8, SPOT, LEAST)  # its rounding is more than interest makes
    assert rules.call("proof_after", small, 10**8 + 2 * E6 + 2 * WAD, 2 * WAD, quote, 0)[0] == NOW
    assert rules.call("proof_after", small, 10**8 + 2 * E6 + 1 + 2 * WAD, 2 * WAD, quote, 0)[0] == 0
    never = (0, 1_000 * WAD, 4 * WAD, SPOT, LEAST)
    assert rules.call("proof_after", never, 6 * WAD, 2 * WAD, quote, 0) == (0, 0, 6 * WAD, 0, 0)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("sign", [1, -1])
def test_a_proof_holds_for_three_hours_of_this_position_and_for_its_margin(
    rules: Contract, sign: int
) -> None:
    held = sign * 4 * WAD
    need = 1_000 * WAD  # a tenth of 10,000

    def holds(
        usable: int, time: int = NOW, off: int = 0, asked: int = NOW, spot: int = SPOT
    ) -> bool:
        proof = (asked, usable, held, SPOT, LEAST)
        return rules.call("proof_holds", proof, time, held + off, spot)

    assert holds(need)
    assert not holds(need - 1)
    assert holds(need, NOW + 3 * HOUR)
    assert not holds(need, NOW + 3 * HOUR + 1)
    assert not holds(2 * need, 0, asked=0)
    most = 4 * WAD // DRIFT
    for off in (most, -most):
        lost = (abs(off) + (abs(held + off) - 4 * WAD) // 10) * SPOT // WAD
        assert holds(need + lost + 1, off=off)
        assert not holds(need + lost - 2, off=off)
        assert not holds(2 * need, off=off + (1 if off > 0 else -1))
    worse = SPOT - sign * 10 * WAD
    need_there = 4 * worse // 10
    assert holds(need_there + 40 * WAD, spot=worse)
    assert not holds(need_there + 40 * WAD - 1, spot=worse)


# ---------------------------------------------------------------- pacing


@pytest.mark.proves("HG-17")
def test_what_is_spent_comes_back_evenly_within_a_minute(rules: Contract) -> None:
    """HG-17: "at most `chunk` of the pool's depth in a minute"."""
    ledger = (NOW, 0, 600, 5 * WAD)
    for passed, left in ((0, 600), (1, 590), (30, 300), (59, 10), (60, 0), (61, 0)):
        time = NOW + passed
        assert rules.call("ledger_says", ledger, time)[0] == left
        assert rules.call("ledger_after", ledger, time, 7, WAD) == (time, 0, left + 7, WAD)


@pytest.mark.proves("HG-17")
def test_a_ledger_is_kept_and_its_depth_rounded_down(rules: Contract) -> None:
    unit, last = 10**9, (2**32 - 1, 2**32 - 1, 2**128 - 1, (2**64 - 1) * 10**9)
    for ledger in ((NOW, NOW + 1, 600, 7 * unit), (1, 2, 3, 4 * unit), last):
        assert rules.call("ledger_kept", ledger) == ledger
    assert rules.call("ledger_kept", (1, 2, 2**128, 2 * unit - 1)) == (1, 2, 2**128 - 1, unit)
    assert rules.call("ledger_kept", (1, 2, 3, unit - 1)) == (1, 2, 3, 0)
    assert rules.call("ledger_kept", (*last[:3], 2**64 * unit)) == last


@pytest.mark.proves("HG-17")
def test_a_wait_of_ten_minutes_is_relieved_for_ten(rules: Contract) -> None:
    """HG-17: "ten minutes later, unless one filled, the oracle's band alone bounds its price, for
    ten minutes"; what is steady in them is not remembered."""
    ledger = (NOW, NOW, 0, WAD)
    for passed, waiting, relieved in (
        (0, True, False), (599, True, False), (600, True, True), (1_199, True, True),
        (1_200, False, False),
    ):  # fmt: skip
        assert rules.call("ledger_says", ledger, NOW + passed)[1:] == (waiting, relieved)
        _, since, _, depth = rules.call("ledger_after", ledger, NOW + passed, 0, 9 * WAD)
        assert (since, depth) == ((NOW, WAD) if relieved else (0, 9 * WAD))
    assert rules.call("ledger_says", (0, 0, 0, 0), 601)[1:] == (False, False)


@pytest.mark.proves("HG-17")
def test_in_a_relief_what_is_there_counts_up_to_what_was_steady(rules: Contract) -> None:
    """HG-17: "in such a relief depth is what is there now, and no more than was steady when something
    last went home, or is"."""
    ledger = (NOW, NOW, 0, 5 * WAD)
    for there, steady, counts in ((9, 2, 5), (9, 7, 7), (9, 11, 9), (4, 2, 4), (4, 7, 4)):
        assert rules.call("depth_in_relief", ledger, there * WAD, steady * WAD) == counts * WAD


@pytest.mark.proves("HG-17")
def test_a_market_that_was_moved_by_more_than_ten_points_is_jolted(rules: Contract) -> None:
    before, width = 20_000, 20
    for buys, worse in ((True, 1), (False, -1)):
        assert not rules.call("jolted", buys, before + worse * width, before)
        assert rules.call("jolted", buys, before + worse * (width + 1), before)
        assert not rules.call("jolted", buys, before - worse * 5_000, before)


@pytest.mark.proves("HG-17")
def test_both_bounds_hold(rules: Contract) -> None:
    assert rules.call("bounds", True, 10_001, 200, 10_500) == (10_001 + 200, 10_001)
    assert rules.call("bounds", False, 10_001, 200, 10_500) == (10_001 - 200, 10_500)


# ---------------------------------------------------------------- funding


@pytest.mark.proves("HG-15")
@TRIALS
@given(
    long=st.integers(-MOST_STEPS, MOST_STEPS), short=st.integers(-MOST_STEPS, MOST_STEPS),
    hours=st.integers(0, 2**11 - 1), below=st.integers(0, 2**184 - 1),
)  # fmt: skip
def test_funding_is_kept_as_it_is_above_what_stands_below(
    rules: Contract, long: int, short: int, hours: int, below: int
) -> None:
    asked = (long * STEP, short * STEP, hours)
    word = (short + MOST_STEPS) << 212 | (long + MOST_STEPS) << 195 | hours << 184
    assert rules.call("funding_kept", asked, below) == word
    of_long, of_short = rules.call("funding_says", asked, below, DAY)
    held = min(hours * HOUR, DAY)
    assert of_long == int(Fraction(long * STEP * held, DAY))
    assert of_short == int(Fraction(short * STEP * held, DAY))


@pytest.mark.proves("HG-15")
def test_noise_is_not_charged_and_no_more_than_13_percent_a_day(rules: Contract) -> None:
    noise, step, most = 10**14, STEP, MOST_STEPS * STEP
    for rate, charged in (
        (0, 0), (noise, 0), (noise + step - 1, 0), (noise + step, step),
        (noise + 7 * step + 1, 7 * step), (WAD // 100, WAD // 100 - noise),
        (most + noise, most), (most + noise + step, most), (9 * WAD, most),
    ):  # fmt: skip
        for sign in (1, -1):
            assert rules.call("funding_charged", sign * rate, -sign * rate) == sign * charged


@pytest.mark.proves("HG-15")
@pytest.mark.parametrize("a_year", [0.01, 0.03, 0.05, 0.12])
def test_all_that_a_lender_takes_is_charged(rules: Contract, a_year: float) -> None:
    """An ordinary rate was charged nothing: up to a ten-thousandth a day, 3.65 % a year, was taken for noise,
    as on an exchange."""
    rate, lent = int(a_year * WAD) // 365, int(a_year * WAD) // 800
    assert rules.call("funding_charged", rate, -lent) == rate // STEP * STEP
    assert rules.call("funding_charged", -lent, rate) == -(lent // STEP) * STEP


@pytest.mark.proves("HG-15")
def test_a_rate_is_taken_for_its_hours_or_the_option_s_life(rules: Contract) -> None:
    """HG-15: funding of `carry` hours, and no longer than the option lives."""
    asked = (3 * 10**14, -2 * 10**14, 48)
    assert rules.call("funding_says", asked, 0, 0) == (0, 0)
    assert rules.call("funding_says", asked, 0, DAY) == (3 * 10**14, -2 * 10**14)
    for life in (2 * DAY - 1, 2 * DAY, 2 * DAY + 1, 90 * DAY):
        want, paid = (
            int(Fraction(rate * min(life, 2 * DAY), DAY)) for rate in (3 * 10**14, -2 * 10**14)
        )
        assert rules.call("funding_says", asked, 0, life) == (want, paid)
