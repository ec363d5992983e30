"""Morpho Blue and a Uniswap v3 pool: ether pledged or owed, bought or sold in the same call.

Lender and pool are the real ones. Stand-ins are the tokens, the price feed and the oracles that read it,
which nobody publishes, and the people: lenders, borrowers, a maker, an arbitrageur and a liquidator.
Prices are WAD.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass

from tandem.engine.base import NOBODY, Engine
from tandem.errors import EngineError, Reverted
from tandem.units import ETHER, WAD
from tandem.venues import Fault, Margins, Opening
from tandem.venues._pair import bound, pair_faults
from tandem.venues._setup import DEPTH_SECONDS
from tandem.venues._spot import FEE, check_fee
from tandem.venues._tokens import LEAST_DECIMALS
from tandem.venues.morpho.build import Builder
from tandem.venues.morpho.exchange import MARKETS, PARTS, STAND_INS, Morpho
from tandem.venues.morpho.ledger import Side, id_of
from tandem.venues.morpho.reverts import REASONS
from tandem.venues.morpho.sources import published

MARGINS = Margins(125 * WAD // 100, 140 * WAD // 100, 170 * WAD // 100)
"""Health factors: at 1 the lender lets anybody liquidate."""
REACH = "MorphoReach"
"""The stateless contract that the adapter's views lean on."""
NEAR = 100
"""Two oracles of one pair agree to one part in this."""


@dataclass(frozen=True, slots=True)
class MorphoRecipe:
    """How the two markets and the pool are configured, opened and bound. base_first: whether the base token
    is the pool's first, which differs by chain; used: whether interest is paid, and others borrow."""

    name: str = "morpho"
    adapter: str = "MorphoVenue"
    reach: str = REACH
    needed: tuple[str, ...] = ("usdc", "feed", "weth", "lender", "pool", *MARKETS)
    ids: tuple[str, ...] = MARKETS
    numbers: tuple[str, ...] = ()
    base_first: bool = True
    used: bool = True
    fee: int = FEE
    margins: Margins = MARGINS

    @property
    def contracts(self) -> tuple[str, ...]:
        return (self.reach, self.adapter)

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        return REASONS

    def faults(
        self, engine: Engine, addresses: Mapping[str, str], asset: str = ETHER
    ) -> Iterator[Fault]:
        yield from pair_faults(engine, addresses, asset, LEAST_DECIMALS)
        yield from market_faults(engine, addresses)

    def arguments(
        self, name: str, at: Mapping[str, str], addresses: Mapping[str, str], margins: Margins
    ) -> tuple[object, ...]:
        lender = (addresses[key] for key in ("lender", *MARKETS))
        places = (*lender, *self.pools(at, addresses), addresses["weth"], addresses["usdc"])
        if name == self.reach:
            return places
        return (at["HedgeRouter"], at[self.reach], *places, *astuple(margins))

    def pools(self, at: Mapping[str, str], addresses: Mapping[str, str]) -> tuple[str, ...]:
        """What adapter and reach take for the exchange. at: where ours are, by name."""
        return (addresses["pool"],)

    def strays(self, engine: Engine, adapter: str) -> None:
        """None: nobody lends a token of his own choice in another's name."""

    def check_fee(self, fee: int) -> int:
        """Raises ConfigError where no pool takes it."""
        return check_fee(fee)

    def open(self, engine: Engine, price: int, opening: Opening) -> Morpho:
        """Account 0 owns, 9 makes and lends, 8 arbitrages and borrows, 7 liquidates. Nobody insures: what an
        account owes beyond its collateral its market's lenders bear, and the opening's insurance is not
        taken."""
        fee = self.check_fee(self.fee if opening.fee is None else opening.fee)
        owner, maker, arbitrageur = engine.accounts[0], engine.accounts[9], engine.accounts[8]
        build = Builder(engine, owner, opening.asset)
        build.tokens(
            price, base_first=self.base_first, beside=opening.beside, decimals=opening.decimals
        )
        markets = build.lending(used=self.used)
        build.lenders(markets, maker)
        if self.used:
            build.borrowers(markets, arbitrageur)
        else:
            build.parts["irm"] = engine.at(published("AdaptiveCurveIrm"), NOBODY)
        pool = build.pool(price, opening, fee)
        kept = {key: build.parts[key] for key in (*STAND_INS, *PARTS)}
        ids = {f"{name}_market": id_of(params) for name, params in markets.items()}
        engine.advance(DEPTH_SECONDS)
        return Morpho(self, engine, engine.accounts[7], pool, kept, ids)

    def at(self, engine: Engine, addresses: Mapping[str, str]) -> Morpho:
        """`pool` is the spot pool; of the lender its address and both markets' ids are enough."""
        parts, spot, liquidator = bound(engine, addresses, STAND_INS, PARTS, published)
        ids = {key: addresses[key] for key in MARKETS}
        return Morpho(self, engine, liquidator, spot, parts, ids)


def market_faults(engine: Engine, addresses: Mapping[str, str]) -> Iterator[Fault]:
    """Whether the lender is one, and both markets' oracles say one price. What the markets lend and take the
    adapter's constructor asks."""
    where = addresses["lender"]
    if not engine.code(where):
        yield Fault("lender", where, "no code at this address")
        return
    lender = engine.at(published("Morpho"), where)
    try:
        short, long = (Side.of(engine, lender, addresses[key]).price() for key in MARKETS)
    except (Reverted, EngineError) as error:
        yield Fault("lender", where, f"is no lender with these markets: {error}")
        return
    if abs(short * long - 10**72) * NEAR > 10**72:
        yield Fault("short_market", where, "its oracle says another price than the long market's")


recipe = MorphoRecipe()
