"""Perp v2 (Curie): a perpetual exchange on a Uniswap v3 pool, from its publishers' packages.

The exchange, its oracle adapter and its pool are the real ones. Stand-ins are the quote token and the
price feed, which nobody publishes, and the people: a maker, an arbitrageur who keeps the pool at the
index, and a liquidator. Prices are WAD; `Depth` and `usd` amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from tandem.engine.artifacts import compile_vyper, load_npm
from tandem.engine.base import NOBODY, Engine
from tandem.units import ETHER, USD, WAD
from tandem.venues import Depth, Fault, Margins, Opening
from tandem.venues._setup import DEPTH_SECONDS
from tandem.venues._tokens import base_faults, token_faults
from tandem.venues.curie.build import Builder
from tandem.venues.curie.exchange import PARTS, PEOPLE, STAND_INS, Curie
from tandem.venues.curie.faults import exchange_faults
from tandem.venues.curie.reverts import REASONS

TWAP_SECONDS = 1_800
DEEP_POCKETS = 10**9 * USD

MARGINS = Margins(12 * WAD // 100, 15 * WAD // 100, 22 * WAD // 100)
"""Equity for each unit of hedge notional and headroom: the exchange asks for a tenth."""


@dataclass(frozen=True, slots=True)
class CurieRecipe:
    """How the exchange is configured, opened and bound."""

    name: str = "curie"
    adapter: str = "CurieVenue"
    needed: tuple[str, ...] = ("usdc", "feed", "clearing_house", "base")
    ids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    fee: int = 1_000
    margins: Margins = MARGINS

    @property
    def contracts(self) -> tuple[str, ...]:
        return (self.adapter,)

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        return REASONS

    def faults(
        self, engine: Engine, addresses: Mapping[str, str], asset: str = ETHER
    ) -> Iterator[Fault]:
        yield from token_faults(engine, "usdc", addresses["usdc"], "USDC", 6)
        yield from base_faults(engine, "base", addresses["base"], asset)
        yield from exchange_faults(engine, addresses["clearing_house"], addresses["base"])

    def arguments(
        self, name: str, at: Mapping[str, str], addresses: Mapping[str, str], margins: Margins
    ) -> tuple[object, ...]:
        return (
            at["HedgeRouter"],
            addresses["clearing_house"],
            addresses["base"],
            *astuple(margins),
        )

    def strays(self, engine: Engine, adapter: str) -> None:
        """None: nobody deposits a token of his own choice in another's name."""

    def open(self, engine: Engine, price: int, opening: Opening) -> Curie:
        """Account 0 owns, 9 makes, 8 arbitrages, 7 liquidates. `cardinality` must exceed the distinct
        seconds traded in 30 minutes."""
        owner = engine.accounts[0]
        build = Builder(engine, owner, opening.asset)
        build.tokens(price, opening.beside)
        build.exchange()
        build.clearing_house()
        build.market(price, self.fee if opening.fee is None else opening.fee, opening.cardinality)
        people = {
            "owner": owner,
            "maker": engine.accounts[9],
            "arbitrageur": engine.accounts[8],
            "liquidator": engine.accounts[7],
        }
        wanted = (*STAND_INS, *PARTS, "pool")
        parts: dict[str, Any] = {key: build.parts[key] for key in wanted}
        curie = Curie(recipe=self, engine=engine, **people, **parts)
        engine.advance(TWAP_SECONDS)  # a 30-minute average must exist before the first trade
        for person in (curie.maker, curie.arbitrageur, curie.liquidator):
            curie.deposit(person, DEEP_POCKETS)
        if opening.insurance:
            curie.fund_insurance(opening.insurance * USD)
        if opening.depth is not None:
            curie.add_liquidity(opening.depth)
        engine.advance(DEPTH_SECONDS)
        return curie

    def at(self, engine: Engine, addresses: Mapping[str, str]) -> Curie:
        parts: dict[str, Any] = {}
        for key, name in STAND_INS.items():
            parts[key] = engine.at(compile_vyper(name), addresses[key])
        for key, name in PARTS.items():
            artifact = load_npm("@perp/curie-contract", name)
            parts[key] = engine.at(artifact, addresses.get(key, NOBODY))
        pool = load_npm("@uniswap/v3-core", "UniswapV3Pool")
        parts["pool"] = engine.at(pool, addresses.get("pool", NOBODY))
        people = {role: addresses.get(role, NOBODY) for role in PEOPLE}
        return Curie(recipe=self, engine=engine, **people, **parts)


recipe = CurieRecipe()


def deploy_curie(engine: Engine, price: int, opening: Opening | None = None) -> Curie:
    """The exchange with one ETH market at `price` (WAD), ready to trade."""
    return recipe.open(engine, price, opening or Opening())


__all__ = ["WAD", "Curie", "CurieRecipe", "Depth", "Opening", "deploy_curie", "recipe"]
