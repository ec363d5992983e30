"""What a post of a slice is worth: what traders could take by the slice that stands.

Who knows what the source says now trades at what the contract still quotes. He opens what has become worth
more than its ask, and holders sell back what has become worth less than its bid. So what a stale slice costs
LPs is, at the most:

    opens:  room x the largest of (new value - old value - half-spread x vega) of any listed option
    closes: the sum over strikes of |open there| x (old value - new value - half-spread x vega), where above 0

room: what may be opened now by the gate. What is open is the chain's own book, net by strike. A move inside
the spread lets nobody take anything, whatever it does to a mark; fees, the capital charge and the spread's
slope only lessen what is taken. It is the most and not what is expected: nobody knows who watches. A part of
the spread is kept for what comes until a post is mined (`SPARE`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandem.model.black76 import CALL, PUT, Greeks, price
from tandem.model.svi import Slice
from tandem.protocol.bindings.structs import Expiry, Snapshot
from tandem.units import UNIT, WAD

Float = NDArray[np.float64]

SPARE = 0.5
"""Of the half-spread."""


def worth(
    snapshot: Snapshot, expiry: Expiry, standing: Slice, wanted: Slice, spare: float = SPARE
) -> float:
    """USD that could be taken of one expiry by `standing` where `wanted` is true. spare: the part of the
    half-spread that is left for what comes; 0 for what could be taken at this moment."""
    if not expiry.strikes or expiry.expiry <= snapshot.timestamp:
        return 0.0
    half = snapshot.parameters["half_spread"] / 10_000 * (1.0 - spare)
    puts, calls = (_moved(snapshot, expiry, standing, wanted, half, kind) for kind in (PUT, CALL))
    room = snapshot.gate.room / UNIT if snapshot.gate.is_fresh and not snapshot.is_paused else 0.0
    sizes = np.array(expiry.sizes, dtype=np.float64) / UNIT
    lower, higher = np.maximum(puts[1], calls[1]), np.maximum(puts[0], calls[0])
    sold_back = np.where(sizes > 0.0, lower, higher)
    closes = float(np.abs(sizes) @ np.maximum(sold_back, 0.0))
    whole, floored = float(puts[0].max()), _best_spread(*(side[::-1] for side in puts))
    return room * max(whole, floored, _best_spread(*calls), 0.0) + closes


def _moved(
    snapshot: Snapshot, expiry: Expiry, old: Slice, new: Slice, half: float, kind: bool
) -> tuple[Float, Float]:
    """By strike, USD per unit beyond the spread: what an option is worth more than it is quoted, and what it
    is worth less; below 0 inside the spread. [n], [n]"""
    strikes = np.array(expiry.strikes, dtype=np.float64)
    before, after = (_values(snapshot, expiry, strikes, each, kind) for each in (old, new))
    change, spread = after.value - before.value, half * before.vega
    return change - spread, -change - spread


def _values(snapshot: Snapshot, expiry: Expiry, strikes: Float, smile: Slice, kind: bool) -> Greeks:
    """By one slice, as the contract prices."""
    tau = expiry.tau(snapshot.timestamp)
    forward = float(smile.forward(snapshot.spot / WAD, tau))
    return price(kind, forward, strikes, tau, smile.vol(np.log(strikes / forward)))


def _best_spread(higher: Float, lower: Float) -> float:
    """The most per unit of an option bought and one sold that comes after it in this order: a call and its
    cap, a put and its floor."""
    if len(higher) < 2:
        return 0.0
    pairs = higher[:, None] + lower[None, :]
    return float(pairs[np.triu_indices(len(higher), 1)].max())
