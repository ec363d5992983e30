"""The exchanges that Tandem hedges on. Off chain a venue is one folder of this room.

A folder's `recipe` says how its adapter is configured, how a market of one's own is opened from the
publisher's bytecode, how one that stands is bound, and what its refusals mean. Other packages name
theirs in the entry point group `tandem.venues`. Nothing above this room knows a venue by name.
Names joined by a plus are a set of venues, over which orders are split (`_several.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from tandem.engine.base import Call, Contract, Engine, Receipt
from tandem.errors import TandemError
from tandem.plugins import REPAIR, PlugInBrokenError, PlugInError, find, get
from tandem.units import ETHER
from tandem.venues._robber import Robber as Robber
from tandem.venues._robber import Taken as Taken
from tandem.venues._strays import Stray as Stray
from tandem.venues._strays import Strays as Strays

GROUP = "tandem.venues"
DEFAULT = "curie"
SEPARATOR = "+"
"""Between the names of a set's members."""
_ATTRIBUTE = "recipe"


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

    def placed(self, price: float) -> list[tuple[float, float, float]]:
        """What a maker places around a price: liquidity, and the prices between which it lies."""
        total, edge = self.liquidity(price), 1 + self.within
        parts = (
            (total * self.tail, price / 4, price * 4),
            (total * (1 - self.tail), price / edge, price * edge),
        )
        return [part for part in parts if part[0] > 0]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a market of one's own opens with. fee: millionths, None for the venue's usual one; insurance: USD
    that pay for accounts under water, where a venue has such a fund; beside: another market, whose quote
    token and price feed it takes; cardinality: seconds with trades that its averages can look back over;
    asset: what its feed says that it prices; decimals: of the base token, which a perpetual exchange has none
    of."""

    depth: Depth | None = Depth()
    fee: int | None = None
    insurance: int = 1_000_000
    cardinality: int = 1_801
    beside: Exchange | None = None
    asset: str = ETHER
    decimals: int = 18


@dataclass(frozen=True, slots=True)
class Margins:
    """Between what margin is kept, WAD, in the measure that a venue goes by: under `least` a top-up is due,
    past `most` a sweep, and both bring the account to `target`."""

    least: int
    target: int
    most: int


@dataclass(frozen=True, slots=True)
class Fault:
    """An address of a deployment file that is not what its name says."""

    name: str
    address: str
    what: str


@dataclass(frozen=True, slots=True)
class Liquidation:
    """What others did to an account. order: ETH; cost: against the index, USD; covered: bad debt
    that the venue paid itself, USD."""

    order: float
    cost: float
    covered: float


class Exchange(Protocol):
    """One market of a venue: what it trades against, and the people around it. Prices WAD."""

    @property
    def recipe(self) -> VenueRecipe: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def owner(self) -> str:
        """Who runs its stand-ins: the quote token and the price feed."""
        ...

    @property
    def usdc(self) -> Contract: ...
    @property
    def feed(self) -> Contract: ...

    def addresses(self) -> dict[str, str]:
        """Everything that `VenueRecipe.at` needs."""
        ...

    # ---- prices
    def index(self) -> int: ...
    def pool_price(self) -> int: ...
    def set_index(self, price: int) -> Receipt: ...
    def publish_index(self, price: int) -> Receipt:
        """In one transaction, for a chain on which others let time pass."""
        ...

    def set_index_calls(self, price: int) -> list[Call]:
        """The same as members of a batch."""
        ...

    def arbitrage_call(self, index: int | None = None) -> Call | None:
        """One step of the pool towards the index; None when it is there."""
        ...

    def arrives(self, step: Call, index: int) -> bool:
        """Whether an `arbitrage_call` goes all the way to the index."""
        ...

    def arbitrage(self, index: int | None = None) -> Receipt | None: ...
    def converge(self, index: int | None = None) -> int:
        """Arbitrage to the end; the number of steps."""
        ...

    def remove_liquidity(self) -> list[Receipt]: ...

    # ---- accounts
    def position(self, trader: str) -> int:
        """Signed size, WAD."""
        ...

    def liquidatable(self, trader: str) -> bool: ...
    def liquidate(self, trader: str) -> Receipt: ...
    def liquidation(self, receipt: Receipt, trader: str, spot: float) -> Liquidation:
        """What a receipt's liquidations did to an account; spot: USD."""
        ...

    def turn(self) -> Robber:
        """Its owner turns on its traders, by what its own contracts let him do."""
        ...

    def owed_funding(self, trader: str) -> float:
        """What the venue would charge the account now for holding its position, USD."""
        ...

    def funding(self, receipt: Receipt, trader: str) -> float:
        """What a receipt paid to the account as funding, USD; below 0 where it paid."""
        ...


class VenueRecipe(Protocol):
    """One venue: its adapter, and its markets."""

    @property
    def name(self) -> str: ...
    @property
    def adapter(self) -> str:
        """The contract of ours that speaks to it."""
        ...

    @property
    def contracts(self) -> tuple[str, ...]:
        """All of ours that it needs, in the order in which they are deployed; the adapter is the last."""
        ...

    @property
    def needed(self) -> tuple[str, ...]:
        """Addresses that a deployment file names where the chain has the venue: `usdc`, `feed`, and
        what the adapter takes."""
        ...

    @property
    def ids(self) -> tuple[str, ...]:
        """Which of `needed` are no addresses but 32 bytes by which the venue knows a market."""
        ...

    @property
    def numbers(self) -> tuple[str, ...]:
        """Which of `needed` are whole numbers; told and kept as text, like the addresses."""
        ...

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        """Revert reason -> what happened, what to do about it."""
        ...

    @property
    def fee(self) -> int:
        """Of a market of one's own, unless its opening says otherwise: millionths of notional."""
        ...

    @property
    def margins(self) -> Margins:
        """What a deployment keeps unless its file says otherwise."""
        ...

    def faults(
        self, engine: Engine, addresses: Mapping[str, str], asset: str = ETHER
    ) -> Iterator[Fault]:
        """What a chain says against the addresses of a deployment file, each asked what it is. asset: what
        the base token must be of."""
        ...

    def arguments(
        self, name: str, at: Mapping[str, str], addresses: Mapping[str, str], margins: Margins
    ) -> tuple[object, ...]:
        """Constructor arguments of one of `contracts`. at: where ours are, by name."""
        ...

    def open(self, engine: Engine, price: int, opening: Opening) -> Exchange:
        """A market of one's own from the publisher's bytecode, ready to trade at `price` (WAD)."""
        ...

    def strays(self, engine: Engine, adapter: str) -> Strays | None:
        """Tokens that carry an adapter's debts and should not, or should and do not; None where the venue
        takes no other token than its own, or where that is no adapter of this one."""
        ...

    def at(self, engine: Engine, addresses: Mapping[str, str]) -> Exchange:
        """A market that stands. On a chain with a venue of its own only the parts that Tandem
        touches are known; the others stand at nobody's address and must not be used."""
        ...


STRAY_GAS = 500_000
"""That a stray is set right with, at any venue; less is used."""


class VenueError(TandemError):
    """There is no such venue, or no such set of them."""


def names() -> tuple[str, ...]:
    """Every venue that there is a recipe for."""
    return tuple(find(GROUP, _ATTRIBUTE))


def recipe(name: str = DEFAULT) -> VenueRecipe:
    """The recipe of one venue, or of a set of them ("curie+aave"). Raises a PlugInError or a VenueError."""
    if SEPARATOR in name:
        from tandem.venues._several import SeveralRecipe  # it is made of what stands here

        return SeveralRecipe(tuple(recipe(each) for each in name.split(SEPARATOR)))
    found: VenueRecipe = get(GROUP, name, "venue", _ATTRIBUTE).load()
    lacking = [each for each in vars(VenueRecipe) if each[0] != "_" and not hasattr(found, each)]
    if lacking:
        raise PlugInBrokenError(f"the venue {name!r} lacks {', '.join(lacking)}", REPAIR)
    return found


def recipes() -> Iterator[VenueRecipe]:
    """Every recipe that can be loaded: of a broken package whoever names its venue is told, and who asks of
    all of them goes on without it."""
    for name in names():
        with suppress(PlugInError):
            yield recipe(name)


def members(exchange: Exchange, trader: str) -> list[tuple[Exchange, str]]:
    """The venues of a set and whom each knows a trader as; of one venue itself."""
    from tandem.venues._several import Several  # it is made of what stands here

    return list(exchange.each(trader)) if isinstance(exchange, Several) else [(exchange, trader)]


def strays(engine: Engine, adapter: str) -> Strays | None:
    """As the recipe whose adapter it is; None where no recipe knows any."""
    asked = (each.strays(engine, adapter) for each in recipes())
    return next((found for found in asked if found is not None), None)


def explained(reason: str) -> tuple[str, str] | None:
    """What a venue's refusal means and what to do about it; None where no venue knows it."""
    return next((each.reasons[reason] for each in recipes() if reason in each.reasons), None)
