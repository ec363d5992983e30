"""VolSurface.read and slices: what a trade and an auditor see (R15, R20)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from quick_chain import reverts
from surface_bench import FLAT, env

from tandem.model.svi import pack
from tandem.units import DAY

OTHER = replace(FLAT, a=FLAT.a + 0.001)


def test_slices_come_back_in_the_markets_slots(bench):
    near, far = bench.expiry(10), bench.expiry(30)
    bench.post(near, FLAT)
    bench.post(far, OTHER)
    reading = bench.surface.read([near, far, 0, 0, 0, 0, 0, 0])
    assert list(reading.slices) == [pack(FLAT), pack(OTHER), 0, 0, 0, 0, 0, 0]
    assert list(reading.beside) == [0] * 8
    assert list(bench.surface.read([0, far, 0, 0, 0, 0, 0, 0]).slices)[:2] == [0, pack(OTHER)]
    with reverts("surface: no slice"):
        bench.surface.read([far, near, 0, 0, 0, 0, 0, 0])


def test_every_expiry_has_its_own_slice_beside_whichever(bench):
    expiries = [bench.expiry(days) for days in range(10, 18)]
    words = [pack(replace(FLAT, a=FLAT.a + i / 1000)) for i in range(8)]
    for expiry, word in zip(expiries, words, strict=True):
        bench.post(expiry, word)
    for first, second in itertools.combinations(range(8), 2):
        asked, wanted = [0] * 8, [0] * 8
        for slot in (first, second):
            asked[slot], wanted[slot] = expiries[slot], words[slot]
        reading = bench.surface.read(asked)
        assert list(reading.slices) == wanted
        times = [reading.times >> 32 * slot & 2**32 - 1 for slot in range(8)]
        assert times == [env.timestamp if e else 0 for e in asked]


def alone(slot: int, expiry: int) -> list[int]:
    """What is asked for one slot."""
    asked = [0] * 8
    asked[slot] = expiry
    return asked


@pytest.mark.parametrize("slot", range(8))
def test_each_slot_is_read_as_any_other(bench, slot):
    """The text of each is its own: a slice, what is beside it, of when it is, and what has none."""
    expiries = [bench.expiry(days) for days in range(10, 18)]
    jump = replace(FLAT, a=FLAT.a + 0.5)
    for expiry in expiries:
        bench.post(expiry, valid_from=env.timestamp - 400)
    asked = alone(slot, expiries[slot])
    env.time_travel(seconds=600)
    at = env.timestamp - 100 - slot

    bench.post(expiries[slot], OTHER, valid_from=at)
    reading = bench.surface.read(asked)
    assert (reading.slices[slot], reading.beside[slot]) == (pack(OTHER), pack(FLAT))
    assert (reading.times, reading.oldest) == (at << 32 * slot, at)
    env.time_travel(seconds=600)
    assert list(bench.surface.read(asked).beside) == [0] * 8

    bench.post(expiries[slot], jump)
    env.time_travel(seconds=DAY)
    reading = bench.surface.read(asked)
    assert (reading.slices[slot], reading.beside[slot]) == (pack(OTHER), pack(jump))
    with reverts("surface: no slice"):
        bench.surface.read(alone(slot, expiries[slot] + DAY))

    env.time_travel(seconds=expiries[slot] - env.timestamp)
    for expiry in (expiries[slot], expiries[slot] - DAY):
        reading = bench.surface.read(alone(slot, expiry))
        assert reading.oldest == env.timestamp
        assert bool(reading.slices[slot]) == bool(reading.times) == (expiry == expiries[slot])
    env.time_travel(seconds=DAY)
    assert list(bench.surface.read(alone(slot, env.timestamp)).slices) == [0] * 8


def test_an_expiry_without_a_slice_reverts_by_name(bench):
    bench.post(bench.expiry(10))
    bench.market.list_expiry(bench.expiry(11))
    with reverts("surface: no slice"):
        bench.reads(bench.expiry(11))


def test_nothing_asked_is_as_old_as_now(bench):
    assert bench.reads().oldest == env.timestamp


def test_r15_the_age_is_that_of_the_oldest_data_read_not_of_its_relay(bench):
    near, far = bench.expiry(10), bench.expiry(30)
    start = env.timestamp
    bench.post(near, valid_from=start - 400)
    env.time_travel(seconds=30)
    bench.post(far)
    assert bench.reads(near, far).oldest == start - 400
    assert bench.reads(far).oldest == start + 30
    env.time_travel(seconds=1000)
    assert bench.reads(near, far).oldest == start - 400


@pytest.mark.proves("SF-5")
def test_r15_for_a_window_after_a_post_the_earlier_slice_comes_along(bench):
    """SF-5: "For a time after a slice is posted, traders get the worse of old and new." """
    expiry, other = bench.expiry(10), bench.expiry(30)
    bench.post(expiry)
    bench.post(other)
    env.time_travel(seconds=600)
    assert bench.reads(expiry).beside[expiry] == 0
    bench.post(expiry, OTHER)
    assert bench.reads(expiry).slices[expiry] == pack(OTHER)
    assert bench.reads(expiry).beside[expiry] == pack(FLAT)
    assert bench.reads(expiry, other).beside[other] == 0
    env.time_travel(seconds=59)
    assert bench.reads(expiry).beside[expiry] == pack(FLAT)
    env.time_travel(seconds=1)
    assert bench.reads(expiry).beside[expiry] == 0


def test_r15_the_window_is_counted_from_the_relay_and_the_age_from_the_data(bench):
    expiry = bench.expiry(10)
    bench.post(expiry)
    env.time_travel(seconds=600)
    bench.post(expiry, OTHER, valid_from=env.timestamp - 400)
    env.time_travel(seconds=59)
    assert bench.reads(expiry).beside[expiry] == pack(FLAT)
    assert bench.reads(expiry).times[expiry] == env.timestamp - 459
    env.time_travel(seconds=1)
    assert bench.reads(expiry).beside[expiry] == 0


def test_r20_every_live_slice_is_listed_with_its_age(bench):
    near, far = bench.expiry(1), bench.expiry(30)
    start = env.timestamp
    bench.post(near, valid_from=start - 10)
    bench.post(far, OTHER)
    env.time_travel(seconds=25)
    first, second = bench.surface.slices()
    assert (first.expiry, first.slice_word, first.beside) == (near, pack(FLAT), 0)
    assert (first.last, first.since) == (pack(FLAT), start - 10)
    assert (first.posted_at, first.age) == (start, 35)
    assert (second.expiry, second.slice_word, second.age) == (far, pack(OTHER), 25)
    env.time_travel(seconds=near - env.timestamp)
    assert [listing.expiry for listing in bench.surface.slices()] == [far]


def test_r20_every_post_says_what_stands_and_what_is_quoted_beside_it(bench):
    """The first slice, one that stands beside the one before it, and one that moved too fast."""
    expiry, relayer = bench.expiry(30), env.generate_address("relayer")
    bench.market.list_expiry(expiry)
    jump = replace(FLAT, a=FLAT.a + 0.5)
    for slice_, beside, is_ahead in (
        (FLAT, 0, False),
        (OTHER, pack(FLAT), False),
        (jump, pack(OTHER), True),
    ):
        env.time_travel(seconds=600)
        bench.surface.post(
            *bench.signed(expiry, slice_, valid_from=env.timestamp - 7), sender=relayer
        )
        (event,) = bench.surface.get_logs()
        assert type(event).__name__ == "SlicePosted"
        assert event[1:] == (expiry, pack(slice_), beside, is_ahead, env.timestamp - 7, relayer)


@pytest.mark.proves("SF-5")
@pytest.mark.parametrize("ahead", [False, True])
def test_r20_the_list_shows_beside_a_slice_what_a_trade_meets(bench, ahead):
    """For the window after a post the slice before it; one that moved too fast while it is the last."""
    expiry, new = bench.expiry(30), replace(FLAT, a=FLAT.a + 0.5) if ahead else OTHER
    bench.post(expiry, FLAT)
    env.time_travel(seconds=600)
    bench.post(expiry, new)
    for wait, is_beside in ((59, True), (1, ahead), (300, ahead)):
        env.time_travel(seconds=wait)
        (listing,) = bench.surface.slices()
        reading = bench.reads(expiry)
        assert listing.slice_word == reading.slices[expiry]
        assert listing.beside == reading.beside[expiry]
        assert bool(listing.beside) is is_beside
        assert listing.last == pack(new)
