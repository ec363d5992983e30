"""A trade at the venue comes within some seconds of when it is due, and nobody knows in which."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from keeper.dice import TRADES, Dice
from keeper.planner import Intent, Kind

HEDGE = Intent(Kind.REBALANCE, (0,), "due")
URGENT = Intent(Kind.REBALANCE, (0,), "due", urgent=True)
OTHERS = [Intent(kind, (), "due") for kind in Kind if kind not in TRADES]


def fixed(share: float) -> Callable[[float, float], float]:
    return lambda low, high: low + share * (high - low)


@given(st.floats(0, 1), st.floats(0, 600), st.integers(0, 2**40))
def test_it_waits_as_long_as_was_drawn_and_no_longer(share: float, most: float, now: int) -> None:
    dice, ends = Dice(most, fixed(share)), now + share * most
    for passed in (0, 1, int(most) // 2, int(most), int(most) + 1):
        assert (HEDGE in dice.let([HEDGE], now + passed)) is (now + passed >= ends)


def test_nothing_else_waits_nor_what_is_urgent() -> None:
    dice = Dice(600.0, fixed(1.0))
    assert dice.let([URGENT, *OTHERS], 0) == [URGENT, *OTHERS]
    assert dice.let([HEDGE, *OTHERS], 0) == OTHERS


def test_what_was_due_is_drawn_for_anew() -> None:
    drawn = iter([10.0, 3.0])
    dice = Dice(20.0, lambda *_: next(drawn))
    assert dice.let([HEDGE], 0) == []
    assert dice.let([], 5) == []  # somebody else made it
    assert dice.let([HEDGE], 8) == []
    assert dice.let([HEDGE], 11) == [HEDGE]


def test_without_dice_nothing_waits() -> None:
    assert Dice().let([HEDGE], 0) == [HEDGE]


def test_moments_are_even_over_the_span() -> None:
    """Known truth: of 2,000 draws each tenth of the span holds a tenth, to five standard errors."""
    counts = [0] * 10
    for _ in range(2_000):
        dice = Dice(10.0)
        counts[next(n for n in range(11) if dice.let([HEDGE], n)) - 1] += 1
    assert max(abs(count - 200) for count in counts) < 5 * (2_000 * 0.1 * 0.9) ** 0.5
