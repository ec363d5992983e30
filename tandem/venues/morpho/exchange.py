"""Two lending markets and a spot pool that together are a perpetual, on any engine.

The lender (Morpho Blue) and the pool (Uniswap v3) are the real ones. Stand-ins are the two tokens, the
price feed and the oracles that read it, which nobody publishes, and the people: lenders, borrowers, a
maker, an arbitrageur and a liquidator. Prices are WAD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tandem.engine.base import Contract, Receipt
from tandem.units import USD, WAD
from tandem.venues import Liquidation, Robber
from tandem.venues._pair import SpotPair
from tandem.venues.morpho.hostile import FeeSetter
from tandem.venues.morpho.ledger import MAX, Account, Side, as_id

# Name of a part -> the artifact that it is an instance of.
STAND_INS = {
    "usdc": "USDC",
    "weth": "WETH",
    "feed": "PriceFeed",
    "short_oracle": "MorphoOracle",
    "long_oracle": "MorphoOracle",
}
PARTS = {"lender": "Morpho", "irm": "AdaptiveCurveIrm"}
MARKETS = ("short_market", "long_market")


@dataclass(slots=True)
class Morpho(SpotPair):
    """Both markets, their parts, and the people around them. Implements `tandem.venues.Exchange`.
    markets: their ids, by MARKETS."""

    markets: dict[str, str]

    @property
    def lender(self) -> Contract:
        return self.parts["lender"]

    @property
    def short(self) -> Side:
        """Where ether is owed."""
        return Side.of(self.engine, self.lender, self.markets["short_market"])

    @property
    def long(self) -> Side:
        """Where dollars are owed."""
        return Side.of(self.engine, self.lender, self.markets["long_market"])

    def addresses(self) -> dict[str, str]:
        """Every part by name, both markets' ids, and who runs the stand-ins."""
        return SpotPair.addresses(self) | self.markets

    # ---- accounts
    def position(self, trader: Any) -> int:
        """What the account has pledged of the base token less what it owes, WAD."""
        held = self.long.account(trader).pledged - self.short.debt(trader)
        return held * (WAD // self.spot.unit)

    def quote(self, trader: Any) -> int:
        """What the account has pledged of the quote token less what it owes, token units."""
        return self.short.account(trader).pledged - self.long.debt(trader)

    def health(self, trader: Any) -> int:
        """Of the worse of both markets, WAD; the largest number there is where nothing is owed."""
        return min(side.health(trader) for side in (self.short, self.long))

    def liquidatable(self, trader: Any) -> bool:
        return self.health(trader) < WAD

    def liquidate(self, trader: Any, thousandths: int = 1_000) -> Receipt:
        """The liquidator repays this part of what is owed, where the collateral pays him for it; else he
        takes all of the collateral, and the lenders bear the rest."""
        side = min(self.short, self.long, key=lambda each: each.health(trader))
        owed = self.weth if side.loan == self.weth.address else self.usdc
        self.give(
            self.liquidator, owed, 10**6 * (self.spot.unit if owed is self.weth else 10**4 * USD)
        )
        there: Account = side.account(trader)
        asked = (
            (0, there.shares * thousandths // 1_000) if side.pays(trader) else (there.pledged, 0)
        )
        told = (side.params, trader, *asked, b"")
        return self.lender.send("liquidate", *told, sender=self.liquidator)

    def liquidation(self, receipt: Receipt, trader: str, spot: float) -> Liquidation:
        """What a receipt's liquidations did to an account; spot: USD. What is owed once no collateral is
        left the market's lenders bear."""
        order = cost = covered = 0.0
        unit = self.spot.unit
        for event in receipt.events("Liquidate"):
            if str(event["borrower"]) != trader:
                continue
            repaid, taken, bad = (
                event[key] for key in ("repaidAssets", "seizedAssets", "badDebtAssets")
            )
            if as_id(event["id"]) == self.markets["short_market"]:
                order += (repaid + bad) / unit
                cost += taken / USD - repaid / unit * spot
                covered += bad / unit * spot
            else:
                order -= taken / unit
                cost += taken / unit * spot - repaid / USD
                covered += bad / USD
        return Liquidation(order, cost, covered)

    def give(self, who: Any, token: Contract, amount: int) -> None:
        """Mint so much for an account of the engine, and let the lender take it."""
        token.send("mint", who, amount, sender=self.owner)
        token.send("approve", self.lender, MAX, sender=who)

    def repay_for(
        self, who: Any, trader: Any, amount: int, token: Contract | None = None
    ) -> Receipt:
        """A stranger repays what another owes."""
        asset = token or self.weth
        self.give(who, asset, amount)
        side = self.short if asset is self.weth else self.long
        return self.lender.send("repay", side.params, amount, 0, trader, b"", sender=who)

    def supply_for(
        self, who: Any, trader: Any, amount: int, token: Contract | None = None
    ) -> Receipt:
        """A stranger pledges in another's name."""
        asset = token or self.usdc
        self.give(who, asset, amount)
        side = self.long if asset is self.weth else self.short
        return self.lender.send("supplyCollateral", side.params, amount, trader, b"", sender=who)

    def drain(self, side: Side, left: int = 0) -> Receipt:
        """The lender of a market takes back what nobody has borrowed, all but `left` of it, token units."""
        who, there = self.spot.maker, side.there()
        told = (side.params, there - left, 0, who, who)
        return self.lender.send("withdraw", *told, sender=who)

    def turn(self) -> Robber:
        """The lender's owner turns on its users."""
        return FeeSetter(self)

    # ---- carry
    def owed_funding(self, trader: Any) -> float:
        """Interest since each market was last touched, which its next act books. Above 0 it is owed."""
        waiting = ((side, side.waiting(trader)) for side in (self.short, self.long))
        return sum(self._worth(side, amount) for side, amount in waiting)

    def funding(self, receipt: Receipt, trader: str) -> float:
        """The account's part of the interest that a receipt booked, USD; below 0 where it paid. As of the
        receipt: what the market is then is reckoned back from what it is now by the receipt's own events."""
        paid = 0.0
        for side in (self.short, self.long):
            paid -= self._worth(side, side.booked(receipt, trader))
        return paid

    def _worth(self, side: Side, amount: float) -> float:
        """USD of an amount of what a market lends, at the feed's last price."""
        if side.loan == self.usdc.address:
            return amount / USD
        return amount / self.spot.unit * self.index() / WAD
