"""What the gate should say, in doubles: Black's formula over the book that the Lens shows."""

from __future__ import annotations

from math import erf, exp, log, sqrt

from worlds import World

from tandem.model import svi
from tandem.units import UNIT, USD, WAD

JUMPS = (-50, -30, -20, -10, 10, 20, 40, 100)
YEAR = 365 * 86_400


def normal(x: float) -> float:
    return 0.5 * (1 + erf(x / sqrt(2)))


def call(forward: float, strike: float, s: float) -> float:
    d1 = log(forward / strike) / s + s / 2
    return forward * normal(d1) - strike * normal(d1 - s)


def worth(w: World, jump: int, sold: float = 1.5, bought: float = 0.8) -> float:
    """The liability after an instant jump, USD; the smile keeps to its strikes."""
    snapshot = w.tandem.snapshot()
    spot, total = snapshot.spot / WAD, 0.0
    for e in snapshot.expiries:
        if not e.units:
            continue
        slice_ = svi.unpack(e.slice)
        tau = (e.expiry - snapshot.timestamp) / YEAR
        before = spot * exp(slice_.basis * tau)
        forward = before * (100 + jump) / 100
        total += e.forward / UNIT * forward + e.cash / USD
        for strike, size in zip(e.strikes, e.sizes, strict=True):
            if size:
                vol = float(slice_.vol(log(strike / before))) * (sold if size > 0 else bought)
                total += size / UNIT * call(forward, strike, vol * sqrt(tau))
    return total


def book_losses(w: World) -> list[float]:
    now = worth(w, 0, 1.0, 1.0)
    return [worth(w, jump) - now for jump in JUMPS]


def worst(w: World, losses: list[float], equity: float, purse: float) -> float:
    """With the hedge as it is. USD."""
    notional = w.position() / WAD * w.tandem.snapshot().spot / WAD
    hedge = [min(max(notional * jump / 100, -equity), purse) for jump in JUMPS]
    return max(loss - gain for loss, gain in zip(losses, hedge, strict=True))
