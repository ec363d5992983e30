"""SVCJ walks as its equations say, and its moments are those of theory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tandem.errors import DomainError
from tandem.model.resample import stationary
from tandem.model.svcj import AN_HOUR, NAMES, SVCJ, Draws, simulate

MODEL = SVCJ(
    level=0.2, reversion=300.0, vol_of_vol=10.0, leverage=-0.4, rate=200.0, jump_mean=-0.002,
    jump_std=0.02, variance_jump=0.15,
)  # fmt: skip


def draws(paths: int, steps: int, seed: int = 1) -> Draws:
    return Draws.of(np.random.default_rng(seed), paths, steps)


def test_a_walk_is_what_the_equations_say() -> None:
    model = replace(MODEL, drift=0.3, jump_link=0.05, rate=2_000.0)
    drawn = draws(3, 200)
    returns, variances = simulate(model, drawn, AN_HOUR, np.array([0.1, 0.5, 2.0]))
    for i, start in enumerate((0.1, 0.5, 2.0)):
        v, jumped = start, 0
        for t in range(200):
            a, w = drawn.price[i, t], max(v, 0.0)
            c = -0.4 * a + math.sqrt(1 - 0.16) * drawn.variance[i, t]
            r = (0.3 - w / 2) * AN_HOUR + math.sqrt(w * AN_HOUR) * a
            v = v + 300.0 * (0.2 - w) * AN_HOUR + 10.0 * math.sqrt(w * AN_HOUR) * c
            if drawn.happens[i, t] < 2_000.0 * AN_HOUR:
                z = 0.15 * drawn.shift[i, t]
                r += -0.002 + 0.05 * z + 0.02 * drawn.size[i, t]
                v, jumped = v + z, jumped + 1
            assert returns[i, t] == pytest.approx(r, abs=1e-14)
            assert variances[i, t] == pytest.approx(v, abs=1e-12)
        assert jumped > 20


def test_moments_are_those_of_theory() -> None:
    returns, variances = simulate(MODEL, draws(200, 6_000))
    late = variances[:, 2_000:]
    # Full truncation lifts the mean where variance often touches nothing: 2 % here.
    assert late.mean() == pytest.approx(MODEL.mean_variance, rel=0.03)
    squares = returns[:, 2_000:] ** 2 / AN_HOUR
    assert squares.mean() == pytest.approx(MODEL.mean_variance + MODEL.jump_variance, rel=0.03)
    assert MODEL.mean_variance == pytest.approx(0.2 + 200 * 0.15 / 300)
    assert MODEL.jump_variance == pytest.approx(200 * (0.02**2 + 0.002**2))


def test_variance_reverts_at_its_rate() -> None:
    calm = replace(MODEL, rate=0.0, vol_of_vol=1.0)
    _, variances = simulate(calm, draws(4_000, 40), start=1.0)
    assert variances[:, 29].mean() == pytest.approx(0.2 + 0.8 * (1 - 300 * AN_HOUR) ** 30, rel=0.01)


def test_the_expected_variance_is_the_mean_over_paths() -> None:
    for start in (0.05, 1.5):
        returns, _ = simulate(MODEL, draws(6_000, 168), start=start)
        realised = (returns**2).sum(axis=1).mean() / (168 * AN_HOUR)
        expected = MODEL.expected_variance(np.array([start]), 168 * AN_HOUR)[0]
        assert realised == pytest.approx(expected, rel=0.06)


def test_leverage_is_the_correlation_of_the_diffusions() -> None:
    returns, variances = simulate(replace(MODEL, rate=0.0, level=0.6), draws(1, 200_000), start=0.6)
    moves = np.diff(variances[0], prepend=0.6)
    assert np.corrcoef(returns[0], moves)[0, 1] == pytest.approx(-0.4, abs=0.03)


def test_jumps_come_at_their_rate_and_raise_both() -> None:
    still = replace(MODEL, level=1e-9, vol_of_vol=1e-9, reversion=8_000.0)
    returns, variances = simulate(still, draws(50, 8_760), start=0.0)
    rises = np.diff(variances, axis=1, prepend=0.0) > 1e-3
    assert rises.sum() / 50 == pytest.approx(200.0, rel=0.05)
    assert returns[rises].std() == pytest.approx(0.02, rel=0.05)


def test_the_same_draws_give_the_same_paths_and_another_model_others() -> None:
    drawn = draws(4, 500)
    first, again = simulate(MODEL, drawn)[0], simulate(MODEL, drawn)[0]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, simulate(replace(MODEL, rate=400.0), drawn)[0])


@pytest.mark.parametrize(
    "change",
    [
        {"level": 0.0},
        {"leverage": 1.0},
        {"rate": -1.0},
        {"jump_std": math.nan},
        {"drift": math.inf},
    ],
    ids=str,
)
def test_a_parameter_out_of_its_domain_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(DomainError):
        replace(MODEL, **change)


def test_steps_too_long_for_the_jumps_are_refused() -> None:
    with pytest.raises(DomainError, match="shorter step"):
        simulate(replace(MODEL, rate=5_000.0), draws(1, 10))


def test_a_vector_holds_the_fitted_parameters_by_name() -> None:
    assert dict(zip(NAMES, MODEL.vector(), strict=True))["jump_std"] == 0.02


def test_blocks_are_runs_of_the_record_with_the_mean_length_asked_for() -> None:
    places = stationary(np.random.default_rng(2), 1_000, 400, 600, 50)
    joined = np.diff(places, axis=1) % 1_000 == 1
    assert joined.mean() == pytest.approx(1 - 1 / 50, abs=0.002)
    counts = np.bincount(places.ravel(), minlength=1_000)
    assert counts.min() > 0
    assert counts.std() / counts.mean() < 0.25
