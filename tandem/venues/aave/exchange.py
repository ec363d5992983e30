"""A lending market and a spot pool that together are a perpetual, on any engine.

The lending market (Aave 3.6) and the pool (Uniswap v3) are the real ones. Stand-ins are the two tokens
and the price feeds, which nobody publishes, and the people: lenders, a maker, an arbitrageur and a
liquidator. Prices are WAD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tandem.engine.base import Contract, Receipt
from tandem.units import USD, WAD
from tandem.venues import Liquidation
from tandem.venues._pair import SpotPair
from tandem.venues.aave.hostile import HostileGovernance

# Name of a part -> the artifact that it is an instance of.
STAND_INS = {"usdc": "USDC", "weth": "WETH", "feed": "PriceFeed", "usdc_feed": "PriceFeed"}
PARTS = {
    "provider": "PoolAddressesProvider",
    "acl": "ACLManager",
    "oracle": "AaveOracle",
    "lending_pool": "PoolInstance",
    "configurator": "PoolConfiguratorInstance",
    "a_usdc": "ATokenInstance",
    "a_weth": "ATokenInstance",
    "d_usdc": "VariableDebtTokenInstance",
    "d_weth": "VariableDebtTokenInstance",
}
LIQUIDATED = WAD
"""A health factor under this is."""
HEALTH = 5
"""Its place in the market's answer on an account."""
RAY = 10**27
# What an account lends and owes, and whether interest on it is the account's.
BALANCES = (("a_usdc", 1), ("d_usdc", -1), ("a_weth", 1), ("d_weth", -1))


@dataclass(slots=True)
class Aave(SpotPair):
    """The market, its parts, and the people around it. Implements `tandem.venues.Exchange`."""

    @property
    def lending_pool(self) -> Contract:
        return self.parts["lending_pool"]

    @property
    def configurator(self) -> Contract:
        return self.parts["configurator"]

    # ---- accounts
    def position(self, trader: Any) -> int:
        """What the account lends of the base token less what it owes, WAD."""
        lent: int = self.parts["a_weth"].call("balanceOf", trader)
        return (lent - self.parts["d_weth"].call("balanceOf", trader)) * (WAD // self.spot.unit)

    def quote(self, trader: Any) -> int:
        """What the account lends of the quote token less what it owes, token units."""
        lent: int = self.parts["a_usdc"].call("balanceOf", trader)
        return lent - self.parts["d_usdc"].call("balanceOf", trader)

    def health(self, trader: Any) -> int:
        """WAD; the largest number there is where nothing is owed."""
        found: int = self.lending_pool.call("getUserAccountData", trader)[HEALTH]
        return found

    def liquidatable(self, trader: Any) -> bool:
        return self.health(trader) < LIQUIDATED

    def liquidate(self, trader: Any) -> Receipt:
        """The liquidator repays what the market lets him of the debt, for the other token there is; where
        none does, for what a stranger lent of the one that is owed."""
        short = self.parts["d_weth"].call("balanceOf", trader) > 0
        owed, pledged = (self.weth, self.usdc) if short else (self.usdc, self.weth)
        if not self.parts["a_usdc" if short else "a_weth"].call("balanceOf", trader):
            pledged = owed
        self.give(self.liquidator, owed, 10**6 * (self.spot.unit if short else 10**4 * USD))
        asked = (pledged, owed, trader, 2**256 - 1, False)
        return self.lending_pool.send("liquidationCall", *asked, sender=self.liquidator)

    def liquidation(self, receipt: Receipt, trader: str, spot: float) -> Liquidation:
        """What a receipt's liquidations did to an account; spot: USD. What is owed once no collateral is
        left the market writes off."""
        order = cost = covered = 0.0
        for event in receipt.events("LiquidationCall"):
            if str(event["user"]) != trader:
                continue
            repaid, taken = event["debtToCover"], event["liquidatedCollateralAmount"]
            if str(event["debtAsset"]) == self.weth.address:
                order += repaid / self.spot.unit
                cost += taken / USD - repaid / self.spot.unit * spot
            else:
                order -= taken / self.spot.unit
                cost += taken / self.spot.unit * spot - repaid / USD
        for event in receipt.events("DeficitCreated"):
            if str(event["user"]) != trader:
                continue
            if str(event["debtAsset"]) == self.weth.address:
                order += event["amountCreated"] / self.spot.unit
                covered += event["amountCreated"] / self.spot.unit * spot
            else:
                covered += event["amountCreated"] / USD
        return Liquidation(order, cost, covered)

    def give(self, who: Any, token: Contract, amount: int) -> None:
        """Mint so much for an account of the engine, and let the lending market take it."""
        token.send("mint", who, amount, sender=self.owner)
        token.send("approve", self.lending_pool, 2**256 - 1, sender=who)

    def repay_for(
        self, who: Any, trader: Any, amount: int, token: Contract | None = None
    ) -> Receipt:
        """A stranger repays what another owes."""
        asset = token or self.weth
        self.give(who, asset, amount)
        return self.lending_pool.send("repay", asset, amount, 2, trader, sender=who)

    def supply_for(
        self, who: Any, trader: Any, amount: int, token: Contract | None = None
    ) -> Receipt:
        """A stranger lends in another's name."""
        asset = token or self.usdc
        self.give(who, asset, amount)
        return self.lending_pool.send("supply", asset, amount, trader, 0, sender=who)

    def turn(self) -> HostileGovernance:
        """Its governance turns on its users."""
        return HostileGovernance.of(self)

    # ---- carry
    def owed_funding(self, trader: Any) -> float:
        """Interest since each balance was last touched, which its next change books. Above 0 it is owed."""
        earned = 0.0
        for key, sign in BALANCES:
            token = self.parts[key]
            if scaled := token.call("scaledBalanceOf", trader):
                booked = scaled * token.call("getPreviousIndex", trader) // RAY
                earned += sign * self._worth(key, token.call("balanceOf", trader) - booked)
        return -earned

    def funding(self, receipt: Receipt, trader: str) -> float:
        """Interest that a receipt's changes of balances booked, USD; below 0 where the account paid."""
        found = {self.parts[key].address: (key, sign) for key, sign in BALANCES}
        paid = 0.0
        for name, who in (("Mint", "onBehalfOf"), ("Burn", "from")):
            for event in receipt.events(name):
                if event.address in found and str(event[who]) == trader:
                    key, sign = found[event.address]
                    paid += sign * self._worth(key, event["balanceIncrease"])
        return paid

    def _worth(self, key: str, amount: int) -> float:
        """USD of an amount of one of the two tokens, at the feed's last price."""
        return (
            amount / USD if key.endswith("usdc") else amount / self.spot.unit * self.index() / WAD
        )
