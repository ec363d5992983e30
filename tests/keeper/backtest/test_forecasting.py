"""The gate for forecasters, on simulated prices whose truth is known: it opens where there is something to
forecast, and seldom where there is nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from click.testing import CliRunner

from keeper import forecast
from keeper.backtest import forecasting, series
from keeper.backtest.forecasting import HALF_LIVES, Days, Judged, forecast_days, judge, qlike
from keeper.backtest.judging import Estimate, resampled
from keeper.backtest.series import PriceSeriesError, Series
from keeper.cli.forecast import forecast as command
from keeper.forecast.built_in.garch import fitted
from tandem.errors import TandemError
from tandem.plugins import PlugInBrokenError
from tandem.units import DAY, HOUR, YEAR

Float = npt.NDArray[np.float64]

START = 1_704_067_200
MEAN = 0.36
"""A variance a year."""
HOURS = YEAR / HOUR


def moves_of_garch(days: int, alpha: float, beta: float, seed: int) -> Float:
    """[24 days] hourly log moves of GARCH(1,1), by its definition."""
    draws = np.random.default_rng(seed).standard_normal(24 * days)
    variance, out = MEAN, np.empty(24 * days)
    for i, z in enumerate(draws.tolist()):
        out[i] = np.sqrt(variance / HOURS) * z
        variance = (1 - alpha - beta) * MEAN + alpha * variance * z * z + beta * variance
    return out


def moves_of_nothing(days: int, seed: int) -> Float:
    """Of one volatility for ever."""
    return np.random.default_rng(seed).standard_normal(24 * days) * np.sqrt(MEAN / HOURS)


def known(moves: Float) -> Series:
    time = START + HOUR * np.arange(len(moves) + 1)
    return series.of_prices(time, 2_500.0 * np.exp(np.append(0.0, np.cumsum(moves))), HOUR)


def proved(name: str, moves: Float) -> bool:
    return judge(name, forecast_days(known(moves), name)).proved


def test_garch_is_adopted_where_volatility_is_garch() -> None:
    assert proved("garch", moves_of_garch(400, 0.12, 0.86, seed=0))


def test_har_is_adopted_where_volatility_returns_to_its_mean() -> None:
    assert proved("har", moves_of_garch(400, 0.2, 0.75, seed=0))


def test_regimes_are_adopted_where_there_are_two() -> None:
    """Forty and a hundred and twenty per cent, four days and a day."""
    rng, stress, moves = np.random.default_rng(2), False, list[float]()
    for _ in range(24 * 400):
        stress = bool(rng.random() < (1 - 1 / 24 if stress else 1 / 96))
        moves.append((1.2 if stress else 0.4) * float(rng.standard_normal()) / HOURS**0.5)
    assert proved("regimes", np.array(moves))


@pytest.mark.parametrize("name", ["har", "garch", "regimes"])
def test_where_volatility_never_moves_nothing_is_adopted_and_the_rival_is_the_long_mean(
    name: str,
) -> None:
    found = judge(name, forecast_days(known(moves_of_nothing(400, seed=3)), name))
    assert not found.proved
    assert found.difference.value > 0
    assert all(fold.half_life >= 384 for fold in found.folds)


@pytest.mark.long
@pytest.mark.parametrize("name", ["har", "garch", "regimes"])
def test_of_forty_worlds_without_anything_to_forecast_at_most_four_adopt(name: str) -> None:
    assert sum(proved(name, moves_of_nothing(330, seed)) for seed in range(40)) <= 4


def test_a_day_is_forecast_by_nothing_that_comes_later() -> None:
    moves = moves_of_garch(240, 0.12, 0.86, seed=1)
    other = moves.copy()
    other[24 * 170 :] *= 3.0
    for name in ("har", "garch", "regimes", "realised"):
        a, b = (forecast_days(known(each), name) for each in (moves, other))
        until = a.time <= START + 170 * DAY
        assert until.sum() > 50
        assert a.said[until] == pytest.approx(b.said[until], rel=1e-12)
        assert np.allclose(a.rivals[until], b.rivals[until], rtol=1e-9)
        assert not np.allclose(a.said[~until][5:], b.said[~until][5:], rtol=0.05)


class Nonsense:
    """A forecaster of another package. answer: what it says, or raises."""

    start = 0.6

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def update(self, time: int, price: float) -> float:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer", [np.nan, -0.5, None, "0.6", RuntimeError("boom"), SystemExit(0)], ids=repr
)
def test_a_forecaster_that_says_nothing_sensible_is_named_and_not_judged(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    """One that said -0.5 was judged as if it had said 0.5."""
    monkeypatch.setattr(forecast, "create", lambda *_, **__: Nonsense(answer))
    with pytest.raises(PlugInBrokenError, match="the forecaster Nonsense"):
        forecast_days(known(moves_of_nothing(250, seed=0)), "nonsense")


def test_the_rival_is_chosen_by_the_days_before_a_span_alone() -> None:
    """A half-life that does best later, and only there, is not it."""
    n = 250
    time = START + DAY * np.arange(n)
    came = np.full(n, 0.4)
    rivals = np.full((n, len(HALF_LIVES)), 0.8)
    rivals[:50, 2] = 0.4
    rivals[50:, 5] = 0.4
    found = judge("x", Days(time, came, np.full(n, 0.4), rivals), folds=4)
    assert found.folds[0].half_life == HALF_LIVES[2]
    assert found.folds[0].rival == pytest.approx(float(qlike(came[:1], rivals[60:61, 2])[0]))


def test_a_forecast_that_is_its_rival_differs_by_nothing() -> None:
    days = forecast_days(known(moves_of_garch(250, 0.12, 0.86, seed=2)), "realised")
    same = replace(days, said=days.rivals[:, 0], rivals=np.repeat(days.rivals[:, :1], 9, axis=1))
    found = judge("realised", same)
    assert (found.difference.value, found.difference.low, found.difference.high) == (0, 0, 0)
    assert not found.proved


def test_the_loss_is_least_on_average_at_the_mean_of_what_comes_however_noisy_that_is() -> None:
    came = np.random.default_rng(0).chisquare(3, 100_000) / 3 * MEAN
    losses = {
        said: float(qlike(came, np.full_like(came, said)).mean()) for said in (0.3, 0.36, 0.43)
    }
    assert min(losses, key=lambda said: losses[said]) == 0.36


def test_the_weights_of_garch_are_those_that_prices_were_made_with() -> None:
    squares = moves_of_garch(700, 0.10, 0.85, seed=5) ** 2 * HOURS
    mean, alpha, beta = fitted(squares)
    assert mean == pytest.approx(MEAN, rel=0.25)
    assert alpha == pytest.approx(0.10, abs=0.02)
    assert beta == pytest.approx(0.85, abs=0.04)


def test_too_short_a_history_is_refused() -> None:
    with pytest.raises(PriceSeriesError, match="days can be forecast"):
        forecast_days(known(moves_of_nothing(150, seed=0)), "realised")


def _written(path: Path, moves: Float) -> Path:
    price = 2_500.0 * np.exp(np.append(0.0, np.cumsum(moves)))
    frame = pl.DataFrame(
        {"timestamp": START + HOUR * np.arange(len(price)), "open": price, "high": price,
         "low": price, "close": price, "volume": np.ones(len(price))}
    )  # fmt: skip
    frame.write_parquet(path)
    return path


def test_the_command_prints_what_to_paste_only_where_it_is_proved(tmp_path: Path) -> None:
    good = _written(tmp_path / "good.parquet", moves_of_garch(400, 0.2, 0.75, seed=0))
    flat = _written(tmp_path / "flat.parquet", moves_of_nothing(300, seed=3))
    said = CliRunner().invoke(command, ["--prices", str(good), "--forecaster", "har"])
    assert said.exit_code == 0
    assert '[forecast]\nname = "har"' in said.output
    said = CliRunner().invoke(command, ["--prices", str(flat), "--forecaster", "har"])
    assert said.exit_code == 0
    assert "[forecast]" not in said.output
    assert "Not proved" in said.output
    said = CliRunner().invoke(command, ["--prices", str(flat), "--json"])
    data = json.loads(said.output)
    assert data["proved"] is False
    assert data["folds"][-1]["half_life_hours"] is None or data["folds"][-1]["half_life_hours"] > 90


@pytest.mark.long
def test_on_the_recorded_hours_the_verdicts_are_those_that_the_docs_publish(
    recorded_hours: Path, recorded_hours_2026: Path
) -> None:
    found = {
        name: forecasting.run([recorded_hours, recorded_hours_2026], name, {}, folds=4)
        for name in ("har", "garch", "realised")
    }
    assert {name for name, each in found.items() if each.proved} == {"har", "garch"}
    assert found["har"].difference.value == pytest.approx(-0.0554, abs=0.002)
    assert found["garch"].difference.value == pytest.approx(-0.0499, abs=0.004)
    assert found["realised"].difference.value == pytest.approx(0.0119, abs=0.001)


def test_a_difference_is_proved_by_its_whole_interval_and_never_without_one() -> None:
    def is_proved(*estimate: float) -> bool:
        return Judged("x", (), Estimate(*estimate), 300).proved

    assert is_proved(-0.1, -0.2, -0.01)
    assert not is_proved(-0.1, -0.2, 0.01)
    assert not is_proved(-0.1)


def test_the_interval_is_wider_than_that_of_its_draws_where_blocks_are_few() -> None:
    """Of 112 days there are four blocks, and what they say of their own spread is Student's."""
    rng = np.random.default_rng(0)
    time, differences = START + DAY * np.arange(112), rng.standard_normal(112)
    drawn = resampled(differences[:, None], time, seed=1)[:, 0]
    found = forecasting._estimate(differences, time)
    apart = np.percentile(drawn, 95) - np.percentile(drawn, 5)
    assert (found.high - found.low) / apart == pytest.approx(
        2.353 / 1.645 * (4 / 3) ** 0.5, rel=1e-3
    )


def test_a_forecaster_that_nobody_knows_is_said_before_prices_are_too_few() -> None:
    few = known(np.zeros(48))
    with pytest.raises(TandemError, match="nope"):
        forecast_days(few, "nope")
