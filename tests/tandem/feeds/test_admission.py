"""A batch of slices goes as it is wanted, as near to that as the contract's law allows, or not at all.
The contract itself is asked in tests/keeper/execution/test_surface_desk.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tandem.feeds.admission import Batch, Standing, admitted
from tandem.model.surface_law import Refusal
from tandem.model.svi import Slice
from tandem.units import DAY

NOW = 1_767_225_600
NEAR, FAR = NOW + 10 * DAY, NOW + 30 * DAY
MAX_AGE = 900
CALM = Slice(a=0.25, b=0.3, rho=-0.2, m=0.0, s=0.3)


def stands(*slices: Slice, age: float = 300.0) -> dict[int, Standing]:
    return {e: Standing(s, age) for e, s in zip((NEAR, FAR), slices, strict=False)}


def asked(near: Slice, far: Slice, standing: dict[int, Standing] | None = None) -> Batch:
    return admitted({FAR: far, NEAR: near}, standing or {}, NOW, MAX_AGE)


def test_good_slices_go_as_they_are() -> None:
    far = replace(CALM, a=0.3)
    batch = asked(CALM, far)
    assert batch == Batch({NEAR: CALM, FAR: far}, {}, {})


def test_a_surface_that_rises_goes_from_the_far_end() -> None:
    flat = [replace(CALM, a=a, b=0.0) for a in (0.6, 0.201)]
    risen = [replace(each, a=1.02 * each.a) for each in flat]
    batch = asked(*risen, stands(*flat))
    assert list(batch.posts) == [FAR, NEAR]
    assert not batch.mended


def test_a_stale_neighbour_binds_nobody() -> None:
    flat = [replace(CALM, a=a, b=0.0) for a in (0.6, 0.201)]
    risen = replace(flat[0], a=0.62)
    wanted = {NEAR: risen}
    assert admitted(wanted, stands(*flat), NOW, MAX_AGE).held_back
    assert not admitted(wanted, stands(*flat, age=901.0), NOW, MAX_AGE).held_back


def test_wings_that_bend_too_far_are_flattened() -> None:
    """Level and slope at the money stay."""
    wild = Slice(-13.13, 16.189, -0.4727, -0.5015, 0.93994)
    batch = admitted({NEAR: wild}, {}, NOW, MAX_AGE)
    assert batch.mended == {NEAR: Refusal.BUTTERFLY}
    found = batch.posts[NEAR]
    assert float(found.variance(1.2)) < float(wild.variance(1.2))
    assert float(found.vol(0.0)) == pytest.approx(float(wild.vol(0.0)), abs=1e-7)
    assert float(found.vol_slope(0.0)) == pytest.approx(float(wild.vol_slope(0.0)), abs=1e-7)


def test_a_farther_expiry_is_lifted_over_the_nearer_one_by_little_only() -> None:
    """0.6 over ten days is 0.2 over thirty."""
    near = replace(CALM, a=0.6, b=0.0)
    for level, short in ((0.19, 0.01), (0.15, 0.05)):
        far = replace(near, a=level)
        batch = admitted({FAR: far}, stands(near), NOW, MAX_AGE)
        if short == 0.01:
            assert batch.posts[FAR].a == pytest.approx(0.2, abs=1e-6)
            assert batch.mended == {FAR: Refusal.UNDER_NEARER}
        else:
            assert batch == Batch({}, {}, {FAR: Refusal.UNDER_NEARER})


def test_what_is_no_slice_at_all_is_held_back() -> None:
    for wrong in (replace(CALM, a=float("nan")), replace(CALM, b=-1.0, a=2.0)):
        batch = asked(wrong, replace(CALM, a=0.3))
        assert list(batch.posts) == [FAR]
        assert batch.held_back == {NEAR: Refusal.LEVEL}


def test_a_slice_that_is_posted_is_the_one_that_its_word_spells() -> None:
    batch = asked(replace(CALM, m=1e-13, rho=np.pi / 10), replace(CALM, a=0.4))
    assert batch.posts[NEAR].m == 0.0
    assert batch.posts[NEAR].rho == 0.314159265
