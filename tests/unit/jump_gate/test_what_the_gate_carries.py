"""GT-1: how large a book the default gate carries, and that it is what a revaluation by hand says."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from filling import by_and_by, mint
from worlds import ETH, SMILE, WIDE, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import YEAR

SPOT = 2_500.0


def vol(strike: float, forward: float) -> float:
    """Of the tests' smile."""
    k = math.log(strike / forward) - SMILE.m
    return math.sqrt(SMILE.a + SMILE.b * (SMILE.rho * k + math.hypot(k, SMILE.s)))


def call(forward: float, strike: float, width: float) -> float:
    above = math.log(forward / strike) / width + width / 2
    cdf = NormalDist().cdf
    return forward * cdf(above) - strike * cdf(above - width)


def by_hand(strike: float, cap: float, tau: float, delta: float) -> float:
    """What one such call costs when spot doubles, hedged by `delta`, USD."""
    forward, root = SPOT * math.exp(SMILE.basis * tau), math.sqrt(tau)
    one, other = vol(strike, forward) * root, vol(cap, forward) * root
    before = call(forward, strike, one) - call(forward, cap, other)
    after = call(2 * forward, strike, 1.5 * one) - call(2 * forward, cap, 0.8 * other)
    return after - before - delta * SPOT


def filled(w: World, series: Series) -> float:
    """ETH that opens before the gate refuses half of one."""
    units, why = by_and_by(w, lambda size: mint(w, series, size))
    assert "gate: worst jump" in why
    return units / ETH


@pytest.mark.proves("GT-1")
@pytest.mark.parametrize(("strike", "cap", "carried"), [(2_500, 5_000, 247), (2_750, 5_500, 134)])
def test_what_a_million_carries_of_three_week_calls(strike: int, cap: int, carried: int) -> None:
    """At the money and a tenth out, capped at twice the strike: the jump to twice the spot binds."""
    w = build(settings=DeploySettings(terms=WIDE))
    series = w.call(strike, cap)
    found = filled(w, series)
    assert found == pytest.approx(carried, rel=0.02)
    tau = (series.expiry - w.engine.now()) / YEAR
    cost = by_hand(strike, cap, tau, w.position() / 1e18 / found)
    assert found * cost == pytest.approx(200_000, rel=0.02)
    assert found * cost <= 200_000
