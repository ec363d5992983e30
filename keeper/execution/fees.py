"""What a transaction may cost, and for how long one is waited for.

Three bounds hold a keeper's spending: a price per unit of gas, a sum for one transaction, and a sum for a
day. What cannot wait (`Intent.urgent`) has a price and a day of its own, so that a dear hour leaves no hedge
undone, and a day of dear hours still ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Self

from keeper.tables import FeeTable
from tandem.units import GWEI, WAD

LEAST_BUMP = 1.1
"""Nodes take a replacement from a tenth more on."""


@dataclass(frozen=True, slots=True)
class Bid:
    """What the next transaction's fee hangs on. Wei per gas; wei in the last day; gas; wei for its data,
    where that is paid beside the gas."""

    base_fee: int
    paid: int
    gas: int
    urgent: bool = False
    data: int = 0


@dataclass(frozen=True, slots=True)
class FeeSettings:
    """Wei per gas, and patience: an operator's, by `from_table`."""

    most: int
    """Never more than this, whatever the base fee."""
    tip: int
    bump: float
    stuck_seconds: float
    """After this long the fee is raised."""
    wait_seconds: float
    """How long a cycle waits for a block."""
    urgent_most: int
    """The same for what cannot wait."""
    action_most: int
    """Wei for one transaction that can wait."""
    day_most: int
    """Wei for all of a day, of those that can wait."""
    urgent_day_most: int
    """Wei for all of a day, where the next one cannot wait."""
    watch_blocks: int = 16
    """How long a mined transaction is watched in case its block goes away."""
    doubt_seconds: float = 600.0
    """How long what was given up is looked for once its nonce is used."""

    @classmethod
    def from_table(cls, table: FeeTable) -> Self:
        """As an operator has them, in gwei and ether."""
        return cls(
            most=round(table.most_gwei * GWEI),
            tip=round(table.tip_gwei * GWEI),
            bump=table.bump,
            stuck_seconds=table.stuck_seconds,
            wait_seconds=table.wait_seconds,
            urgent_most=round(table.urgent_gwei * GWEI),
            action_most=round(table.action_eth * WAD),
            day_most=round(table.day_eth * WAD),
            urgent_day_most=round(table.urgent_day_eth * WAD),
        )

    def cap(self, *, urgent: bool) -> int:
        """The most per gas."""
        return max(self.most, self.urgent_most) if urgent else self.most

    def offer(self, base_fee: int, *, urgent: bool = False) -> tuple[int, int] | None:
        """(most per gas, tip) at a base fee, None where that alone is over the cap."""
        cap = self.cap(urgent=urgent)
        if base_fee + self.tip > cap:
            return None
        return min(2 * base_fee + self.tip, cap), self.tip

    def of(self, bid: Bid, waiting: tuple[int, int] | None = None) -> tuple[int, int] | str:
        """(most per gas, tip), or why nothing is sent. waiting: the fees of one whose place it takes."""
        fees = self.offer(bid.base_fee, urgent=bid.urgent)
        if fees is None:
            return "the base fee is over the cap: nothing is sent"
        if waiting is not None:
            fees = self.raised(*waiting, fees, urgent=bid.urgent)
            if fees is None:
                return "one that waits has a fee that the cap lets nobody outbid"
        most = self._most(bid)
        if most < bid.base_fee + fees[1]:
            spent = f"{bid.paid / WAD:.4f} ETH went in a day"
            return f"its gas would cost more than the caps leave ({spent}): nothing is sent"
        return min(fees[0], most), fees[1]

    def left(self, paid: int, *, urgent: bool) -> int:
        """Wei that the next transaction may cost. paid: in the last day."""
        if urgent:
            return max(max(self.day_most, self.urgent_day_most) - paid, 0)
        return max(min(self.action_most, self.day_most - paid), 0)

    def _most(self, bid: Bid) -> int:
        """Wei per gas that the sums leave, less than 0 where its data alone is over them."""
        return (self.left(bid.paid, urgent=bid.urgent) - bid.data) // bid.gas

    def within(self, fees: tuple[int, int], bid: Bid, before: int) -> tuple[int, int] | None:
        """The fees of a replacement as far as what one transaction and a day may cost lets them, None where
        that is less than a node takes. before: the fee that is raised."""
        most = self._most(bid)
        if most < ceil(before * LEAST_BUMP):
            return None
        return min(fees[0], most), min(fees[1], most)

    def raised(
        self, max_fee: int, tip: int, now: tuple[int, int], *, urgent: bool = False
    ) -> tuple[int, int] | None:
        """The fees of a replacement, None where the cap leaves less than a node takes. now: what would be
        offered now."""
        fee = min(max(ceil(max_fee * self.bump), now[0]), self.cap(urgent=urgent))
        if fee < ceil(max_fee * LEAST_BUMP):
            return None
        return fee, min(max(ceil(tip * self.bump), tip + 1), fee)
