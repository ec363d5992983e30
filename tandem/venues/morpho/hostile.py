"""The lender's owner turned on its users, by what the real contract lets him do.

He may take up to a quarter of the interest that borrowers pay, from those whom it is paid to. He reaches no
collateral, no debt and no market's terms: so he takes nothing of an account's, and says so. What a market's
oracle may do by lying is not his to order, and is not played here: whoever answers for it takes all that an
account has pledged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tandem.engine.base import Receipt
from tandem.units import WAD
from tandem.venues import Taken

if TYPE_CHECKING:
    from tandem.venues.morpho.exchange import Morpho

MOST_FEE = WAD // 4


@dataclass(frozen=True, slots=True)
class FeeSetter:
    """Takes what he can, which is no account's. Implements `tandem.venues.Robber`."""

    morpho: Morpho

    def take(self, trader: str) -> Taken:
        """Set the highest fee in both markets."""
        receipts: list[Receipt] = []
        for side in (self.morpho.short, self.morpho.long):
            fee = self.morpho.lender.call("market", side.id)[5]
            if fee != MOST_FEE:
                told = (side.params, MOST_FEE)
                owner = self.morpho.owner
                receipts.append(self.morpho.lender.send("setFee", *told, sender=owner))
        return Taken(receipts, 0.0, "the lender's owner reaches no account")
