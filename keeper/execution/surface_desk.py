"""Surfaces: which slices are due, what they should say, and their signatures.

The level is a setting or follows realised volatility; the shapes are flat, typical, or from a
recorded option chain. What is posted moves from what stands by no more than the contract allows,
so after a jump of the target a surface walks there, post by post.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keeper.execution.surface_signing import SlicePost, SurfaceDomain, sign
from keeper.feeds.surface import SurfaceSource, SurfaceSpec
from keeper.model.svi import Slice, pack, unpack
from keeper.snapshot import Snapshot

MOST_DAYS = 60
SHARE = 0.9
"""Of the move that the contract allows."""
GRID = np.linspace(-0.9, 0.9, 73)
"""Log-moneyness; the contract's own grid (lib/arbitrage.vy) is coarser."""
LIMITS = np.where(np.abs(GRID) < 0.37, 1.0, 3.0)
"""The wings may move three times as fast."""
LONGEST_HOURS = 6.0
"""A longer silence allows no larger move."""
BASIS_HOURLY = 0.05
STICKINESS_HOURLY = 0.10


@dataclass(frozen=True, slots=True)
class Posted:
    """A slice as it stands on chain."""

    expiry: int
    slice_word: int
    sequence: int
    posted_at: int
    age: int

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Posted:
        """From one element of `VolSurface.slices()`."""
        return cls(raw[0], raw[1], raw[3], raw[4], raw[5])


@dataclass(slots=True)
class SurfaceDesk:
    """Slices for one market. keys: the surface signers', apart from the keeper's own."""

    domain: SurfaceDomain
    keys: tuple[str, ...]
    spec: SurfaceSpec
    refresh_seconds: int = 300

    def due(self, snapshot: Snapshot, posted: Sequence[Posted], vol: float) -> dict[int, int]:
        """expiry -> the slice to post now, for every listed expiry ahead whose slice is missing or
        older than the refresh time."""
        now = snapshot.timestamp
        horizon = now + MOST_DAYS * 86_400
        listed = [e.expiry for e in snapshot.expiries if now < e.expiry < horizon]
        standing = {p.expiry: p for p in posted}
        late = [e for e in listed if e not in standing or standing[e].age >= self.refresh_seconds]
        if not late:
            return {}
        wanted = {s.expiry: s for s in SurfaceSource(self.spec).slices(now, vol, listed)}
        hourly = snapshot.terms["surface_move"] / 10_000
        return {e: pack(_towards(wanted[e], standing.get(e), now, hourly * SHARE)) for e in late}

    def signed(
        self, expiry: int, word: int, now: int, posted: Mapping[int, Posted]
    ) -> tuple[Any, ...]:
        """The arguments of `VolSurface.post`."""
        old = posted.get(expiry)
        sequence = max(now, old.sequence + 1 if old else 0)
        post = SlicePost(expiry, word, now, sequence)
        return expiry, word, now, sequence, sign(self.domain, post, self.keys)


def _towards(wanted: Slice, standing: Posted | None, now: int, hourly: float) -> Slice:
    """The slice nearest to `wanted` on the way from what stands that moves no further than the
    time since the last post allows."""
    if standing is None:
        return wanted
    old = unpack(standing.slice_word)
    hours = min(max(now - standing.posted_at, 0) / 3_600, LONGEST_HOURS)
    if _fits(old, wanted, hours, hourly):
        return wanted
    near, far = 0.0, 1.0
    for _ in range(20):
        middle = (near + far) / 2
        fits = _fits(old, _blend(old, wanted, middle), hours, hourly)
        near, far = (middle, far) if fits else (near, middle)
    return _blend(old, wanted, near)


def _blend(old: Slice, new: Slice, share: float) -> Slice:
    """Part of the way from one slice to another."""
    return Slice(
        **{n: (1 - share) * getattr(old, n) + share * getattr(new, n) for n in Slice.__slots__}
    )


def _fits(old: Slice, new: Slice, hours: float, hourly: float) -> bool:
    """Whether volatilities on the grid, basis and stickiness move inside their limits."""
    least = 1e-9
    before = np.sqrt(np.maximum(old.variance(GRID), least))
    after = np.sqrt(np.maximum(new.variance(GRID), least))
    return bool(
        np.all(np.abs(after - before) <= LIMITS * hourly * hours)
        and abs(new.basis - old.basis) <= BASIS_HOURLY * SHARE * hours
        and abs(new.stickiness - old.stickiness) <= STICKINESS_HOURLY * SHARE * hours
    )
