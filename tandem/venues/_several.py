"""Several venues as one, off chain: "curie+aave" is the recipe of a set that has both.

A set is a venue like others to everything above this room. Its members share the quote token and the price
feed; each keeps its own market, its own people and its own adapter, and a part of one is called by its
name ("aave.pool"). What is asked of the set's account is asked of each member's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY, Call, Contract, Engine, Receipt
from tandem.errors import EngineError, Reverted
from tandem.units import ETHER
from tandem.venues import (
    SEPARATOR,
    Exchange,
    Fault,
    Liquidation,
    Margins,
    Opening,
    Robber,
    Strays,
    Taken,
    VenueError,
    VenueRecipe,
)
from tandem.venues._spot_faults import narrow_faults

SET, SPLITTER = "VenueSet", "Splitter"
MOST = 4
SHARED = ("usdc", "feed", "owner")
"""Parts that are one for all members, and named once."""


@dataclass(frozen=True, slots=True)
class SeveralRobbers:
    """Whoever owns the venues has turned on their traders, at each of them."""

    exchange: Several
    robbers: Sequence[Robber]

    def take(self, trader: str) -> Taken:
        accounts = self.exchange.accounts(trader)
        taken = [robber.take(a) for robber, a in zip(self.robbers, accounts, strict=True)]
        return Taken(
            [receipt for one in taken for receipt in one.receipts],
            sum(one.amount for one in taken),
            "; ".join(one.refused for one in taken if one.refused),
        )


@dataclass(slots=True)
class Several:
    """The markets of a set. Implements `tandem.venues.Exchange`."""

    recipe: VenueRecipe
    engine: Engine
    members: tuple[Exchange, ...]
    _sets: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The adapters of sets that were asked for them: for good, where a set stands."""

    @property
    def owner(self) -> str:
        return self.members[0].owner

    @property
    def usdc(self) -> Contract:
        return self.members[0].usdc

    @property
    def feed(self) -> Contract:
        return self.members[0].feed

    def addresses(self) -> dict[str, str]:
        """Every member's, by its name; what they share once."""
        found: dict[str, str] = {}
        for member in self.members:
            parts = member.addresses()
            found |= {key: parts[key] for key in SHARED}
            found |= {f"{member.recipe.name}.{k}": v for k, v in parts.items() if k not in SHARED}
        return found

    def accounts(self, trader: str) -> list[str]:
        """Whom each member knows the trader as: an adapter of a set's where the trader is one."""
        if trader in self._sets:
            return self._sets[trader]
        if self.engine.code(trader):
            bound = self.engine.at(compile_vyper(SET), trader)
            if len(found := _venues_of(bound)) == len(self.members):
                self._sets[trader] = found
                return found
        return [trader] * len(self.members)

    def each(self, trader: str) -> Iterator[tuple[Exchange, str]]:
        """The members, and whom each knows the trader as."""
        return zip(self.members, self.accounts(trader), strict=True)

    # ---- prices
    def index(self) -> int:
        return self.members[0].index()

    def pool_price(self) -> int:
        """The first member's."""
        return self.members[0].pool_price()

    def set_index(self, price: int) -> Receipt:
        receipts = [call.send() for call in self.set_index_calls(price)]
        return receipts[0]

    def publish_index(self, price: int) -> Receipt:
        """By the member that has the most to tell."""
        talker = max(self.members, key=lambda member: len(member.set_index_calls(price)))
        return talker.publish_index(price)

    def set_index_calls(self, price: int) -> list[Call]:
        """Each member's; the feed is told once."""
        calls: dict[tuple[str, str], Call] = {}
        for member in self.members:
            for call in member.set_index_calls(price):
                calls.setdefault((call.contract.address, call.fn), call)
        return list(calls.values())

    def arbitrage_call(self, index: int | None = None) -> Call | None:
        """Of the first pool that is off the index."""
        steps = (member.arbitrage_call(index) for member in self.members)
        return next((step for step in steps if step is not None), None)

    def arrives(self, step: Call, index: int) -> bool:
        """Asked after it was sent: whether it left no pool off the index. No member is asked of another's
        step: two pools of one price have one limit."""
        return self.arbitrage_call(index) is None

    def arbitrage(self, index: int | None = None) -> Receipt | None:
        """One step of each pool that is off the index: none waits until another is there. The first's."""
        steps = [member.arbitrage(index) for member in self.members]
        return next((step for step in steps if step is not None), None)

    def converge(self, index: int | None = None) -> int:
        return sum(member.converge(index) for member in self.members)

    def remove_liquidity(self) -> list[Receipt]:
        return [receipt for member in self.members for receipt in member.remove_liquidity()]

    # ---- accounts
    def position(self, trader: str) -> int:
        return sum(member.position(account) for member, account in self.each(trader))

    def liquidatable(self, trader: str) -> bool:
        return any(member.liquidatable(account) for member, account in self.each(trader))

    def liquidate(self, trader: str) -> Receipt:
        """At the first member where it may be."""
        for member, account in self.each(trader):
            if member.liquidatable(account):
                return member.liquidate(account)
        member, account = next(self.each(trader))
        return member.liquidate(account)

    def liquidation(self, receipt: Receipt, trader: str, spot: float) -> Liquidation:
        found = [m.liquidation(receipt, account, spot) for m, account in self.each(trader)]
        return Liquidation(
            sum(one.order for one in found),
            sum(one.cost for one in found),
            sum(one.covered for one in found),
        )

    def turn(self) -> SeveralRobbers:
        """Every member's owner turns."""
        return SeveralRobbers(self, [member.turn() for member in self.members])

    def owed_funding(self, trader: str) -> float:
        return sum(member.owed_funding(account) for member, account in self.each(trader))

    def funding(self, receipt: Receipt, trader: str) -> float:
        return sum(member.funding(receipt, account) for member, account in self.each(trader))


def _venues_of(contract: Contract) -> list[str]:
    """A set's adapters; none of another contract."""
    try:
        return [str(each) for each in contract.call("venues")]
    except (Reverted, EngineError):
        return []


@dataclass(frozen=True, slots=True)
class SeveralRecipe:
    """A set of recipes, in the order of the guardians' bits."""

    members: tuple[VenueRecipe, ...]
    adapter: str = SET

    def __post_init__(self) -> None:
        names = [member.adapter for member in self.members]
        if not 2 <= len(names) <= MOST or len(set(names)) != len(names):
            raise VenueError(
                f"{self.name!r} is no set of venues",
                f"name two to {MOST} different ones, as in 'curie{SEPARATOR}aave'",
            )

    @property
    def name(self) -> str:
        return SEPARATOR.join(member.name for member in self.members)

    @property
    def contracts(self) -> tuple[str, ...]:
        return (*(name for member in self.members for name in member.contracts), SPLITTER, SET)

    @property
    def needed(self) -> tuple[str, ...]:
        own = (
            f"{member.name}.{key}"
            for member in self.members
            for key in member.needed
            if key not in SHARED
        )
        return ("usdc", "feed", *own)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(f"{member.name}.{key}" for member in self.members for key in member.ids)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(f"{member.name}.{key}" for member in self.members for key in member.numbers)

    @property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        return {k: v for member in self.members for k, v in member.reasons.items()}

    @property
    def fee(self) -> int:
        """The dearest member's."""
        return max(member.fee for member in self.members)

    @property
    def margins(self) -> Margins:
        """Each member keeps its own: a file that names others names them for the first."""
        return self.members[0].margins

    def _parts(self, member: VenueRecipe, addresses: Mapping[str, str]) -> dict[str, str]:
        """What a member calls its parts."""
        prefix = f"{member.name}."
        own = {k.removeprefix(prefix): v for k, v in addresses.items() if k.startswith(prefix)}
        return own | {key: addresses[key] for key in SHARED if key in addresses}

    def faults(
        self, engine: Engine, addresses: Mapping[str, str], asset: str = ETHER
    ) -> Iterator[Fault]:
        for member in self.members:
            parts = self._parts(member, addresses)
            for fault in (*member.faults(engine, parts, asset), *narrow_faults(engine, parts)):
                name = fault.name if fault.name in SHARED else f"{member.name}.{fault.name}"
                yield replace(fault, name=name)

    def arguments(
        self, name: str, at: Mapping[str, str], addresses: Mapping[str, str], margins: Margins
    ) -> tuple[object, ...]:
        if name == SET:
            adapters = [at[member.adapter] for member in self.members]
            return (at["HedgeRouter"], at["Guardian"], at["Vault"], at[SPLITTER], adapters)
        if name == SPLITTER:
            return (at.get("EtherSpot", NOBODY),)
        member = next(one for one in self.members if name in one.contracts)
        under = dict(at) | {"HedgeRouter": at[SET]}
        own = margins if member is self.members[0] else member.margins
        return member.arguments(name, under, self._parts(member, addresses), own)

    def strays(self, engine: Engine, adapter: str) -> Strays | None:
        asked = (member.strays(engine, adapter) for member in self.members)
        return next((found for found in asked if found is not None), None)

    @property
    def check_fee(self) -> object:
        """The first member's: of an opening's fee no other hears."""
        return getattr(self.members[0], "check_fee", None)

    def open(self, engine: Engine, price: int, opening: Opening) -> Several:
        """One after the other; each takes the quote token and the price feed of the one before, and its base
        token where both have one."""
        opened = [self.members[0].open(engine, price, opening)]
        for member in self.members[1:]:
            beside = replace(opening, beside=opened[-1], fee=None)
            opened.append(member.open(engine, price, beside))
        several = Several(self, engine, tuple(opened))
        several.set_index(price)
        return several

    def at(self, engine: Engine, addresses: Mapping[str, str]) -> Several:
        members = [one.at(engine, self._parts(one, addresses)) for one in self.members]
        return Several(self, engine, tuple(members))
