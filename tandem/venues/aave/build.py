"""Setting a lending market up from its publisher's sources: contracts, wiring, two reserves."""

from __future__ import annotations

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY
from tandem.units import USD, WAD
from tandem.venues import Exchange
from tandem.venues._pair import PairSetup
from tandem.venues.aave.sources import AAVE, FLASH, LOGIC

USD_UNIT = 10**8
"""Of the lending market's own prices."""
USDC_PRICE = 10**8
# Rates: usage that is aimed at, rate at none, at that usage more, past it more, in ten-thousandths.
RATES = (
    ("usdc", (9_000, 0, 550, 4_000)),
    ("weth", (8_000, 0, 270, 8_000)),
    ("other", (8_000, 0, 400, 7_500)),
)
# Loan to value, liquidation threshold, what a liquidator gets: ten-thousandths.
COLLATERAL = {
    "usdc": (7_500, 7_800, 10_500),
    "weth": (8_000, 8_300, 10_500),
    "other": (8_000, 8_500, 10_500),
}
LENT = {"usdc": 50_000_000 * USD, "weth": 20_000 * WAD}
"""What others lend there, so that there is something to borrow."""
PLEDGED = 250_000_000 * WAD
"""What others pledge of a third token, worth a dollar each."""
OWED = {"usdc": 40_000_000 * USD, "weth": 15_000 * WAD}
"""What they owe for it: so much is used that rates are those of a market that lives."""


class Builder(PairSetup):
    """The order of the set-up: tokens and feeds, every contract, the wiring, the reserves, lenders."""

    def tokens(
        self, price: int, *, base_first: bool, beside: Exchange | None = None, decimals: int = 18
    ) -> None:
        self.pair(price, beside, base_first=base_first, decimals=decimals)
        usdc_feed = self.new("usdc_feed", compile_vyper("PriceFeed"), 8, "USDC / USD")
        self.do(usdc_feed, "push", USDC_PRICE)
        self.new("other", compile_vyper("WETH"))
        other_feed = self.new("other_feed", compile_vyper("PriceFeed"), 8, "OTHER / USD")
        self.do(other_feed, "push", USDC_PRICE)

    def lending(self) -> None:
        p = self.parts
        provider = self.new("provider", AAVE.artifact("PoolAddressesProvider"), "local", self.owner)
        self.do(provider, "setACLAdmin", self.owner)
        acl = self.new("acl", AAVE.artifact("ACLManager"), provider)
        self.do(provider, "setACLManager", acl)
        self.do(acl, "addPoolAdmin", self.owner)
        strategy = self.new(
            "strategy", AAVE.artifact("DefaultReserveInterestRateStrategyV2"), provider
        )
        assets = [p[key] for key, _ in RATES]
        feeds = [p["usdc_feed"], p["feed"], p["other_feed"]]
        oracle = self.new(
            "oracle", AAVE.artifact("AaveOracle"), provider, assets, feeds, NOBODY, NOBODY, USD_UNIT
        )
        self.do(provider, "setPriceOracle", oracle)
        links = {name: self.new(name, AAVE.artifact(name)).address for name in LOGIC}
        links[FLASH] = self.new(FLASH, AAVE.artifact(FLASH, links)).address
        made = self.new("pool_impl", AAVE.artifact("PoolInstance", links), provider, strategy)
        self.do(provider, "setPoolImpl", made)
        self._at("lending_pool", "PoolInstance", provider.call("getPool"), links)
        made = self.new("configurator_impl", AAVE.artifact("PoolConfiguratorInstance", links))
        self.do(provider, "setPoolConfiguratorImpl", made)
        where = provider.call("getPoolConfigurator")
        self._at("configurator", "PoolConfiguratorInstance", where, links)

    def _at(self, key: str, name: str, where: str, links: dict[str, str] | None = None) -> None:
        self.parts[key] = self.engine.at(AAVE.artifact(name, links), where)

    def reserves(self) -> None:
        p = self.parts
        pool, configurator = p["lending_pool"], p["configurator"]
        a_token = self.new(
            "a_token_impl", AAVE.artifact("ATokenInstance"), pool, NOBODY, self.owner
        )
        debt = self.new("debt_impl", AAVE.artifact("VariableDebtTokenInstance"), pool, NOBODY)
        rows = [
            (a_token, debt, p[key], f"a{key}", f"a{key}", f"d{key}", f"d{key}", b"", _rates(rates))
            for key, rates in RATES
        ]
        self.do(configurator, "initReserves", rows)
        for key, (ltv, threshold, bonus) in COLLATERAL.items():
            asset = p[key]
            self.do(configurator, "configureReserveAsCollateral", asset, ltv, threshold, bonus)
            self.do(configurator, "setReserveBorrowing", asset, True)
            self._at(f"a_{key}", "ATokenInstance", pool.call("getReserveAToken", asset))
            where = pool.call("getReserveVariableDebtToken", asset)
            self._at(f"d_{key}", "VariableDebtTokenInstance", where)

    def lenders(self, lender: str) -> None:
        for key, amount in LENT.items():
            self._lend(key, self.units(key, amount), lender)

    def borrowers(self, borrower: str) -> None:
        """They use most of what is lent."""
        self._lend("other", PLEDGED, borrower)
        for key, amount in OWED.items():
            told = (self.parts[key], self.units(key, amount), 2, 0, borrower)
            self.engine.send(self.parts["lending_pool"], "borrow", *told, sender=borrower)

    def _lend(self, key: str, amount: int, who: str) -> None:
        token, pool = self.parts[key], self.parts["lending_pool"]
        self.do(token, "mint", who, amount)
        self.engine.send(token, "approve", pool, amount, sender=who)
        self.engine.send(pool, "supply", token, amount, who, 0, sender=who)


def _rates(rates: tuple[int, int, int, int]) -> bytes:
    """As the rate strategy decodes them: a word each."""
    return b"".join(value.to_bytes(32, "big") for value in rates)
