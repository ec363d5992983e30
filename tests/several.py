"""Markets over several venues, and the little that their tests keep saying."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
from harnesses import harness
from lent import ETH_GIVEN
from worlds import ABRUPT, ETH, FLAT, PRICE, WIDE, World, build, furnish

from tandem import venues
from tandem.engine import open_engine
from tandem.engine.artifacts import Artifact, compile_vyper
from tandem.engine.base import Contract, Engine, Receipt
from tandem.errors import Reverted
from tandem.protocol import deploy, terms
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD
from tandem.venues import Opening
from tandem.venues.aave import Aave

DRIFT = 10**15
"""Of tens of ETH in a step's days, at the rates of a lending market that nobody else uses: a lot."""
KEPT = 4_096
"""A part in so many is what interest makes of a position before it is put down anew (VS-5)."""
LIAR = "unit/venue_set/LyingMember.vy"
FACES = "unit/venue_set/TwoFaced.vy"
PAIR = "curie+aave"
REVERTS, IS_SILENT, BURNS, REPLACED, TOILS = 1, 2, 3, 4, 5
"""What a face is told to answer (TwoFaced.vy); all numbers or the one at a place."""
ALL = 10
Lie = tuple[str, int, int, int]
"""Of a view: how, at which place, which word."""


def of_ours(world: SetWorld | LentWorld, market: Any, who: str, given: int) -> int:
    """What a market has of ours: without ether that strangers lent and no act of ours took out yet, as many
    of `given` times as is left out: by the adapter (LM-2), and of one of several by the set, which knows
    what was gone before (VS-8). On Morpho what they pledged repays what is owed first, and earns nothing."""
    there: int = market.position(who)
    if not given:
        return there
    said = world.said_of(who)
    if isinstance(market, Aave):
        lent = min(max(round((there - said) / ETH_GIVEN), 0), given) * ETH_GIVEN
        return there - min(max(there - said, lent), lent * 21 // 20)  # interest on it is not ours
    times = min(max(-(-(there - said - DRIFT) // ETH_GIVEN), 0), given)
    left: int = there - times * ETH_GIVEN
    return left if left >= 0 else min(there, 0)


def said_by(world: World, who: str) -> int:
    """What an adapter says that it holds."""
    return int(world.engine.at(compile_vyper("AaveVenue"), who).call("position"))


@dataclass(slots=True)
class SetWorld(World):
    """A world over Curie and others: the verbs that name a venue's parts name the exchange's.

    down, written_off: the adapters of those that were taken down, and of those that were so for three days,
    by the clock of who took them down. given: how often a stranger has lent ether in our name."""

    down: set[str] = field(default_factory=set[str])
    written_off: set[str] = field(default_factory=set[str])
    given: int = 0

    def position(self) -> int:
        """VS-5: of what is written off nothing counts."""
        there = venues.members(self.curie, self.tandem.venue.address)
        ours = [one for one in there if one[1] not in self.written_off]
        return sum(of_ours(self, market, who, self.given) for market, who in ours)

    def said_of(self, who: str) -> int:
        """What a member is believed to hold, or what it says where nobody knows the rest of its account."""
        try:
            return int(self.tandem.venue.call("account_at", who, self.spot)[0])
        except Reverted:
            return said_by(self, who)

    @property
    def drift(self) -> int:
        """VS-5: of one that is down what was known last counts, to what interest had made of it."""
        there = venues.members(self.curie, self.tandem.venue.address) if self.down else []
        last = sum(abs(market.position(who)) for market, who in there if who in self.down)
        return DRIFT + last // KEPT

    def tell(self, sender: str) -> None:
        self.curie.members[0].base.send("cacheTwap", 900, sender=sender)

    def deposit_for_venue(
        self, amount: int, sender: str | None = None, account: str | None = None
    ) -> None:
        who, exchange = sender or self.stranger, self.curie.members[0]
        self.curie.usdc.send("mint", who, amount, sender=self.curie.owner)
        self.curie.usdc.send("approve", exchange.vault, amount, sender=who)
        target = account or self.tandem.venue.call("venues")[0]
        asked = (target, self.curie.usdc, amount)
        exchange.vault.send("depositFor(address,address,uint256)", *asked, sender=who)


@dataclass(slots=True)
class LentWorld(World):
    """A world over one lending market and a pool: the same verbs. given: as for a set."""

    given: int = 0

    def position(self) -> int:
        return of_ours(self, self.curie, str(self.tandem.venue.address), self.given)

    def said_of(self, who: str) -> int:
        return said_by(self, who)

    @property
    def drift(self) -> int:
        return DRIFT

    def tell(self, sender: str) -> None:
        """It keeps no average of its own."""

    def deposit_for_venue(
        self, amount: int, sender: str | None = None, account: str | None = None
    ) -> None:
        market: Any = self.curie
        market.supply_for(sender or self.stranger, account or self.tandem.venue, amount)


def wiped_out(kind: str, *, rises: bool = True) -> LentWorld:
    """A hedge on a lending market, short where the price rises, through a jump that nobody answers: it is
    liquidated whole, and lenders bear the rest."""
    world = build(venue=venues.recipe(kind), smile=FLAT, kind=LentWorld)
    for _ in range(3):
        world.mint(world.put() if rises else world.call(), 8 * ETH)
        if world.tandem.snapshot().account.top_up:
            world.top_up()
    world.push(7_000 if rises else 300)
    while world.curie.liquidatable(world.tandem.venue):
        world.curie.liquidate(world.tandem.venue)
    assert world.position() == 0
    return world


def members(world: World) -> list[Contract]:
    """The adapters of a world's set, in their order."""
    adapters = {part.address: part for part in world.tandem.beside.values()}
    return [adapters[place] for place in world.tandem.venue.call("venues")]


def splitter(world: World) -> Contract:
    """Who asks the venues of a world's set."""
    return world.engine.at(compile_vyper("Splitter"), world.tandem.venue.call("SPLITTER"))


def legs(receipt: Receipt) -> dict[str, Any]:
    """The legs of a transaction, by venue."""
    return {str(event["venue"]): event for event in receipt.events("LegFilled")}


def guardian_of(engine: Engine, count: int) -> str:
    """One of so many venues, with nobody in a role but its owner."""
    who = engine.accounts[0]
    told = (who, [], [], [], 2 * DAY, terms.defaults(), who, count)
    return engine.deploy(compile_vyper("Guardian"), *told, sender=who).address


def believed(world: World, venue: Contract) -> int:
    """What is taken for ours of what a member says that it holds."""
    there: int = world.tandem.venue.call("account_at", venue, world.spot)[0]
    return there


def behind(world: World, face: Contract) -> Contract:
    """What holds the position of a venue whose answers can be replaced."""
    return world.engine.at(harness(LIAR), face.call("behind"))


def fund(world: World) -> None:
    """Top up whatever lacks margin and may get some."""
    while (account := world.tandem.snapshot().account).top_up > account.barred:
        world.top_up()


def lender(world: World, kind: type = object) -> tuple[Any, Contract]:
    """The last member of that kind, which lends, and our adapter there."""
    exchange: Any = world.curie
    place = max(n for n, each in enumerate(exchange.members) if isinstance(each, kind))
    return exchange.members[place], members(world)[place]


def build_pair() -> World:
    """Curie and Aave under one market, both with margin for large orders."""
    return build_set(PAIR)


def build_set(name: str, decimals: int = 18) -> World:
    """Any set of venues under one market, each with margin for large orders. decimals: of a lender's base
    token."""
    settings = DeploySettings(terms=WIDE)
    world = build(venue=venues.recipe(name), smile=FLAT, settings=settings, decimals=decimals)
    fund(world)
    world.freshen()
    return world


def build_beside_a_liar(name: str = PAIR) -> World:
    """A set, and a member that lies in the place of Aave's adapter: beside Curie the second of two."""
    compile_real = deploy.compile_vyper

    def compile_liar(wanted: str) -> Artifact:
        return harness(LIAR) if wanted == "AaveVenue" else compile_real(wanted)

    engine = open_engine("pyrevm")
    exchange: Any = venues.recipe(name).open(engine, PRICE * WAD, Opening())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deploy, "compile_vyper", compile_liar)
        settings = DeploySettings(terms=ABRUPT | WIDE)
        tandem = deploy.deploy_tandem(engine, exchange, settings)
    world = World(engine, exchange, tandem, 0, 0)
    return furnish(world, smile=FLAT, then=lambda: boast(world))


def liars(world: World) -> list[Contract]:
    """Those of a world's set that are told what to say."""
    return [one for one in members(world) if "set_equity" in one.abi.functions]


def boast(world: World) -> None:
    """They say that they hold a hundred thousand dollars of ours: nobody would have paid for that to come."""
    for one in liars(world):
        one.send("set_equity", 10**5 * WAD, sender=world.stranger)


def build_beside_two_faces(*places: str) -> World:
    """Curie and another; before each of these adapters one that passes on to an honest venue, until it is
    told what to answer in its stead."""
    compile_real = deploy.compile_vyper
    liar = harness(LIAR)

    def compile_faced(wanted: str) -> Artifact:
        real = compile_real(wanted)
        if wanted not in places:
            return real
        face = harness(FACES)
        # constructed as the adapter is: what it does not read of that is left
        abi = copy(face.abi)
        abi.functions = liar.abi.functions | face.abi.functions
        abi.constructor = real.abi.constructor
        return Artifact(wanted, abi, face.bytecode)

    engine = open_engine("pyrevm")
    exchange: Any = venues.recipe(PAIR).open(engine, PRICE * WAD, Opening())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deploy, "compile_vyper", compile_faced)
        settings = DeploySettings(terms=ABRUPT | WIDE)
        tandem = deploy.deploy_tandem(engine, exchange, settings)
    world = World(engine, exchange, tandem, 0, 0)
    for one in members(world):
        if "aim" in one.abi.functions:
            nobody = [engine.accounts[0]] * 6
            behind = engine.deploy(liar, *nobody, 0, 0, 0, sender=engine.accounts[0])
            one.send("aim", behind, sender=engine.accounts[0])
    # who tells all its venues what to say needs no margin there
    return furnish(world, smile=FLAT, margin=len(places) == 1, then=lambda: boast(world))


def tell(world: World, face: Contract, lie: Lie) -> None:
    view, kind, place, word = lie
    (method,) = face.abi.functions[view]
    face.send("lie", method.selector, kind, place, word, sender=world.stranger)
