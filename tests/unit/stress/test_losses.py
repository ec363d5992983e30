"""lib/losses against whole numbers: fields, sums, and what a hedge makes of them."""

from __future__ import annotations

import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD

JUMPS = (-50, -30, -20, -10, 10, 20, 40, 100)
STEP, BIAS, TOP, UNITS = 2**59, 2**30, 2**31 - 1, 10**6
MOST, LEAST = TOP - BIAS, -BIAS
TRIALS = settings(max_examples=200, deadline=None)
FIELDS = st.lists(
    st.one_of(
        st.integers(LEAST, MOST), st.integers(-100, 100), st.sampled_from([LEAST, MOST, MOST - 1])
    ),
    min_size=8, max_size=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def losses() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/stress/StressHarness.vy"))


def word(fields: list[int]) -> int:
    return sum((f + BIAS) << (32 * j) for j, f in enumerate(fields))


def fields(of: int) -> list[int]:
    return [((of >> (32 * j)) & (2**32 - 1)) - BIAS for j in range(8)]


@pytest.mark.proves("GT-3")
@TRIALS
@given(sums=st.lists(st.integers(-(2**130), 2**130), min_size=8, max_size=8))
@example(sums=[STEP * UNITS, STEP * UNITS + UNITS, 0, -UNITS, -STEP * UNITS, 1, -1, 2**150])
def test_a_loss_is_rounded_up_and_held_in_its_field(losses: Contract, sums: list[int]) -> None:
    found = fields(losses.call("packed", sums))
    for sum_, steps in zip(sums, found, strict=True):
        exact = min(max(-(-sum_ // (STEP * UNITS)), LEAST), MOST)
        assert exact - 1 <= steps <= exact  # a whole unit is what the quotient may lose
        assert steps * STEP * UNITS >= sum_ - UNITS or steps == MOST


@pytest.mark.proves("GT-3")
@TRIALS
@given(before=FIELDS, change=FIELDS)
@example(before=[MOST] * 8, change=[LEAST] * 8)
@example(before=[LEAST] * 8, change=[LEAST] * 8)
@example(before=[MOST - 1] * 8, change=[1] * 8)
def test_two_words_are_added_field_by_field(
    losses: Contract, before: list[int], change: list[int]
) -> None:
    """A field over the most is the most from then on; one under the least is the least."""
    found = fields(losses.call("plus", word(before), word(change)))
    assert found == [
        MOST if b == MOST else min(max(b + c, LEAST), MOST)
        for b, c in zip(before, change, strict=True)
    ]


@pytest.mark.proves("GT-1")
@TRIALS
@given(
    steps=st.lists(st.integers(-(10**6), 10**6), min_size=8, max_size=8),
    position=st.integers(-(10**22), 10**22),
    spot=st.integers(100 * WAD, 20_000 * WAD),
    equity=st.integers(0, 10**25),
    purse=st.integers(0, 10**25),
)
def test_the_worst_counts_the_hedge_between_nothing_and_what_the_venue_has(
    losses: Contract, steps: list[int], position: int, spot: int, equity: int, purse: int
) -> None:
    """GT-1: "a venue account is worth no less than nothing, and no more than the venue can pay"."""
    found = losses.call("worst", word(steps), position, spot, equity, purse)
    exact = max(
        s * STEP - min(max(position * spot // WAD * j // 100, -equity), purse)
        for s, j in zip(steps, JUMPS, strict=True)
    )
    assert 0 <= found * STEP - exact <= 3 * STEP


def test_losses_are_shown_in_dollars(losses: Contract) -> None:
    shown = losses.call("unpacked", word([LEAST, -1, 0, 1, 2, 3, 4, MOST]))
    assert list(shown) == [s * STEP for s in (LEAST, -1, 0, 1, 2, 3, 4, MOST)]
