"""Morpho Blue and a Uniswap v4 pool, which leans on a Uniswap v3 pool of the same pair for what was.

Lender and both pools are the real ones. Prices are WAD.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tandem.engine.base import Call, Engine, Receipt
from tandem.units import ETHER
from tandem.venues import Fault, Margins, Opening, Robber
from tandem.venues._tokens import LEAST_DECIMALS, base_faults, token_faults
from tandem.venues._v4 import PoolOfV4, bound_v4, open_v4
from tandem.venues._v4_faults import v4_faults
from tandem.venues.morpho import MorphoRecipe, market_faults
from tandem.venues.morpho.exchange import MARKETS, Morpho
from tandem.venues.morpho.reverts import REASONS as LENDERS
from tandem.venues.morpho4.hostile import FeeSetters
from tandem.venues.morpho4.reverts import REASONS

SPEAKER = "V4Pool"
"""Speaks for a pool of v4 in the words of one of v3."""
NUMBERS = ("fee", "tick_spacing")
POOLS = 2
"""The one that orders go to, and its reference."""


@dataclass(slots=True)
class Morpho4(Morpho):
    """Both markets and both pools: `spot` is the reference. Implements `tandem.venues.Exchange`."""

    v4: PoolOfV4

    def addresses(self) -> dict[str, str]:
        """`pool` is the id of the one that orders go to."""
        return Morpho.addresses(self) | self.v4.addresses()

    def pool_price(self) -> int:
        return self.v4.price()

    def arbitrage_call(self, index: int | None = None) -> Call | None:
        """Of the first pool that is off the index."""
        return self.v4.arbitrage_call(index or self.index())

    def arrives(self, step: Call, index: int) -> bool:
        """Asked after it was sent: whether it left neither pool off the index."""
        return self.arbitrage_call(index) is None

    def arbitrage(self, index: int | None = None) -> Receipt | None:
        """One step of each pool that is off the index: none waits until the other is there. The first's."""
        steps = [self._step(index) for _ in range(POOLS)]
        return next((step for step in steps if step is not None), None)

    def converge(self, index: int | None = None) -> int:
        return sum(self._step(index) is not None for _ in range(POOLS))

    def _step(self, index: int | None) -> Receipt | None:
        call = self.arbitrage_call(index)
        return call.send() if call else None

    def turn(self) -> Robber:
        """The owners of lender and manager turn on their users."""
        return FeeSetters(self)

    def remove_liquidity(self) -> list[Receipt]:
        return self.v4.remove_liquidity()


@dataclass(frozen=True, slots=True)
class Morpho4Recipe(MorphoRecipe):
    """As `MorphoRecipe`, with both pools of one fee."""

    name: str = "morpho4"
    adapter: str = "MorphoV4Venue"
    reach: str = "MorphoV4Reach"
    needed: tuple[str, ...] = (
        *("usdc", "feed", "weth", "lender", *MARKETS),
        *("pool_manager", "pool", *NUMBERS, "reference"),
    )
    ids: tuple[str, ...] = (*MARKETS, "pool")
    numbers: tuple[str, ...] = NUMBERS

    @property
    def contracts(self) -> tuple[str, ...]:
        return (SPEAKER, self.reach, self.adapter)

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        return LENDERS | REASONS

    def faults(
        self, engine: Engine, addresses: Mapping[str, str], asset: str = ETHER
    ) -> Iterator[Fault]:
        yield from token_faults(engine, "usdc", addresses["usdc"], "USDC", 6)
        yield from base_faults(engine, "weth", addresses["weth"], asset, LEAST_DECIMALS)
        yield from v4_faults(engine, addresses)
        yield from market_faults(engine, addresses)

    def arguments(
        self, name: str, at: Mapping[str, str], addresses: Mapping[str, str], margins: Margins
    ) -> tuple[object, ...]:
        if name == SPEAKER:
            named = (addresses[key] for key in ("pool_manager", "pool", "weth", "usdc"))
            return (*named, *(_number(addresses[key]) for key in NUMBERS))
        return MorphoRecipe.arguments(self, name, at, addresses, margins)

    def pools(self, at: Mapping[str, str], addresses: Mapping[str, str]) -> tuple[str, ...]:
        return (at[SPEAKER], addresses["reference"])

    def open(self, engine: Engine, price: int, opening: Opening) -> Morpho4:
        """The same people; the pool and its reference are as deep as the opening says, each of them."""
        old = MorphoRecipe.open(self, engine, price, opening)
        return _with(old, open_v4(engine, old.spot, price, opening.depth))

    def at(self, engine: Engine, addresses: Mapping[str, str]) -> Morpho4:
        old = MorphoRecipe.at(self, engine, {**addresses, "pool": addresses["reference"]})
        return _with(old, bound_v4(engine, old.spot, addresses))


def _number(told: str) -> int | str:
    """Of a venue that is only planned, what will stand there."""
    return int(told) if told.isdecimal() else told


def _with(old: Morpho, pool: PoolOfV4) -> Morpho4:
    return Morpho4(old.recipe, old.engine, old.liquidator, old.spot, old.parts, old.markets, pool)


recipe = Morpho4Recipe()
