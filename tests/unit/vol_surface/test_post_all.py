"""VolSurface.post_all: what `post` takes one by one, in one transaction (R15)."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from quick_chain import reverts
from surface_bench import FLAT, KEYS, Bench, env

from tandem.errors import Reverted
from tandem.model.svi import Slice, pack
from tandem.protocol import terms

DAYS = (2, 5, 9, 14, 20, 28, 35, 44)
WINDOW = terms.unpack(terms.defaults())["surface_window"]


@pytest.fixture
def expiries(bench: Bench) -> list[int]:
    found = [bench.expiry(days) for days in DAYS]
    for each in found:
        bench.market.list_expiry(each)
    return found


def state(bench: Bench) -> tuple[Any, ...]:
    """All that a surface says of itself."""
    return tuple(map(tuple, bench.surface.slices())), bench.surface.whole_at()


def one_by_one(bench: Bench, calls: list[Any]) -> str:
    """Post each, and pass over what comes too soon; why one was refused otherwise."""
    for each in calls:
        try:
            bench.surface.post(*each)
        except Reverted as error:
            if error.reason != "surface: too soon":
                return error.reason
    return ""


def moved(slice_: Slice, variance: float) -> Slice:
    return replace(slice_, a=slice_.a + variance)


@pytest.mark.proves("SF-1")
def test_eight_slices_come_as_they_would_by_themselves(bench, expiries):
    calls = [bench.signed(each) for each in expiries]
    with env.anchor():
        said: list[Any] = []
        for each in calls:
            bench.surface.post(*each)
            said += bench.surface.get_logs()
        wanted = state(bench)
    bench.surface.post_all(calls)
    assert len(wanted[0]) == 8
    assert state(bench) == wanted
    assert bench.surface.get_logs() == said


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize("seed", range(12))
def test_what_is_taken_is_what_post_takes(bench, expiries, seed):
    """Of any slices in any order: all of it where each is taken by itself, else nothing, by the name of the
    first that is refused."""
    chance, seen = random.Random(seed), set[str]()
    for _ in range(6):
        env.time_travel(chance.choice((30, WINDOW + 1, 700)))
        some = chance.sample(expiries, chance.randint(1, 8))
        step = chance.choice((0.0, 0.001, -0.001, 0.4))
        calls = [bench.signed(e, moved(FLAT, step * chance.random())) for e in some]
        before = state(bench)
        with env.anchor():
            refused = one_by_one(bench, calls)
            wanted = before if refused else state(bench)
        if refused:
            with reverts(refused):
                bench.surface.post_all(calls)
        else:
            bench.surface.post_all(calls)
        assert state(bench) == wanted
        seen.add(refused)
    assert "" in seen


@pytest.mark.proves("SF-2")
@pytest.mark.parametrize("age", [0, 5], ids=["the same", "a younger one"])
def test_one_that_another_relayed_first_holds_up_none(bench, expiries, age):
    env.time_travel(age)
    calls = [bench.signed(e, valid_from=env.timestamp - age) for e in expiries[:3]]
    bench.surface.post(*bench.signed(expiries[1]), sender=env.generate_address("another"))
    first = bench.reads(expiries[1])
    bench.surface.post_all(calls)
    assert [log.expiry for log in bench.surface.get_logs()] == [expiries[0], expiries[2]]
    assert bench.reads(expiries[1]) == first


@pytest.mark.proves("SF-2")
def test_one_whose_forerunner_is_in_its_window_is_passed_over(bench, expiries):
    """Of a moment before ours, but posted just now: it is read in full."""
    env.time_travel(WINDOW)
    bench.surface.post(*bench.signed(expiries[1], valid_from=env.timestamp - 5))
    env.time_travel(WINDOW - 1)
    bench.surface.post_all([bench.signed(e) for e in expiries[:2]])
    assert [log.expiry for log in bench.surface.get_logs()] == expiries[:1]
    env.time_travel(1)
    bench.surface.post_all([bench.signed(expiries[1])])
    assert [log.expiry for log in bench.surface.get_logs()] == [expiries[1]]


@pytest.mark.proves("SF-2")
def test_the_second_of_one_expiry_is_passed_over(bench, expiries):
    other = moved(FLAT, 0.001)
    bench.surface.post_all([bench.signed(expiries[0]), bench.signed(expiries[0], other)])
    assert bench.reads(expiries[0]).slices[expiries[0]] == pack(FLAT)
    assert len(bench.surface.get_logs()) == 1


@pytest.mark.proves("SF-1")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"keys": KEYS[:1]}, "surface: too few signatures"),
        ({"valid_from": 0}, "surface: too old"),
        ({"slice_": replace(FLAT, s=0.0)}, "surface: curvature bounds"),
    ],
)
def test_one_that_is_refused_refuses_all_by_its_name(bench, expiries, change, reason):
    good = [bench.signed(each) for each in expiries]
    bad = bench.signed(expiries[4], **change)
    before = state(bench)
    with reverts(reason):
        bench.surface.post_all([*good[:4], bad, *good[5:]])
    assert state(bench) == before


@pytest.mark.proves("SF-1")
def test_one_that_is_not_listed_refuses_all(bench, expiries):
    with reverts("book: expiry not listed"):
        bench.surface.post_all([bench.signed(expiries[0]), bench.signed(bench.expiry(50))])


def test_none_is_taken_of_none(bench):
    bench.surface.post_all([])
    assert bench.surface.get_logs() == []


@pytest.mark.proves("SF-4")
def test_each_is_held_to_what_stands_by_then(bench, expiries):
    """A level that rises all over comes from the far end, one that falls from the near one: the other order
    would cross the calendar on the way."""
    near, far = expiries[3], expiries[4]
    bench.surface.post_all([bench.signed(each) for each in (near, far)])
    env.time_travel(WINDOW)
    higher = {e: bench.signed(e, replace(FLAT, a=1.2)) for e in (near, far)}
    before = state(bench)
    with reverts("surface: over farther expiry"):
        bench.surface.post_all([higher[near], higher[far]])
    assert state(bench) == before
    bench.surface.post_all([higher[far], higher[near]])
    assert len(bench.surface.get_logs()) == 2
