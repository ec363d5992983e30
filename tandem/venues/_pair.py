"""What a lender beside a spot pool has, whoever lends: tokens, a feed, the pool, and the people around them.

Account 0 owns, 9 makes, 8 arbitrages, 7 liquidates. Prices are WAD."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tandem.engine.artifacts import Artifact, compile_vyper, load_npm
from tandem.engine.base import NOBODY, Call, Contract, Engine, Receipt
from tandem.units import WAD
from tandem.venues import Exchange, Fault, Opening, VenueRecipe
from tandem.venues._setup import Setup
from tandem.venues._spot import FEE, POOL_PARTS, SpotPool, open_pool
from tandem.venues._spot_faults import pool_faults
from tandem.venues._tokens import BASE_DECIMALS, base_faults, token_faults

BASE_TOKENS = {18: "WETH", 8: "WBTC"}
"""Stand-ins, by their decimals."""
USUAL, DEAR = 2_500 * WAD, 20_000 * WAD
"""Price of a base token of which others lend and owe so much; of a dear one as many dollars' worth."""
PEOPLE = ("owner", "maker", "arbitrageur", "liquidator")


@dataclass(slots=True)
class SpotPair:
    """The half of `tandem.venues.Exchange` that is the pool's and the feed's. parts: the stand-ins and the
    lender's, by name."""

    recipe: VenueRecipe
    engine: Engine
    liquidator: str
    spot: SpotPool
    parts: dict[str, Contract]

    @property
    def owner(self) -> str:
        return self.spot.owner

    @property
    def usdc(self) -> Contract:
        return self.parts["usdc"]

    @property
    def weth(self) -> Contract:
        return self.parts["weth"]

    @property
    def feed(self) -> Contract:
        return self.parts["feed"]

    @property
    def pool(self) -> Contract:
        """The spot pool."""
        return self.spot.pool

    def addresses(self) -> dict[str, str]:
        """Every part by name, and who runs the stand-ins."""
        found = {key: part.address for key, part in self.parts.items()}
        found |= self.spot.addresses()
        people = (self.owner, self.spot.maker, self.spot.arbitrageur, self.liquidator)
        return found | dict(zip(PEOPLE, people, strict=True))

    # ---- prices
    def index(self) -> int:
        """The feed's last answer."""
        return self.feed.call("latestAnswer") * 10**10

    def pool_price(self) -> int:
        return self.spot.price()

    def set_index(self, price: int) -> Receipt:
        return self.publish_index(price)

    def publish_index(self, price: int) -> Receipt:
        return self.feed.send("push", price // 10**10, sender=self.owner)

    def set_index_calls(self, price: int) -> list[Call]:
        return [Call(self.feed, "push", (price // 10**10,), self.owner)]

    def arbitrage_call(self, index: int | None = None) -> Call | None:
        return self.spot.arbitrage_call(index or self.index())

    def arrives(self, step: Call, index: int) -> bool:
        """One step goes all the way."""
        limit: int = step.args[0][7]
        return limit == self.spot.root(index)

    def arbitrage(self, index: int | None = None) -> Receipt | None:
        call = self.arbitrage_call(index)
        return call.send() if call else None

    def converge(self, index: int | None = None) -> int:
        return int(self.arbitrage(index) is not None)

    def remove_liquidity(self) -> list[Receipt]:
        return self.spot.remove_liquidity()


class PairSetup(Setup):
    """Setting up what a pair has besides its lender."""

    decimals = 18
    """Of the base token."""
    price = 0
    """Of one, WAD."""

    def pair(
        self, price: int, beside: Exchange | None, *, base_first: bool, decimals: int = 18
    ) -> None:
        """Both tokens, the base token's address below the quote token's or above it, and the feed. Beside
        another pair its base token is taken too, where it is such a one. decimals: of the base token."""
        self.decimals, self.price = decimals, price
        usdc, base = self.money(price, beside), compile_vyper(BASE_TOKENS[decimals])

        def is_placed(weth: Contract) -> bool:
            return (int(weth.address, 16) < int(usdc.address, 16)) == base_first

        there = beside.weth if isinstance(beside, SpotPair) else None
        if there is not None and there.call("decimals") == decimals and is_placed(there):
            self.parts["weth"] = there
            return
        while not is_placed(self.new("weth", base)):
            pass

    def units(self, key: str, amount: int) -> int:
        """An amount of the base token, WAD, in its own units; others as they are. Of a dear one as many
        dollars' worth as of a usual one."""
        if key != "weth":
            return amount
        amount = amount * min(USUAL, self.price) // self.price if self.price > DEAR else amount
        return amount * 10**self.decimals // WAD

    def pool(self, price: int, opening: Opening, fee: int) -> SpotPool:
        """A pool of both, as deep as the opening says."""
        engine = self.engine
        people = (self.owner, engine.accounts[9], engine.accounts[8])
        tokens = self.parts["usdc"], self.parts["weth"]
        there = opening.beside.spot if isinstance(opening.beside, SpotPair) else None
        told = (price, opening.cardinality, people, fee, opening.decimals)
        pool = open_pool(engine, *tokens, *told, beside=there)
        if opening.depth is not None:
            pool.add_liquidity(opening.depth)
        return pool


def pair_faults(
    engine: Engine, addresses: Mapping[str, str], asset: str, least: int = BASE_DECIMALS
) -> Iterator[Fault]:
    """What a chain says against both tokens and the pool of a deployment file. asset: of the base token;
    least: of its decimals."""
    yield from token_faults(engine, "usdc", addresses["usdc"], "USDC", 6)
    yield from base_faults(engine, "weth", addresses["weth"], asset, least)
    yield from pool_faults(engine, addresses["pool"])


def bound(
    engine: Engine,
    addresses: Mapping[str, str],
    stand_ins: Mapping[str, str],
    lenders: Mapping[str, str],
    published: Callable[[str], Artifact],
) -> tuple[dict[str, Contract], SpotPool, str]:
    """Parts, pool and liquidator of a market that stands; what is not named stands at nobody's address.
    stand_ins, lenders: name of a part -> its artifact; published: the lender's, by name."""

    def part(key: str, artifact: Artifact) -> Contract:
        return engine.at(artifact, addresses.get(key, NOBODY))

    parts = {key: part(key, compile_vyper(name)) for key, name in stand_ins.items()}
    parts |= {key: part(key, published(name)) for key, name in lenders.items()}
    factory, router, manager, pool = (
        part(key, load_npm(*place)) for key, place in POOL_PARTS.items()
    )
    owner, maker, arbitrageur, liquidator = (addresses.get(role, NOBODY) for role in PEOPLE)
    people = (owner, maker, arbitrageur)
    tokens = parts["usdc"], parts["weth"]
    return (
        parts,
        SpotPool(
            engine,
            *people,
            *tokens,
            factory,
            router,
            manager,
            pool,
            fee=_asked(pool, "fee", FEE),
            decimals=_asked(parts["weth"], "decimals", BASE_DECIMALS),
        ),
        liquidator,
    )


def _asked(of: Contract, what: str, usual: int) -> int:
    """What a contract that stands says of itself; of one that does not, the usual."""
    return int(of.call(what)) if of.engine.code(of.address) else usual
