"""The way from the surface that stands to the one that is wanted, at the contract's pace.

`VolSurface` takes no slice whose volatilities, basis or stickiness moved faster than its limits since
the last post. So after a jump a surface walks there, post by post, each as far as it may.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeVar

import numpy as np

from tandem.feeds.tabular import Float
from tandem.model.surface_law import BASIS_HOURLY, LONGEST_HOURS, STICKINESS_HOURLY, WING_FACTOR
from tandem.model.svi import Slice

SHARE = 0.9
"""Of the move that the contract allows."""
GRID = np.linspace(-0.9, 1.2, 85)
"""Log-moneyness; the contract's own grid (`surface_law`) is coarser."""
LIMITS = np.where(np.abs(GRID) < 0.37, 1.0, WING_FACTOR)

S = TypeVar("S", bound=Slice)


def towards(old: Slice, wanted: S, seconds: int, hourly: float) -> S:
    """The slice nearest to `wanted` on the way from `old` that moves no further than `seconds`
    allow. hourly: the most that a volatility may move in an hour, 0.1 = 10 points."""
    hours = min(max(seconds, 0) / 3_600, LONGEST_HOURS)
    if _fits(old, wanted, hours, hourly):
        return wanted
    near, far = 0.0, 1.0
    for _ in range(20):
        middle = (near + far) / 2
        fits = _fits(old, blend(old, wanted, middle), hours, hourly)
        near, far = (middle, far) if fits else (near, middle)
    return blend(old, wanted, near)


def blend(old: Slice, new: S, share: float) -> S:
    """Part of the way from one slice to another: in what a smile looks like, not in its parameters,
    among which very different ones draw nearly the same curve. At the money that is variance, slope
    and curvature, far away the slopes of both wings; each moves in a straight line."""
    seen = (1.0 - share) * _look(old) + share * _look(new)
    return _that_looks(new, seen)


def with_wings(slice_: S, share: float) -> S:
    """The same smile at the money, its wings between as flat as its slope there lets them be (0) and
    what they are (1)."""
    seen = _look(slice_)
    flattest = 1.05 * np.array([max(-seen[1], 0.0), max(seen[1], 0.0)]) + 1e-3 * seen[3:5]
    seen[3:5] = np.minimum(flattest + share * (seen[3:5] - flattest), seen[3:5])
    return _that_looks(slice_, seen)


def _that_looks(like: S, seen: Float) -> S:
    """The slice of a look; whatever else it holds is that of `like`."""
    variance, slope, curvature, left, right, basis, stickiness = seen.tolist()
    b = (left + right) / 2.0
    if b <= 0.0 or curvature <= 0.0:
        return replace(
            like, a=variance, b=0.0, rho=0.0, m=0.0, s=like.s, basis=basis, stickiness=stickiness
        )
    rho = (right - left) / (right + left)
    lean = rho - slope / b
    reach = b * (1.0 - lean * lean) / curvature
    return replace(
        like,
        a=variance - b * reach * (1.0 - rho * lean),
        b=b,
        rho=rho,
        m=reach * lean,
        s=reach * math.sqrt(1.0 - lean * lean),
        basis=basis,
        stickiness=stickiness,
    )


def _look(x: Slice) -> Float:
    """Variance, slope and curvature at the money, slopes of the left and right wing; basis and
    stickiness. [7]"""
    reach = math.hypot(x.m, x.s)
    return np.array(
        [
            x.a + x.b * (reach - x.rho * x.m),
            x.b * (x.rho - x.m / reach),
            x.b * x.s * x.s / reach**3,
            x.b * (1.0 - x.rho),
            x.b * (1.0 + x.rho),
            x.basis,
            x.stickiness,
        ]
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
