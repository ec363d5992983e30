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


def test_what_had_its_turn_is_drawn_for_anew() -> None:
    drawn = iter([10.0, 3.0])
    dice = Dice(20.0, lambda *_: next(drawn))
    assert dice.let([HEDGE], 0) == []
    assert dice.let([HEDGE], 10) == [HEDGE]
    assert dice.let([], 11) == []  # it is made
    assert dice.let([HEDGE], 12) == []
    assert dice.let([HEDGE], 15) == [HEDGE]


def test_what_was_due_long_ago_is_drawn_for_anew() -> None:
    drawn = iter([10.0, 3.0])
    dice = Dice(20.0, lambda *_: next(drawn))
    assert dice.let([HEDGE], 0) == []
    assert dice.let([], 31) == []
    assert dice.let([HEDGE], 32) == []
    assert dice.let([HEDGE], 35) == [HEDGE]


@given(st.lists(st.booleans(), min_size=60, max_size=60))
def test_who_makes_it_due_and_not_due_in_turns_holds_it_off_no_longer(dues: list[bool]) -> None:
    """It was drawn for anew each time, so that a residual that crossed its trigger at every other block was
    never brought home."""
    dice = Dice(5.0)
    first = dues.index(True) if True in dues else 60
    for now, due in enumerate(dues):
        if dice.let([HEDGE] if due else [], now):
            went = now
            break
    else:
        went = 60
    later = [n for n, due in enumerate(dues) if due and first + 5 <= n <= first + 10]
    assert went <= min(later, default=60)


def test_a_bounty_and_the_same_trade_without_one_have_one_turn() -> None:
    """A bounty whose worth crosses its gas at every block made another kind of the same hedge."""
    dice, bounty = Dice(5.0, fixed(1.0)), Intent(Kind.BOUNTY, (0,), "due")
    assert not any(dice.let([(HEDGE, bounty)[now % 2]], now) for now in range(5))
    assert dice.let([bounty], 5) == [bounty]


def test_what_is_urgent_for_a_while_takes_no_turn_from_the_rest() -> None:
    """While one transaction waits only what is urgent is looked at."""
    dice = Dice(5.0, fixed(1.0))
    dice.let([HEDGE], 0)
    dice.let([], 2)
    assert dice.let([HEDGE], 5) == [HEDGE]


def test_without_dice_nothing_waits() -> None:
    assert Dice().let([HEDGE], 0) == [HEDGE]


def test_moments_are_even_over_the_span() -> None:
    """Known truth: of 2,000 draws each tenth of the span holds a tenth, to five standard errors."""
    counts = [0] * 10
    for _ in range(2_000):
        dice = Dice(10.0)
        counts[next(n for n in range(11) if dice.let([HEDGE], n)) - 1] += 1
    assert max(abs(count - 200) for count in counts) < 5 * (2_000 * 0.1 * 0.9) ** 0.5
