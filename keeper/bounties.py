"""What a keeper may be paid for the hedge that it brings home, and whether to stamp that it is due."""

from __future__ import annotations

from keeper.prices import REBALANCE_GAS
from tandem.client.bounty import offer, trigger
from tandem.engine.base import NOBODY
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.units import USD, WAD

MORE_GAS = 100_000
"""What a rebalance through the bounty uses more."""
STAMP_GAS = 350_000
BUDGET_SCALE = 100_000
"""What the day's budget is told in, of NAV."""
LEAST_RISK = 0.2 * (1 / 365) ** 0.5 / 10
"""A tenth of what a residual moves by in a day, of its notional, at the least volatility that counts."""


def of_bounty(
    h: Handles, snapshot: Snapshot, gas_price: int, base_fee: int, data: int
) -> tuple[int, bool]:
    """What a rebalance would be paid beyond its own gas, token units, 0 where that is nothing; and whether a
    stamp would be worth its gas. gas_price, base_fee: wei per gas; data: wei for the data of a rebalance,
    and of a stamp, which is no longer. Nothing is asked where nobody may send one, and nobody stamps while
    the bounty does not know what ether costs: it would pay nothing."""
    if not may_pay(snapshot):
        return 0, False
    size = abs(snapshot.stance.residual)
    if not base_fee and h.bounty.DATA_FEES() == NOBODY:  # neither gas nor data costs anything
        return 0, False
    due, ether = offer(h, base_fee), h.ether_price(snapshot.spot)
    if due is None or not ether:
        return 0, False

    def cost(used: int, price: int, beside: int = 0) -> float:
        return (used * price + beside) / WAD * ether / WAD * USD

    if due.time:
        return max(int(due.amount - cost(MORE_GAS, gas_price)), 0), False
    risk = size / WAD * snapshot.spot / WAD * LEAST_RISK * USD
    day = snapshot.funds.nav * snapshot.parameters["bounty"] / BUDGET_SCALE
    spare = max(snapshot.floor - snapshot.lacking, 0)  # no more may be lent than the floor
    most = min(1.5 * cost(REBALANCE_GAS, base_fee, data), risk, day, spare)
    return 0, most > cost(STAMP_GAS + MORE_GAS, gas_price, data)


def may_pay(snapshot: Snapshot) -> bool:
    """Whether the residual is past what anybody may be paid for, and can be brought home."""
    s = snapshot.stance
    return not snapshot.is_venue_down and snapshot.spot_fresh and abs(s.residual) >= trigger(s)
