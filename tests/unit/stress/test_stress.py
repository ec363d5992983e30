"""lib/stress against Black's formula: never on the wrong side, and near."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf, ncdf

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

JUMPS = (-50, -30, -20, -10, 10, 20, 40, 100)
Q64 = 2**64
TRIALS = settings(max_examples=150, deadline=None)
mp.dps = 40


@pytest.fixture(scope="module")
def stress() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/stress/StressHarness.vy"))


def call_price(forward: float, strike: float, s: float) -> mpf:
    f, k, w = mpf(forward), mpf(strike), mpf(s)
    d1 = mp.log(f / k) / w + w / 2
    return f * ncdf(d1) - k * ncdf(d1 - w)


def asked(forward: float, strike: float, s: float) -> tuple[int, int, int, int]:
    """Rounded as the chain has them: k of the rounded prices."""
    f, k = (int(round(x, 9) * WAD) for x in (forward, strike))
    return f, k, int(mp.log(mpf(k) / mpf(f)) * Q64), int(s * Q64)


@TRIALS
@given(forward=st.floats(100, 20_000), ratio=st.floats(0.2, 5), s=st.floats(1e-4, 2.0))
@example(forward=2_500, ratio=1.0, s=0.3)
@example(forward=2_500, ratio=2.0, s=0.3)
@example(forward=2_500, ratio=0.5, s=1e-4)
def test_no_bound_is_on_the_wrong_side(
    stress: Contract, forward: float, ratio: float, s: float
) -> None:
    f, k, lnk, w = asked(forward, forward * ratio, s)
    above = stress.call("bounds", f, k, lnk, w, True)
    below = stress.call("bounds", f, k, lnk, w, False)
    for jump, most, least in zip(JUMPS, above, below, strict=True):
        exact = call_price(f * (100 + jump) // 100, k, w / Q64) if w else None
        assert least <= exact + 10**6
        assert most >= exact - 10**6


@pytest.mark.parametrize("vol", [0.4, 0.7, 1.0])
def test_they_are_near_where_options_are_sold(stress: Contract, vol: float) -> None:
    """Of spot, at 1.5 and 0.8 times the volatility: what the bounds add to a book's loss."""
    worst = 0.0
    for days in (1, 7, 30, 45):
        for strike in np.arange(1_500, 4_001, 125):
            for times, above in ((1.5, True), (0.8, False)):
                s = vol * times * sqrt(days / 365)
                f, k, lnk, w = asked(2_500.0, float(strike), s)
                found = stress.call("bounds", f, k, lnk, w, above)
                for jump, value in zip(JUMPS, found, strict=True):
                    exact = float(call_price(25.0 * (100 + jump), float(strike), s))
                    near = sqrt(25.0 * (100 + jump) * float(strike)) * s
                    size = (
                        max(1 - exp(-s * s / 8), 0)
                        + 6e-5
                        + (log(strike / (25 * (100 + jump))) ** 2)
                    )
                    worst = max(worst, abs(value / WAD - exact) / 2_500)
                    assert abs(value / WAD - exact) <= near * size
    assert worst < 0.01


def test_gas_of_a_node(stress: Contract) -> None:
    """Two nodes, eight jumps each, are to fit in the gate's 25k."""
    f, k, lnk, w = asked(2_500.0, 2_750.0, 0.3)
    above, below = stress.call("gas", f, k, lnk, w)
    assert above + below < 15_000


def test_an_option_without_time_is_worth_its_payoff(stress: Contract) -> None:
    f, k, lnk, _ = asked(2_500.0, 2_750.0, 0.0)
    least = stress.call("bounds", f, k, lnk, 0, False)
    most = stress.call("bounds", f, k, lnk, 0, True)
    paid = [max(f * (100 + jump) // 100 - k, 0) for jump in JUMPS]
    assert list(least) == paid
    assert [value - 2 for value in most] == paid


@pytest.mark.parametrize("above", [True, False])
def test_what_is_too_wide_or_too_dear_is_refused(stress: Contract, above: bool) -> None:
    f, k, lnk, w = asked(2_500.0, 2_750.0, 2.0)
    stress.call("bounds", f, k, lnk, w, above)
    for args in ((f, k, lnk, w + 1), (2**96, k, lnk, w), (f, 2**96, lnk, w)):
        with pytest.raises(Reverted, match="stress: range"):
            stress.call("bounds", *args, above)
