"""What a surface's posts cost and what stale slices leave to be taken: by the clock alone, and by what a
move is worth."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.registry import ROOT, Row, benchmark
from keeper.cycle import Done
from keeper.execution.post_worth import worth
from keeper.prices import POST_GAS
from keeper.replay.inputs import settings_for
from keeper.replay.keeping import LocalKeeper
from keeper.replay.run import Replay, replay
from keeper.replay.settings import ReplaySettings
from tandem.feeds.candles import load
from tandem.feeds.realised import RealisedVol
from tandem.feeds.surface import Modelled
from tandem.model.svi import unpack
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import DAY, WAD

FILE = "eth_usdt_5m_2025_04_05.parquet"
BEGINS = 1_743_811_200
"""5 April 2025: the fall of the 6th and 7th is in its fortnight."""
QUOTED = ("eth_usdt_1h_2026_h1.parquet", "deribit_eth_chain_2026_h1.parquet")
QUOTED_BEGINS = 1_770_076_800
"""3 February 2026."""
CENT = 0.01
"""USD; less is rounding."""
CLOCK, BY_WORTH = 300, 600
"""Seconds after which a slice is posted whatever it says: before, and now."""


@dataclass(slots=True)
class Watched:
    """A replay's keeper, beside whom somebody looks at each price who knows what the source says."""

    keeper: LocalKeeper
    by_clock: bool
    vol: RealisedVol = field(default_factory=RealisedVol)
    taken: float = 0.0
    """USD, were each price's stale quotes taken to the full before the keeper comes."""
    moments: int = 0
    """At which a cent or more could be taken."""
    looks: int = 0
    listed: int = 0
    """Expiries ahead, over all looks."""
    _seen: int = 0
    """The price that was looked at."""

    def __post_init__(self) -> None:
        if self.by_clock and self.keeper.observer.desk:
            self.keeper.observer.desk.least_seconds = DAY

    def look(self) -> Snapshot:
        return self.keeper.look()

    def ask(self, demand: Any) -> None:
        self.keeper.ask(demand)

    def cycle(self) -> list[Done]:
        snapshot = self.keeper.look()
        if snapshot.spot != self._seen:
            self._seen = snapshot.spot
            self._count(snapshot)
        return self.keeper.cycle()

    def _count(self, snapshot: Snapshot) -> None:
        """By what the chain has, not by what the keeper last read."""
        observer, now = self.keeper.observer, snapshot.timestamp
        vol = self.vol.update(now, snapshot.spot / WAD)
        ahead = [e.expiry for e in snapshot.expiries if e.expiry > now]
        source = observer.desk.source if observer.desk else Modelled()
        wanted = {s.expiry: s for s in source.slices(now, vol, ahead)}
        stands = {each.expiry: unpack(each.last) for each in observer.handles.surface.slices()}
        could = sum(
            worth(snapshot, e, stands[e.expiry], wanted[e.expiry], spare=0.0)
            for e in snapshot.expiries
            if e.expiry in stands and e.expiry in wanted
        )
        self.taken += could
        self.moments += could >= CENT
        self.looks += 1
        self.listed += len(ahead)


def measured(settings: ReplaySettings, *, by_clock: bool) -> tuple[int, Watched]:
    """Posts of a window, and who looked."""
    found: list[Watched] = []

    def hire(run: Replay) -> Any:
        keeper = LocalKeeper(run.stage, run.settings, run.scribe, run.arbitrageur.in_turn)
        found.append(Watched(keeper, by_clock))
        return found[-1]

    chosen = replace(settings, always_quoted=True, refresh_seconds=CLOCK if by_clock else BY_WORTH)
    return int(replay(chosen, hire=hire).summary["surface_posts"]), found[-1]


def _at_hand(*names: str) -> list[Path]:
    """The recorded files, where all of them are."""
    folder = Path(os.environ.get("TANDEM_DATA", str(ROOT.parent / "shared" / "data")))
    paths = [folder / name for name in names]
    return paths if all(path.exists() for path in paths) else []


def _rows(settings: ReplaySettings, what: str) -> Iterable[Row]:
    (before, clock), (now, ours) = (measured(settings, by_clock=each) for each in (True, False))
    gas = {"gas": float(POST_GAS)}
    yield Row(
        f"posts of a fortnight{what}", float(now), "", "", f"every 300 s: {before:,}", details=gas
    )
    yield Row(
        f"left to be taken by stale slices, a fortnight{what}, at the most", ours.taken, "USD", "",
        f"every 300 s: {clock.taken:,.0f}",
        details={
            "looks at which a cent could be taken": float(ours.moments),
            "every 300 s": float(clock.moments),
            "expiries ahead, mean": ours.listed / ours.looks,
        },
    )  # fmt: skip


@benchmark("posts")
def fortnight() -> Iterable[Row]:
    """A recorded fortnight on the real contracts, four expiries on sale and those that were before, looked at
    every 150 s; surfaces follow realised volatility; gas at 0.05 gwei. Nothing where the file is not at
    hand."""
    for path in _at_hand(FILE):
        candles = load(path).window(BEGINS, BEGINS + 14 * DAY)
        yield from _rows(settings_for(candles, visits=2), "")


@benchmark("posts")
def quoted() -> Iterable[Row]:
    """The same of a fortnight whose surfaces were recorded, four times a day, looked at every 120 s."""
    if paths := _at_hand(*QUOTED):
        candles = load(paths[0]).window(QUOTED_BEGINS, QUOTED_BEGINS + 14 * DAY)
        yield from _rows(settings_for(candles, visits=30, chain=paths[1]), " of recorded quotes")
