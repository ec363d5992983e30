"""What a hedge that waits inside its band earns by chance, so that one recorded path can be judged by it.

A residual r earns r dS at each price. Where moves know nothing of the past that sums to nothing on average,
with the root of the sum of (r dS)^2 for its spread: the tracking error. So delta by five minutes and by the
same candles merged to hours are apart by chance, whatever the number of seeds, for there is one path by five
minutes. The yardstick is checked here on paths whose truth is known.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from reference.brownian import brownian_candles

from keeper.backtest import episodes, series, twins
from keeper.backtest.books import parse
from keeper.backtest.series import Series
from keeper.backtest.twins import Costs
from tandem.feeds.candles import Candles
from tandem.feeds.visits import PathSettings, visits_of
from tandem.units import DAY, HOUR

Float = npt.NDArray[np.float64]
DAYS, FORTNIGHTS, STEP, VOL = 14, 60, 300, 0.6
WARM = 28
"""Days that the last book still lives, or that volatility is learnt from."""
BOOK = parse("call:1.0:21:1,put:0.9:14:1,call:1.1:28:1")
COSTS = Costs(size=150.0, cost=1e-3, nav=1_000_000.0)


def by_five_minutes(candles: Candles, logs: Float) -> Series:
    price = float(candles.open[0]) * np.exp(np.concatenate([[0.0], logs.reshape(-1)]))
    return series.of_prices(STEP * np.arange(len(price), dtype=np.int64), price, STEP)


def merged(candles: Candles) -> Series:
    visits = visits_of(candles, PathSettings(seed=7))
    assert np.all(np.diff(visits.time) == STEP)
    return series.of_prices(visits.time, visits.price, STEP)


def earned(prices: Series) -> tuple[Float, Float]:
    """Of each fortnight, which share nothing: what the residual earned, and its tracking error."""
    made = episodes.make(prices, BOOK, stride_hours=24 * DAYS)
    steps = DAYS * DAY // STEP
    hedges = twins.threshold(made, COSTS, 5.0, 1e-3)
    moves = np.diff(made.spot, axis=1)[:, :steps]
    each = (hedges - made.delta)[:, :steps] * moves
    return each.sum(axis=1), np.sqrt((each**2).sum(axis=1))


@pytest.fixture(scope="module")
def both() -> tuple[tuple[Float, Float], tuple[Float, Float]]:
    """By five minutes, and by the same candles merged to hours: the same fortnights."""
    hours = (FORTNIGHTS * DAYS + 2 * WARM) * DAY // HOUR
    candles, logs = brownian_candles(hours, VOL, seed=5, steps=HOUR // STEP)
    found = earned(by_five_minutes(candles, logs)), earned(merged(candles))
    assert len(found[0][0]) == len(found[1][0]) >= FORTNIGHTS - 1
    return found


@pytest.mark.long
@pytest.mark.parametrize("which", [0, 1])
def test_a_residual_earns_nothing_but_chance_and_its_tracking_error_says_how_much(
    both: tuple[tuple[Float, Float], tuple[Float, Float]], which: int
) -> None:
    """Over independent fortnights the sum over its own tracking error has mean 0 and spread 1."""
    total, error = both[which]
    z = total / error
    assert abs(z.mean()) < 2 / np.sqrt(len(z))
    assert 0.8 < z.std(ddof=1) < 1.2


@pytest.mark.long
def test_two_paths_through_the_same_candles_are_apart_by_a_fifth_of_both_errors(
    both: tuple[tuple[Float, Float], tuple[Float, Float]],
) -> None:
    """On average they are not apart at all. They share the hours' moves, and with them most of the residual:
    chance parts them by a fifth of what it would part two paths of their own by."""
    (fine, fine_error), (hours, hours_error) = both
    z = (hours - fine) / np.hypot(fine_error, hours_error)
    assert abs(z.mean()) < 2 * z.std(ddof=1) / np.sqrt(len(z))
    assert 0.15 < z.std(ddof=1) < 0.3
