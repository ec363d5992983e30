"""What a surface's posts cost and what stale slices leave to be taken: by the clock alone, and by what a
move is worth."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.registry import Row, benchmark
from keeper.cycle import Done
from keeper.execution.post_worth import worth
from keeper.prices import POST_GAS
from keeper.replay.inputs import settings_for
from keeper.replay.keeping import LocalKeeper
from keeper.replay.run import Replay, replay
from keeper.replay.settings import ReplaySettings
from tandem.feeds.candles import load
from tandem.model.svi import unpack
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import DAY, WAD

FILE = "eth_usdt_5m_2025_04_05.parquet"
BEGINS = 1_743_811_200
"""5 April 2025: the fall of the 6th and 7th is in its fortnight."""
CLOCK, BY_WORTH = 300, 600
"""Seconds after which a slice is posted whatever it says: before, and now."""


@dataclass(slots=True)
class Watched:
    """A replay's keeper, beside whom somebody looks at each price who knows what the source says."""

    keeper: LocalKeeper
    by_clock: bool
    taken: float = 0.0
    """USD, were each price's stale quotes taken to the full before the keeper comes."""
    moments: int = 0
    """At which anything could be taken."""
    _seen: int = 0
    """The price that was looked at."""

    def __post_init__(self) -> None:
        if self.by_clock:
            self._observer.desk.least_seconds = DAY

    @property
    def _observer(self) -> Any:
        inner: Any = self.keeper
        return inner._keeper.observer

    def look(self) -> Snapshot:
        return self.keeper.look()

    def ask(self, demand: Any) -> None:
        self.keeper.ask(demand)

    def cycle(self) -> list[Done]:
        snapshot, facts = self._observer.observe(self.keeper._keeper.account)  # pyright: ignore[reportPrivateUsage]
        if snapshot.spot != self._seen:
            self._seen = snapshot.spot
            self._count(snapshot, facts.realised_vol)
        return self.keeper.cycle()

    def _count(self, snapshot: Snapshot, vol: float) -> None:
        """By what the chain has, not by what the keeper last read."""
        observer = self._observer
        ahead = [e.expiry for e in snapshot.expiries if e.expiry > snapshot.timestamp]
        wanted = {s.expiry: s for s in observer.desk.source.slices(snapshot.timestamp, vol, ahead)}
        stands = {each.expiry: unpack(each.last) for each in observer.handles.surface.slices()}
        could = sum(
            worth(snapshot, e, stands[e.expiry], wanted[e.expiry], spare=0.0)
            for e in snapshot.expiries
            if e.expiry in stands and e.expiry in wanted
        )
        self.taken += could
        self.moments += could > 0.0


def measured(settings: ReplaySettings, *, by_clock: bool) -> tuple[int, Watched]:
    """Posts of a window, and who looked."""
    found: list[Watched] = []

    def hire(run: Replay) -> Any:
        keeper = LocalKeeper(run.stage, run.settings, run.scribe, run.arbitrageur.in_turn)
        found.append(Watched(keeper, by_clock))
        return found[-1]

    chosen = replace(
        settings, always_quoted=True, refresh_seconds=CLOCK if by_clock else BY_WORTH
    )
    return int(replay(chosen, hire=hire).summary["surface_posts"]), found[-1]
