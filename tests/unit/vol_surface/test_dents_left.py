"""SF-4: what density hides between two of the points where it is looked at, and what a butterfly there is
worth at most."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import asinh, exp

import mpmath as mp
import numpy as np
import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.model.surface_law import HIGHEST, LOWEST, STEPS, Place, refusal
from tandem.model.svi import LEE, Slice, durrleman, pack, unpack
from tandem.units import DAY, HOUR, YEAR

FORWARD = 2_500
MOST = 1e-7 * FORWARD
"""What a butterfly of one unit may be worth below nothing, USD."""
FINE = 32
"""Points between two that the contract looks at."""

# Taken, and dented where the money is near: found by climbing. Seconds to live, slice.
DENTED = [
    (21_600, Slice(-0.008235925876095, 8.01054169186604, 0.432383935, -0.00661114218, 0.00356161154)),
    (54_019, Slice(-0.001302408317974, 2.622089970722022, -0.354678717, 0.00361915602, 0.00214900821)),
    (42_561, Slice(-0.001634583670574, 3.61531013936178, -0.329407704, 0.00320899253, 0.00206219074)),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dent:
    """Where a density is negative, log-moneyness; and what a butterfly inside is worth below nothing at most,
    USD: what lies there under nothing, by half of its width."""

    low: float = 0.0
    high: float = 0.0
    worth: float = 0.0


def dent(x: Slice, life: float, fine: int = FINE) -> Dent:
    """The one that is worth most."""
    tau = life / YEAR
    first, last = (asinh((k - x.m) / x.s) for k in (LOWEST, HIGHEST))
    k = x.m + x.s * np.sinh(np.linspace(first, last, STEPS * fine + 1))
    under = np.maximum(-durrleman(x, tau, k), 0.0)
    if not under.any():
        return Dent()
    w = x.variance(k) * tau
    density = under / np.sqrt(2 * np.pi * w) * np.exp(-0.5 * (k / np.sqrt(w) + np.sqrt(w) / 2) ** 2)
    places = np.flatnonzero(under)
    found = list[Dent]()
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        there = slice(max(run[0] - 1, 0), run[-1] + 2)
        low, high = k[there][0], k[there][-1]
        mass = float(np.sum(np.diff(k[there]) * (density[there][1:] + density[there][:-1]) / 2))
        found.append(Dent(low, high, mass * FORWARD * (exp(high) - exp(low)) / 2))
    return max(found, key=lambda one: one.worth)


def butterfly(x: Slice, life: int, there: Dent) -> float:
    """One unit from one end of a dent to the other, USD: by Black's formula in forty digits."""
    with mp.workdps(40):
        a, b, rho, m, s = (mp.mpf(word) for word in astuple(x)[:5])

        def call(strike: mp.mpf) -> mp.mpf:
            k = mp.log(strike / FORWARD)
            w = (a + b * (rho * (k - m) + mp.hypot(k - m, s))) * life / YEAR
            d = -k / mp.sqrt(w) + mp.sqrt(w) / 2
            return FORWARD * mp.ncdf(d) - strike * mp.ncdf(d - mp.sqrt(w))

        low, high = (FORWARD * mp.exp(k) for k in (there.low, there.high))
        return float(call(low) - 2 * call((low + high) / 2) + call(high))


@pytest.mark.proves("SF-4")
@pytest.mark.parametrize(("life", "slice_"), DENTED)
def test_a_dent_that_is_taken_is_worth_less_than_its_bound(life: int, slice_: Slice) -> None:
    """The contract takes it; the butterfly is worth less than nothing by what the dent says at most."""
    rules = open_engine("pyrevm").deploy(harness("unit/vol_surface/SliceLimitsHarness.vy"))
    x = unpack(pack(slice_))
    rules.call("check_density", pack(slice_), life)
    assert refusal(x, Place(life)) is None
    there = dent(x, life, 10 * FINE)
    assert -MOST < -there.worth < butterfly(x, life, there) < 0.0


def corner(rng: np.random.Generator) -> tuple[Slice, float]:
    """A slice that bends sharply, where it is drawn, and its life, seconds."""
    life = float(rng.choice([60, 600, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY]))
    rho, s = rng.uniform(-0.999, 0.999), 10 ** rng.uniform(-3.0, -2.0)
    steepest = min(60.0, LEE * YEAR / life / (1.0 + abs(rho)))
    b = steepest * rng.choice([1.0 - 1e-8, rng.uniform(), 10 ** rng.uniform(-3.0, 0.0)])
    m = rng.uniform(LOWEST, HIGHEST) if rng.uniform() < 0.5 else 0.02 * rng.normal()
    a = 10 ** rng.uniform(-4.0, 0.0) - b * s * np.sqrt(1.0 - rho * rho)
    return Slice(a, b, rho, m, s), life


def beside(x: Slice, life: float, rng: np.random.Generator) -> tuple[Slice, float]:
    """A little other than one that is known: in some of its words, in its life, or in its width."""
    step = 10 ** rng.uniform(-4.0, -1.0)
    moved = np.exp(step * rng.normal(size=7) * (rng.uniform(size=7) < 0.5))
    a, b, rho, m, s = (float(word * f) for word, f in zip(astuple(x)[:5], moved[:5], strict=True))
    wide, slow = float(moved[5]), float(moved[6])
    return Slice(a * wide**2 / slow, b * wide / slow, rho, m * wide, s * wide), life * slow


def taken(x: Slice, life: float) -> Slice | None:
    """As a word holds it, where it is taken."""
    if not (abs(x.rho) <= 0.999 and 60.0 <= life <= 90 * DAY and abs(x.a) <= 30.0 and x.b <= 60.0):
        return None
    held = unpack(pack(x))
    return held if refusal(held, Place(life)) is None else None


@pytest.mark.long
@pytest.mark.proves("SF-4")
@pytest.mark.parametrize("seed", [1, 2])
def test_no_corner_that_is_taken_hides_a_butterfly_worth_more(seed: int) -> None:
    """Drawn, and then climbed from the dearest dents of those and of the known ones."""
    rng = np.random.default_rng(seed)
    dents = [(dent(x, life).worth, x, float(life)) for life, x in DENTED]
    drawn = 0
    while drawn < 12_000:
        x, life = corner(rng)
        if (held := taken(x, life)) is not None:
            drawn += 1
            dents.append((dent(held, life).worth, held, life))
    assert sum(worth > 0.0 for worth, _, _ in dents) > 20 + len(DENTED)
    dearest = sorted(dents, key=lambda one: -one[0])[:8]
    for _ in range(20_000):
        _, x, life = dearest[rng.integers(len(dearest))]
        x, life = beside(x, life, rng)
        if (held := taken(x, life)) is not None and (worth := dent(held, life).worth) > 0.0:
            dearest = sorted([*dearest, (worth, held, life)], key=lambda one: -one[0])[:8]
    assert dearest[0][0] < MOST
