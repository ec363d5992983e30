"""What a replay must show of `HG-17`: how fast a hedge comes back inside its hard band."""

from __future__ import annotations

import itertools
import math

from keeper.replay.run import ReplayResult
from tandem.protocol.terms import FIELDS

CHUNK = FIELDS["chunk"].default / 10_000
MINUTE = 60
OFF = "keeper rebalance: router: off the average"
SPENT = "keeper rebalance: router: come again"


def chunk_at(result: ReplayResult, price: float) -> float:
    """ETH: `chunk` of the pool's depth, its liquidity over the root of its average price. The liquidity
    is the same at every price: the depth that was asked for moved the first one by 2 %."""
    liquidity = result.summary["pool_depth_usd"] / (math.sqrt(1.02) - 1.0)
    return CHUNK * liquidity / math.sqrt(result.rows[0].spot * price)


def check_home_as_paced(result: ReplayResult) -> int:
    """At each visit the hedge is inside its hard band again before the next price comes, however far
    this one came, and got there no faster than `HG-17` lets it. Gives the minutes that it took in all.

    "What no trader brings goes in chunks: at most `chunk` of the pool's depth in a minute". So what the
    keeper sent at a visit is at most a chunk for each minute begun; the average at which a chunk is
    measured lies between the price before and the one that is visited. Nothing is sent that is
    refused for its pace."""
    tried = [e for e in result.events if e.kind == "rebalance" or e.text.startswith("keeper rebal")]
    for before, row in itertools.pairwise(result.rows):
        here = [e for e in tried if before.time < e.time <= row.time]
        sent = [abs(e.amount) for e in here if e.amount]
        lasted = here[-1].time - here[0].time if here else 0
        low = min(before.spot, row.spot)
        assert sum(sent) <= 1.001 * chunk_at(result, low) * (1.0 + lasted / MINUTE)
        assert abs(row.residual) <= row.hard_band
    assert not {OFF, SPENT} & set(result.summary["others_reverted"])
    return result.summary["residual_over_band_minutes"]
