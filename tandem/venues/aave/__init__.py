"""Aave 3.6 and a Uniswap v3 pool: ether lent or borrowed, bought or sold in the same call.

Lending market and pool are the real ones. Stand-ins are the tokens and the price feeds, which nobody
publishes, and the people: lenders, borrowers, a maker, an arbitrageur and a liquidator. Prices are WAD.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass

from tandem.engine.base import Engine
from tandem.units import ETHER, WAD
from tandem.venues import Fault, Margins, Opening
from tandem.venues._pair import bound, pair_faults
from tandem.venues._setup import DEPTH_SECONDS
from tandem.venues._spot import FEE, check_fee
from tandem.venues._tokens import LEAST_DECIMALS
from tandem.venues.aave.build import Builder
from tandem.venues.aave.exchange import PARTS, STAND_INS, Aave
from tandem.venues.aave.faults import lender_faults
from tandem.venues.aave.reverts import REASONS
from tandem.venues.aave.sources import published
from tandem.venues.aave.strays import AaveStrays, aave_strays

MARGINS = Margins(125 * WAD // 100, 140 * WAD // 100, 170 * WAD // 100)
"""Health factors: at 1 the lending market liquidates."""


REACH = "AaveReach"
"""The stateless contract that the adapter's views lean on."""


@dataclass(frozen=True, slots=True)
class AaveRecipe:
    """How the pair is configured, opened and bound. base_first: whether the base token is the pool's
    first, which differs by chain; used: whether others borrow what is lent, so that interest is paid."""

    name: str = "aave"
    adapter: str = "AaveVenue"
    needed: tuple[str, ...] = ("usdc", "feed", "weth", "provider", "pool")
    ids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    base_first: bool = True
    used: bool = True
    fee: int = FEE
    margins: Margins = MARGINS

    @property
    def contracts(self) -> tuple[str, ...]:
        return (REACH, self.adapter)

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        return REASONS

    def faults(
        self, engine: Engine, addresses: Mapping[str, str], asset: str = ETHER
    ) -> Iterator[Fault]:
        yield from pair_faults(engine, addresses, asset, LEAST_DECIMALS)
        yield from lender_faults(engine, addresses)

    def arguments(
        self, name: str, at: Mapping[str, str], addresses: Mapping[str, str], margins: Margins
    ) -> tuple[object, ...]:
        places = tuple(addresses[key] for key in ("provider", "pool", "weth", "usdc"))
        if name == REACH:
            return places
        return (at["HedgeRouter"], at[REACH], *places, *astuple(margins))

    def strays(self, engine: Engine, adapter: str) -> AaveStrays | None:
        return aave_strays(engine, adapter)

    def check_fee(self, fee: int) -> int:
        """Raises ConfigError where no pool takes it."""
        return check_fee(fee)

    def open(self, engine: Engine, price: int, opening: Opening) -> Aave:
        """Account 0 owns, 9 makes and lends, 8 arbitrages and borrows, 7 liquidates. The market insures
        nobody: the opening's insurance is not taken."""
        fee = self.check_fee(self.fee if opening.fee is None else opening.fee)
        owner, maker, arbitrageur = engine.accounts[0], engine.accounts[9], engine.accounts[8]
        build = Builder(engine, owner, opening.asset)
        build.tokens(
            price, base_first=self.base_first, beside=opening.beside, decimals=opening.decimals
        )
        build.lending()
        build.reserves()
        build.lenders(maker)
        if self.used:
            build.borrowers(arbitrageur)
        pool = build.pool(price, opening, fee)
        kept = {key: build.parts[key] for key in (*STAND_INS, *PARTS)}
        engine.advance(DEPTH_SECONDS)
        return Aave(self, engine, engine.accounts[7], pool, kept)

    def at(self, engine: Engine, addresses: Mapping[str, str]) -> Aave:
        """`pool` is the spot pool; of the lending market the provider of its addresses is enough."""
        parts, spot, liquidator = bound(engine, addresses, STAND_INS, PARTS, published)
        return Aave(self, engine, liquidator, spot, parts)


recipe = AaveRecipe()
