"""PR-4, R27: three accounts with one purse that know everything, at one price and one surface.

They buy, sell back in parts, move the venue's pool, make the protocol rebalance into it, and unwind all
of it within minutes, on books from empty to full, before and after a jump. What cannot be unwound counts
at its worst mark.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from books import BOOKS
from plans import Act, Plan, Weather, random_act
from play import stage

PLANS = 400 if os.environ.get("TANDEM_NIGHTLY") == "1" else 4  # of a book and a jump
JUMPS = (0, -6, 6)
TRADER = ("mint", "mint", "mint", "close", "close", "push", "push", "unwind", "rebalance")
HEDGED = ("puts", "calls", "straddles", "full")


@pytest.mark.sampled(5)
@pytest.mark.proves("PR-4")
@pytest.mark.parametrize("book", BOOKS)
def test_r27_no_plan_that_knows_everything_ends_with_a_profit(book: str) -> None:
    """PR-4: "No sequence of a trader's actions at one price and one time makes money." """
    losses = 0
    for jump in JUMPS:
        weather = Weather(jump=jump)
        with stage(book, weather) as course:
            for seed in range(PLANS):
                random = Random(seed * 1_000 + jump)
                acts = tuple(random_act(random, book, TRADER) for _ in range(random.randint(2, 8)))
                found = course.play(Plan(book, weather, acts))
                assert found.net <= 0, found
                losses += found.profit < 0
    assert losses > len(JUMPS) * PLANS // 2


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "push", [60, 200, *(pytest.param(n, marks=pytest.mark.long) for n in (20, 110))]
)
@pytest.mark.parametrize("part", ["0", "50"])
@pytest.mark.parametrize("book", HEDGED)
def test_r27_who_moves_the_pool_before_a_rebalance_loses(book: str, part: str, push: int) -> None:
    """R27: "leaves a predator who knows everything with a loss on average": with one in every case."""
    for jump in (-6, 6):
        weather = Weather(jump=jump)
        with stage(book, weather) as course:
            for size in (push, -push):
                acts = (
                    Act("A", "push", (str(size),)),
                    Act("B", "rebalance", (part,)),
                    Act("A", "unwind", ("100",)),
                )
                assert course.play(Plan(book, weather, acts)).net < 0
