"""Smile delta against a bump of the whole surface in mpmath; the contract's band by hand."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from black76_oracles import textbook

from tandem.errors import DomainError
from tandem.model.bands import contract_band
from tandem.model.black76 import price
from tandem.model.smile import spot_delta, spot_gamma
from tandem.model.svi import Slice

SMILE = Slice(a=0.30, b=0.9, rho=-0.25, m=0.02, s=0.18, basis=0.03)
TAU = 30 / 365


def sigma(k: mp.mpf) -> mp.mpf:
    x = k - mp.mpf(SMILE.m)
    root = mp.sqrt(x**2 + mp.mpf(SMILE.s) ** 2)
    return mp.sqrt(mp.mpf(SMILE.a) + mp.mpf(SMILE.b) * (mp.mpf(SMILE.rho) * x + root))


@pytest.mark.proves("PR-1")
@pytest.mark.parametrize(("stickiness", "moves"), [(0.0, "moneyness"), (1.0, "strike")])
@pytest.mark.parametrize("strike", [1500.0, 2000.0, 2600.0])
def test_spot_delta_is_the_derivative_of_the_bumped_surface(
    stickiness: float, moves: str, strike: float
) -> None:
    spot, growth = mp.mpf(2000), mp.exp(mp.mpf(SMILE.basis) * mp.mpf(TAU))
    at_strike = sigma(mp.log(strike / (spot * growth)))

    def value(s: mp.mpf) -> mp.mpf:
        f, t = s * growth, mp.mpf(TAU)
        vol = sigma(mp.log(strike / f)) if moves == "moneyness" else at_strike
        d1 = mp.log(f / strike) / (vol * mp.sqrt(t)) + vol * mp.sqrt(t) / 2
        return f * mp.ncdf(d1) - strike * mp.ncdf(d1 - vol * mp.sqrt(t))

    forward = float(SMILE.forward(2000.0, TAU))
    k = np.log(strike / forward)
    got = spot_delta(
        price(False, forward, strike, TAU, SMILE.vol(k)),
        2000.0,
        forward / 2000.0,
        SMILE.vol_slope(k),
        stickiness,
    )
    assert float(got) == pytest.approx(float(mp.diff(value, spot)), rel=1e-12)


def test_local_volatility_doubles_the_step_from_sticky_moneyness() -> None:
    greeks = price(False, 2000.0, 1800.0, TAU, 0.7)
    low, mid, high = (float(spot_delta(greeks, 2000.0, 1.0, -0.3, r)) for r in (0.0, 1.0, 2.0))
    assert high - mid == pytest.approx(mid - low, rel=1e-12)
    assert mid == float(greeks.delta)
    assert high < mid < low


def test_spot_gamma_scales_with_growth_squared() -> None:
    greeks = price(False, 2020.0, 1800.0, TAU, 0.7)
    want = textbook(False, 2020.0, 1800.0, TAU, 0.7)[2] * mp.mpf("1.01") ** 2
    assert float(spot_gamma(greeks, 1.01)) == pytest.approx(float(want), rel=1e-12)


@pytest.mark.proves("HG-8")
def test_band_of_the_worked_example() -> None:
    """50 at-the-money 30-day options on a million: 2.7 ETH free, 2.5 after the 5 % clamp."""
    gamma = 50 * float(price(False, 2000.0, 2000.0, TAU, 0.6).gamma)
    free = contract_band(2000.0, gamma, 1e6, 1e9, 0.001)
    clamped = contract_band(2000.0, gamma, 1e6, 50.0, 0.001)
    exact = mp.cbrt(mp.mpf("1.5") * mp.mpf("0.001") * 2000 * mp.mpf(gamma) ** 2 / 500 * 10**6)
    assert free.half == pytest.approx(float(exact), rel=1e-13)
    assert round(free.half, 1) == 2.7
    assert clamped.half == 2.5
    assert (clamped.hard, clamped.minimum_trigger) == (5.0, 1.25)


def test_the_lot_wins_over_every_clamp() -> None:
    band = contract_band(2000.0, 0.0, 1e6, 0.0, 0.001)
    assert (band.half, band.hard, band.minimum_trigger) == (0.001, 0.002, 0.001)


def test_band_is_wider_for_more_gamma_and_more_cost() -> None:
    width = [contract_band(2000.0, g, 1e6, 1e9, 0.001).half for g in (0.01, 0.02, -0.02)]
    assert width[0] < width[1] == width[2]
    assert contract_band(2000.0, 0.01, 1e6, 1e9, 0.001, cost=0.002).half > width[0]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_an_empty_vault_has_no_band(place: int) -> None:
    row = [2000.0, 0.01, 1e6, 50.0, 0.001]
    row[place] = 0.0
    with pytest.raises(DomainError, match=r"^band: "):
        contract_band(*row)
