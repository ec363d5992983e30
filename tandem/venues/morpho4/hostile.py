"""The owner of the pool's manager turned on its users beside the lender's: he raises what the pool takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tandem.venues import Taken
from tandem.venues.morpho.hostile import FeeSetter

if TYPE_CHECKING:
    from tandem.venues.morpho4 import Morpho4

MOST_FEE = 1_000
"""Millionths, of either direction."""


@dataclass(frozen=True, slots=True)
class FeeSetters:
    """Both take what they can, which is no account's. Implements `tandem.venues.Robber`."""

    morpho: Morpho4

    def take(self, trader: str) -> Taken:
        """Set the highest fees in both markets and in the pool."""
        taken = FeeSetter(self.morpho).take(trader)
        pool = self.morpho.v4
        owner, manager = pool.owner, pool.manager
        receipts = [
            manager.send("setProtocolFeeController", owner, sender=owner),
            manager.send("setProtocolFee", pool.key.words, MOST_FEE | MOST_FEE << 12, sender=owner),
        ]
        return Taken([*taken.receipts, *receipts], 0.0, taken.refused)
