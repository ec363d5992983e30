"""A slice that moved too fast stands beside the one before it until the limit has caught up (R15, R37)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from quick_chain import reverts
from surface_bench import DAY, FLAT, Bench, env

from tandem.model.svi import Slice, pack
from tandem.units import HOUR


def flat(vol: float, **changes: float) -> Slice:
    """A slice whose volatility at the money is `vol`, with the default's smile."""
    return replace(FLAT, a=vol * vol - FLAT.b * FLAT.s, **changes)


def stands(bench: Bench, expiry: int, slice_: Slice, **changes: int) -> bool:
    """Whether a slice that is posted now stands alone, or else beside the one that stood."""
    before = bench.reads(expiry).slices[expiry]
    bench.post(expiry, slice_, **changes)
    reading = bench.reads(expiry)
    if reading.slices[expiry] == pack(slice_):
        return True
    assert (reading.slices[expiry], reading.beside[expiry]) == (before, pack(slice_))
    return False


def would(bench: Bench, expiry: int, slice_: Slice) -> bool:
    with env.anchor():
        return stands(bench, expiry, slice_)


@pytest.mark.proves("SF-3")
def test_r15_an_hour_allows_the_hours_move_and_no_more(bench):
    """SF-3: "One that moved further than the time … allows, per hour and not per post, does not stand" """
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    env.time_travel(seconds=HOUR)
    assert not would(bench, expiry, flat(0.7005))
    assert not would(bench, expiry, flat(0.4995))
    assert stands(bench, expiry, flat(0.6995))


@pytest.mark.proves("SF-3")
def test_r15_many_posts_move_no_more_than_one(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    level = 0.6
    for _ in range(10):
        env.time_travel(seconds=360)
        assert not would(bench, expiry, flat(level + 0.0101))
        level += 0.0099
        assert stands(bench, expiry, flat(level))
    assert level < 0.6 + 0.1


@pytest.mark.proves("SF-3")
def test_r37_a_jump_is_quoted_beside_until_the_limit_has_caught_up(bench):
    """R37: "a surface that may not move as far as it must is quoted worse-of until it has". Fifteen
    points at ten an hour take an hour and a half; then the new slice stands, and for a window the old
    one is quoted with it."""
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    start, jumped = env.timestamp, flat(0.75)
    for _ in range(17):
        env.time_travel(seconds=300)
        assert not stands(bench, expiry, jumped)
        assert bench.reads(expiry).times[expiry] == env.timestamp, "and it is fresh"
    env.time_travel(seconds=301)
    assert env.timestamp - start > 1.5 * HOUR
    assert stands(bench, expiry, jumped)
    assert bench.reads(expiry).beside[expiry] == pack(jumped)
    env.time_travel(seconds=300)
    assert stands(bench, expiry, jumped)


@pytest.mark.proves("SF-3")
def test_r37_a_slice_beside_never_lapses_by_itself(bench):
    """Signed once and then never again, it does not come to stand, and stays quoted."""
    expiry, wild = bench.expiry(20), flat(2.0)
    bench.post(expiry, flat(0.6))
    env.time_travel(seconds=300)
    assert not stands(bench, expiry, wild)
    env.time_travel(seconds=5 * DAY)
    reading = bench.reads(expiry)
    assert (reading.slices[expiry], reading.beside[expiry]) == (pack(flat(0.6)), pack(wild))


@pytest.mark.proves("SF-3")
def test_r37_what_was_ahead_and_came_back_stands_at_once(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    env.time_travel(seconds=300)
    assert not stands(bench, expiry, flat(0.8))
    env.time_travel(seconds=300)
    assert stands(bench, expiry, flat(0.605))
    assert bench.reads(expiry).beside[expiry] == pack(flat(0.8)), "for a window"
    env.time_travel(seconds=60)
    assert bench.reads(expiry).beside[expiry] == 0


@pytest.mark.proves("SF-3")
def test_r37_relaying_an_older_slice_resets_no_clock(bench):
    """Somebody relays a slice that was signed five minutes ago: the next one counts its move from what
    that slice describes, not from when it was relayed."""
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    env.time_travel(seconds=HOUR)
    old = env.timestamp - 300
    assert stands(bench, expiry, flat(0.6), valid_from=old)
    env.time_travel(seconds=100)
    assert not would(bench, expiry, flat(0.6 + 0.1 * 405 / HOUR))
    assert stands(bench, expiry, flat(0.6 + 0.1 * 395 / HOUR))


@pytest.mark.proves("SF-3")
def test_r37_relaying_a_slice_late_gives_it_no_farther_to_move(bench):
    """The other end of the same clock: the move counts to the moment that the slice describes, not to its
    relay."""
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    env.time_travel(seconds=HOUR)
    signed = env.timestamp - 400
    with env.anchor():
        assert not stands(bench, expiry, flat(0.6 + 0.1 * 3_205 / HOUR), valid_from=signed)
    assert stands(bench, expiry, flat(0.6 + 0.1 * 3_195 / HOUR), valid_from=signed)


def test_r15_a_long_silence_allows_six_hours_of_movement(bench):
    expiry = bench.expiry(20)
    bench.post(expiry, flat(0.6))
    env.time_travel(seconds=2 * DAY)
    assert not would(bench, expiry, flat(1.21))
    assert stands(bench, expiry, flat(1.19))


@pytest.mark.parametrize(("gap", "hours"), [(900, 7), (30 * HOUR, 24 + 7)])
def test_r37_while_signers_go_on_any_distance_is_caught_up_with(bench, gap, hours):
    """Seventy points take seven hours; of a silence before, six count."""
    expiry, jumped = bench.expiry(20), flat(1.3)
    bench.post(expiry, flat(0.6))
    start = env.timestamp
    env.time_travel(seconds=gap)
    while not stands(bench, expiry, jumped):
        env.time_travel(seconds=900)
    assert env.timestamp - start == pytest.approx(hours * HOUR, abs=901)


def test_r15_the_wings_may_move_three_times_as_fast_but_the_middle_may_not(bench):
    expiry = bench.expiry(20)
    start = replace(FLAT, a=0.25, b=0.3, rho=0.0, s=0.3)
    bench.post(expiry, start)
    env.time_travel(seconds=HOUR)
    wide = replace(start, b=0.55, a=0.25 - 0.25 * 0.3)
    near = max(abs(float(wide.vol(k) - start.vol(k))) for k in (-0.36, 0.0, 0.36))
    assert near < 0.1 < abs(float(wide.vol(1.2) - start.vol(1.2))) < 0.3
    assert stands(bench, expiry, wide)


@pytest.mark.parametrize(
    ("start", "inside", "outside"),
    [
        ({"basis": 0.0}, {"basis": 0.05}, {"basis": 0.0501}),
        ({"basis": 0.0}, {"basis": -0.05}, {"basis": -0.0501}),
        ({"stickiness": 1.0}, {"stickiness": 1.1}, {"stickiness": 1.11}),
        ({"stickiness": 1.0}, {"stickiness": 0.9}, {"stickiness": 0.89}),
    ],
)
def test_r15_basis_and_stickiness_move_no_faster_than_their_limits(bench, start, inside, outside):
    expiry = bench.expiry(20)
    bench.post(expiry, replace(FLAT, **start))
    env.time_travel(seconds=HOUR)
    assert not would(bench, expiry, replace(FLAT, **outside))
    assert stands(bench, expiry, replace(FLAT, **inside))


def test_r15_an_expiry_that_takes_a_slot_over_does_not_move_from_its_tenant(bench):
    first = bench.expiry(1)
    for days in range(1, 9):
        bench.post(bench.expiry(days), flat(0.6))
    env.time_travel(seconds=first - env.timestamp)
    with reverts("surface: expired"):
        bench.post(first, flat(0.6))
    assert bench.reads(first).slices[first] == pack(flat(0.6)), "it waits for its price"
    later = bench.expiry(12)
    bench.post(later, flat(2.0))
    assert bench.reads(later).slices[later] == pack(flat(2.0))
    assert bench.reads(later).beside[later] == 0
    slot = bench.market.slot_of(later)
    asked = [first if n == slot else 0 for n in range(8)]
    assert list(bench.surface.read(asked).slices) == [0] * 8, "past, and its slice is gone"


@pytest.mark.parametrize("after", [0, 3_600])
def test_r15_a_slice_of_a_past_expiry_does_not_make_the_others_stale(bench, after):
    first, second = bench.expiry(1), bench.expiry(2)
    bench.post(first, flat(0.6))
    bench.post(second, flat(0.6))
    env.time_travel(seconds=first + after - env.timestamp)
    bench.post(second, flat(0.6))
    assert env.timestamp - bench.reads(first, second).oldest < 60
