"""GT-6: what is remembered of each of several purses, word by word, beside the same rule in whole numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import DAY, HOUR

MOST = 2**64 - 2
"""That a place of a word holds, beside the one that says that it is remembered."""
QUIET = 2 * HOUR
"""For so long every mark has seen more, or each less, or nothing moves."""


@pytest.fixture(scope="module")
def purses() -> Iterator[Contract]:
    with open_engine("pyrevm") as engine:
        yield engine.deploy(harness("unit/venue_set/PursesHarness.vy"), sender=engine.accounts[0])


def is_alike(kept: int, seen: int, besides: int) -> bool:
    """Whether both marks saw more than is remembered, or both less, by a part in 64."""
    now = min(besides, MOST)
    return min(now, seen) > kept or max(now, seen) * 65 // 64 < kept


def ruled(
    kept: int | None, seen: int, besides: int, ours: int, since: int, alike: int = QUIET
) -> int:
    """What is remembered then; None for nothing before. alike: for so long all marks did."""
    now = min(besides, MOST)
    if kept is None:
        return now
    if not is_alike(kept, seen, besides) or alike + since < QUIET:
        return kept
    if min(now, seen) > kept:
        return min(now, seen, kept + (kept + ours) * since // DAY)
    return max(now, seen, kept * HOUR // (HOUR + since))


def written(place: int, value: int) -> int:
    return (value + 1) << 64 * place


def after(
    purses: Contract,
    place: int,
    kept: int | None,
    seen: int,
    besides: int,
    ours: int,
    since: int,
    alike: int = QUIET,
) -> tuple[int, int, int]:
    """What is kept, seen and counts then, where the other places of all words hold something else; and for
    how long marks were alike, as it has to be."""
    others = sum(written(each, 7 + each) for each in range(4) if each != place)
    words = (
        others | (0 if kept is None else written(place, kept)),
        others | written(place, seen),
        others | alike << 64 * place,
    )
    memory, counts = purses.call("after", words, place, besides, ours, since)
    mask = 2**64 - 1 << 64 * place
    assert [word & ~mask for word in memory] == [others] * 3
    kept_then, seen_then, longer = ((word & mask) >> 64 * place for word in memory)
    goes_on = kept is not None and is_alike(kept, seen, besides)
    assert longer == (alike + since if goes_on else 0)
    return kept_then - 1, seen_then - 1, counts


@pytest.mark.proves("GT-6")
@pytest.mark.parametrize(
    ("kept", "seen", "besides", "ours", "since", "then"),
    [
        (None, 0, 500, 0, 0, 500),
        (100, 10_000, 10_000, 50, DAY, 250),  # as much again, of what is ours too
        (100, 10_000, 10_000, 50, DAY // 2, 175),
        (100, 180, 10_000, 50, DAY, 180),  # it was there at both ends
        (100, 10_000, 180, 50, DAY, 180),
        (100, 10_000, 100, 50, DAY, 100),
        (100, 40, 100, 50, HOUR, 100),
        (100, 40, 30, 50, HOUR, 50),  # to the half by the hour
        (100, 80, 30, 50, HOUR, 80),
        (100, 40, 30, 50, 0, 100),
        (None, 0, 2**64, 0, 0, MOST),
        (MOST, MOST, 2**200, 0, DAY, MOST),
    ],
)
def test_it_grows_by_the_day_and_fades_by_the_hour(
    purses: Contract, kept: int | None, seen: int, besides: int, ours: int, since: int, then: int
) -> None:
    for place in range(4):
        found = after(purses, place, kept, seen, besides, ours, since)
        assert found == (then, min(besides, MOST), min(then, besides, MOST))


def near(drawn: random.Random, kept: int) -> int:
    """An amount about which it matters whether it is less than what is kept by a part in 64."""
    return max(kept * 64 // 65 + drawn.randint(-3, 3), 0)


@pytest.mark.proves("GT-6")
def test_it_is_the_rule_whatever_the_numbers(purses: Contract) -> None:
    """Amounts of like size, next to nothing beside what is remembered, and a part in 64 less."""
    drawn, faded = random.Random(6), 0
    for _ in range(900):
        top = 10 ** drawn.randint(0, 19)
        kept = None if drawn.random() < 0.1 else drawn.randint(0, min(top, MOST))
        less = drawn.choice((1, 1, 10**3, 10**9))
        seen, besides = drawn.randint(0, min(top, MOST) // less), drawn.randint(0, top * 3 // less)
        if kept is not None and drawn.random() < 0.2:
            seen, besides = near(drawn, kept), near(drawn, kept)
        ours, since = drawn.randint(0, top), drawn.randint(0, 3 * DAY)
        alike = drawn.choice((0, QUIET - 1, QUIET, 40 * DAY))
        then = ruled(kept, seen, besides, ours, since, alike)
        found = after(purses, drawn.randint(0, 3), kept, seen, besides, ours, since, alike)
        assert found == (then, min(besides, MOST), min(then, besides, MOST))
        faded += kept is not None and max(seen, besides) < then < kept
    assert faded > 100


@pytest.mark.proves("GT-6")
@pytest.mark.parametrize("position", [999, 1_000, 1_001, 10**21, -(10**21)])
def test_whoever_has_a_thousandth_of_the_position_or_less_makes_nothing_of_what_others_pay(
    purses: Contract, position: int
) -> None:
    """One that has nothing to pay, of just so much of it."""
    side, size = (1 if position > 0 else -1), abs(position)
    for dust in (size // 1_000 - 1, size // 1_000, size // 1_000 + 1):
        held = (position - side * dust, side * dust, 0, 0)
        pays = purses.call("shared", (7_000, 0, 0, 0), held, position)
        assert (pays > 0) is (dust * 1_000 <= size)
