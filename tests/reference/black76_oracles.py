"""What an option is worth, by other people's mathematics: mpmath in 60 digits, and QuantLib.

Neither shares a formula with the model: mpmath evaluates F N(d1) - K N(d2) as it stands in the
textbooks, in so many digits that the cancellation does not matter; QuantLib is C++ of its own.
"""

from __future__ import annotations

import os

import mpmath as mp
import numpy as np
import QuantLib as QL  # noqa: N817

mp.mp.dps = 60

NIGHTLY = os.environ.get("TANDEM_NIGHTLY") == "1"
YEAR = 31_536_000
NAMES = ("value", "delta", "gamma", "vega", "theta")


Number = float | mp.mpf


def textbook(
    is_put: bool, forward: Number, strike: Number, tau: Number, vol: Number
) -> list[mp.mpf]:
    """[value, delta, gamma, vega, theta] of exactly these numbers, to about 50 digits."""
    f, k, t, v = (mp.mpf(x) for x in (forward, strike, tau, vol))
    s = v * mp.sqrt(t)
    d1 = mp.log(f / k) / s + s / 2
    side = -1 if is_put else 1
    density = mp.npdf(d1)
    return [
        side * (f * mp.ncdf(side * d1) - k * mp.ncdf(side * (d1 - s))),
        side * mp.ncdf(side * d1),
        density / (f * s),
        f * density * mp.sqrt(t),
        -f * density * v / (2 * mp.sqrt(t)),
    ]


def quantlib(
    is_put: np.ndarray, forward: np.ndarray, strike: np.ndarray, tau: np.ndarray, vol: np.ndarray
) -> np.ndarray:
    """[n, 5] of doubles: QuantLib's BlackCalculator, theta by Black's equation from its gamma."""
    out = np.empty((len(forward), 5))
    kinds = (QL.Option.Call, QL.Option.Put)
    rows = zip(
        is_put.tolist(), forward.tolist(), strike.tolist(), tau.tolist(), vol.tolist(), strict=True
    )
    for i, (put, f, k, t, v) in enumerate(rows):
        it = QL.BlackCalculator(QL.PlainVanillaPayoff(kinds[put], k), f, v * t**0.5, 1.0)
        gamma = it.gammaForward()
        theta = -0.5 * v * v * f * f * gamma
        out[i] = it.value(), it.deltaForward(), gamma, it.vega(t), theta
    return out


def spread_points(rng: np.random.Generator, n: int) -> tuple[np.ndarray, ...]:
    """n options over the whole domain: 1 s to 2 years, 1 to 500 % volatility, strikes up to 40
    standard deviations and a factor of 1,000 away, whole dollars and not."""
    put = rng.integers(0, 2, n).astype(bool)
    forward = 10 ** rng.uniform(1.0, 5.0, n)
    tau = np.exp(rng.uniform(np.log(1 / YEAR), np.log(2.0), n))
    vol = np.exp(rng.uniform(np.log(0.01), np.log(5.0), n))
    away = np.where(rng.random(n) < 0.7, rng.normal(0.0, 2.0, n), rng.uniform(-40.0, 40.0, n))
    strike = forward * np.exp(np.clip(away * vol * np.sqrt(tau), -6.9, 6.9))
    whole = (rng.random(n) < 0.5) & (strike > 10.0)
    return put, forward, np.where(whole, np.round(strike), strike), tau, vol


def corners() -> tuple[np.ndarray, ...]:
    """Every corner: both kinds, edges of time and volatility, at the money and one ulp off it,
    powers of two (where the logarithm changes its reduction) and a factor of 1,000."""
    root = float(np.sqrt(2.0))
    near = [1.0, 1.0 + 2**-52, 1.0 - 2**-53, 1.0 + 1e-9, 1.0 - 1e-6, 0.999, 1.02]
    far = [0.5, 2.0, root, 1 / root, root * (1 + 2**-51), 0.7, 1.5, 4.0, 1e-3, 1e3]
    taus = [1 / YEAR, 60 / YEAR, 1 / 365, 7 / 365, 45 / 365, 1.0, 2.0]
    grid = np.meshgrid(
        [0.0, 1.0], [37.5, 1850.0, 8000.0], near + far, taus, [0.01, 0.3, 0.8, 2.0, 5.0]
    )
    put, forward, ratio, tau, vol = (x.ravel() for x in grid)
    return put.astype(bool), forward, forward * ratio, tau, vol
