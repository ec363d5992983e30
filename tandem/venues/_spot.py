"""A spot market of a base token against a quote token: a real Uniswap v3 pool, and who makes it.

Stand-ins are the two tokens, which nobody publishes, and the people: a maker, and an arbitrageur who
keeps the pool at the index. Prices are WAD USD of one base token; `Depth` amounts are dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isqrt, log, sqrt
from typing import Any

from tandem.engine.artifacts import load_npm
from tandem.engine.base import Call, Contract, Engine, Receipt
from tandem.errors import ConfigError
from tandem.units import USD, WAD
from tandem.venues import Depth
from tandem.venues._setup import remember

Q96 = 2**96
FOREVER = 2**255
FEE = 500
"""Millionths: the tier that most of ether's trade goes through on rollups."""
SPACINGS = {100: 1, 500: 10, 3_000: 60, 10_000: 200}
"""Of ticks, by the fee that a pool may take."""
LATER = 100
"""The fee that a factory has been taught since it was made."""
CORE, PERIPHERY = "@uniswap/v3-core", "@uniswap/v3-periphery"
# Name of a part -> its publisher's package, and the artifact that it is an instance of.
POOL_PARTS = {
    "factory": (CORE, "UniswapV3Factory"),
    "router": (PERIPHERY, "SwapRouter"),
    "manager": (PERIPHERY, "NonfungiblePositionManager"),
    "pool": (CORE, "UniswapV3Pool"),
}
NEAR = 10**7
MOST_BASE = 10**6
"""Whole tokens."""
MOST_QUOTE = 10**10 * USD
# Uniswap's own bounds of the root of a price.
LEAST_ROOT, MOST_ROOT = (
    4295128739,
    1461446703485210103287273052203988822378723970342,
)


@dataclass(frozen=True, slots=True)
class Position:
    """A maker's position. key: of the position manager."""

    key: int
    liquidity: int


@dataclass(slots=True)
class SpotPool:
    """The pool, its way in for makers, and its way in for takers."""

    engine: Engine
    owner: str
    maker: str
    arbitrageur: str
    quote: Contract
    base: Contract
    factory: Contract
    router: Contract
    manager: Contract
    pool: Contract
    fee: int = FEE
    decimals: int = 18
    """Of the base token."""

    @property
    def unit(self) -> int:
        """One of the base token, in its own units."""
        return 10**self.decimals

    @property
    def raw(self) -> int:
        """Units of the base token for one unit of the quote token, at a price of 1."""
        return self.unit // USD

    def units(self, size: int) -> int:
        """Of a size, WAD, without a sign: in the base token's own, which must hold it."""
        grain = WAD // self.unit
        if size % grain:
            raise ConfigError(f"{size} is finer than {self.decimals} decimals", "round it first")
        return abs(size) // grain

    @property
    def base_first(self) -> bool:
        """Whether the base token is the pool's token0."""
        return int(self.base.address, 16) < int(self.quote.address, 16)

    # ---- prices
    def root(self, price: int) -> int:
        """Uniswap's sqrtPriceX96 of a price."""
        ratio = price * 2**192 // (WAD * self.raw)
        return isqrt(ratio) if self.base_first else isqrt(2**384 // ratio)

    def price(self) -> int:
        """The pool's price now."""
        return self.price_at(self.pool.call("slot0")[0])

    def price_at(self, root: int) -> int:
        """The price that a root of the pool's is."""
        square = root * root
        return (square if self.base_first else 2**384 // square) * WAD * self.raw // 2**192

    def addresses(self) -> dict[str, str]:
        """Every part by name."""
        return {key: getattr(self, key).address for key in POOL_PARTS}

    # ---- makers
    def add_liquidity(self, depth: Depth) -> list[Receipt]:
        """Place `depth` around the pool's price."""
        return [self._place(*part) for part in depth.placed(self.price() / WAD)]

    def _place(self, liquidity: float, low: float, high: float) -> Receipt:
        """liquidity: sqrt(base x quote), both in whole units."""
        lower, upper = self.between(low, high)
        here = self.price() / WAD
        bottom, top = sorted(self._at(tick) for tick in (lower, upper))
        at = sqrt(min(max(here, bottom), top))
        amounts = {
            "base": int(liquidity * (1 / at - 1 / sqrt(top)) * self.unit),
            "quote": int(liquidity * (at - sqrt(bottom)) * USD),
        }
        for token, amount in ((self.base, amounts["base"]), (self.quote, amounts["quote"])):
            self.stock(token, self.maker, amount, self.manager)
        order = ("base", "quote") if self.base_first else ("quote", "base")
        wanted = [amounts[key] for key in order]
        tokens = self._tokens()
        params = (*tokens, self.fee, lower, upper, *wanted, 0, 0, self.maker, FOREVER)
        return self.manager.send("mint", params, sender=self.maker)

    def positions(self) -> list[Position]:
        """What the maker has in the pool."""
        count = self.manager.call("balanceOf", self.maker)
        keys = [self.manager.call("tokenOfOwnerByIndex", self.maker, n) for n in range(count)]
        found = [Position(key, self.manager.call("positions", key)[7]) for key in keys]
        return [position for position in found if position.liquidity]

    def remove_liquidity(self) -> list[Receipt]:
        """Take everything that the maker has out of the pool."""
        return [self.take_back(position) for position in self.positions()]

    def take_back(self, position: Position) -> Receipt:
        """Take one of the maker's positions out of the pool."""
        told = (position.key, position.liquidity, 0, 0, FOREVER)
        return self.manager.send("decreaseLiquidity", told, sender=self.maker)

    # ---- takers
    def swap(self, trader: Any, size: int) -> Receipt:
        """Buy (positive) or sell exactly `size` of the base token, minted for who trades."""
        amount = self.units(size)
        if size > 0:
            self.stock(self.quote, trader, MOST_QUOTE, self.router)
            params = (self.quote, self.base, self.fee, trader, FOREVER, amount, MOST_QUOTE, 0)
            return self.router.send("exactOutputSingle", params, sender=trader)
        self.stock(self.base, trader, amount, self.router)
        params = (self.base, self.quote, self.fee, trader, FOREVER, amount, 0, 0)
        return self.router.send("exactInputSingle", params, sender=trader)

    def stock_arbitrageur(self) -> None:
        """Give him what he needs for as long as the market lives."""
        most = MOST_BASE * self.unit
        for token, amount in ((self.base, 10**4 * most), (self.quote, 10**4 * MOST_QUOTE)):
            self.stock(token, self.arbitrageur, amount, self.router)

    def arbitrage_call(self, index: int) -> Call | None:
        """The pool to the index, by a limit on the price and not on the amount; None when it is
        there. The pool's fee is the maker's affair: his arbitrageur goes all the way."""
        root: int = self.pool.call("slot0")[0]
        limit = self.root(index)
        if is_near(root, limit):
            return None
        sells = (limit < root) == self.base_first
        there = (self.base, self.quote) if sells else (self.quote, self.base)
        amount = MOST_BASE * self.unit if sells else MOST_QUOTE
        params = (*there, self.fee, self.arbitrageur, FOREVER, amount, 0, limit)
        return Call(self.router, "exactInputSingle", (params,), self.arbitrageur)

    # ---- inside
    def stock(self, token: Contract, who: Any, amount: int, spender: Contract) -> None:
        """Mint so much for somebody, whom `spender` may then ask for anything."""
        token.send("mint", who, amount, sender=self.owner)
        token.send("approve", spender, 2**256 - 1, sender=who)

    def _tokens(self) -> tuple[Contract, Contract]:
        return (self.base, self.quote) if self.base_first else (self.quote, self.base)

    def between(self, low: float, high: float) -> tuple[int, int]:
        """The pool's ticks around two prices."""
        spacing = SPACINGS[self.fee]
        ticks = sorted(self._tick(price) for price in (low, high))
        return floor(ticks[0] / spacing) * spacing, ceil(ticks[1] / spacing) * spacing

    def _tick(self, price: float) -> float:
        tick = log(price / self.raw) / log(1.0001)
        return tick if self.base_first else -tick

    def _at(self, tick: int) -> float:
        return 1.0001 ** (tick if self.base_first else -tick) * self.raw


def is_near(root: int, limit: int) -> bool:
    """Whether a pool is there already, as far as an arbitrageur goes."""
    return abs(limit - root) * NEAR < root


def check_fee(fee: int) -> int:
    """Raises ConfigError where no pool takes this fee."""
    if fee not in SPACINGS:
        known = ", ".join(f"{each / 100:g}" for each in SPACINGS)
        raise ConfigError(f"no pool takes a fee of {fee / 100:g} bp", f"one of {known} bp")
    return fee


def _has_room(there: SpotPool, tokens: tuple[Contract, Contract], fee: int) -> bool:
    """Whether the factory that made that pool may make another of these tokens, with this fee."""
    same = [each.address for each in tokens] == [there.base.address, there.quote.address]
    return same and int(there.factory.call("getPool", *tokens, fee), 16) == 0


def open_pool(
    engine: Engine,
    quote: Contract,
    base: Contract,
    price: int,
    cardinality: int,
    people: tuple[str, str, str],
    fee: int = FEE,
    decimals: int = 18,
    beside: SpotPool | None = None,
) -> SpotPool:
    """A pool of one's own at `price`, that keeps so many observations. people: owner, maker,
    arbitrageur; fee: one of SPACINGS; decimals: of the base token; beside: a pool of the same tokens, whose
    factory makes this one too where it takes another fee, as on a chain."""
    owner = people[0]
    published = {key: load_npm(*place) for key, place in POOL_PARTS.items()}
    if beside is not None and _has_room(beside, (base, quote), fee):
        factory, router, manager = beside.factory, beside.router, beside.manager
    else:
        factory = engine.deploy(published["factory"], sender=owner)
        # neither wrapped ether nor pictures of positions are used
        nobody = owner
        router = engine.deploy(published["router"], factory, nobody, sender=owner)
        manager = engine.deploy(published["manager"], factory, nobody, nobody, sender=owner)
    if fee == LATER:
        factory.send("enableFeeAmount", fee, SPACINGS[fee], sender=owner)
    factory.send("createPool", base, quote, fee, sender=owner)
    pool = engine.at(published["pool"], factory.call("getPool", base, quote, fee))
    spot = SpotPool(engine, *people, quote, base, factory, router, manager, pool, fee, decimals)
    pool.send("initialize", spot.root(price), sender=owner)
    remember(pool, cardinality, owner)
    spot.stock_arbitrageur()
    return spot
