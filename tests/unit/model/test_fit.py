"""SVI fits: a curve is found again, quotes are met between bid and ask, nothing is arbitraged."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from black76_oracles import spread_points, textbook

from tandem.errors import DomainError
from tandem.model.fit import fit_slice, fit_slices
from tandem.model.implied import implied_vol
from tandem.model.svi import Slice, durrleman, pack

MONTH = 30 / 365
TRUTH = Slice(a=0.25, b=0.9, rho=-0.25, m=0.02, s=0.18)


def quotes(
    truth: Slice, tau: float, n: int, noise: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-moneyness, bid and ask of n quotes around a slice; the truth lies inside each."""
    k = np.sort(rng.uniform(-2.5, 2.0, n)) * 0.7 * np.sqrt(tau)
    mid = truth.vol(k)
    half = (0.004 + 0.05 * k**2 / tau * 0.2) * rng.uniform(0.7, 1.5, n)
    shift = rng.uniform(-noise, noise, n) * half
    return k, mid + shift - half, mid + shift + half


@pytest.mark.long
def test_a_slice_without_noise_is_found_again() -> None:
    k, bid, ask = quotes(TRUTH, MONTH, 30, 0.0, np.random.default_rng(1))
    found = fit_slice(2000.0, MONTH, 2000.0 * np.exp(k), bid, ask)
    assert np.max(np.abs(found.vol(k) - TRUTH.vol(k))) < 2e-4


def test_level_may_be_negative() -> None:
    truth = Slice(a=-0.05, b=1.2, rho=-0.3, m=0.0, s=0.4)
    k, bid, ask = quotes(truth, 0.2, 30, 0.0, np.random.default_rng(2))
    found = fit_slice(2000.0, 0.2, 2000.0 * np.exp(k), bid, ask)
    assert found.a < 0.0
    assert np.max(np.abs(found.vol(k) - truth.vol(k))) < 1e-3


def random_slices(n: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(3)
    parts, taus = [], []
    for _ in range(n):
        tau = float(np.exp(rng.uniform(np.log(2 / 365), np.log(1.0))))
        width = rng.uniform(0.3, 1.0) * np.sqrt(tau) * 0.7
        slope = rng.uniform(0.1, 0.5) / np.sqrt(tau)
        rho = rng.uniform(-0.6, 0.4)
        truth = Slice(rng.uniform(0.15, 0.8), slope, rho, rng.normal(0, 0.3) * width, width)
        parts.append(quotes(truth, tau, int(rng.integers(8, 60)), 0.6, rng))
        taus.append(tau)
    starts = np.concatenate([[0], np.cumsum([p[0].size for p in parts])])
    return starts, *(np.concatenate([p[i] for p in parts]) for i in range(3)), np.array(taus)


def test_noisy_quotes_are_met_between_bid_and_ask_without_butterflies() -> None:
    starts, k, bid, ask, tau = random_slices(400)
    found = fit_slices(starts, k, bid, ask, tau)
    grid = np.linspace(-0.5, 0.5, 401)
    inside = 0
    for j, row in enumerate(found):
        got = Slice(*row)
        part = slice(starts[j], starts[j + 1])
        vol = got.vol(k[part])
        inside += int(np.sum((vol >= bid[part]) & (vol <= ask[part])))
        assert durrleman(got, tau[j], grid).min() >= 0.0, (j, got)
        assert got.b * tau[j] * (1 + abs(got.rho)) <= 2.0 + 1e-12
        pack(got)
    assert inside >= 0.985 * k.size


def test_quotes_that_ask_for_a_butterfly_do_not_get_one() -> None:
    """A tent of volatility at the forward: a free fit bends so far that the density turns negative."""
    k = np.linspace(-0.1, 0.1, 21)
    mid = 0.9 + 6.0 * np.abs(k)
    got = fit_slice(2000.0, 3 / 365, 2000.0 * np.exp(k), mid - 0.002, mid + 0.002)
    assert durrleman(got, 3 / 365, np.linspace(-0.5, 0.5, 1001)).min() >= 0.0
    flat = fit_slice(2000.0, 1.0, 2000.0 * np.exp(k), mid - 0.002, mid + 0.002)
    assert durrleman(flat, 1.0, np.linspace(-0.5, 0.5, 1001)).min() >= 0.0


def few_quotes(rng: np.random.Generator) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """Tau, log-moneyness, bid and ask of a handful of noisy quotes at a few strikes, which may all lie far
    from the forward, on one side of it."""
    strikes = int(rng.integers(1, 9))
    tau, more = 10 ** rng.uniform(-2.4, 0.0), int(rng.integers(4, 10))
    k = rng.uniform(-1.2, 1.2, strikes) * np.sqrt(tau)
    k = np.concatenate([k, rng.choice(k, more)])
    k = (k, np.abs(k), -np.abs(k))[int(rng.integers(0, 3))]
    noise = rng.normal(0.0, 10 ** rng.uniform(-4.0, -1.3), k.size)
    mid = np.abs(rng.uniform(0.3, 1.2) - 0.25 * rng.normal() * k / np.sqrt(tau) + noise) + 0.02
    half = 10 ** rng.uniform(-3.0, -1.3, k.size) * mid
    return tau, k, mid - half, mid + half


def test_whatever_quotes_there_are_the_slice_has_variance_and_no_butterfly() -> None:
    rng = np.random.default_rng(8)
    asked = [few_quotes(rng) for _ in range(6_000)]
    starts = np.cumsum([0, *(k.size for _, k, _, _ in asked)])
    k, bid, ask = (np.concatenate([each[i] for each in asked]) for i in (1, 2, 3))
    found = fit_slices(starts, k, bid, ask, [each[0] for each in asked])
    grid = np.linspace(-0.5, 0.5, 401)
    for (tau, *_), row in zip(asked, found.tolist(), strict=True):
        got = Slice(*row)
        assert abs(got.rho) < 1.0, got
        assert got.least_variance > 0.0, got
        assert durrleman(got, tau, grid).min() >= 0.0, (tau, got)
        pack(got)


def test_quotes_that_lie_far_from_the_forward_are_met() -> None:
    """All of them further out than the search looks from: it begins at the nearest it may."""
    k = np.linspace(1.5, 1.9, 9)
    vol = TRUTH.vol(k)
    got = Slice(*fit_slices([0, 9], k, vol - 0.002, vol + 0.002, [0.1])[0].tolist())
    assert np.max(np.abs(got.vol(k) - vol)) < 0.002


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"strikes": [1900, 2000, 2100, 2200], "n": 4}, "fewer than 5"),
        ({"bid": 0.0}, "bad quotes"),
        ({"ask": np.nan}, "bad quotes"),
        ({"ask": 0.1}, "bad quotes"),
        ({"tau": 0.0}, "tau out of"),
    ],
)
def test_quotes_that_cannot_be_fitted_are_named(change: dict, says: str) -> None:
    n = change.get("n", 6)
    strikes = change.get("strikes", [1800, 1900, 2000, 2100, 2200, 2300])
    bid, ask = np.full(n, 0.7), np.full(n, 0.8)
    bid[2], ask[2] = change.get("bid", 0.7), change.get("ask", 0.8)
    with pytest.raises(DomainError, match=says):
        fit_slice(2000.0, change.get("tau", 0.1), strikes, bid, ask)


def test_implied_vol_of_sixty_digit_values_comes_back() -> None:
    put, f, k, t, v = spread_points(np.random.default_rng(4), 1500)
    exact = [textbook(*row) for row in zip(put, f, k, t, v, strict=True)]
    value = np.array([float(e[0]) for e in exact])
    got = implied_vol(put, f, k, t, value)
    for i, row in enumerate(exact):
        intrinsic = mp.mpf(max(k[i] - f[i], 0.0) if put[i] else max(f[i] - k[i], 0.0))
        time_value = row[0] - intrinsic
        # as far as the rounding of the value itself allows
        lost = float(abs(mp.mpf(value[i])) * mp.mpf(4e-16) / (row[3] * mp.mpf(v[i])))
        if time_value > 1e-6 * abs(row[0]) and value[i] > 1e-200:
            assert got[i] == pytest.approx(v[i], rel=1e-14 + 2.0 * lost), (i, lost)


@pytest.mark.parametrize("value", [-1.0, 0.0, 100.0, 2000.0, 3000.0, np.nan])
def test_a_value_that_no_volatility_gives_has_none(value: float) -> None:
    assert np.isnan(implied_vol(False, 2000.0, 1900.0, 0.1, value))


def test_without_time_no_volatility_gives_a_value() -> None:
    assert np.isnan(implied_vol(False, 2_500.0, 2_600.0, [0.0, -0.1], 30.0)).all()
