"""Prices of a local market."""

from __future__ import annotations

import numpy as np
import pytest

from keeper.local.prices import Recorded, Walk
from tandem.feeds.candles import from_arrays
from tandem.units import YEAR


def test_a_walk_has_the_variance_that_it_is_given_however_often_it_is_looked_at() -> None:
    for step, count in ((10.0, 40_000), (60.0, 40_000)):
        walk = Walk(vol=0.8, seed=7)
        prices = np.array([walk.at(step * i) for i in range(count)])
        variance = np.square(np.diff(np.log(prices))).sum() / (step * (count - 1)) * YEAR
        assert variance == pytest.approx(0.64, rel=4 * np.sqrt(2 / count))


def test_recorded_candles_play_from_the_first_open_and_the_last_close_stays() -> None:
    hours = np.arange(4) * 3_600 + 1_700_000_000
    opens = np.array([100.0, 110.0, 105.0, 120.0])
    closes = np.array([110.0, 105.0, 120.0, 119.0])
    candles = from_arrays(
        hours, opens, np.maximum(opens, closes) + 2, np.minimum(opens, closes) - 2, closes
    )
    played = Recorded.of(candles, step=60.0, seed=3)
    assert played.at(0.0) == 100.0
    assert played.at(3_600.0) == pytest.approx(110.0)
    assert not played.ended(4 * 3_600.0)
    assert played.ended(4 * 3_600.0 + 1)
    assert played.at(1e9) == pytest.approx(119.0)
    inside = [played.at(60.0 * i) for i in range(60)]
    assert min(inside) >= 98.0
    assert max(inside) <= 112.0
