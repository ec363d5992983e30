"""How large a book one gate carries, by how well it is hedged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from keeper.stress.book import EQUITY, Stood
from tandem.model import jumps
from tandem.model.jumps import GATE

SHARES = (1.0, 0.75, 0.5, 0.25, 0.1, 0.0)
"""Of the delta, left unhedged."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One hedge of the same book."""

    unhedged: float
    """Share of the delta that is left; under 0 where the hedge is larger than the delta."""
    worst: float
    """L(j), USD per ETH of options sold."""
    jump: float
    """Where it is worst."""
    most: float
    """ETH of such options that the gate carries on this NAV."""


def carried(stood: Stood, shares: Sequence[float] = SHARES) -> tuple[Carried, ...]:
    """One row for each share of the delta left unhedged, then the hedge that the gate likes best."""
    delta = stood.delta
    rows = [_row(stood, delta * (1.0 - share), share) for share in shares]
    span = stood.gross
    found: Any = minimize_scalar(
        lambda position: _worst(stood, position)[0],
        bounds=(delta - span, delta + span), method="bounded",
        options={"xatol": 1e-5 * span},
    )  # fmt: skip
    share = 1.0 - float(found.x) / delta if abs(delta) > 1e-12 else 0.0
    best = _row(stood, float(found.x), share)
    return (*rows, min([best, *rows], key=lambda row: row.worst))


def _worst(stood: Stood, position: float) -> tuple[float, float]:
    equity = EQUITY * abs(position) * stood.spot
    found = jumps.losses(stood.held, stood.spot, position, equity, GATE)
    at = int(np.argmax(found))
    return float(found[at]) / stood.gross, GATE[at]


def _row(stood: Stood, position: float, share: float) -> Carried:
    worst, jump = _worst(stood, position)
    most = stood.gate * stood.nav / worst if worst > 0.0 else float("inf")
    return Carried(share, worst, jump, most)
