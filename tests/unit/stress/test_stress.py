"""lib/stress against Black's formula: never on the wrong side, and near."""

from __future__ import annotations

import re
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf, ncdf

from tandem.engine import open_engine
from tandem.engine.artifacts import CONTRACTS
from tandem.engine.base import Contract
from tandem.units import WAD

JUMPS = (-50, -30, -20, -10, 10, 20, 40, 100)
Q96 = 2**96
UNITS = 10**6
TRIALS = settings(max_examples=150, deadline=None)
mp.dps = 40


@pytest.fixture(scope="module")
def stress() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/stress/StressHarness.vy"))


def call_price(forward: Any, strike: Any, s: Any) -> Any:
    """Black's, undiscounted, in the unit of its prices."""
    f, k, w = mpf(forward), mpf(strike), mpf(s)
    d1 = mp.log(f / k) / w + w / 2
    return f * ncdf(d1) - k * ncdf(d1 - w)


def asked(forward: float, strike: float, s: float) -> tuple[int, int, int, int]:
    """Rounded as the chain has them: k of the rounded prices."""
    f, k = (int(round(x, 9) * WAD) for x in (forward, strike))
    return f, k, int(mp.log(mpf(k) / mpf(f)) * Q96), int(s * Q96)


def stressed(deviation: int, *, sold: bool) -> Any:
    return mpf(deviation) / Q96 * (mpf(3) / 2 if sold else mpf(4) / 5)


@pytest.mark.proves("GT-2")
@pytest.mark.parametrize("sold", [True, False])
@pytest.mark.parametrize("rises", [True, False])
@TRIALS
@given(forward=st.floats(100, 20_000), ratio=st.floats(0.2, 5), s=st.floats(1e-4, 1.3))
@example(forward=2_500, ratio=1.0, s=0.3)
@example(forward=2_500, ratio=2.0, s=0.3)
@example(forward=2_500, ratio=0.5, s=1e-4)
def test_no_bound_is_on_the_wrong_side(
    stress: Contract, sold: bool, rises: bool, forward: float, ratio: float, s: float
) -> None:
    """GT-2: "at most where they were sold and at least where they were bought"."""
    f, k, lnk, w = asked(forward, forward * ratio, s)
    found = stress.call("added", f, k, lnk, w, sold, rises)
    for jump, sum_ in zip(JUMPS, found, strict=True):
        exact = call_price(mpf(f) * (100 + jump) / 100, k, stressed(w, sold=sold)) * UNITS
        assert sum_ >= exact if rises else -sum_ <= exact


@pytest.mark.proves("GT-2")
@pytest.mark.parametrize("vol", [0.4, 0.7, 1.0])
def test_they_are_near_where_options_are_sold(stress: Contract, vol: float) -> None:
    """Of spot, at 1.5 and 0.8 times the volatility: what the bounds add to a book's loss."""
    worst = 0.0
    for days in (1, 7, 30, 45):
        for strike in np.arange(1_500, 4_001, 125):
            for sold in (True, False):
                f, k, lnk, w = asked(2_500.0, float(strike), vol * sqrt(days / 365))
                found = stress.call("added", f, k, lnk, w, sold, sold)
                s = float(stressed(w, sold=sold))
                for jump, sum_ in zip(JUMPS, found, strict=True):
                    there = 25.0 * (100 + jump)
                    apart = abs(abs(sum_) / UNITS / WAD - float(call_price(there, strike, s)))
                    size = 1 - exp(-s * s / 8) + 6e-5 + log(strike / there) ** 2
                    worst = max(worst, apart / 2_500)
                    assert apart <= sqrt(there * float(strike)) * s * size
    assert worst < 0.01


@pytest.mark.proves("GT-2")
def test_calls_that_are_gone_are_gone_whatever_they_counted_at(stress: Contract) -> None:
    """What comes and goes again at one volatility leaves next to nothing: 1e-4 of spot a call, and an
    eighth of s^3 at the money."""
    f, k, lnk, w = asked(2_500.0, 2_750.0, 0.17)
    come = stress.call("added", f, k, lnk, w, True, True)
    gone = stress.call("added", f, k, lnk, w, True, False)
    for up, down in zip(come, gone, strict=True):
        assert 0 <= up + down <= 2_500 * WAD * UNITS // 250


@pytest.mark.proves("GT-4")
def test_gas_of_a_trade(stress: Contract) -> None:
    """Two strikes at eight jumps, their word and its sum fit in the gate's 25k with their storage."""
    f, k, lnk, w = asked(2_500.0, 2_750.0, 0.2)
    change, _, sum_, worst = stress.call("gas", f, k, lnk, w)
    assert change + sum_ + worst < 15_000


@pytest.mark.proves("GT-2")
def test_an_option_without_time_is_worth_its_payoff(stress: Contract) -> None:
    f, k, lnk, w = asked(2_500.0, 2_700.0, 2**-24)
    paid = [max(f * (100 + jump) // 100 - k, 0) for jump in JUMPS]
    most = stress.call("added", f, k, lnk, w, True, True)
    least = stress.call("added", f, k, lnk, w, False, False)
    for known, up, down in zip(paid, most, least, strict=True):
        assert known <= up // UNITS <= known + 10**12
        assert known - 10**12 <= -down // UNITS <= known


WRITTEN = re.compile(
    r"^(FACTORS|LOGS_DOWN|LOGS_UP): constant\(uint256\) = \(?\s*(\d+)", re.MULTILINE
)


def test_the_jumps_are_kept_with_their_logarithms_to_the_last_digit() -> None:
    """100 (1 + j) in a byte each, and ln(1 + j) in 64 bits, of 2**63: the nearest there is."""
    words = {
        name: int(word)
        for name, word in WRITTEN.findall((CONTRACTS / "lib" / "stress.vy").read_text())
    }
    assert tuple(words["FACTORS"].to_bytes(8, "little")) == tuple(100 + jump for jump in JUMPS)
    kept = b"".join(words[name].to_bytes(32, "little") for name in ("LOGS_DOWN", "LOGS_UP"))
    for at, jump in enumerate(JUMPS):
        log = int.from_bytes(kept[8 * at : 8 * at + 8], "little", signed=True)
        assert abs(log - mp.log(mpf(100 + jump) / 100) * 2**63) <= 0.5


MARGIN = mp.floor(mpf("2.8e-5") * 2**64) / 2**64
"""By which f may be off, as lib/stress.vy keeps it."""


@pytest.mark.parametrize("sold", [True, False])
@pytest.mark.parametrize("rises", [True, False])
@pytest.mark.parametrize("ratio", [1 / 200, 200.0])
def test_far_from_its_strike_a_call_counts_its_payoff_and_the_margin(
    stress: Contract, sold: bool, rises: bool, ratio: float
) -> None:
    """From 3.75 of its deviations on: at the most that much of the deviation on the mean of both prices, and
    at the least nothing."""
    f, k, lnk, w = asked(20_000.0, 20_000.0 * ratio, 0.5)
    s = stressed(w, sold=sold)
    for jump, sum_ in zip(JUMPS, stress.call("added", f, k, lnk, w, sold, rises), strict=True):
        there = f * (100 + jump) // 100
        assert abs(mp.log(mpf(k) / there)) > mpf("3.75") * s
        paid, margin = max(there - k, 0), MARGIN * s * (there + k) / 2
        if rises:
            assert margin - 1 < sum_ // UNITS - paid <= margin + 16  # roundings
        else:
            assert -sum_ == paid * UNITS
