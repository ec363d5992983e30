"""Which replays a study is made of: windows of recorded prices, and the axes along which they vary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from pathlib import Path

from keeper.policy import DEFAULT
from tandem.engine.artifacts import ROOT
from tandem.errors import ConfigError
from tandem.feeds.candles import Candles
from tandem.units import DAY

MONTHS = 4
LEAST_DAYS = 7.0
"""A window must be this long: an inherited book lives a week."""
SOURCES = ("tandem/**/*.py", "keeper/**/*.py", "contracts/**/*.vy", "contracts/**/*.vyi")


@dataclass(frozen=True, slots=True)
class Window:
    """Part of one file of prices; seconds UTC, end exclusive."""

    prices: Path
    start: int
    end: int

    @property
    def name(self) -> str:
        first, last = (datetime.fromtimestamp(t, UTC) for t in (self.start, self.end - 1))
        return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Case:
    """One replay. trades a day; vol_premium: implied over realised; informed: share of traders, of
    the kind that knows the next hour's `knowledge`."""

    window: Window
    seed: int
    trades_per_day: float
    vol_premium: float
    informed: float
    knowledge: str
    chain: Path | None
    visits: int | None
    nav: float
    policy: str = DEFAULT
    """As it is typed (`keeper.policy.spec`)."""
    reservation: float | None = None
    """The mean of what traders pay above the mark at most, as a share; None: any price."""

    @property
    def axes(self) -> tuple[object, ...]:
        """What a row of the table has in common."""
        return (
            self.policy, self.trades_per_day, self.vol_premium, self.informed, self.reservation,
        )  # fmt: skip

    def key(self) -> str:
        """Everything that the result depends on: this case, the files' contents, the code."""
        files = {"prices": self.window.prices, "chain": self.chain}
        known = asdict(self) | {k: _digest(p) if p else "" for k, p in files.items()}
        known["window"] = [self.window.start, self.window.end]
        known["code"] = code_digest()
        text = json.dumps(known, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Axes:
    """The values along each axis; every combination is run for every window and seed."""

    seeds: int = 2
    trades_per_day: tuple[float, ...] = (24.0,)
    vol_premium: tuple[float, ...] = (1.0,)
    informed: tuple[float, ...] = (0.0,)
    policies: tuple[str, ...] = (DEFAULT,)
    reservation: tuple[float | None, ...] = (None,)


def windows_of(path: Path, candles: Candles, months: int = MONTHS) -> list[Window]:
    """Whole calendar months of a file in windows of `months`, the last one shorter; a month that the
    file does not cover from its first day is left out."""
    begin, end = int(candles.timestamps[0]), int(candles.timestamps[-1]) + candles.interval
    month = _month(begin)
    if _start(month) < begin:
        month += 1
    found: list[Window] = []
    while _start(month + 1) <= end:
        last = month + 1
        while last - month < months and _start(last + 1) <= end:
            last += 1
        found.append(Window(path, _start(month), _start(last)))
        month = last
    if not found:
        found = [checked(Window(path, begin, end))]
    return found


def checked(window: Window) -> Window:
    """Raises ConfigError for a window that is too short to judge anything by."""
    days = (window.end - window.start) / DAY
    if days < LEAST_DAYS:
        raise ConfigError(
            f"a window of {days:.1f} days is too short to study",
            f"give one of {LEAST_DAYS:g} days or more, with --window FROM..TO or a longer file",
        )
    return window


def cases(
    windows: Sequence[Window], axes: Axes, *, knowledge: str, chain: Path | None,
    visits: int | None, nav: float,
) -> list[Case]:  # fmt: skip
    """Every combination, seeds outermost: an interrupted study has something of everything."""
    return [
        Case(window, seed, trades, premium, informed, knowledge, chain, visits, nav, policy, bound)
        for seed, policy, trades, premium, informed, bound, window in product(
            range(1, axes.seeds + 1),
            axes.policies,
            axes.trades_per_day,
            axes.vol_premium,
            axes.informed,
            axes.reservation,
            windows,
        )
    ]


def _month(time: int) -> int:
    date = datetime.fromtimestamp(time, UTC)
    return date.year * 12 + date.month - 1


def _start(month: int) -> int:
    return int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())


@lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Of every source that a replay may run."""
    total = hashlib.sha256()
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
