"""Whether the gate's mark counts less of what the venue can pay than the venue has: somebody may have
emptied a lending market, marked the book, and put everything back (GT-6)."""

from __future__ import annotations

import math

from keeper.planner import is_worth_a_mark
from tandem.client.gate import hedged
from tandem.errors import Reverted
from tandem.model import jumps
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.units import USD, WAD

LATER = 60
"""Seconds after a mark from which on another may follow for this alone."""


def worst_anew(h: Handles, snapshot: Snapshot, account: str, gas: int) -> int | None:
    """The worst loss over the jumps as a mark of now would have it, WAD USD, where that may matter. None
    where what the venue can pay bounds nothing, where the mark is of this minute, or where one would be
    refused."""
    if not may_matter(snapshot):
        return None
    try:
        return h.stress.remark().simulate(account, gas)
    except Reverted:
        return None


def may_matter(snapshot: Snapshot) -> bool:
    """Whether a mark of now may say something else."""
    return not snapshot.is_venue_down and snapshot.spot_fresh and _purse_binds(snapshot)


def _purse_binds(snapshot: Snapshot) -> bool:
    """Whether the worst loss would be less by a mark's worth, could the venue pay every gain."""
    gate = snapshot.gate
    if not gate.mark.time or snapshot.timestamp < gate.mark.time + LATER:
        return False
    notional = snapshot.position / WAD * snapshot.spot / WAD
    if abs(notional) * max(jumps.GATE) <= gate.mark.purse / USD:  # no jump gains more
        return False
    worst = max(hedged(snapshot, pays=math.inf).values())
    return is_worth_a_mark(snapshot, int(worst * WAD))
