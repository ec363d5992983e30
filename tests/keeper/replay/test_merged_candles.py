"""Full replays of recorded five minutes and of the same merged to hours, with the keeper's band: what the
market's moves cost LPs must not depend on how long the candles are.

Inside its band a book keeps a residual, and on a path that was recorded moves follow one another as they did:
seeds change the flow there, not the path, so that what the residual earns by it is the same for all of them
and no number of seeds averages it out. Merged to hours, each seed has a path of its own, whose moves inside
the hour know nothing of each other. So delta is compared over all that was recorded, and gamma with theta
in each fortnight (what chance does to delta: test_what_a_residual_earns.py).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keeper.replay.inputs import settings_for
from keeper.replay.run import replay
from tandem.feeds.candles import Candles, load
from tandem.feeds.tabular import parse_time
from tandem.units import DAY

STARTS = ("2025-04-04", "2025-04-18", "2025-05-01")
"""Three fortnights that do not overlap; the first holds the crash of 7 April 2025."""
SEEDS = 7
DAYS = 14


def earned(candles: Candles, seed: int) -> tuple[float, float, float]:
    """gamma, gamma + theta, and those with delta, of a replay that visits every five minutes, USD."""
    terms = replay(settings_for(candles, seed=seed, lp_flows=False)).rows[-1].pnl
    curved = terms.gamma + terms.theta
    return terms.gamma, curved, curved + terms.delta


@pytest.mark.long
def test_what_moves_cost_is_the_same_by_five_minutes_and_by_hours(
    recorded_five_minutes: Path,
) -> None:
    """Of gamma, over 21 replays: its tenth for the sum with delta, and in each fortnight without it."""
    whole = load(recorded_five_minutes)
    short, merged = np.zeros((2, len(STARTS), SEEDS, 3))
    for i, day in enumerate(STARTS):
        start = parse_time(day)
        fine = whole.window(start, start + DAYS * DAY)
        for seed in range(SEEDS):
            short[i, seed] = earned(fine, seed + 1)
            merged[i, seed] = earned(fine.thin(12), seed + 1)
    gamma = np.abs(short[..., 0].mean())
    apart = (merged - short) / gamma
    curved, everything = apart[..., 1].mean(axis=1), apart[..., 2]
    assert np.all(np.abs(curved) < 0.1), f"gamma and theta, by fortnight: {curved}"
    error = everything.std(ddof=1) / np.sqrt(everything.size)
    assert abs(everything.mean()) < 0.1, f"{everything.mean():.3f} of gamma, error {error:.3f}"
