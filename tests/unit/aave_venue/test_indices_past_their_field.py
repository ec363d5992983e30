"""lib/accruals: what was paid since a mark, against whole numbers; and nothing where no index says it."""

from __future__ import annotations

import pytest
from aave_bench import Bench
from harnesses import harness
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import DAY, WAD

MOST = 2**74 - 1
INDICES = st.integers(10**17, 10**21)


@pytest.fixture(scope="module")
def accruals() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/aave_venue/AccrualsHarness.vy"))


def mark_of(time: int, owed: int, lent: int, short: int) -> int:
    return time << 222 | short << 148 | lent << 74 | owed


@settings(max_examples=100, deadline=None)
@given(
    before=st.tuples(INDICES, INDICES, INDICES),
    after=st.tuples(INDICES, INDICES, INDICES),
    passed=st.integers(1, 400 * DAY),
    owes=st.booleans(),
)
def test_what_an_index_grew_by_is_what_was_paid_a_day(
    accruals: Contract,
    before: tuple[int, int, int],
    after: tuple[int, int, int],
    passed: int,
    owes: bool,
) -> None:
    """A long's by what it owes or by what it gave up lending, a short's by its own."""
    now = accruals.engine.now()
    mark, long, short = accruals.call("since", mark_of(now - passed, *before), after, owes)
    assert mark == mark_of(now, *after)
    mine = 0 if owes else 1
    for found, was, then in (
        (long, before[mine], after[mine]),
        (short, before[2], after[2]),
    ):
        exact = (then - was) * WAD * DAY / was / passed
        assert found == pytest.approx(exact, rel=1e-9, abs=DAY)


@pytest.mark.parametrize("owes", [True, False])
def test_an_index_that_its_field_does_not_hold_says_nothing(accruals: Contract, owes: bool) -> None:
    """To the most of it the growth is told; one more is held there, and what was paid is not known."""
    then = accruals.engine.now() - DAY
    begun = mark_of(then, WAD, WAD, WAD)
    mark, long, short = accruals.call("since", begun, (MOST, MOST, MOST), owes)
    assert long == short == MOST - WAD
    assert mark & (1 << 222) - 1 == mark_of(0, MOST, MOST, MOST)
    past = accruals.call("since", begun, (MOST + 1, MOST + 1, MOST + 1), owes)
    assert past == (mark, 0, 0)


@pytest.mark.parametrize("owes", [True, False])
def test_before_the_first_mark_and_within_its_second_nothing_was_paid(
    accruals: Contract, owes: bool
) -> None:
    """Whatever the indices have become: of no time there is no rate a day."""
    now = accruals.engine.now()
    then, since = (WAD, WAD, WAD), (2 * WAD, 3 * WAD, 4 * WAD)
    for before in (0, mark_of(0, *then), mark_of(now, *then)):
        assert accruals.call("since", before, since, owes) == (mark_of(now, *since), 0, 0)


def test_a_mark_without_indices_says_of_a_day_that_nothing_was_paid(busy: Bench) -> None:
    """Of interest that others do pay: the next mark has them, and says how much."""
    engine, venue = busy.engine, busy.venue
    empty = engine.now() << 222
    engine.advance(DAY)
    mark, long, short = venue.call("funding_since", empty)
    assert (long, short) == (0, 0)
    engine.advance(DAY)
    _, long, short = venue.call("funding_since", mark)
    assert long != 0 != short
