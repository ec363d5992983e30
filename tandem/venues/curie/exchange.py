"""One market of Perp v2 (Curie), on any engine: its parts, and what people do there.

The exchange, its oracle adapter and its Uniswap pool are the real ones. Stand-ins are the quote
token and the price feed, which nobody publishes, and the people: a maker, an arbitrageur who keeps
the pool at the index, and a liquidator. Prices are WAD; `Depth` and `usd` amounts are dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isqrt, log, sqrt
from typing import Any

from tandem.engine.base import Call, Contract, Engine, Receipt
from tandem.units import USD, WAD
from tandem.venues import Depth, Liquidation, VenueRecipe
from tandem.venues.curie.hostile import HostileOwner

Q96 = 2**96
FOREVER = 2**255
NO_REFERRAL = bytes(32)
TICK_SPACING = 60
INDEX_TWAP_SECONDS = 900
# The exchange lets a trade move the pool at most 1000 ticks (10.5 %) per 15 seconds.
TICK_LIMIT = 1_000
TICK_STEP = 950
PRICE_LIMIT_SECONDS = 15

# Name of a part -> the artifact that it is an instance of; the first two are stand-ins of ours.
STAND_INS = {"usdc": "USDC", "feed": "PriceFeed"}
PARTS = {
    "clearing_house": "ClearingHouse",
    "vault": "Vault",
    "account_balance": "AccountBalance",
    "exchange": "Exchange",
    "order_book": "OrderBook",
    "market_registry": "MarketRegistry",
    "config": "ClearingHouseConfig",
    "insurance_fund": "InsuranceFund",
    "collateral_manager": "CollateralManager",
    "delegate_approval": "DelegateApproval",
    "base": "BaseToken",
    "quote": "QuoteToken",
}
PEOPLE = ("owner", "maker", "arbitrageur", "liquidator")


@dataclass(frozen=True, slots=True)
class Order:
    """A maker's position in the pool."""

    lower: int
    upper: int
    liquidity: int


@dataclass(slots=True)
class Curie:
    """The exchange, its parts, and the people around it. Implements `tandem.venues.Exchange`."""

    recipe: VenueRecipe
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

    def addresses(self) -> dict[str, str]:
        """Every part by name, and who runs the stand-ins."""
        parts = {key: getattr(self, key).address for key in (*STAND_INS, *PARTS, "pool")}
        return parts | {role: getattr(self, role) for role in PEOPLE}

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
        receipt, _ = [call.send() for call in self.set_index_calls(price)]
        return receipt

    def publish_index(self, price: int) -> Receipt:
        """As `set_index` and in one transaction: for a chain that others move on, whose time may jump
        between two."""
        told = (price // 10**10, self.base.address, INDEX_TWAP_SECONDS)
        return self.engine.send(self.feed, "push_and_tell", *told, sender=self.owner)

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
        return [self._place(*part) for part in depth.placed(centre)]

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
        limit = sqrt_price(target)
        down = limit < root
        nearest = int(sqrt(1.0001 ** (tick - TICK_STEP if down else tick + TICK_STEP)) * Q96)
        limit = max(limit, nearest) if down else min(limit, nearest)
        if abs(limit - root) * 10**7 < root:
            return None
        amount = 10**6 * WAD if down else 10**9 * WAD
        params = (self.base, down, True, amount, 0, FOREVER, limit, NO_REFERRAL)
        return Call(self.clearing_house, "openPosition", (params,), self.arbitrageur)

    def arrives(self, step: Call, index: int) -> bool:
        """Whether the step's limit on the price is the index itself."""
        limit: int = step.args[0][6]
        return limit == sqrt_price(index)

    def arbitrage(self, index: int | None = None) -> Receipt | None:
        """One step of the pool towards the index; None when it is there already."""
        call = self.arbitrage_call(index)
        return call.send() if call else None

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

    def liquidation(self, receipt: Receipt, trader: str, spot: float) -> Liquidation:
        """What a receipt's liquidations did to an account; spot: USD."""
        order = cost = 0.0
        for event in receipt.events("PositionChanged"):
            if str(event["trader"]) == trader:
                size = event["exchangedPositionSize"] / WAD
                order += size
                cost += (event["fee"] - event["exchangedPositionNotional"]) / WAD - size * spot
        for event in receipt.events("PositionLiquidated"):
            cost += event["liquidationFee"] / WAD
        covered = sum(event["amount"] / USD for event in receipt.events("BadDebtSettled"))
        return Liquidation(order, cost, covered)

    def turn(self) -> HostileOwner:
        """The owner turns on the traders."""
        return HostileOwner.of(self)

    # ---- funding
    def owed_funding(self, trader: str) -> float:
        """What the exchange would charge the account now, USD."""
        owed: int = self.exchange.call("getPendingFundingPayment", trader, self.base)
        return owed / WAD

    def funding(self, receipt: Receipt, trader: str) -> float:
        """What a receipt paid to the account as funding, USD; below 0 where it paid."""
        return -sum(
            event["fundingPayment"] / WAD
            for event in receipt.events("FundingPaymentSettled")
            if str(event["trader"]) == trader
        )


def _tick(price: float) -> float:
    return log(price) / log(1.0001)


def sqrt_price(price: int) -> int:
    """Uniswap's sqrtPriceX96 of a WAD price."""
    return isqrt(price * 2**192 // WAD)
