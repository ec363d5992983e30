"""One keeper: the same day through a replay on pyrevm, on anvil, and a live process on anvil."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from live_process import LiveKeeper

from keeper.cycle import Done
from keeper.execution.surface_desk import Demand
from keeper.planner import Kind
from keeper.replay.keeping import Kept
from keeper.replay.run import Replay, ReplayResult, _local, replay
from keeper.replay.settings import ReplaySettings
from tandem.feeds.candles import Candles, load
from tandem.feeds.flow import FlowSpec
from tandem.feeds.path import demo
from tandem.feeds.surface import SurfaceSpec
from tandem.feeds.visits import PathSettings
from tandem.protocol.bindings.structs import Snapshot

HOUR = 3_600
DAY = 24 * HOUR
YEN_MONDAY = 1_722_816_000
CRASH = 1_736_121_600 + 120 * HOUR
REFRESH = 3_000
LIVE = {
    "TANDEM_FEES__TIP_GWEI": "0.05",
    "TANDEM_SURFACE__KIND": "smile",
    "TANDEM_SURFACE__VOL": "0.6",
    "TANDEM_SURFACE__FOLLOW_REALISED": "true",
    "TANDEM_SURFACE__REFRESH_SECONDS": str(REFRESH),
}
"""What `settings` says, as an operator says it."""

Act = tuple[Kind, tuple[int, ...], str]


def settings(candles: Candles, engine: str) -> ReplaySettings:
    """A price an hour, surfaces at all times, and an LP who comes and asks to leave."""
    return ReplaySettings(
        candles,
        path=PathSettings(visits=1),
        engine=engine,
        expiries=2,
        gas_price=5 * 10**7,
        refresh_seconds=REFRESH,
        always_quoted=True,
        flow=FlowSpec(trades_per_day=24.0, standing=40, median_size=2.0, max_size=6.0),
        surface=SurfaceSpec(premium=1.0, long_vol=0.6, basis=0.0),
    )


@dataclass
class Witness:
    """Writes down what a keeper meant to do."""

    keeper: Kept
    acts: list[Act] = field(default_factory=list)

    def look(self) -> Snapshot:
        return self.keeper.look()

    def ask(self, demand: Demand) -> None:
        self.keeper.ask(demand)

    def cycle(self) -> list[Done]:
        done = self.keeper.cycle()
        self.acts += [(d.intent.kind, d.intent.args, d.result.state) for d in done]
        return done


def witnessed(
    chosen: ReplaySettings, hire: Callable[[Replay], Kept] = _local
) -> tuple[list[Act], ReplayResult]:
    found: list[Witness] = []

    def watch(run: Replay) -> Kept:
        found.append(Witness(hire(run)))
        return found[-1]

    result = replay(chosen, hire=watch)
    return [act for each in found for act in each.acts], result


@pytest.fixture(scope="module")
def day(request: pytest.FixtureRequest) -> Candles:
    """5 August 2024 as it was recorded; where that is not at hand, the crash of the demo's path."""
    try:
        file: Path = request.getfixturevalue("recorded_hours")
    except pytest.skip.Exception:
        return demo().window(CRASH, CRASH + DAY)
    return load(file).window(YEN_MONDAY, YEN_MONDAY + DAY)


@pytest.fixture(scope="module")
def local(day: Candles) -> tuple[list[Act], ReplayResult]:
    return witnessed(settings(day, "pyrevm"))


def test_the_day_has_something_of_everything(local: tuple[list[Act], ReplayResult]) -> None:
    kinds = Counter(kind for kind, _, _ in local[0])
    wanted = {Kind.SETTLE, Kind.REBALANCE, Kind.TOP_UP, Kind.POKE, Kind.POST}
    assert wanted <= set(kinds)
    assert kinds[Kind.REBALANCE] >= 3


def test_anvil_and_pyrevm_see_the_same_keeper(
    day: Candles, local: tuple[list[Act], ReplayResult]
) -> None:
    acts, result = witnessed(settings(day, "anvil"))
    assert acts == local[0]
    assert result.rows == local[1].rows


def test_a_live_process_is_the_same_keeper(
    day: Candles, local: tuple[list[Act], ReplayResult], tmp_path: Path
) -> None:
    live: list[LiveKeeper] = []

    def hire(run: Replay) -> Kept:
        while live:
            live.pop().close()
        live.append(LiveKeeper(run, tmp_path, **LIVE))
        return live[0]

    try:
        acts, result = witnessed(settings(day, "anvil"), hire)
    finally:
        live[0].close()
    assert acts == local[0]
    assert result.rows == local[1].rows
