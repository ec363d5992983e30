"""What a hedged book earns on conditioned paths: nothing at true volatility, and on recorded days
the same whether candles are short or long."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from reference.brownian import brownian_candles

from keeper.replay.pnl import attribute
from keeper.replay.types import Leg, PnlFlows, PnlState
from tandem.feeds.candles import Candles, load
from tandem.feeds.tabular import parse_time
from tandem.feeds.visits import PathSettings, Visits, visits_of
from tandem.model.svi import Slice
from tandem.units import DAY, HOUR

WEEK = 7 * 24
"""Candles."""
VOL = 0.6


def flat(vol: float) -> Slice:
    return Slice(a=vol * vol, b=0.0, rho=0.0, m=0.0, s=1.0, basis=0.0, stickiness=1.0)


def gamma_and_theta(visits: Visits, vol: float) -> np.ndarray:
    """Per visit, of a book sold at its first price with four weeks to live and hedged at every
    visit, where delta earns nothing. [visits - 1, 2]"""
    spot, expiry = round(float(visits.price[0])), int(visits.time[0]) + 28 * DAY
    book = {
        Leg(expiry, spot, is_put=False, cap=2.0 * spot): 20.0,
        Leg(expiry, 0.9 * spot, is_put=True): 20.0,
        Leg(expiry, 1.1 * spot, is_put=False, cap=2.2 * spot): 20.0,
    }
    surface = {expiry: flat(vol)}
    pairs = zip(visits.time.tolist(), visits.price.tolist(), strict=True)
    states = [PnlState(time, price, 0.0, 0.0, book, surface) for time, price in pairs]
    terms = attribute(states, [PnlFlows()] * (len(states) - 1))
    return np.array([(each.gamma, each.theta) for each in terms])


@pytest.mark.parametrize(
    ("steps", "weeks"),
    [(4, 60), *(pytest.param(*each, marks=pytest.mark.long) for each in ((12, 60), (60, 20)))],
)
def test_gamma_pays_theta_at_true_volatility(steps: int, weeks: int) -> None:
    """Weeks are drawn each by itself, so that they are independent: inside one, what is thought of
    sigma is shared. A path through the extremes misses by 490 % of theta."""
    candles, _ = brownian_candles(weeks * WEEK, VOL, seed=21)
    earned = np.array(
        [
            gamma_and_theta(visits_of(week, PathSettings(visits=steps)), VOL).sum(axis=0)
            for week in (
                candles.window(int(first), int(first) + WEEK * HOUR)
                for first in candles.timestamps[::WEEK]
            )
        ]
    )
    net, theta = earned.sum(axis=1), earned[:, 1].mean()
    error = net.std(ddof=1) / np.sqrt(weeks)
    assert abs(net.mean()) < 2 * error
    assert 2 * error < 0.03 * theta


def fortnights(candles: Candles) -> list[Candles]:
    """Three that do not overlap; the first holds the crash of 7 April 2025."""
    starts = [parse_time(day) for day in ("2025-04-04", "2025-04-18", "2025-05-01")]
    return [candles.window(start, start + 14 * DAY) for start in starts]


@pytest.mark.parametrize("which", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2))])
def test_recorded_days_cost_the_same_by_five_minutes_and_by_hours(
    recorded_five_minutes: Path, which: int
) -> None:
    fine = fortnights(load(recorded_five_minutes))[which]
    hours, vol = fine.thin(12), 0.65
    gamma, theta = gamma_and_theta(visits_of(fine), vol).sum(axis=0)
    merged = [
        gamma_and_theta(visits_of(hours, PathSettings(seed=seed)), vol).sum() for seed in range(20)
    ]
    assert gamma < 0 < theta
    assert abs(np.mean(merged) - (gamma + theta)) < 0.1 * abs(gamma)
