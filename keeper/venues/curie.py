"""Perp v2 (Curie) from its publishers' bytecode, on any engine: set-up, and what others do there.

The exchange, its oracle adapter and its Uniswap pool are the real ones. Stand-ins are the quote
token and the price feed, which nobody publishes, and the people: a maker, an arbitrageur who keeps
the pool at the index, and a liquidator. Prices are WAD; `Depth` and `usd` amounts are dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isqrt, log, sqrt
from typing import Any

from keeper.engine.artifacts import compile_vyper, load_npm
from keeper.engine.base import Call, Contract, Engine, Receipt

WAD = 10**18
Q96 = 2**96
FOREVER = 2**255
NO_REFERRAL = bytes(32)
TICK_SPACING = 60
POOL_FEE = 3000
TWAP_SECONDS = 1_800
INDEX_TWAP_SECONDS = 900
# The exchange lets a trade move the pool at most 1000 ticks (10.5 %) per 15 seconds.
TICK_LIMIT = 1_000
TICK_STEP = 950
PRICE_LIMIT_SECONDS = 15
CARDINALITY_CHUNK = 600
DEEP_POCKETS = 10**9 * 10**6


@dataclass(frozen=True, slots=True)
class Depth:
    """Liquidity that absorbs `usd` on each side while the price moves by `within`.

    A share `tail` of it reaches from a quarter to four times the price, so that large moves stay
    tradeable; with `tail = 1` the depth is the same everywhere.
    """

    usd: float = 2_000_000.0
    within: float = 0.02
    tail: float = 0.2

    def liquidity(self, price: float) -> float:
        """Uniswap's L, in sqrt(base x quote), both in whole units."""
        return self.usd / (sqrt(price * (1 + self.within)) - sqrt(price))


@dataclass(frozen=True, slots=True)
class Order:
    """A maker's position in the pool."""

    lower: int
    upper: int
    liquidity: int


@dataclass(slots=True)
class Curie:
    """The exchange, its parts, and the people around it."""

    engine: Engine
    owner: str
    maker: str
    arbitrageur: str
    liquidator: str
    usdc: Contract
    feed: Contract
    clearing_house: Contract
    vault: Contract
    account_balance: Contract
    exchange: Contract
    order_book: Contract
    market_registry: Contract
    config: Contract
    insurance_fund: Contract
    collateral_manager: Contract
    delegate_approval: Contract
    base: Contract
    quote: Contract
    pool: Contract

    # ---- prices
    def index(self) -> int:
        """The feed's last answer, WAD."""
        return self.feed.call("latestAnswer") * 10**10

    def pool_price(self) -> int:
        """The pool's price now, WAD."""
        root: int = self.pool.call("slot0")[0]
        return root * root * WAD // Q96**2

    def set_index(self, price: int) -> Receipt:
        """Push a price to the feed, and tell the exchange's oracle adapter of it."""
        push, cache = self.set_index_calls(price)
        receipt = self.engine.send(push.contract, push.fn, *push.args, sender=push.sender)
        self.engine.send(cache.contract, cache.fn, *cache.args, sender=cache.sender)
        return receipt

    def set_index_calls(self, price: int) -> list[Call]:
        """The same as members of a batch.

        The adapter extrapolates from the last price that it was told of. With a newer one in the
        feed for more than its 15 minutes, its averages go wrong and at last below zero, and the
        exchange's views revert. On the live chain a bot tells it; any trade does so too.
        """
        return [
            Call(self.feed, "push", (price // 10**10,), self.owner),
            Call(self.base, "cacheTwap", (INDEX_TWAP_SECONDS,), self.owner),
        ]

    # ---- money
    def deposit(self, trader: Any, amount: int) -> None:
        """Mint `amount` of the quote token for an account of the engine and deposit it."""
        send = self.engine.send
        send(self.usdc, "mint", trader, amount, sender=self.owner)
        send(self.usdc, "approve", self.vault, amount, sender=trader)
        send(self.vault, "deposit(address,uint256)", self.usdc, amount, sender=trader)

    def fund_insurance(self, amount: int) -> None:
        """Without money here an account under water cannot be liquidated (CH_IIC)."""
        self.usdc.send("mint", self.insurance_fund, amount, sender=self.owner)

    # ---- makers
    def add_liquidity(self, depth: Depth, price: int | None = None) -> list[Receipt]:
        """Place `depth` around the pool's price (or around `price`, WAD)."""
        centre = (price or self.pool_price()) / WAD
        total = depth.liquidity(centre)
        wide, narrow = total * depth.tail, total * (1 - depth.tail)
        receipts = []
        if wide > 0:
            receipts.append(self._place(wide, centre / 4, centre * 4))
        if narrow > 0:
            edge = 1 + depth.within
            receipts.append(self._place(narrow, centre / edge, centre * edge))
        return receipts

    def _place(self, liquidity: float, low: float, high: float) -> Receipt:
        lower = floor(_tick(low) / TICK_SPACING) * TICK_SPACING
        upper = ceil(_tick(high) / TICK_SPACING) * TICK_SPACING
        here = self.pool_price() / WAD
        bottom, top = 1.0001**lower, 1.0001**upper
        at = sqrt(min(max(here, bottom), top))
        base = liquidity * (1 / at - 1 / sqrt(top))
        quote = liquidity * (at - sqrt(bottom))
        amounts = (int(base * WAD), int(quote * WAD))
        params = (self.base, *amounts, lower, upper, 0, 0, False, FOREVER)
        return self.clearing_house.send("addLiquidity", params, sender=self.maker)

    def orders(self) -> list[Order]:
        """The maker's positions in the pool."""
        book = self.order_book
        found = []
        for key in book.call("getOpenOrderIds", self.maker, self.base):
            info = book.call("getOpenOrderById", key)
            found.append(Order(lower=info[1], upper=info[2], liquidity=info[0]))
        return found

    def remove_liquidity(self) -> list[Receipt]:
        """Withdraw everything that the maker has in the pool."""
        return [
            self.clearing_house.send(
                "removeLiquidity",
                (self.base, order.lower, order.upper, order.liquidity, 0, 0, FOREVER),
                sender=self.maker,
            )
            for order in self.orders()
        ]

    # ---- takers
    def open(
        self,
        trader: Any,
        size: int,
        bound: int = 0,
        deadline: int = FOREVER,
    ) -> Receipt:
        """Trade exactly `size` (WAD, positive buys) for an account of the engine."""
        params = (self.base, size < 0, size < 0, abs(size), bound, deadline, 0, NO_REFERRAL)
        return self.clearing_house.send("openPosition", params, sender=trader)

    def position(self, trader: Any) -> int:
        """Signed size, WAD."""
        return self.account_balance.call("getTakerPositionSize", trader, self.base)

    def arbitrage_call(self, index: int | None = None) -> Call | None:
        """One step of the pool towards the index, as a member of a batch; None when it is there.

        A limit on the price, not on the amount: the order fills only as far as it is useful. A
        step is at most 950 ticks, because more than 1000 in 15 seconds reverts with EX_OPLAS.
        """
        target = index or self.index()
        root, tick = self.pool.call("slot0")[:2]
        limit = _sqrt_price(target)
        down = limit < root
        nearest = int(sqrt(1.0001 ** (tick - TICK_STEP if down else tick + TICK_STEP)) * Q96)
        limit = max(limit, nearest) if down else min(limit, nearest)
        if abs(limit - root) * 10**7 < root:
            return None
        amount = 10**6 * WAD if down else 10**9 * WAD
        params = (self.base, down, True, amount, 0, FOREVER, limit, NO_REFERRAL)
        return Call(self.clearing_house, "openPosition", (params,), self.arbitrageur)

    def arbitrage(self, index: int | None = None) -> Receipt | None:
        """One step of the pool towards the index; None when it is there already."""
        call = self.arbitrage_call(index)
        if call is None:
            return None
        return self.engine.send(call.contract, call.fn, *call.args, sender=call.sender)

    def converge(self, index: int | None = None) -> int:
        """Step until the pool is at the index, 15 seconds apart; the number of steps."""
        steps = 0
        while self.arbitrage(index) is not None:
            steps += 1
            self.engine.advance(PRICE_LIMIT_SECONDS)
        return steps

    # ---- liquidation
    def liquidatable(self, trader: Any) -> bool:
        """Whether the account is below its maintenance margin."""
        value = self.clearing_house.call("getAccountValue", trader)
        needed = self.account_balance.call("getMarginRequirementForLiquidation", trader)
        return value < needed

    def liquidate(self, trader: Any) -> Receipt:
        """The liquidator takes over as much of the position as the exchange lets him."""
        return self.clearing_house.send(
            "liquidate(address,address)", trader, self.base, sender=self.liquidator
        )


def _tick(price: float) -> float:
    return log(price) / log(1.0001)


def _sqrt_price(price: int) -> int:
    """Uniswap's sqrtPriceX96 of a WAD price."""
    return isqrt(price * 2**192 // WAD)


def _curie(name: str) -> Any:
    return load_npm("@perp/curie-contract", name)


def _oracle(name: str) -> Any:
    return load_npm("@perp/perp-oracle-contract", name)


class _Builder:
    """The order of the set-up: every contract, then the wiring, then the market."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self.engine = engine
        self.owner = owner
        self.parts: dict[str, Contract] = {}

    def new(self, key: str, artifact: Any, *args: Any) -> Contract:
        self.parts[key] = self.engine.deploy(artifact, *args, sender=self.owner)
        return self.parts[key]

    def do(self, contract: Contract, fn: str, *args: Any) -> Receipt:
        return self.engine.send(contract, fn, *args, sender=self.owner)

    def tokens(self, price: int) -> None:
        self.new("usdc", compile_vyper("USDC"))
        feed = self.new("feed", compile_vyper("PriceFeed"), 8, "ETH / USD")
        self.do(feed, "push", price // 10**10)
        year = 365 * 86_400
        adapter = self.new(
            "adapter", _oracle("ChainlinkPriceFeedV3"), feed, year, INDEX_TWAP_SECONDS
        )
        dispatcher = self.new("dispatcher", _oracle("PriceFeedDispatcher"), adapter)
        quote = self.new("quote", _curie("QuoteToken"))
        self.do(quote, "initialize", "vUSD", "vUSD")
        base = self.new("base", _curie("BaseToken"))
        while int(base.address, 16) > int(quote.address, 16):  # the base must be token0
            base = self.new("base", _curie("BaseToken"))
        self.do(base, "initialize", "vETH", "vETH", dispatcher)

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
        self.do(pool, "initialize", _sqrt_price(price))
        for size in [*range(CARDINALITY_CHUNK, cardinality, CARDINALITY_CHUNK), cardinality]:
            self.do(pool, "increaseObservationCardinalityNext", size)
        for token in (base, quote):
            self.do(token, "mintMaximumTo", house)
            self.do(token, "addWhitelist", house)
            self.do(token, "addWhitelist", pool)
        registry = p["market_registry"]
        self.do(registry, "addPool", base, POOL_FEE)
        self.do(registry, "setFeeRatio", base, fee)
        self.do(registry, "setInsuranceFundFeeRatio", base, 100_000)
        self.do(p["exchange"], "setMaxTickCrossedWithinBlock", base, TICK_LIMIT)


def deploy_curie(
    engine: Engine,
    price: int,
    *,
    depth: Depth | None = Depth(),
    fee: int = 1_000,
    insurance: int = 10**6 * 10**6,
    cardinality: int = 500,
) -> Curie:
    """The exchange with one ETH market at `price` (WAD), ready to trade.

    `fee` is in millionths. `cardinality` must exceed the distinct seconds traded in 30 minutes.
    """
    owner = engine.accounts[0]
    build = _Builder(engine, owner)
    build.tokens(price)
    build.exchange()
    build.clearing_house()
    build.market(price, fee, cardinality)
    fields = set(Curie.__dataclass_fields__)
    parts = {key: part for key, part in build.parts.items() if key in fields}
    people = {
        "owner": owner,
        "maker": engine.accounts[9],
        "arbitrageur": engine.accounts[8],
        "liquidator": engine.accounts[7],
    }
    curie = Curie(engine=engine, **people, **parts)  # pyright: ignore[reportArgumentType]
    engine.advance(TWAP_SECONDS)  # a 30-minute average must exist before the first trade
    for person in (curie.maker, curie.arbitrageur, curie.liquidator):
        curie.deposit(person, DEEP_POCKETS)
    if insurance:
        curie.fund_insurance(insurance)
    if depth is not None:
        curie.add_liquidity(depth)
    return curie
