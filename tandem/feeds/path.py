"""A simulated price path: jump diffusion with stochastic volatility and one planted crash.

Log price: Merton jumps on a diffusion whose log volatility reverts to its mean. A crash falls for
most of an hour and bounces; it lifts volatility and jump rate, and both decay (aftershocks).
`python -m tandem.feeds.path` writes the path that ships with the package.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tandem.feeds.candles import Candles, from_arrays, load
from tandem.feeds.tabular import Float, Int

DEMO_PATH = Path(__file__).parent / "data" / "demo_path.csv"
FINE_MINUTES = 5
DEMO_VISITS = 4
"""Prices an hour that the demo visits away from its crash; in it, one in five minutes."""
_MINUTES_PER_YEAR = 365 * 24 * 60
_CRASH_FALL_MINUTES = 38


@dataclass(frozen=True, slots=True)
class PathSpec:
    """What to simulate. Volatilities and rates are annual, 1.0 = 100 %."""

    seed: int = 20250807
    start: int = 1_736_121_600
    """2025-01-06 00:00 UTC, a Monday."""
    days: int = 10
    spot: float = 2_780.0
    vol: float = 0.52
    vol_of_vol: float = 2.4
    vol_reversion_hours: float = 60.0
    jumps_per_year: float = 70.0
    jump_mean: float = -0.002
    jump_std: float = 0.011
    crash_hour: int | None = 133
    """Index of the hour that crashes; None for none. 133 is Saturday 13:00 UTC in the default."""
    crash_log_fall: float = -0.195
    crash_log_bounce: float = 0.035
    shock_vol: float = 1.35
    """What the crash adds to log volatility."""
    shock_hours: float = 20.0
    """Hours in which vol and jump rate after the crash decay by a factor e."""
    aftershocks: float = 9.0
    """Jumps expected in the wake of the crash."""
    fine_before: int = 3
    fine_after: int = 9
    """Hours before and from the crash that come in candles of five minutes; the others are whole."""


def simulate(spec: PathSpec | None = None) -> Candles:
    """Candles of an hour, of five minutes around the crash, rounded to cents; the same for the same
    spec, everywhere."""
    spec = spec or PathSpec()
    hours = spec.days * 24
    minutes = hours * 60
    rng = np.random.default_rng(spec.seed)
    excitement = _excitement(spec, minutes)
    vol = _vol_path(spec, rng, minutes) * np.exp(spec.shock_vol * excitement)
    dt = 1.0 / _MINUTES_PER_YEAR
    step = vol * np.sqrt(dt) * rng.standard_normal(minutes) - 0.5 * vol**2 * dt
    step += _jumps(spec, rng, excitement) + _crash_profile(spec, rng, minutes)
    price = np.round(spec.spot * np.exp(np.concatenate([[0.0], np.cumsum(step)])), 2)
    first = _openings(spec, hours)
    last = np.append(first[1:], minutes)
    return from_arrays(
        timestamps=spec.start + 60 * first,
        open=price[first],
        high=np.maximum(np.maximum.reduceat(price[:-1], first), price[last]),
        low=np.minimum(np.minimum.reduceat(price[:-1], first), price[last]),
        close=price[last],
        source=f"simulated path, seed {spec.seed}",
    )


def _openings(spec: PathSpec, hours: int) -> Int:
    """The minute in which each candle opens."""
    each = np.arange(hours * 60 // FINE_MINUTES, dtype=np.int64) * FINE_MINUTES
    fine = np.zeros(len(each), dtype=np.bool_)
    if spec.crash_hour is not None:
        hour = each // 60 - spec.crash_hour
        fine = (hour >= -spec.fine_before) & (hour < spec.fine_after)
    return each[fine | (each % 60 == 0)]


def _excitement(spec: PathSpec, minutes: int) -> Float:
    """0 before the crash, 1 when it begins, decaying after. [minutes]"""
    if spec.crash_hour is None:
        return np.zeros(minutes)
    since = np.arange(minutes) - spec.crash_hour * 60
    decay = np.exp(-np.maximum(since, 0) / (spec.shock_hours * 60))
    return np.where(since >= 0, decay, 0.0)


def _vol_path(spec: PathSpec, rng: np.random.Generator, minutes: int) -> Float:
    """Log volatility as an Ornstein-Uhlenbeck process around log(vol). [minutes]"""
    keep = np.exp(-1.0 / (spec.vol_reversion_hours * 60))
    noise = spec.vol_of_vol / np.sqrt(_MINUTES_PER_YEAR) * rng.standard_normal(minutes)
    level = np.empty(minutes)
    current = 0.0
    for i in range(minutes):
        current = keep * current + float(noise[i])
        level[i] = current
    return spec.vol * np.exp(level)


def _jumps(spec: PathSpec, rng: np.random.Generator, excitement: Float) -> Float:
    """Log jumps: a constant rate, and the crash's aftershocks on top. [minutes]"""
    total = float(excitement.sum())
    rate = spec.jumps_per_year / _MINUTES_PER_YEAR
    rates = rate + (spec.aftershocks * excitement / total if total else 0.0)
    happens = rng.random(len(excitement)) < rates
    sizes = spec.jump_mean + spec.jump_std * rng.standard_normal(len(excitement))
    return np.where(happens, sizes, 0.0)


def _crash_profile(spec: PathSpec, rng: np.random.Generator, minutes: int) -> Float:
    """A fall in uneven steps, then a bounce, inside one hour. [minutes]"""
    profile = np.zeros(minutes)
    if spec.crash_hour is None:
        return profile
    first = spec.crash_hour * 60
    fall = rng.gamma(0.6, size=_CRASH_FALL_MINUTES)
    bounce = rng.gamma(2.0, size=60 - _CRASH_FALL_MINUTES)
    profile[first : first + _CRASH_FALL_MINUTES] = spec.crash_log_fall * fall / fall.sum()
    profile[first + _CRASH_FALL_MINUTES : first + 60] = (
        spec.crash_log_bounce * bounce / bounce.sum()
    )
    return profile


def to_csv(candles: Candles) -> str:
    """The candles as CSV text, times in ISO UTC, prices with cents."""
    times = np.datetime_as_string(candles.timestamps.astype("datetime64[s]"), unit="s")
    rows = zip(times, candles.open, candles.high, candles.low, candles.close, strict=True)
    lines = [f"{t}Z,{o:.2f},{h:.2f},{low:.2f},{c:.2f}" for t, o, h, low, c in rows]
    return "\n".join(["timestamp,open,high,low,close", *lines]) + "\n"


def demo() -> Candles:
    """The path that ships with the package: ten days with one crash, by the hour and, around the
    crash, by five minutes."""
    return load(DEMO_PATH)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a simulated path to a file."""
    defaults = PathSpec()
    parser = argparse.ArgumentParser(prog="python -m tandem.feeds.path", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=DEMO_PATH)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--days", type=int, default=defaults.days)
    parser.add_argument("--spot", type=float, default=defaults.spot)
    chosen = parser.parse_args(arguments)
    crash = defaults.crash_hour if chosen.days * 24 > (defaults.crash_hour or 0) else None
    spec = PathSpec(seed=chosen.seed, days=chosen.days, spot=chosen.spot, crash_hour=crash)
    chosen.out.write_text(to_csv(simulate(spec)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
