"""The minutes that a hedge is outside its hard band, where it is known how many these are."""

from __future__ import annotations

import numpy as np

from keeper.cycle import Done
from keeper.replay.inputs import settings_for
from keeper.replay.keeping import LocalKeeper
from keeper.replay.run import Replay, replay
from tandem.feeds.candles import Candles, from_arrays

START = 1_736_121_600


class Away(LocalKeeper):
    """Looks, and does nothing."""

    def cycle(self) -> list[Done]:
        return []


def falling() -> Candles:
    """Hours in which the price falls by 4 % and stays there."""
    ends = np.array([2_500.0, 2_400.0, 2_300.0, 2_200.0, 2_200.0, 2_200.0])
    begins = np.concatenate([ends[:1], ends[:-1]])
    times = START + 3_600 * np.arange(len(ends), dtype=np.int64)
    return from_arrays(times, begins, begins, ends, ends)


def test_minutes_in_which_nobody_hedges_are_minutes_outside_the_band() -> None:
    """README: "for five minutes of the ten days up to 1.7 times the band ... is uncovered". They count
    whether or not a keeper is at work: here nobody is, so who is outside stays there until the next
    price. They ended with the replay's patience, a quarter of an hour at each price."""
    hired: list[LocalKeeper] = []

    def hire(run: Replay) -> LocalKeeper:
        keeper = Away if hired else LocalKeeper
        hired.append(keeper(run.stage, run.settings, run.scribe, run.arbitrageur.in_turn))
        return hired[-1]

    settings = settings_for(falling(), visits=1)
    result = replay(settings, hire=hire)
    outside = [abs(row.residual) > row.hard_band for row in result.rows]
    lengths = np.diff(settings.visits.time) / 60
    minutes = sum(length for length, out in zip(lengths, outside, strict=False) if out)
    assert minutes > 180
    assert abs(result.summary["residual_over_band_minutes"] - minutes) <= 2
