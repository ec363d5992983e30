"""Contracts run what lib/inlined makes of lib/stress, lib/losses and lib/surface. Here both are run, on the
same random inputs: they say the same, and what the library says is held to whole numbers."""

from __future__ import annotations

from typing import Any

import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kernel_oracle import slice_word

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD

FACTORS = (50, 70, 80, 90, 110, 120, 140, 200)
STEP, BIAS, TOP, UNITS = 2**59, 2**30, 2**31 - 1, 10**6
Q96 = 2**96
LEAST, MOST = 2**72, 8 * Q96
"""Of a deviation over a life, Q96."""
DAY = 86_400
NONE = (WAD, 0, 2**90, 0, False)
"""No calls at all."""
TRIALS = settings(max_examples=150, deadline=None)
FORWARDS = st.integers(100 * WAD, 20_000 * WAD)
SIZES = st.one_of(st.just(0), st.integers(1, 2**30))
CALLS = st.tuples(
    FORWARDS, st.integers(-2 * Q96, 2 * Q96), st.integers(2**80, Q96), SIZES, st.booleans()
)
AMOUNTS = st.integers(-(10**12), 10**12)
CASH = st.integers(-(10**30), 10**30)
WORDS = st.lists(st.integers(0, TOP), min_size=8, max_size=8)


@pytest.fixture(scope="module")
def twins() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/stress/TwinsHarness.vy"))


def both(twins: Contract, fn: str, *args: object) -> Any:
    """What both say."""
    library, run = twins.call(fn, *args)
    assert library == run
    return library


def word(fields: list[int]) -> int:
    return sum(field << 32 * j for j, field in enumerate(fields))


@TRIALS
@given(forward=FORWARDS, up=CALLS, down=CALLS, forwards=AMOUNTS, cash=CASH)
def test_both_count_the_same_losses(
    twins: Contract, forward: int, up: Any, down: Any, forwards: int, cash: int
) -> None:
    """Of calls that are more and of calls that are less, beside forwards of either sign and cash: a sum for
    each jump."""
    before = [10**24 * j for j in range(-4, 4)]
    after = both(twins, "added", before, forward, up, down, forwards, cash)
    alone = both(twins, "added", [0] * 8, forward, up, down, forwards, cash)
    assert [new - old for new, old in zip(after, before, strict=True)] == list(alone)
    changed = both(twins, "change", forward, up, down, forwards, cash)
    whole = [-(-sum_ // UNITS) for sum_ in alone]
    if max(abs(sum_) for sum_ in whole) < (BIAS - 2) * STEP:
        for j, sum_ in enumerate(whole):
            steps = (changed >> 32 * j & 2**32 - 1) - BIAS
            assert -2 <= steps - -(-sum_ // STEP) <= 1


@TRIALS
@given(forward=FORWARDS, forwards=AMOUNTS, cash=CASH)
@example(forward=2_500 * WAD + 1, forwards=1, cash=0)
@example(forward=2_500 * WAD + 1, forwards=-1, cash=0)
def test_forwards_that_are_owed_count_a_unit_of_price_more(
    twins: Contract, forward: int, forwards: int, cash: int
) -> None:
    """The price after a jump is rounded down: what is owed then counts at one unit over it, so that a sum
    errs upwards."""
    over = forwards > 0
    assert list(both(twins, "added", [0] * 8, forward, NONE, NONE, forwards, cash)) == [
        forwards * (forward * factor // 100 + over) + cash for factor in FACTORS
    ]


@pytest.mark.parametrize("side", [1, -1])
def test_a_change_that_no_field_holds_shuts_the_gate(twins: Contract, side: int) -> None:
    """Every field is the most that there is, on which no open is carried, also where it were a gain."""
    lanes = sum(1 << 32 * j for j in range(8))
    fits = (BIAS - 2) * STEP * UNITS
    assert both(twins, "change", 2_500 * WAD, NONE, NONE, 0, side * fits) != lanes * TOP
    for much in (side * (fits + 4 * STEP * UNITS), side * 2**200):
        assert both(twins, "change", 2_500 * WAD, NONE, NONE, 0, much) == lanes * TOP


@TRIALS
@given(sums=st.lists(st.integers(-(2**130), 2**130), min_size=8, max_size=8))
def test_both_pack_the_same_word(twins: Contract, sums: list[int]) -> None:
    both(twins, "pack", sums)


@TRIALS
@given(before=WORDS, change=WORDS)
@example(before=[BIAS] * 8, change=[BIAS] * 8)
@example(before=[TOP] * 8, change=[0] * 8)
@example(before=[0] * 8, change=[0] * 8)
def test_both_add_two_words_alike(twins: Contract, before: list[int], change: list[int]) -> None:
    assert both(twins, "plus", word(before), word(change)) == word(
        [
            TOP if b == TOP else min(max(b + c - BIAS, 0), TOP)
            for b, c in zip(before, change, strict=True)
        ]
    )


@TRIALS
@given(
    fields=WORDS,
    position=st.integers(-(10**22), 10**22),
    spot=FORWARDS,
    equity=st.integers(0, 10**25),
    purse=st.integers(0, 10**25),
)
def test_both_find_the_same_worst_jump(
    twins: Contract, fields: list[int], position: int, spot: int, equity: int, purse: int
) -> None:
    both(twins, "worst", word(fields), position, spot, equity, purse)


@TRIALS
@given(
    bits=st.integers(0, 2**256 - 1),
    life=st.integers(0, 2**27),
    k=st.integers(-8 * Q96, 8 * Q96),
    guess=st.integers(2**72, 2**99),
)
def test_both_hold_any_volatility_in_its_range(
    twins: Contract, bits: int, life: int, k: int, guess: int
) -> None:
    """Whatever a slice's word says, and however near the guess is."""
    found = both(twins, "deviation", bits, 2_500 * WAD, life, k, guess)
    assert LEAST - LEAST // 2**20 <= found[0] <= MOST + MOST // 2**20


@pytest.mark.parametrize(
    ("variance", "life", "there"),
    [(-1.0, 30 * DAY, LEAST), (0.0, 30 * DAY, LEAST), (0.25, 0, LEAST), (30.0, 4 * 365 * DAY, MOST)],
)  # fmt: skip
def test_a_variance_past_its_range_counts_at_the_end_of_it(
    twins: Contract, variance: float, life: int, there: int
) -> None:
    """One that is nothing or less, one of no life, one of a hundred and twenty."""
    flat = slice_word(a=variance, b=0.0)
    found = both(twins, "deviation", flat, 2_500 * WAD, life, 0, Q96 // 2)
    assert found[0] == pytest.approx(there, rel=1e-12)
