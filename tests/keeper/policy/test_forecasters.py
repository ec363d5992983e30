"""Forecasters plug in as policies do."""

from __future__ import annotations

import math
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keeper import forecast
from keeper.assembly import past_of
from keeper.forecast.built_in.regimes import fitted, mean_ahead
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


@pytest.mark.parametrize("name", ["har", "garch", "regimes"])
def test_a_volatility_that_never_moves_is_what_a_forecaster_says_of_it(name: str) -> None:
    made = forecast.create(name, start=0.3)
    said = [made.update(time, price) for time, price in moves(150, 0.8)]
    assert float(np.mean(said[-6 * 24 * 10 :])) == pytest.approx(0.8, rel=0.06)


@pytest.mark.parametrize("name", ["har", "garch", "regimes", "realised"])
def test_one_that_remembers_goes_on_as_if_it_had_never_ended(name: str) -> None:
    """It is told closes of whole hours, as a file has them."""
    past = [each for each in moves(150, 0.8) if each[0] % 3_600 == 0]
    told, kept = forecast.create(name, start=0.3), forecast.create(name, start=0.3)
    forecast.remember(told, past[:-48])
    for time, price in past[:-48]:
        kept.update(time, price)
    time, price = past[-49]
    soon = told.update(time + 60, price), kept.update(time + 60, price)
    assert soon[0] == pytest.approx(soon[1], rel=0.01), "within the hour already"
    said = [(told.update(*each), kept.update(*each)) for each in past[-48:]]
    new = forecast.create(name, start=0.3)
    assert [a for a, _ in said] == pytest.approx([b for _, b in said], rel=0.02)
    assert said[0][0] != pytest.approx(new.update(*past[-48]), rel=0.02)


def test_a_file_of_candles_is_closes_at_their_ends_and_none_of_what_comes(tmp_path: Path) -> None:
    """A candle that is not over at that moment says nothing yet."""
    file = tmp_path / "eth.csv"
    rows = [f"{3_600 * n},{n + 1},{n + 2},{n + 1},{n + 1.5}" for n in range(4)]
    file.write_text("\n".join(["timestamp,open,high,low,close", *rows]))
    ends = [(3_600 * (n + 1), n + 1.5) for n in range(4)]
    assert past_of(file) == ends
    assert past_of(file, 3 * 3_600) == ends[:3]
    assert past_of(file, 3 * 3_600 - 1) == ends[:2]


def test_two_regimes_are_found_where_there_are_two() -> None:
    """Forty and a hundred and twenty per cent, which last two days and half a day."""
    rng, stress, variances = np.random.default_rng(5), False, list[float]()
    for _ in range(24 * 90):
        stress = bool(rng.random() < (1 - 1 / 12 if stress else 1 / 48))
        variances.append((1.44 if stress else 0.16) * float(rng.standard_normal()) ** 2)
    calm, wild, stays_calm, stays = fitted(np.array(variances))
    assert calm == pytest.approx(0.16, rel=0.1)
    assert wild == pytest.approx(1.44, rel=0.15)
    assert stays_calm == pytest.approx(1 - 1 / 48, abs=0.01)
    assert stays == pytest.approx(1 - 1 / 12, abs=0.04)


def test_what_comes_is_the_mean_over_a_day_of_states_that_change() -> None:
    """Step by step, beside the closed form."""
    calm, wild, stays_calm, stays, chance, total = 0.16, 1.44, 0.98, 0.9, 0.7, 0.0
    at = chance
    for _ in range(24):
        at = at * stays + (1 - at) * (1 - stays_calm)
        total += calm + (wild - calm) * at
    assert mean_ahead(chance, calm, wild, stays_calm, stays) == pytest.approx(total / 24)


@pytest.mark.parametrize("name", ["har", "garch", "regimes"])
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


def test_har_says_no_less_than_the_calmest_day_it_learnt_from() -> None:
    """Four months without a memory, then a fall of a fifth: its regression, whose weights are noise there,
    said 4 % of volatility within a day of it, of a price that has 60."""
    lowest = math.inf
    for seed in range(12):
        past = moves(121, 0.6, seed)
        made = forecast.create("har")
        forecast.remember(made, past[:-145])
        fallen = [forecast.tell(made, time, 0.8 * price) for time, price in past[-145:]]
        lowest = min(lowest, *fallen)
    assert lowest > 0.25
