"""A replay's speed: prices visited a second, on the real contracts and the real venue."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable

from bench.registry import Row, benchmark
from keeper.replay.inputs import settings_for
from keeper.replay.run import Watch, replay
from tandem.feeds import path

RUNS = 3


@benchmark("replay")
def speed() -> Iterable[Row]:
    """The demo's ten days, set-up left out; the first run warms caches and is not counted."""
    settings = settings_for(path.demo())
    rates: list[float] = []
    for run in range(RUNS + 1):
        moments: list[float] = []
        replay(settings, _clock(moments))
        if run:
            rates.append((len(moments) - 1) / (moments[-1] - moments[0]))
    yield Row(
        "prices that a replay visits, pyrevm, one core",
        statistics.median(rates),
        "visits/s",
        "≥ 300",
        peer="about 200 with the keeper of its own that replays had before",
        peer_source="an earlier version, on its own path",
        low=min(rates),
        high=max(rates),
    )


def _clock(moments: list[float]) -> Watch:
    """Notes when each visit is done."""

    def watch(_done: int, _all: int, _events: object) -> None:
        moments.append(time.perf_counter())

    return watch
