"""Setting both markets up from their publisher's bytecode: the lender, rates, oracles, lenders, borrowers."""

from __future__ import annotations

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY
from tandem.units import USD, WAD
from tandem.venues import Exchange
from tandem.venues._pair import PairSetup
from tandem.venues.morpho.sources import published

LLTV = 86 * WAD // 100
"""Of both markets: among the thresholds that the lender's owner has allowed, the one of most of ether's
lending."""
LENT = {"long": 50_000_000 * USD, "short": 20_000 * WAD}
"""What others lend in the market of each sign, so that there is something to borrow."""
OWED = {"long": 45_000_000 * USD, "short": 18_000 * WAD}
"""What others owe there: as much of it as the rates aim at."""
PLEDGED = {"long": 200_000 * WAD, "short": 500_000_000 * USD}
"""What they have pledged for it."""


class Builder(PairSetup):
    """The order of the set-up: tokens and feed, the lender, a market for each sign, lenders, borrowers."""

    def tokens(
        self, price: int, *, base_first: bool, beside: Exchange | None = None, decimals: int = 18
    ) -> None:
        self.pair(price, beside, base_first=base_first, decimals=decimals)

    def lending(self, *, used: bool) -> dict[str, tuple[object, ...]]:
        """The lender and both markets. used: whether interest is paid. What each market is, by its name."""
        lender = self.new("lender", published("Morpho"), self.owner)
        irm = self.new("irm", published("AdaptiveCurveIrm"), lender).address if used else NOBODY
        self.do(lender, "enableIrm", irm)
        self.do(lender, "enableLltv", LLTV)
        markets: dict[str, tuple[object, ...]] = {}
        for name, (loan, collateral) in {
            "short": ("weth", "usdc"),
            "long": ("usdc", "weth"),
        }.items():
            told = (self.parts["feed"], name == "long", self.decimals)
            oracle = self.new(f"{name}_oracle", compile_vyper("MorphoOracle"), *told)
            tokens = self.parts[loan].address, self.parts[collateral].address
            markets[name] = (*tokens, oracle.address, irm, LLTV)
            self.do(lender, "createMarket", markets[name])
        return markets

    def lenders(self, markets: dict[str, tuple[object, ...]], who: str) -> None:
        lender = self.parts["lender"]
        for name, wanted in LENT.items():
            key = "usdc" if name == "long" else "weth"
            amount = self.units(key, wanted)
            self._stock(key, amount, who)
            self.engine.send(lender, "supply", markets[name], amount, 0, who, b"", sender=who)

    def borrowers(self, markets: dict[str, tuple[object, ...]], who: str) -> None:
        """They use what the rates aim at."""
        lender = self.parts["lender"]
        for name, wanted in PLEDGED.items():
            lent, pledged = ("usdc", "weth") if name == "long" else ("weth", "usdc")
            amount = self.units(pledged, wanted)
            self._stock(pledged, amount, who)
            self.engine.send(
                lender, "supplyCollateral", markets[name], amount, who, b"", sender=who
            )
            told = (markets[name], self.units(lent, OWED[name]), 0, who, who)
            self.engine.send(lender, "borrow", *told, sender=who)

    def _stock(self, key: str, amount: int, who: str) -> None:
        token = self.parts[key]
        self.do(token, "mint", who, amount)
        self.engine.send(token, "approve", self.parts["lender"], amount, sender=who)
