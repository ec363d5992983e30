"""Setting the exchange up from its publishers' bytecode: contracts, wiring, one market."""

from __future__ import annotations

from typing import Any

from tandem.engine.artifacts import load_npm
from tandem.units import YEAR
from tandem.venues import Exchange
from tandem.venues._setup import Setup, remember
from tandem.venues.curie.exchange import INDEX_TWAP_SECONDS, TICK_LIMIT, sqrt_price

POOL_FEE = 3_000


def _curie(name: str) -> Any:
    return load_npm("@perp/curie-contract", name)


def _oracle(name: str) -> Any:
    return load_npm("@perp/perp-oracle-contract", name)


class Builder(Setup):
    """The order of the set-up: every contract, then the wiring, then the market."""

    def tokens(self, price: int, beside: Exchange | None = None) -> None:
        self.money(price, beside)
        feed = self.parts["feed"]
        adapter = self.new(
            "adapter", _oracle("ChainlinkPriceFeedV3"), feed, YEAR, INDEX_TWAP_SECONDS
        )
        dispatcher = self.new("dispatcher", _oracle("PriceFeedDispatcher"), adapter)
        quote = self.new("quote", _curie("QuoteToken"))
        self.do(quote, "initialize", "vUSD", "vUSD")
        base = self.new("base", _curie("BaseToken"))
        while int(base.address, 16) > int(quote.address, 16):  # the base must be token0
            base = self.new("base", _curie("BaseToken"))
        self.do(base, "initialize", f"v{self.asset}", f"v{self.asset}", dispatcher)

    def exchange(self) -> None:
        p = self.parts
        factory = self.new("factory", load_npm("@uniswap/v3-core", "UniswapV3Factory"))
        config = self.new("config", _curie("ClearingHouseConfig"))
        self.do(config, "initialize")
        self.do(config, "setSettlementTokenBalanceCap", 2**256 - 1)
        registry = self.new("market_registry", _curie("MarketRegistry"))
        self.do(registry, "initialize", factory, p["quote"])
        orders = self.new("order_book", _curie("OrderBook"))
        self.do(orders, "initialize", registry)
        balances = self.new("account_balance", _curie("AccountBalance"))
        self.do(balances, "initialize", config, orders)
        exchange = self.new("exchange", _curie("Exchange"))
        self.do(exchange, "initialize", registry, orders, config)
        self.do(exchange, "setAccountBalance", balances)
        self.do(orders, "setExchange", exchange)
        fund = self.new("insurance_fund", _curie("InsuranceFund"))
        self.do(fund, "initialize", p["usdc"])
        vault = self.new("vault", _curie("Vault"))
        self.do(vault, "initialize", fund, config, balances, exchange)
        collateral = self.new("collateral_manager", _curie("CollateralManager"))
        ratios = (750_000, 500_000, 2_000, 30_000, 10_000 * 10**6, 500 * 10**6)
        self.do(collateral, "initialize", config, vault, 5, *ratios)
        self.do(vault, "setCollateralManager", collateral)
        self.do(fund, "setVault", vault)
        self.do(balances, "setVault", vault)

    def clearing_house(self) -> None:
        p = self.parts
        house = self.new("clearing_house", _curie("ClearingHouse"))
        names = ("config", "vault", "quote", "factory", "exchange", "account_balance")
        self.do(house, "initialize", *(p[name] for name in names), p["insurance_fund"])
        for name in ("market_registry", "order_book", "account_balance", "exchange", "vault"):
            self.do(p[name], "setClearingHouse", house)
        approval = self.new("delegate_approval", _curie("DelegateApproval"))
        self.do(approval, "initialize")
        self.do(house, "setDelegateApproval", approval)

    def market(self, price: int, fee: int, cardinality: int) -> None:
        p = self.parts
        base, quote, house = p["base"], p["quote"], p["clearing_house"]
        self.do(p["factory"], "createPool", base, quote, POOL_FEE)
        where = p["factory"].call("getPool", base, quote, POOL_FEE)
        pool = self.engine.at(load_npm("@uniswap/v3-core", "UniswapV3Pool"), where)
        p["pool"] = pool
        self.do(pool, "initialize", sqrt_price(price))
        remember(pool, cardinality, self.owner)
        for token in (base, quote):
            self.do(token, "mintMaximumTo", house)
            self.do(token, "addWhitelist", house)
            self.do(token, "addWhitelist", pool)
        registry = p["market_registry"]
        self.do(registry, "addPool", base, POOL_FEE)
        self.do(registry, "setFeeRatio", base, fee)
        self.do(registry, "setInsuranceFundFeeRatio", base, 100_000)
        self.do(p["exchange"], "setMaxTickCrossedWithinBlock", base, TICK_LIMIT)
