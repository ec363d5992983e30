"""The surface follows realised volatility, at once and without arbitrage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from tandem.feeds import surface
from tandem.feeds.path import demo
from tandem.feeds.realised import realised_path
from tandem.feeds.surface import FLAT, GRID, SMILE, Modelled, Shape, SurfaceSpec
from tandem.feeds.visits import PathSettings, visits_of
from tandem.units import DAY

START = 1_736_121_600
EXPIRIES = [START + int(days * DAY) + 8 * 3600 for days in (2, 9, 16, 23, 30, 44)]
CROSSED = (Shape(5, 0.2, 0.8, -0.2, 0.0, 1.0), Shape(40, 0.95, 0.05, 0.3, 0.0, 1.0))


def along_the_demo(spec: SurfaceSpec) -> list[tuple[int, float, tuple[surface.ListedSlice, ...]]]:
    visits = visits_of(demo(), PathSettings(visits=4))
    vols = realised_path(visits)
    source = Modelled(spec)
    times = visits.time.tolist()
    return [
        (time, float(vol), source.slices(time, float(vol), EXPIRIES))
        for time, vol in zip(times, vols, strict=True)
    ]


@pytest.mark.parametrize("shapes", [FLAT, SMILE, CROSSED], ids=["flat", "smile", "crossed"])
def test_no_calendar_arbitrage_through_a_crash_that_is_followed_at_once(
    shapes: tuple[Shape, ...],
) -> None:
    spec = SurfaceSpec(shapes=shapes)
    before: dict[int, np.ndarray] = {}
    largest = 0.0
    for time, _, slices in along_the_demo(spec):
        floor = np.zeros_like(GRID)
        now = {}
        for slice_ in slices:
            total = slice_.variance(GRID) * slice_.tau(time)
            assert (total > 0).all()
            assert (total >= floor * (1 - 1e-12)).all()
            floor = total
            vols = np.sqrt(slice_.variance(GRID))
            now[slice_.expiry] = vols
            if slice_.expiry in before:
                largest = max(largest, float(np.abs(vols - before[slice_.expiry]).max()))
            assert slice_.b * (1 + abs(slice_.rho)) * slice_.tau(time) <= 2
        before = now
    assert largest > 0.02


@pytest.mark.parametrize("shapes", [FLAT, SMILE], ids=["flat", "smile"])
def test_each_slice_prices_no_negative_density(shapes: tuple[Shape, ...]) -> None:
    for time, _, slices in along_the_demo(SurfaceSpec(shapes=shapes))[::24]:
        for slice_ in slices:
            if slice_.expiry - time < DAY:
                continue
            k = np.linspace(-0.5, 0.5, 401)
            w = slice_.variance(k) * slice_.tau(time)
            d1, d2 = np.gradient(w, k), np.gradient(np.gradient(w, k), k)
            g = (1 - k * d1 / (2 * w)) ** 2 - d1**2 / 4 * (1 / w + 0.25) + d2 / 2
            assert g[2:-2].min() > -1e-6


def test_the_level_follows_a_crash_up_and_then_down() -> None:
    rows = along_the_demo(SurfaceSpec())
    front = {time: slices[1].vol(0.0) for time, _, slices in rows}
    crash = START + 133 * 3600
    assert front[crash + 6 * 3600] > front[crash - 3600] + 0.1
    assert front[START + 239 * 3600] < front[crash + 6 * 3600]


def test_the_same_input_gives_the_same_surface() -> None:
    assert along_the_demo(SurfaceSpec()) == along_the_demo(SurfaceSpec())


def test_an_expired_slice_is_gone() -> None:
    source = Modelled()
    assert [s.expiry for s in source.slices(EXPIRIES[0], 0.6, EXPIRIES)] == EXPIRIES[1:]


def test_a_flat_surface_is_flat_and_a_smile_is_dearer_for_puts() -> None:
    flat = Modelled(SurfaceSpec(shapes=FLAT)).slices(START, 0.6, EXPIRIES)[3]
    assert flat.vol(-0.4) == pytest.approx(flat.vol(0.4), rel=1e-12)
    smile = Modelled().slices(START, 0.6, EXPIRIES)[3]
    assert smile.vol(0.0) == pytest.approx(flat.vol(0.0), rel=1e-12)
    assert smile.vol(-0.15) > smile.vol(0.15) + 0.01
    assert smile.vol(-0.4) > smile.vol(0.0) < smile.vol(0.5)


def test_total_variance_at_the_money_rises_even_where_vols_fall_with_tenor() -> None:
    taus = np.linspace(1 / 365, 1.0, 100)
    vols = surface.term_vol(2.0, 0.4, 9.0, taus)
    assert (np.diff(vols) < 0).all()
    assert (np.diff(vols**2 * taus) > 0).all()


@pytest.mark.parametrize("short", [0.1, 0.4, 2.0])
def test_a_terms_volatility_is_the_mean_of_the_variance_on_the_way(short: float) -> None:
    """By quadrature of a variance that reverts; at no time left it is the short one."""
    taus = np.array([1e-6, 0.02, 0.5, 3.0])
    for tau, vol in zip(taus, surface.term_vol(short, 0.4, 9.0, taus), strict=True):
        total, _ = quad(lambda t: 0.16 + (short * short - 0.16) * math.exp(-9.0 * t), 0.0, tau)
        assert vol == pytest.approx(math.sqrt(total / tau), rel=1e-9)
    levels = surface.term_vol([short, 0.4], 0.4, 9.0, 0.0)
    assert levels.tolist() == pytest.approx([short, 0.4])
