"""What of a hedge the router lets go now: a chunk a minute, and what waits."""

from __future__ import annotations

from tandem.protocol.bindings.structs import Ledger, Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.waits import (
    AVERAGED_SECONDS,
    CHUNK_SECONDS,
    RELIEF_SECONDS,
    WAIT_SECONDS,
)
from tandem.units import WAD


def hedge_room(h: Handles, snapshot: Snapshot, lot: float) -> int | None:
    """What of the residual the router lets go now, WAD, where it has just let a chunk go or has begun to
    wait. A chunk a minute is as fast as any number of smaller orders, and costs gas once; an order that waits
    is refused until some of it fits. None where nothing is in its way. lot: in units of the asset."""
    stance = snapshot.stance
    if not snapshot.spot_fresh or snapshot.is_venue_down:
        return None
    if abs(stance.residual) < stance.trigger:
        return None
    if h.router.is_jolted(stance.residual < 0):
        return 0
    ledger = h.router.ledger()
    went = snapshot.timestamp < ledger.time + CHUNK_SECONDS
    if not went and not ledger.since:
        return None
    room = h.router.pace(-stance.residual, 0, snapshot.spot)
    if went:
        return None if _was_a_crumb(h, snapshot, ledger, room) else room
    # it is not told to wait again until its relief is over
    waits = snapshot.timestamp < ledger.since + WAIT_SECONDS + RELIEF_SECONDS
    return 0 if waits and room < lot * WAD else None


def _was_a_crumb(h: Handles, snapshot: Snapshot, ledger: Ledger, room: int) -> bool:
    """Whether most of the minute's chunk was left by what went last, and meets the market now. Else
    who sends a crumb of the hedge each minute would keep away whoever would send the rest."""
    steady = h.venue.average(AVERAGED_SECONDS).steady_depth
    chunk = steady * snapshot.parameters["chunk"] // 10_000
    passed = snapshot.timestamp - ledger.time
    left = chunk - ledger.spent * (CHUNK_SECONDS - passed) // CHUNK_SECONDS
    whole = min(left, abs(snapshot.stance.residual))
    return 2 * ledger.spent < chunk and 10 * room > 9 * whole
