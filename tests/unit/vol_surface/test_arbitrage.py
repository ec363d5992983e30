"""VolSurface refuses slices that somebody could milk without risk (R15). The reference is the
law in floating point (`surface_law`), by which a keeper knows beforehand what is refused."""

from __future__ import annotations

import math
import os
from collections import Counter
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_chain import reverts
from surface_bench import FLAT, Bench, env

from tandem.errors import Reverted
from tandem.model.surface_law import GRID, Place, Refusal, deviations, in_pace, refusal
from tandem.model.svi import Slice, durrleman, pack, unpack
from tandem.units import HOUR, YEAR

NIGHTLY = bool(os.environ.get("TANDEM_NIGHTLY"))
EXAMPLES, TRIALS = (3_000, 5_000) if NIGHTLY else (100, 60)


def posts(bench: Bench, expiry: int, slice_: Slice) -> str:
    """ "" if the slice was taken, else the reason."""
    try:
        bench.post(expiry, slice_)
    except Reverted as error:
        return error.reason
    return ""


def refuses(bench: Bench, reason: str, expiry: int, slice_: Slice) -> None:
    with reverts(reason):
        bench.post(expiry, slice_)


def test_r15_wings_steeper_than_any_law_of_the_price_are_refused(bench):
    expiry = bench.expiry(365)
    tau = (expiry - env.timestamp) / YEAR
    limit = 2.0 / tau / 1.5
    smile = replace(FLAT, a=0.05, rho=-0.5, s=0.1)
    refuses(bench, "surface: wings too steep", expiry, replace(smile, b=limit * 1.0001))
    assert posts(bench, expiry, replace(smile, b=limit * 0.9999)) != "surface: wings too steep"


@pytest.mark.parametrize("rho", [-0.9, 0.0, 0.7])
def test_r15_the_least_variance_is_positive_everywhere_not_only_on_the_grid(bench, rho):
    smile = Slice(a=0.0, b=0.5, rho=rho, m=0.04, s=0.1)
    lift = smile.b * smile.s * math.sqrt(1 - rho * rho)
    refuses(bench, "surface: variance not positive", bench.expiry(9), replace(smile, a=-lift))
    assert posts(bench, bench.expiry(9), replace(smile, a=0.1 - lift)) == ""


@pytest.mark.proves("SF-4")
def test_r15_the_classic_smile_with_butterfly_arbitrage_is_refused(bench):
    """Vogt's example (Gatheral and Jacquier, 2014): good bounds, yet a negative density."""
    expiry = bench.expiry(365)
    tau = (expiry - env.timestamp) / YEAR
    vogt = Slice(a=-0.0410 / tau, b=0.1331 / tau, rho=0.3060, m=0.3586, s=0.4153)
    assert durrleman(vogt, tau, GRID).min() < 0.0
    assert posts(bench, expiry, vogt) in ("surface: calls not convex", "surface: calls not falling")


@pytest.mark.proves("SF-4")
def test_r15_total_variance_may_not_fall_from_one_expiry_to_the_next(bench):
    near, mid, far = bench.expiry(7), bench.expiry(14), bench.expiry(30)
    bench.post(mid, Slice(a=0.36, b=0.001, rho=0.0, m=0.0, s=0.1))
    low, high = 0.7 * 0.36 * 7 / 16, 1.3 * 0.36 * 14 / 7
    refuses(bench, "surface: under nearer expiry", far, Slice(low, 0.001, 0.0, 0.0, 0.1))
    refuses(bench, "surface: over farther expiry", near, Slice(high, 0.001, 0.0, 0.0, 0.1))
    bench.post(near, Slice(0.36, 0.0009, 0.0, 0.0, 0.1))
    bench.post(far, Slice(0.36, 0.001, 0.0, 0.0, 0.1))


@pytest.mark.proves("SF-4")
def test_r15_one_strike_where_variance_falls_is_enough(bench):
    near, far = bench.expiry(10), bench.expiry(20)
    bench.post(near, Slice(a=0.10, b=1.0, rho=0.0, m=0.0, s=0.1))
    flat = Slice(a=0.35, b=0.001, rho=0.0, m=0.0, s=0.1)
    assert float(flat.variance(0.0)) > float(unpack(bench.reads(near).slices[near]).variance(0.0))
    refuses(bench, "surface: under nearer expiry", far, flat)


def test_r15_the_neighbour_is_the_nearest_fresh_one(bench):
    days = [bench.expiry(n) for n in (5, 10, 40)]
    bench.post(days[0], Slice(a=1.0, b=0.001, rho=0.0, m=0.0, s=0.1))
    bench.post(days[1], Slice(a=0.8, b=0.001, rho=0.0, m=0.0, s=0.1))
    refuses(bench, "surface: under nearer expiry", days[2], Slice(0.1, 0.001, 0.0, 0.0, 0.1))
    env.time_travel(seconds=901)
    bench.post(days[2], Slice(0.1, 0.001, 0.0, 0.0, 0.1))


slices = st.builds(
    Slice,
    a=st.floats(-0.2, 1.0),
    b=st.floats(0.0, 3.0),
    rho=st.floats(-0.99, 0.99),
    m=st.floats(-0.5, 0.5),
    s=st.floats(0.001, 1.0),
    basis=st.floats(-0.4, 0.4),
    stickiness=st.floats(0, 2),
).map(lambda slice_: unpack(pack(slice_)))


@pytest.mark.proves("SF-4", "PR-5")
@settings(max_examples=EXAMPLES, deadline=None)
@given(slice_=slices, days=st.sampled_from([1, 7, 30, 90, 365]))
def test_r15_the_contract_and_the_model_refuse_the_same_slices(bench_once, slice_, days):
    with env.anchor():
        expiry = bench_once.expiry(days)
        place = Place(life=expiry - env.timestamp)
        agrees(posts(bench_once, expiry, slice_), slice_, place)


def agrees(reason: str, slice_: Slice, place: Place) -> None:
    """The law off chain says what the contract said, unless rounding decides."""
    least, most = (refusal(slice_, place, strict) for strict in (-1.0, 1.0))
    if least == most:
        assert reason == (least or "")
    assert not reason or most, "what the law takes is taken"


def wild(rng: np.random.Generator, near: Slice, share: float) -> Slice:
    """A slice around another: every field moved by `share` of what is usual, some of them by a lot."""
    scale = share * np.array([0.2, 0.3, 0.2, 0.1, 0.1, 0.02, 0.05]) * rng.exponential(1.0, 7) ** 2
    values = np.array(astuple(near)) + rng.standard_normal(7) * scale
    values[[1, 4, 6]] = np.abs(values[[1, 4, 6]])
    most = np.array([35.0, 70.0, 0.9999, 5.0, 10.0, 8.0, 2.5])  # of the word
    return unpack(pack(Slice(*values.clip(-most, most).tolist())))


def test_r15_the_law_off_chain_is_the_contracts_between_neighbours_and_after_a_move(bench):
    """Three expiries, of which the middle one has a slice, then another some time later."""
    rng, seen = np.random.default_rng(5), Counter[str]()
    days = (7, 14, 30)
    for _ in range(TRIALS):
        with env.anchor():
            expiries = [bench.expiry(n) for n in days]
            for expiry in rng.permutation(expiries).tolist():
                posts(bench, expiry, wild(rng, FLAT, 0.3))
            env.time_travel(seconds=int(rng.choice([60, 600, 900, 3_600, 40_000])))
            now, middle = env.timestamp, expiries[1]
            listed = {each.expiry: each for each in bench.surface.slices()}
            fresh = {
                e: deviations(unpack(x.last), e - now) for e, x in listed.items() if x.age <= 900
            }
            old = listed.get(middle)
            place = Place(
                life=middle - now,
                is_first=old is None,
                nearer=fresh.get(expiries[0]),
                farther=fresh.get(expiries[2]),
            )  # fmt: skip
            new = wild(
                rng,
                unpack(old.last) if old else FLAT,
                float(rng.choice([0.01, 0.1, 0.3, 2.0, 20.0])),
            )
            reason = posts(bench, middle, new)
            agrees(reason, new, place)
            seen[reason] += 1
            if old and not reason:
                seen[paces(bench, middle, new, old, now)] += 1
    met = {"", Refusal.UNDER_NEARER, Refusal.OVER_FARTHER, "in pace", "ahead"}
    assert met <= set(seen), seen


def paces(bench: Bench, expiry: int, new: Slice, old: Any, now: int) -> str:
    """Whether a slice that was taken stands, which the law off chain says too, unless rounding decides."""
    (listing,) = (each for each in bench.surface.slices() if each.expiry == expiry)
    stands = listing.slice_word == pack(new)
    standing = unpack(old.slice_word)
    elapsed = min(now - old.since, 6 * HOUR)
    loose, strict = (in_pace(new, standing, expiry - now, elapsed, 0.1, s) for s in (-1.0, 1.0))
    if loose == strict:
        assert stands == strict
    return "in pace" if stands else "ahead"


@pytest.mark.parametrize(
    ("days", "slice_", "reason"),
    [
        (365, Slice(0.05, 1.4, -0.5, 0.0, 0.1), Refusal.STEEP),
        (10, Slice(0.0, 0.5, 0.0, 0.0, 0.0001 / 0.51), Refusal.CURVATURE),
        (10, Slice(-0.0501, 0.5, 0.0, 0.0, 0.1), Refusal.NO_VARIANCE),
        (10, Slice(24.0, 12.0, 0.0, 0.0, 0.1), Refusal.VOLATILITY),
        (10, Slice(-8.611, 11.0557, 0.4777, 0.56569, 0.91486), Refusal.RISING),
        (10, Slice(-13.13, 16.189, -0.4727, -0.5015, 0.93994), Refusal.BUTTERFLY),
        (10, Slice(0.009, 0.001, 0.0, 0.0, 0.1), Refusal.FIRST),
    ],
)
def test_r15_each_reason_of_the_law_is_the_contracts(bench, days, slice_, reason):
    expiry = bench.expiry(days)
    place = Place(life=expiry - env.timestamp)
    assert posts(bench, expiry, slice_) == reason == refusal(slice_, place)


def test_r15_the_law_moves_wings_and_middle_at_the_contracts_pace(bench):
    """From all of it inside the pace, over wings alone outside, to both."""
    expiry, start = bench.expiry(20), Slice(a=0.25, b=0.3, rho=0.0, m=0.0, s=0.3)
    bench.post(expiry, start)
    env.time_travel(seconds=3_600)
    life, seen = expiry - env.timestamp, list[bool]()
    for b in (0.50, 0.80, 0.90, 1.00, 1.30):
        new = unpack(pack(replace(start, b=b, a=0.25 + (0.3 - b) * 0.3)))
        with env.anchor():
            bench.post(expiry, new)
            seen.append(bench.reads(expiry).slices[expiry] == pack(new))
        assert seen[-1] == in_pace(new, start, life, 3_600, 0.1)
    assert seen[1], "wings moved by more than twice what the middle may"
    assert not seen[-1]
