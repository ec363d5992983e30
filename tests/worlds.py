"""A whole market in one process: Tandem on the real venue's bytecode, funded, listed and priced.

A world is built once per process; `world` gives it back to every test as it was. Longer than
a file should be: it is one object with the verbs of everybody in the market, which tests chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import NOBODY, Contract, Receipt
from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol import terms
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import MAX, Tandem
from tandem.units import DAY, HOUR, USD, WAD
from tandem.venues import VenueRecipe
from tandem.venues.curie import Curie, Depth, Opening, recipe

ETH = 10**6  # option units
LOT = 10**15
PRICE = 2_500
LADDER = (1500, 1750, 2000, 2250, 2400, 2500, 2600, 2750, 3000, 3500, 4000, 4500, 5000, 5500, 6000)
SMILE = svi.Slice(a=0.20, b=0.30, rho=-0.20, m=0.02, s=0.35, basis=0.03, stickiness=1.0)
FLAT = svi.Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1, basis=0.0, stickiness=1.0)
CAPITAL = 1_000_000 * USD
WINDOW = 61  # seconds after which a slice alone is quoted
# Rounding between the contract's integers and the reference's doubles, token units.
ROUNDING = 2


@dataclass(slots=True)
class World:
    """One deployment, its people, and what everybody keeps doing with it."""

    engine: BaseEngine
    curie: Curie
    tandem: Tandem
    near: int
    far: int
    slices: dict[int, svi.Slice] = field(default_factory=dict)
    left: dict[int, svi.Slice] = field(
        default_factory=dict
    )  # of expiries that signers follow no more
    second: Contract | None = None  # another operator's price feed
    uptime: Contract | None = None  # the sequencer's: 0 up, 1 down
    fees: Contract | None = None  # what a rollup takes for data
    own: Contract | None = None  # the protocol's own price feed, where it is not the venue's
    ether: Contract | None = None  # the price feed of ether, where the market is on something else

    # ---- series
    def call(self, strike: int = 2_500, cap: int | None = None, far: bool = False) -> Series:
        expiry = self.far if far else self.near
        return Series(expiry, False, strike, 2 * strike if cap is None else cap)

    def put(self, strike: int = 2_500, floor: int = 0, far: bool = False) -> Series:
        return Series(self.far if far else self.near, True, strike, floor)

    # ---- people
    @property
    def trader(self) -> str:
        return self.tandem.trader

    @property
    def stranger(self) -> str:
        return self.engine.accounts[5]

    def usdc(self, account: Any) -> int:
        return int(self.curie.usdc.call("balanceOf", account))

    def donate(self, target: Any, amount: int) -> None:
        """Send quote tokens to an address by hand."""
        self.curie.usdc.send("mint", target, amount, sender=self.curie.owner)

    @property
    def drift(self) -> int:
        """What interest moves the position by between two looks at it, at most; ETH, WAD."""
        return 0

    def tell(self, sender: str) -> None:
        """Somebody tells the venue's averages of the price that there is."""
        self.curie.base.send("cacheTwap", 900, sender=sender)

    def deposit_for_venue(
        self, amount: int, sender: str | None = None, account: str | None = None
    ) -> None:
        """Somebody deposits margin for the protocol's venue account, or for another's."""
        who = sender or self.stranger
        self.curie.usdc.send("mint", who, amount, sender=self.curie.owner)
        self.curie.usdc.send("approve", self.curie.vault, amount, sender=who)
        self.curie.vault.send(
            "depositFor(address,address,uint256)",
            account or self.tandem.venue,
            self.curie.usdc,
            amount,
            sender=who,
        )

    # ---- prices
    @property
    def spot(self) -> int:
        return self.curie.index()

    def push(self, price: int) -> None:
        """A new oracle price in whole USD; nobody trades at the venue."""
        self.push_wad(price * WAD)

    def push_wad(self, price: int) -> None:
        self.curie.set_index(price)
        if self.own is not None:
            self.own.send("push", price // 10**10, sender=self.curie.owner)

    def push_second(self, price: int) -> None:
        """A round of the second feed, in whole USD."""
        assert self.second is not None
        self.second.send("push", price * 10**8, sender=self.curie.owner)

    def second_round(self) -> int:
        assert self.second is not None
        return int(self.second.call("latest_id"))

    def move(self, price: int) -> None:
        """A new oracle price, and the venue's pool follows it."""
        self.push(price)
        self.curie.converge()

    def post(self, slices: Mapping[int, svi.Slice] | None = None) -> None:
        """Fresh surfaces for every expiry that is still ahead."""
        self.slices.update(slices or {})
        ahead = {e: s for e, s in self.slices.items() if e > self.engine.now() + 1}
        self.tandem.post(ahead)

    def shift(self, expiry: int, variance: float, after: int = 240) -> svi.Slice:
        """Post the expiry's slice with this much more variance a year, `after` seconds."""
        self.engine.advance(after)
        moved = replace(self.slices[expiry], a=self.slices[expiry].a + variance)
        self.slices[expiry] = moved
        self.tandem.post({expiry: moved})
        return moved

    def freshen(self) -> None:
        """The same prices and surfaces as before, from now, and the gate marked by them."""
        self.push_wad(self.spot)
        self.post()
        self.engine.advance(WINDOW)
        self.tandem.freshen_gate()

    def rest(self) -> None:
        """Ten minutes at the price there is: the pool's average arrives at it."""
        self.engine.advance(600)
        self.freshen()

    def go_on(self, seconds: int) -> None:
        """So long, and the feed is heard on the way: no silence lies behind who leaves then (SH-8)."""
        early = max(seconds - HOUR - 1, 0)
        self.engine.advance(early)
        self.push_wad(self.spot)
        self.engine.advance(seconds - early)

    def halt(self, seconds: int) -> None:
        """A rollup's sequencer is down for so long, and is back: nobody sends anything meanwhile."""
        assert self.uptime is not None
        self.uptime.send("push", 1, sender=self.curie.owner)
        self.engine.advance(seconds)
        self.uptime.send("push", 0, sender=self.curie.owner)

    def bring_home(self) -> list[Receipt]:
        """Chunk after chunk of the residual, a minute apart, until it is inside the band (HG-9)."""
        sent: list[Receipt] = []
        for _ in range(90):
            stance = self.tandem.snapshot().stance
            if abs(stance.residual) < max(stance.width, stance.trigger, LOT):
                break
            sent.append(self.tandem.rebalance(sender=self.stranger))
            self.engine.advance(60)
            self.push_wad(self.spot)
        return sent

    def lp_exits(self) -> None:
        """The LP asks for all that he has, and gets what may leave a day later."""
        vault, lp = self.tandem.vault, self.tandem.lp
        vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
        self.engine.advance(DAY + 3_600)
        self.freshen()
        vault.send("process", 5, sender=self.stranger)

    # ---- trades
    def mint(self, series: Series, units: int, **more: Any) -> Receipt:
        return self.tandem.mint(series, units, **more)

    def close(self, series: Series, units: int, **more: Any) -> Receipt:
        return self.tandem.close(series, units, **more)

    def top_up(self) -> int:
        return int(self.tandem.desk.send("top_up", sender=self.stranger).returned)

    def overfund(self) -> Receipt:
        """Margin for larger trades than the limit allows afterwards: a sweep is due."""
        usual = self.terms()["max_trade"]
        self.set_terms(max_trade=1_000)
        receipt = self.tandem.desk.send("top_up", sender=self.stranger)
        self.set_terms(max_trade=usual)
        return receipt

    def set_terms(self, **changes: int) -> None:
        """Parameters by the owner, through the delay where they loosen."""
        guardian, owner = self.tandem.guardian, self.tandem.roles.deployer
        for name, amount in changes.items():
            index = terms.FIELDS[name].index
            guardian.send("set_term", index, amount, sender=owner)
            if self.terms()[name] != amount:
                self.engine.advance(2 * DAY)
                guardian.send("apply", index, sender=owner)
                self.freshen()

    def terms(self) -> dict[str, int]:
        return terms.unpack(self.tandem.guardian.call("words"))

    # ---- what is there
    def position(self) -> int:
        """The hedge as the venue itself reports it."""
        return self.curie.position(self.tandem.venue)

    def delta(self) -> int:
        """The liability's delta as the Lens shows it."""
        return int(self.tandem.lens.call("snapshot")[7][0])

    def floor(self) -> int:
        return int(self.tandem.market.call("floor"))

    def settle(self, expiry: int, price: int) -> int:
        """Let an expiry pass with this as the first price after it, and settle it."""
        if self.engine.now() < expiry:
            self.engine.set_time(expiry)
        self.push(price)
        return int(self.tandem.settle(expiry, self.round_id()).returned)

    def round_id(self) -> int:
        return int(self.curie.feed.call("latest_id"))

    def contracts(self) -> list[Contract]:
        t = self.tandem
        return [
            t.market, t.vault, t.router, t.desk, t.venue, t.option, t.lens, t.underwriter, t.risk,
            t.surface, t.spot, t.guardian, t.stress,
        ]  # fmt: skip

    def state(self, *series: Series) -> tuple[Any, ...]:
        """Everything that a refused action must leave alone."""
        t, c = self.tandem, self.curie
        people = [*self.engine.accounts[:8], *self.contracts(), c.vault, c.insurance_fund]
        return (
            [self.usdc(p) for p in people],
            t.market.call("snapshot"),
            t.market.call("liabilities"),
            t.vault.call("funds"),
            t.vault.call("totalSupply"),
            self.position(),
            c.account_balance.call("getTakerOpenNotional", t.venue, c.base),
            c.vault.call("getBalance(address)", t.venue),
            c.pool.call("slot0")[:2],
            [(t.option.call("totalSupply", s.id), t.balance_of(s)) for s in series],
        )

    @contextmanager
    def refuses(self, reason: str, *series: Series) -> Iterator[None]:
        """The block reverts for exactly this reason, and leaves everything as it was."""
        before = self.state(*series)
        with pytest.raises(Reverted) as caught:
            yield
        assert caught.value.reason == reason
        assert self.state(*series) == before

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is taken back."""
        mark = self.engine.snapshot()
        kept = dict(self.slices)
        try:
            yield
        finally:
            self.engine.revert(mark)
            self.slices = kept


WIDE = {"max_trade": 1_000, "vega_cap": 1_000, "gamma_cap": 2_000}
"""Terms under which a book of hundreds of options is sold."""
ABRUPT = {
    "hour": 60_000,
    "jump": 20_000,
    "venue_loss": 1_000,
    "share_fall": 10_000,
    "drain": 5_000,
    "unwind": 48,
}


def build(
    *,
    depth: Depth = Depth(),
    capital: int = CAPITAL,
    smile: svi.Slice = SMILE,
    settings: DeploySettings | None = None,
    margin: bool = True,
    second: bool = False,
    uptime: bool = False,
    apart: bool = False,
    fees: bool = False,
    ether: int = 0,
    venue: VenueRecipe | None = None,
    decimals: int = 18,
    kind: type[World] = World,
) -> World:
    """Two expiries about three and five weeks ahead; an LP, a trader, surfaces and margin. Longer than a
    function should be: each part that a world may have is a line or two.

    second: with another price feed behind the first. uptime: on a chain with a sequencer, up since
    longer than the grace period. apart: the venue has its index from another feed than ours.
    fees: on a rollup whose oracle says what data costs: in this engine the base fee is nothing.
    ether: what it costs, whole USD, where the market is on something else of the same price as ours.
    venue: another one than the perpetual exchange; of the verbs those work that name none of its parts, or
    that `kind` has for it. decimals: of a lender's base token.
    Books are filled in an instant here, and prices jump: an hour's opens are as many, and what trips the
    breaker is as much, as the terms' bounds allow, unless settings say otherwise."""
    engine = open_engine("pyrevm")
    opening = Opening(depth=depth, decimals=decimals)
    curie: Any = (venue or recipe).open(engine, PRICE * WAD, opening)
    settings = settings or DeploySettings()
    settings = replace(settings, terms=ABRUPT | settings.terms)
    other = up = gas = None
    if second:
        other = feed_of(engine, curie, "second", PRICE)
        settings = replace(settings, second_feed=other.address)
    if uptime:
        up = feed_of(engine, curie, "uptime", 0, decimals=0)
        engine.advance(3_601)
        settings = replace(settings, sequencer_feed=up.address)
    data = engine.deploy(compile_vyper("DataFees"), sender=curie.owner) if fees else None
    if data is not None:
        settings = replace(settings, data_fees=data.address)
    if ether:
        gas = feed_of(engine, curie, "ETH / USD", ether)
        settings = replace(settings, asset="BTC")
    own = engine.deploy(compile_vyper("PriceFeed"), 8, "own", sender=curie.owner) if apart else None
    there = replace(curie, feed=own) if own else curie
    tandem = deploy_tandem(engine, there, settings, ether_feed=gas.address if gas else NOBODY)
    world = kind(
        engine, curie, tandem, 0, 0, second=other, uptime=up, own=own, fees=data, ether=gas
    )
    return furnish(world, capital, smile, margin=margin)


def feed_of(engine: BaseEngine, of: Curie, name: str, answer: int, decimals: int = 8) -> Contract:
    """A price feed of the venue's owner, in whole units."""
    feed = engine.deploy(compile_vyper("PriceFeed"), decimals, name, sender=of.owner)
    feed.send("push", answer * 10**decimals, sender=of.owner)
    return feed


def furnish(
    world: World,
    capital: int = CAPITAL,
    smile: svi.Slice = SMILE,
    *,
    margin: bool = True,
    then: Callable[[], None] = lambda: None,
) -> World:
    """People, money, listings and surfaces for a deployment that has none. then: done once LPs are there."""
    engine, tandem = world.engine, world.tandem
    near, far = next_expiry(engine.now(), 20), next_expiry(engine.now(), 34)
    world.near, world.far = near, far
    world.push(PRICE)
    tandem.deposit(capital)
    then()
    for expiry in (near, far):
        tandem.list_expiry(expiry, LADDER)
    world.post({near: smile, far: smile})
    engine.advance(WINDOW)
    if margin:
        world.top_up()
    for person in (tandem.trader, world.stranger):
        tandem.give(person, 10**12)
    tandem.freshen_gate()
    return world


@pytest.fixture(scope="session")
def world_once() -> World:
    """The market, set up once."""
    return build()


@pytest.fixture
def world(world_once: World) -> Iterator[World]:
    """The same market for every test, as it was."""
    with world_once.undone():
        yield world_once


__all__ = ["MAX", "World", "build", "furnish", "world", "world_once"]
