"""Histories that might have been: a record's blocks in another order, which keeps what days have to do
with the days before them. Source: D. Politis and J. Romano, The stationary bootstrap, 1994."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]


def stationary(rng: np.random.Generator, count: int, paths: int, steps: int, block: int) -> Int:
    """Places [paths, steps] in a record of `count`: runs of geometric length with mean `block`, each from
    anywhere, the record's end joined to its beginning."""
    fresh = rng.random((paths, steps)) < 1.0 / block
    fresh[:, 0] = True
    starts = rng.integers(0, count, (paths, steps))
    at = np.maximum.accumulate(np.where(fresh, np.arange(steps), 0), axis=1)
    since = np.arange(steps) - at
    return (np.take_along_axis(starts, at, axis=1) + since) % count
