"""VolSurface: when all that is open was last fresh together, for a while (SF-7)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from surface_bench import FLAT, Bench, env

from tandem.protocol import terms

AGE = terms.FIELDS["surface_age"].default
SOON = AGE // 8
"""Of a slice's time, that must be left of what is open."""
NEAR, FAR = 1, 2
"""Slots that are open, a bit each: those listed first and second."""


def both(bench: Bench) -> tuple[int, int]:
    """Two expiries with a slice of now, the one posted first in the first slot."""
    near, far = bench.expiry(20), bench.expiry(34)
    for expiry in (near, far):
        bench.post(expiry)
    return near, far


def stamps(bench: Bench, expiry: int) -> bool:
    """Whether a slice that is posted now says so."""
    with env.anchor():
        before = bench.surface.whole_at()
        bench.post(expiry)
        assert bench.surface.whole_at() in (before, env.timestamp)
        return bench.surface.whole_at() == env.timestamp


def check_what_is_left(bench: Bench, age: int, left: int) -> None:
    """To the second, of whichever slot is not posted."""
    near, far = both(bench)
    bench.market.set_open(NEAR | FAR)
    env.time_travel(seconds=age - left)
    assert [stamps(bench, each) for each in (near, far)] == [True, True]
    env.time_travel(seconds=1)
    assert [stamps(bench, each) for each in (near, far)] == [False, False]


@pytest.mark.proves("SF-7")
def test_a_post_beside_what_is_open_and_stays_fresh_is_kept(bench: Bench) -> None:
    """SF-7: "for an eighth of the age longer"."""
    check_what_is_left(bench, AGE, SOON)


@pytest.mark.proves("SF-7")
@pytest.mark.parametrize(("age", "left"), [(60, 24), (192, 24), (200, 25)])
def test_two_blocks_of_a_slow_chain_are_left_at_least(bench: Bench, age: int, left: int) -> None:
    """SF-7: "or for 24 s where that is less". An eighth of a minute is no block of an L1."""
    owner, place = bench.guardian.owner(), terms.FIELDS["surface_age"].index
    bench.guardian.set_term(place, age, sender=owner)
    env.time_travel(seconds=bench.guardian.DELAY())
    bench.guardian.apply(place, sender=owner)
    check_what_is_left(bench, age, left)


@pytest.mark.proves("SF-7")
def test_what_is_not_open_and_stale_is_not_asked_for(bench: Bench) -> None:
    """Signers need not follow what nobody holds; what may still be opened is to stay fresh."""
    near, far = both(bench)
    bench.market.set_open(NEAR)
    env.time_travel(seconds=AGE - SOON + 1)
    assert [stamps(bench, each) for each in (near, far)] == [False, False]
    env.time_travel(seconds=SOON - 1)
    assert not stamps(bench, near)
    env.time_travel(seconds=1)
    assert [stamps(bench, each) for each in (near, far)] == [True, False]


@pytest.mark.proves("SF-7")
@pytest.mark.parametrize("slots", [NEAR | FAR, FAR], ids=["open", "may be opened"])
def test_what_is_past_before_anybody_could_leave_is_no_such_moment(
    bench: Bench, slots: int
) -> None:
    """Until its price is there nobody leaves (ST-4); what is settled, or was never open, is not asked for."""
    near, far = both(bench)
    bench.market.set_open(slots)
    env.time_travel(seconds=near - env.timestamp - SOON - 1)
    bench.post(near)
    assert stamps(bench, far)
    env.time_travel(seconds=1)
    assert not stamps(bench, far)
    env.time_travel(seconds=SOON - 1)
    assert not stamps(bench, far)
    env.time_travel(seconds=1)
    assert stamps(bench, far) == (slots == FAR)


@pytest.mark.proves("SF-7")
def test_a_moment_is_kept_whichever_slots_are_posted_after_it(bench: Bench) -> None:
    """By turns: at no later post all that is open is fresh, and none forgets the last at which it was."""
    near, far = both(bench)
    bench.market.set_open(NEAR | FAR)
    kept = bench.surface.whole_at()
    assert kept == env.timestamp
    for turn in range(6):  # ends with the far one
        env.time_travel(seconds=AGE + 1)
        bench.post((near, far)[turn % 2])
        assert bench.surface.whole_at() == kept
    bench.post(near)
    assert bench.surface.whole_at() == env.timestamp


@pytest.mark.proves("SF-7")
def test_a_slice_that_moved_too_fast_says_it_too(bench: Bench) -> None:
    """It is a slice of its moment; and what is kept of moves and moments is as it was."""
    _, far = both(bench)
    bench.market.set_open(NEAR | FAR)
    since = [each.since for each in bench.surface.slices()]
    env.time_travel(seconds=120)
    with env.anchor():
        bench.post(far, replace(FLAT, a=4.0))
        assert bench.surface.whole_at() == env.timestamp
        assert [each.since for each in bench.surface.slices()] == since
    assert since == [env.timestamp - 120] * 2
