"""Smiles by what they look like: level, slope and curvature at the money, and the slopes of both wings.

Very different parameters draw nearly the same curve, so what lies between two smiles, and what is the
same smile with flatter wings, is said in these terms.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeVar

import numpy as np

from tandem.feeds.tabular import Float
from tandem.model.svi import Slice

GRID = np.linspace(-0.9, 1.2, 85)
"""Log-moneyness; the contract's own grid (`surface_law`) is coarser."""

S = TypeVar("S", bound=Slice)


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
