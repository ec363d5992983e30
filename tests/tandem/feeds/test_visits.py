"""Which prices of a candle are visited, and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tandem.feeds import errors as err
from tandem.feeds.candles import Candles, from_arrays
from tandem.feeds.path import PathSpec, demo, simulate
from tandem.feeds.visits import PathKind, PathSettings, visits_of
from tandem.units import HOUR

EXTREMES = PathSettings(PathKind.EXTREMES)


@pytest.fixture(scope="module")
def hours() -> Candles:
    return simulate(PathSpec(days=20, crash_hour=None))


def test_an_hour_has_twelve_prices_by_default_and_five_minutes_have_one(hours: Candles) -> None:
    visits = visits_of(hours)
    assert len(visits) == 1 + 12 * len(hours)
    assert (np.diff(visits.time) == 300).all()
    assert visits.time[0] == hours.timestamps[0]
    fine = replace(hours, timestamps=hours.timestamps // 12, interval=300)
    closes = visits_of(fine)
    assert closes.price.tolist() == [fine.open[0], *fine.close]


@pytest.mark.parametrize("count", [1, 4, 12, 60])
def test_prices_are_equally_spaced_inside_the_range_and_end_at_the_close(
    hours: Candles, count: int
) -> None:
    visits = visits_of(hours, PathSettings(visits=count))
    assert (np.diff(visits.time) == HOUR // count).all()
    price = visits.price[1:].reshape(len(hours), count)
    assert (price[:, -1] == hours.close).all()
    assert (price <= hours.high[:, None]).all()
    assert (price >= hours.low[:, None]).all()
    assert visits.candle[1:].reshape(len(hours), count).tolist() == [
        [row] * count for row in range(len(hours))
    ]


def test_the_extremes_are_no_visits_of_their_own(hours: Candles) -> None:
    price = visits_of(hours).price[1:].reshape(len(hours), 12)
    inside = (hours.high > np.maximum(hours.open, hours.close)) & (
        hours.low < np.minimum(hours.open, hours.close)
    )
    assert inside.mean() > 0.6
    assert (price.max(axis=1) < hours.high)[inside].all()
    assert (price.min(axis=1) > hours.low)[inside].all()


def test_a_candle_is_drawn_by_its_own_time_and_the_seed(hours: Candles) -> None:
    """A window changes only sigma, and that only where the candles before it are cut off."""
    whole = visits_of(hours)
    part = visits_of(hours.window(int(hours.timestamps[100]), int(hours.timestamps[200])))
    shared = np.searchsorted(whole.time, part.time)
    inner = slice(1 + 24 * 12, None)
    assert part.price[inner].tolist() == whole.price[shared][inner].tolist()
    assert visits_of(hours).price.tolist() == whole.price.tolist()
    other = visits_of(hours, PathSettings(seed=2)).price
    assert (other[12::12] == whole.price[12::12]).all()
    assert (other != whole.price).mean() > 0.9


def test_no_price_knows_a_later_candle(hours: Candles) -> None:
    """What comes after a moment changes nothing that was visited up to it: else realised volatility,
    and with it surfaces and bands, would rise before a crash."""
    cut = int(hours.timestamps[200])
    later = hours.timestamps >= cut
    wilder = replace(
        hours,
        high=np.where(later, 1.2 * hours.high, hours.high),
        low=np.where(later, 0.8 * hours.low, hours.low),
    )
    calm, wild = visits_of(hours), visits_of(wilder)
    until = calm.time <= cut
    assert (calm.price[until] == wild.price[until]).all()
    assert (calm.price[~until] != wild.price[~until]).any()


def test_shorter_candles_have_fewer_prices() -> None:
    visits = visits_of(demo(), PathSettings(visits=4))
    assert len(visits) == 1 + 4 * 228 + 144
    assert set(np.diff(visits.time).tolist()) == {900, 300}


def test_a_gap_is_no_candle() -> None:
    ones = np.ones(4)
    times = np.array([0, HOUR, 2 * HOUR, 9 * HOUR], dtype=np.int64)
    visits = visits_of(from_arrays(times, ones, ones, ones, ones), PathSettings(visits=2))
    assert visits.time.tolist() == [0, 1800, 3600, 5400, 7200, 9000, 10800, 34200, 36000]


def test_the_stress_is_open_then_the_farther_extreme_then_the_other_then_close() -> None:
    times = 1_735_689_600 + HOUR * np.arange(3, dtype=np.int64)
    open_, close = np.array([100.0, 105, 92]), np.array([105.0, 92, 98])
    made = from_arrays(times, open_, np.array([110.0, 106, 99]), np.array([95.0, 90, 91]), close)
    visits = visits_of(made, EXTREMES)
    assert visits.price.tolist() == [100, 110, 95, 105, 105, 90, 106, 92, 92, 99, 91, 98]
    assert (visits.time - times[0]).tolist()[:6] == [0, 900, 1800, 2700, 3600, 4500]
    assert visits.candle.tolist() == [0] * 4 + [1] * 4 + [2] * 4


def test_the_stress_has_several_times_the_variance_of_the_path(hours: Candles) -> None:
    true, stress = (
        float((np.diff(np.log(visits_of(hours, how).price)) ** 2).sum())
        for how in (PathSettings(), EXTREMES)
    )
    assert 4 < stress / true < 8


@pytest.mark.parametrize("count", [0, -3])
def test_a_path_of_no_visits_is_refused(count: int) -> None:
    with pytest.raises(err.BadStepError, match="are no path"):
        PathSettings(visits=count)


@pytest.mark.parametrize("how", [PathSettings(), EXTREMES], ids=["conditioned", "extremes"])
def test_a_path_of_one_candle_is_refused(hours: Candles, how: PathSettings) -> None:
    with pytest.raises(err.ShortPathError, match="one candle"):
        visits_of(hours.window(None, int(hours.timestamps[1])), how)
