"""The lending market's governance turned on an account, by what the real contracts let it do.

It names another source of prices (`setAssetSources`), by whose word the account is under water, and
liquidates it at that price. What no collateral is left for the market writes off. An account that owes
nothing cannot be liquidated: for that it would have to put other code behind its addresses, which is not
played here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.venues import Taken

if TYPE_CHECKING:
    from tandem.venues.aave.exchange import Aave

LIE = 20
"""Times the price, or its part, that it lies by."""


@dataclass(frozen=True, slots=True)
class HostileGovernance:
    """Empties accounts that owe. Implements `tandem.venues.Robber`."""

    aave: Aave
    liar: Contract

    @classmethod
    def of(cls, aave: Aave) -> HostileGovernance:
        """The source of prices that it will name."""
        feed = compile_vyper("PriceFeed")
        return cls(aave, aave.engine.deploy(feed, 8, "ETH / USD", sender=aave.owner))

    def take(self, trader: str) -> Taken:
        """Liquidate the account at a price that is none, and name the true one again."""
        aave = self.aave
        price: int = aave.feed.call("latestAnswer")
        short = aave.position(trader) < 0
        self.liar.send("push", price * LIE if short else price // LIE, sender=aave.owner)
        try:
            self._name(self.liar)
            if not aave.liquidatable(trader):
                return Taken([], 0.0, "the account owes nothing")
            return Taken([aave.liquidate(trader)], 0.0)
        except Reverted as error:
            return Taken([], 0.0, error.reason)
        finally:
            self._name(aave.feed)

    def _name(self, source: Contract) -> None:
        aave = self.aave
        aave.parts["oracle"].send("setAssetSources", [aave.weth], [source], sender=aave.owner)
