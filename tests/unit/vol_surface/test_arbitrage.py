"""VolSurface refuses slices that somebody could milk without risk (R15). The reference is the
keeper's floating-point model on the same grid."""

from __future__ import annotations

import math
import os
from dataclasses import replace

import boa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surface_bench import FLAT, Bench

from keeper.model.svi import Slice, faults, pack, unpack

GRID = np.array([
    -0.9, -0.7, -0.5, -0.36, -0.25, -0.16, -0.08, 0, 0.08, 0.16, 0.25, 0.36, 0.5, 0.7, 0.95, 1.2,
])  # fmt: skip
YEAR = 31_536_000
EXAMPLES = 3_000 if os.environ.get("TANDEM_NIGHTLY") else 100


def posts(bench: Bench, expiry: int, slice_: Slice) -> str:
    """ "" if the slice was taken, else the reason."""
    try:
        bench.post(expiry, slice_)
    except boa.BoaError as error:
        return str(error.stack_trace.last_frame.pretty_vm_reason)
    return ""


def refuses(bench: Bench, reason: str, expiry: int, slice_: Slice) -> None:
    with boa.reverts(reason):
        bench.post(expiry, slice_)


def test_r15_wings_steeper_than_any_law_of_the_price_are_refused(bench):
    expiry = bench.expiry(365)
    tau = (expiry - boa.env.timestamp) / YEAR
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


def test_r15_the_classic_smile_with_butterfly_arbitrage_is_refused(bench):
    """Vogt's example (Gatheral and Jacquier, 2014): good bounds, yet a negative density."""
    expiry = bench.expiry(365)
    tau = (expiry - boa.env.timestamp) / YEAR
    vogt = Slice(a=-0.0410 / tau, b=0.1331 / tau, rho=0.3060, m=0.3586, s=0.4153)
    assert "slice: prices not convex" in faults(vogt, tau, 1.0, np.exp(GRID))
    assert posts(bench, expiry, vogt) in ("surface: calls not convex", "surface: calls not falling")


def test_r15_total_variance_may_not_fall_from_one_expiry_to_the_next(bench):
    near, mid, far = bench.expiry(7), bench.expiry(14), bench.expiry(30)
    bench.post(mid, Slice(a=0.36, b=0.001, rho=0.0, m=0.0, s=0.1))
    low, high = 0.7 * 0.36 * 7 / 16, 1.3 * 0.36 * 14 / 7
    refuses(bench, "surface: under nearer expiry", far, Slice(low, 0.001, 0.0, 0.0, 0.1))
    refuses(bench, "surface: over farther expiry", near, Slice(high, 0.001, 0.0, 0.0, 0.1))
    bench.post(near, Slice(0.36, 0.0009, 0.0, 0.0, 0.1))
    bench.post(far, Slice(0.36, 0.001, 0.0, 0.0, 0.1))


def test_r15_one_strike_where_variance_falls_is_enough(bench):
    near, far = bench.expiry(10), bench.expiry(20)
    bench.post(near, Slice(a=0.10, b=1.0, rho=0.0, m=0.0, s=0.1))
    flat = Slice(a=0.35, b=0.001, rho=0.0, m=0.0, s=0.1)
    assert float(flat.variance(0.0)) > float(unpack(bench.reads(near).slices[0]).variance(0.0))
    refuses(bench, "surface: under nearer expiry", far, flat)


def test_r15_the_neighbour_is_the_nearest_fresh_one(bench):
    days = [bench.expiry(n) for n in (5, 10, 40)]
    bench.post(days[0], Slice(a=1.0, b=0.001, rho=0.0, m=0.0, s=0.1))
    bench.post(days[1], Slice(a=0.8, b=0.001, rho=0.0, m=0.0, s=0.1))
    refuses(bench, "surface: under nearer expiry", days[2], Slice(0.1, 0.001, 0.0, 0.0, 0.1))
    boa.env.time_travel(seconds=901)
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


@settings(max_examples=EXAMPLES, deadline=None)
@given(slice_=slices, days=st.sampled_from([1, 7, 30, 90, 365]))
def test_r15_the_contract_and_the_model_refuse_the_same_slices(bench_once, slice_, days):
    with boa.env.anchor():
        expiry = bench_once.expiry(days)
        tau = (expiry - boa.env.timestamp) / YEAR
        reason = posts(bench_once, expiry, slice_)
        margin = room(slice_, tau)
        if margin < -1e-6:
            assert reason, "a slice out of bounds was taken"
        elif margin > 1e-6:
            worst = worst_convexity(slice_, tau)
            if worst > 3e-12:
                assert reason in ("surface: calls not convex", "surface: calls not falling")
            elif worst < 1e-13:
                assert not reason


def room(slice_: Slice, tau: float) -> float:
    """How far the slice is inside the bounds on level and wings; negative outside."""
    margin = min(slice_.least_variance - 1e-4, 2.0 - slice_.b * tau * (1 + abs(slice_.rho)))
    if slice_.least_variance > 0:
        vols = slice_.vol(GRID)
        margin = min(margin, 5.0 - float(vols.max()), float(vols[7]) - 0.1, 3.0 - float(vols[7]))
    return margin


def worst_convexity(slice_: Slice, tau: float) -> float:
    """By how much slopes of call prices fall where they should rise, strike 0 included."""
    from keeper.model.black76 import CALL, price

    strikes = np.exp(GRID)
    calls = price(CALL, 1.0, strikes, tau, slice_.vol(GRID)).value
    slopes = np.diff(np.concatenate([[1.0], calls])) / np.diff(np.concatenate([[0.0], strikes]))
    return float(max(-np.min(np.diff(slopes)), np.max(slopes), -1.0 - np.min(slopes)))
