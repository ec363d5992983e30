"""What a replay must show of `HG-17`: why the hedge may be left outside its hard band, and how long."""

from __future__ import annotations

import itertools
import math

from keeper.replay.run import ReplayResult
from tandem.protocol.terms import FIELDS

PATIENCE = 600
AVERAGE_BAND = FIELDS["average_band"].default / 10_000
CHUNK = FIELDS["chunk"].default / 10_000
MINUTE = 60
OWN_SHARE = 0.0015
"""The venue's fee and the order's own impact: a fill is that much past the pool's price."""
OFF = "keeper rebalance: router: off the average"
SPENT = "keeper rebalance: router: come again"


def chunk_at(result: ReplayResult, price: float) -> float:
    """ETH: `chunk` of the pool's depth, its liquidity over the root of its average price. The liquidity
    is the same at every price: the depth that was asked for moved the first one by 2 %."""
    liquidity = result.summary["pool_depth_usd"] / (math.sqrt(1.02) - 1.0)
    return CHUNK * liquidity / math.sqrt(result.rows[0].spot * price)


def check_home_as_paced(result: ReplayResult) -> int:
    """The visits that left the hedge outside its hard band; at each of them `HG-17` made it so.

    "What no trader brings goes in chunks: at most `chunk` of the pool's depth in a minute ... and, on the
    worse side, inside `average_band` of the pool's own three-minute average as well as the fill band
    around the oracle. A rebalance that the average alone stops begins a wait; ten minutes later, unless
    one filled, the oracle's band alone bounds it". So either the keeper sent what may go now and has to
    come again, or nothing, because the price lies past the average band from the price before, where
    the average still is; and the first visit ten minutes into a wait ends it, however far the price
    went on. At no visit does he send more than a chunk a minute, nor what is refused for its pace. The
    average at which a chunk is measured lies between the price before and the one that is visited."""
    outside, began = 0, 0
    tried = [e for e in result.events if e.kind == "rebalance" or e.text.startswith("keeper rebal")]
    for before, row in itertools.pairwise(result.rows):
        here = [e for e in tried if before.time < e.time <= row.time]
        sent = [abs(e.amount) for e in here if e.amount]
        lasted = here[-1].time - here[0].time if here else 0
        low = min(before.spot, row.spot)
        assert sum(sent) <= 1.001 * chunk_at(result, low) * (1.0 + lasted / MINUTE)
        if abs(row.residual) <= row.hard_band:
            began = 0
            continue
        outside += 1
        if sent:
            began = 0
        else:
            began = began or row.time
            assert abs(row.spot / before.spot - 1.0) > AVERAGE_BAND - OWN_SHARE
            assert row.time - began < PATIENCE
    assert not {OFF, SPENT} & set(result.summary["others_reverted"])
    assert abs(result.rows[-1].residual) <= result.rows[-1].hard_band
    return outside
