"""Gas limits of what a keeper does, of simulations too; what is used is less."""

from __future__ import annotations

from keeper.planner import Kind
from keeper.several import DELEVER_GAS, SWEEP_GAS, TOP_UP_GAS
from tandem.protocol import shifts
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.waits import PROCESS_GAS
from tandem.venues import STRAY_GAS

GAS: dict[Kind, int] = {
    Kind.SETTLE: 2_000_000,
    Kind.TOP_UP: TOP_UP_GAS,
    Kind.REBALANCE: 4_000_000,
    Kind.SWEEP: SWEEP_GAS,
    Kind.PROCESS: PROCESS_GAS,
    Kind.POKE: 3_000_000,
    Kind.POST: 3_000_000,
    Kind.WATCH: 1_000_000,
    Kind.REMARK: 10_000_000,
    Kind.DELEVER: DELEVER_GAS,
    Kind.BOUNTY: 4_000_000,
    Kind.STAMP: 2_000_000,
    Kind.SHIFT: shifts.GAS,
    Kind.COLLATERAL: STRAY_GAS,
}


def limit_of(kind: Kind, snapshot: Snapshot | None) -> int:
    """Of one that is sent, for which the caps pay: of a mark by what there is to mark, of which all takes
    5,000,000 over four venues. Where nothing tells low NAV, the breaker looks for who had gas to be told it:
    8,100,000."""
    if kind is not Kind.REMARK or snapshot is None:
        return GAS[kind]
    if snapshot.unsettled or snapshot.places_down:
        return GAS[kind]
    nodes = sum(len(each.strikes) for each in snapshot.expiries)
    return max(4_000_000, 2_000_000 + 32_000 * nodes)
