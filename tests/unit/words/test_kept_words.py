"""Words that are kept between calls: each field in its own bits, as the libraries' headers lay them out."""

from __future__ import annotations

import random
from functools import cache

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import HOUR

MICRO = 10**12
LEAST = 2**79  # of a rate


@cache
def library() -> Contract:
    engine = open_engine("pyrevm")
    return engine.deploy(harness("unit/words/WordsHarness.vy"), sender=engine.accounts[0])


def crossing(time: int, residual: int, sigma: int, ordered: int, spent: int) -> tuple[int, ...]:
    return time, residual, sigma, ordered, spent


def check(crossed: tuple[int, ...], paid: tuple[int, int]) -> None:
    time, residual, sigma, ordered, spent = crossed
    day, amount = paid
    size, sign = min(abs(residual), 2**127 - 1), residual < 0
    millionths = min(sigma // MICRO, 2**32 - 1)
    spent, amount = min(spent, 2**128 - 1), min(amount, 2**96 - 1)
    words = library().call("crossing_kept", crossed, paid)
    assert tuple(words) == (
        time | ordered << 32 | millionths << 64 | size << 96 | sign << 223,
        spent | day << 128 | amount << 160,
    )
    back = (time, -size if sign else size, millionths * MICRO, ordered, spent)
    assert library().call("crossing_in", *words) == (back, (day, amount))


@pytest.mark.proves("HG-14")
def test_a_crossing_and_what_was_paid_come_back_from_their_two_words() -> None:
    draw = random.Random(14)

    def upto(bits: int) -> int:
        return draw.randrange(2 ** draw.randint(1, bits))

    for _ in range(300):
        residual = upto(127) * draw.choice((1, -1))
        crossed = crossing(upto(32), residual, upto(72), upto(32), upto(128))
        check(crossed, (upto(32), upto(96)))


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("past", [-1, 0, 1, 2**20])
def test_more_than_a_crossing_s_field_holds_is_its_most(past: int) -> None:
    """A field alone past its end, the others at their most: no neighbour has a bit of it."""
    full = [2**32 - 1, 2**127 - 1, (2**32 - 1) * MICRO, 2**32 - 1, 2**128 - 1]
    for place, step in ((1, 1), (2, MICRO), (4, 1)):
        for sign in (1, -1):
            crossed = list(full)
            crossed[place] += past * step
            crossed[1] *= sign
            check(crossing(*crossed), (2**32 - 1, 2**96 - 1))
    check(crossing(*full), (1, 2**96 - 1 + past))


@pytest.mark.proves("VS-9")
@pytest.mark.parametrize("long", [-LEAST, -1, 0, 1, 10**16, LEAST - 1])
@pytest.mark.parametrize("short", [-LEAST, -1, 0, 1, 10**16, LEAST - 1])
def test_rates_come_back_from_their_word_and_a_venue_that_said_nothing_is_asked_in_an_hour(
    long: int, short: int
) -> None:
    for time in (1, 1_700_000_000, 2**32 - 1):
        word = library().call("carry_kept", True, long, short, time)
        assert word == time | long + LEAST << 32 | short + LEAST << 112 | 1 << 192
        assert library().call("carry_in", word) == (long, short, time)
        unknown = library().call("carry_kept", False, long, short, time)
        assert (unknown, library().call("carry_in", unknown)) == (time, (0, 0, 0))
        for each in (word, unknown):
            due = [library().call("carry_is_due", each, time + HOUR + by) for by in (-1, 0, 1)]
            assert due == [False, True, True]
