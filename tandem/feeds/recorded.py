"""Surfaces as they were quoted: level and shape of the last snapshot, and of no later one.

At each moment the smile of an expiry is the one fitted to the last snapshot at or before it. An
expiry that was not quoted lies between its neighbours, in total variance at the money and in
shape; and it is lifted where it would lie below a nearer one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tandem.feeds.chain import Smiles
from tandem.feeds.errors import SparseChainError
from tandem.feeds.looks import GRID, blend, with_wings
from tandem.feeds.surface import ListedSlice, Shape, SurfaceSpec, without_calendar_arbitrage
from tandem.feeds.tabular import Float, Int, utc
from tandem.units import DAY, YEAR

OLDEST = DAY
"""Seconds after which a snapshot says nothing of the present: four a day are usual."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one snapshot says: total variance at the money and shape by time to expiry, rising."""

    time: int
    lives: tuple[float, ...]
    """Seconds."""
    variances: tuple[float, ...]
    """Total, at the money."""
    shapes: tuple[Shape, ...]

    def slice_for(self, expiry: int, spec: SurfaceSpec) -> ListedSlice:
        """The smile of `expiry`; beyond the ends, the volatility and shape of the nearest."""
        life = max(expiry - self.time, 1)
        near = min(max(life, self.lives[0]), self.lives[-1])
        variance = float(np.interp(near, self.lives, self.variances)) * YEAR / near
        vol, tau = variance**0.5, near / YEAR
        after = min(bisect_left(self.lives, near), len(self.lives) - 1)
        chosen = self.shapes[after].at(expiry, vol, tau, spec.basis, spec.stickiness)
        if self.lives[after] == near:
            return chosen
        before = self.shapes[after - 1].at(expiry, vol, tau, spec.basis, spec.stickiness)
        span = self.lives[after] - self.lives[after - 1]
        return blend(before, chosen, (near - self.lives[after - 1]) / span)


@dataclass(frozen=True, slots=True)
class Recording:
    """All snapshots of a chain, by time."""

    snapshots: tuple[Snapshot, ...]
    source: str

    @classmethod
    def of(cls, fitted: Smiles, source: str = "the chain") -> Recording:
        """From one fitted smile per snapshot and expiry."""
        breaks = np.flatnonzero(np.diff(fitted.timestamp)) + 1
        groups = np.split(np.arange(len(fitted.expiry)), breaks)
        return cls(tuple(_snapshot(fitted, rows) for rows in groups), source)

    @property
    def times(self) -> list[int]:
        """When the snapshots were taken, seconds UTC."""
        return [each.time for each in self.snapshots]

    def as_of(self, time: int) -> Snapshot:
        """The last snapshot at or before `time`. Raises SparseChainError where there is none."""
        place = bisect_right(self.times, time)
        if not place:
            raise self._sparse(f"begins after {utc(time)}")
        return self.snapshots[place - 1]

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any snapshot is of [start, end]."""
        return self.times[0] <= end and start <= self.times[-1]

    def check(self, start: int, end: int) -> None:
        """Raises SparseChainError where some moment of [start, end] has no snapshot of the day
        before it."""
        self.as_of(start)
        times = [self.as_of(start).time, *(t for t in self.times if start < t <= end), end]
        for before, after in pairwise(times):
            if after - before > OLDEST:
                raise self._sparse(f"has nothing from {utc(before)} to {utc(after)}")

    def _sparse(self, what: str) -> SparseChainError:
        first, last = utc(self.times[0]), utc(self.times[-1])
        return SparseChainError(
            f"{self.source} overlaps with the prices but {what}",
            f"it covers {first} to {last} UTC: choose --from and --to inside, give a chain with a "
            "snapshot a day or more, or leave --chain out for modelled surfaces",
        )


def _snapshot(fitted: Smiles, rows: Int) -> Snapshot:
    """One snapshot's smiles, each in its own standard deviations."""
    time = int(fitted.timestamp[rows[0]])
    lives = (fitted.expiry[rows] - time).astype(np.float64)
    vols = fitted.atm_vol[rows]
    shapes = []
    for life, vol, svi in zip(lives, vols, fitted.svi[rows], strict=True):
        a, b, rho, m, s = (float(each) for each in svi)
        square, width = float(vol**2), float(vol * np.sqrt(life / YEAR))
        shapes.append(
            Shape(float(life / DAY), a / square, b * width / square, rho, m / width, s / width)
        )
    variances = np.maximum.accumulate(vols**2 * lives / YEAR)
    return Snapshot(time, tuple(lives.tolist()), tuple(variances.tolist()), tuple(shapes))


def without_crossing_wings(slices: Sequence[ListedSlice], time: int) -> tuple[ListedSlice, ...]:
    """Slices by rising expiry, free of calendar arbitrage.

    Where a nearer total variance is above a farther one, it is far from the money: the same strike
    is eight standard deviations away for a week and two for two months, so that the nearer smile is
    extrapolated there and the farther one quoted. The nearer one's wings are flattened until they
    are below; only what then is left lifts the farther slice.
    """
    ceiling = np.full_like(GRID, np.inf)
    tamed: list[ListedSlice] = []
    for each in reversed(slices):
        tau = each.tau(time)
        if not _below(each, tau, ceiling):
            low, high = 0.0, 1.0
            for _ in range(10):
                middle = (low + high) / 2
                fits = _below(with_wings(each, middle), tau, ceiling)
                low, high = (middle, high) if fits else (low, middle)
            each = with_wings(each, low)
        ceiling = each.variance(GRID) * tau
        tamed.append(each)
    return without_calendar_arbitrage(tamed, time)


def _below(slice_: ListedSlice, tau: float, ceiling: Float) -> bool:
    return bool(np.all(slice_.variance(GRID) * tau <= ceiling))


@dataclass(frozen=True, slots=True)
class RecordedSurfaces:
    """Slices along a path whose dates the recording covers. Before `opens`, when a replay sells the book
    that its window inherits at the window's first price, the surface is that of `opens` as well."""

    recording: Recording
    spec: SurfaceSpec
    opens: int

    def slices(
        self, time: int, realised_vol: float, expiries: Sequence[int]
    ) -> tuple[ListedSlice, ...]:
        """One slice per expiry ahead. `realised_vol` does not enter: levels are as quoted."""
        snapshot = self.recording.as_of(max(time, self.opens))
        ahead = sorted(expiry for expiry in set(expiries) if expiry > time)
        return without_crossing_wings(
            [snapshot.slice_for(expiry, self.spec) for expiry in ahead], time
        )
