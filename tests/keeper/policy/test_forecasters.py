"""Forecasters plug in as policies do."""

from __future__ import annotations

import math
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import numpy as np
import pytest

from keeper import forecast
from keeper.forecast.hours import Hours
from tandem import plugins
from tandem.feeds.realised import RealisedVol
from tandem.plugins import PlugInBrokenError, PlugInUnknownError
from tandem.units import YEAR


class Flat:
    """Says what it began with."""

    def __init__(self, start: float) -> None:
        self.start = start

    def update(self, time: int, price: float) -> float:
        return self.start


def test_the_default_follows_realised_volatility_with_its_settings() -> None:
    made = forecast.create(start=0.5, half_life_hours=6.0)
    assert made == RealisedVol(start=0.5, half_life_hours=6.0)


def test_another_packages_forecaster_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("flat", f"{__name__}:Flat", forecast.GROUP)

    def more(**selected: Any) -> Any:
        return (*entry_points(**selected), point)

    monkeypatch.setattr(plugins, "entry_points", more)
    assert forecast.create("flat", start=0.4).update(0, 1.0) == 0.4


def test_what_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlugInUnknownError, match="realised"):
        forecast.create("luck", start=0.5)
    with pytest.raises(PlugInBrokenError, match="colour"):
        forecast.create(start=0.5, colour="red")
    point = EntryPoint("odd", "builtins:dict", forecast.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda **_: (point,))
    with pytest.raises(PlugInBrokenError, match="no start"):
        forecast.create("odd", start=0.5)


def moves(days: int, vol: float, seed: int = 0) -> list[tuple[int, float]]:
    """Prices of every ten minutes at one volatility."""
    n = 6 * 24 * days
    steps = np.random.default_rng(seed).standard_normal(n) * vol * (600 / YEAR) ** 0.5
    prices = 2_500.0 * np.exp(np.cumsum(steps))
    return list(zip(range(0, 600 * n, 600), prices.tolist(), strict=True))


@pytest.mark.parametrize("name", ["har", "garch"])
def test_a_volatility_that_never_moves_is_what_a_forecaster_says_of_it(name: str) -> None:
    made = forecast.create(name, start=0.3)
    said = [made.update(time, price) for time, price in moves(150, 0.8)]
    assert float(np.mean(said[-6 * 24 * 10 :])) == pytest.approx(0.8, rel=0.06)


@pytest.mark.parametrize("name", ["har", "garch"])
def test_before_it_has_learnt_a_forecaster_says_what_realised_says(name: str) -> None:
    made, plain = forecast.create(name, start=0.5), RealisedVol(start=0.5)
    for time, price in moves(20, 0.8):
        assert made.update(time, price) == plain.update(time, price)


@pytest.mark.parametrize("name", ["har", "garch"])
def test_months_without_a_price_are_no_quiet_months(name: str) -> None:
    made = forecast.create(name, start=0.5)
    last = [made.update(time, price) for time, price in moves(120, 0.8)][-1]
    begin = 600 * 6 * 24 * 240
    later = [made.update(begin + time, price) for time, price in moves(3, 0.8, seed=1)]
    assert min(later) > 0.6 * last


def test_an_hour_that_nobody_looked_at_shares_the_move_over_it_and_a_week_says_nothing() -> None:
    hours, begin = Hours(), 1_704_067_200
    seen = ((0, 100.0), (1_800, 107.0), (3_600, 101.0), (4_000, 102.0), (3 * 3_600, 104.0))
    assert [hours.take(begin + t, p) for t, p in seen] == [0, 0, 1, 0, 2]
    year = YEAR / 3_600
    half = math.log(104 / 101) ** 2 / 2
    assert hours.variances == pytest.approx([math.log(1.01) ** 2 * year, half * year, half * year])
    assert hours.take(begin + 7 * 86_400, 200.0) == 0
    assert hours.take(begin + 7 * 86_400 + 3_600, 202.0) == 1
    assert hours.variances[3:] == pytest.approx([math.log(1.01) ** 2 * year])


def test_har_says_the_mean_of_what_days_bring_and_not_their_median() -> None:
    """Days whose variance is drawn anew, lognormal of mean 0.36 and median 0.22: logarithms are regressed."""
    rng, wide = np.random.default_rng(4), 1.0
    variances = 0.36 * np.exp(wide * rng.standard_normal(400) - wide**2 / 2)
    steps = rng.standard_normal((400, 24)) * np.sqrt(variances[:, None] * 3_600 / YEAR)
    made, said = forecast.create("har", start=0.5), list[float]()
    for i, price in enumerate((2_500.0 * np.exp(np.cumsum(steps.ravel()))).tolist()):
        said.append(made.update(3_600 * i, price) ** 2)
    came = float(np.mean(variances[:-50]))
    assert float(np.mean(said[-24 * 150 :])) == pytest.approx(came, rel=0.15)
