"""Full replays of recorded five minutes and of the same merged to hours, with the keeper's band: what the
market's moves cost LPs must not depend on how long the candles are.

Gamma and theta are compared, not delta. Inside its band a book keeps a residual, and on the one path that
was recorded moves follow one another as they did: seeds change the flow there, not the path, so that what
the residual earns by it is the same for all of them and no number of seeds averages it out. Merged to
hours, each seed has a path of its own, whose moves inside the hour know nothing of each other.
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

SEEDS = 20
DAYS = 14


def curved(candles: Candles, seed: int) -> tuple[float, float]:
    """gamma + theta, and gamma, of a replay that visits every five minutes, USD."""
    terms = replay(settings_for(candles, seed=seed, lp_flows=False)).rows[-1].pnl
    return terms.gamma + terms.theta, terms.gamma


@pytest.mark.long
def test_gamma_and_theta_of_replays_are_the_same_by_five_minutes_and_by_hours(
    recorded_five_minutes: Path,
) -> None:
    start = parse_time("2025-04-18")
    fine = load(recorded_five_minutes).window(start, start + DAYS * DAY)
    seeds = range(1, SEEDS + 1)
    short, merged = ([curved(each, seed) for seed in seeds] for each in (fine, fine.thin(12)))
    apart = np.array([b[0] - a[0] for a, b in zip(short, merged, strict=True)])
    share = apart / abs(np.mean([gamma for _, gamma in short]))
    error = float(share.std(ddof=1)) / np.sqrt(SEEDS)
    assert abs(float(share.mean())) < 0.1, (
        f"{share.mean():.3f} of gamma, standard error {error:.3f}"
    )
