"""Whether the gate's mark counts less of what the venue can pay than the venue has, or less of its depth:
somebody may have emptied a lending market or a pool, marked the book, and put all of it back (GT-6, BR-6)."""

from __future__ import annotations

import math

from keeper.planner import is_worth_a_mark, is_worth_an_hour
from tandem.client.gate import hedged
from tandem.errors import Reverted
from tandem.model import jumps
from tandem.protocol import terms
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.waits import AVERAGED_SECONDS
from tandem.units import HOUR, MINUTE, UNIT, USD, WAD

LATER = 60
"""Seconds after a mark of our own from which on another may follow for this alone. They were counted from
anybody's: who marked each minute kept ours from coming."""


def worst_anew(h: Handles, snapshot: Snapshot, account: str, gas: int, apart: int) -> int | None:
    """The worst loss over the jumps as a mark of now would have it, WAD USD, where that may matter. None
    where what the venue can pay bounds nothing, where we marked within the minute, or where one would be
    refused. apart: seconds since we did."""
    if not may_matter(snapshot, apart):
        return None
    try:
        return h.stress.remark().simulate(account, gas)
    except Reverted:
        return None


def hour_anew(h: Handles, snapshot: Snapshot, apart: int) -> int | None:
    """The units that opens may add in an hour as a mark of now would have it. None where depth bounds
    nothing, where we marked within the minute, or where the venue says nothing."""
    if not depth_binds(snapshot, apart):
        return None
    try:
        there, last = h.venue.average(AVERAGED_SECONDS), h.router.ledger()
    except Reverted:
        return None
    words = snapshot.parameters
    depth = min(there.depth, max(last.depth, there.steady_depth))
    most = depth * words["chunk"] // 10_000 * (HOUR // MINUTE) * words["unwind"] // (WAD // UNIT)
    return min(_usual(snapshot), max(most - snapshot.gross, 0) // 2)


def depth_binds(snapshot: Snapshot, apart: int) -> bool:
    """Whether the mark lets in less than NAV alone would."""
    mark = snapshot.gate.mark
    if snapshot.is_venue_down or not snapshot.spot_fresh or not mark.time:
        return False
    return apart >= LATER and is_worth_an_hour(snapshot, _usual(snapshot))


def _usual(snapshot: Snapshot) -> int:
    """Units that NAV lets in within an hour (BR-4)."""
    pace = terms.hour(snapshot.parameters)
    return snapshot.funds.nav * pace * WAD // (10_000 * snapshot.spot)


def may_matter(snapshot: Snapshot, apart: int) -> bool:
    """Whether a mark of now may say something else."""
    is_later = apart >= LATER and snapshot.spot_fresh
    return is_later and not snapshot.is_venue_down and _purse_binds(snapshot)


def _purse_binds(snapshot: Snapshot) -> bool:
    """Whether the worst loss would be less by a mark's worth, could the venue pay every gain."""
    gate = snapshot.gate
    if not gate.mark.time:
        return False
    notional = snapshot.position / WAD * snapshot.spot / WAD
    if abs(notional) * max(jumps.GATE) <= gate.mark.purse / USD:  # no jump gains more
        return False
    worst = max(hedged(snapshot, pays=math.inf).values())
    return is_worth_a_mark(snapshot, int(worst * WAD))
