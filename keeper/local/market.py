"""Opening a local market, and everybody in it but traders and the keeper."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from keeper.local.prices import Prices
from keeper.replay.stage import Calendar, to_wad
from tandem import venues
from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.protocol import deal
from tandem.protocol.applying import apply
from tandem.protocol.bindings.usdc import USDC
from tandem.protocol.deployment import FOLDER, Deployment, handles, tandem_of
from tandem.protocol.recipe import load_recipe
from tandem.protocol.series import Series
from tandem.protocol.tandem import Tandem
from tandem.units import UNIT, USD, WAD, bare, decimal
from tandem.venues import Depth

SETUP_SECONDS = 3 * 3_600
"""Chain time before now in which everything is deployed."""
DEPLOYER = 5
"""Deploys, lists, guards: not the keeper's account, so that two processes never share a nonce."""
KEEPER, SIGNER = 3, 4
PURSES = (1, 2, 6)
"""Accounts that are given money to trade and to lend with."""
PURSE = 1_000_000 * USD
EXPIRIES = 4
SELDOM = 15
"""Ticks between two looks of the liquidator and of the lister."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """What a local market opens with. Money in USD."""

    port: int
    file: Path
    """Where to write what stands where."""
    speed: float = 10.0
    """Seconds of the market's time in one second."""
    nav: float = 1_000_000.0
    depth: float = 2_000_000.0
    """USD that move the venue's pool by 2 %."""
    venue: str = venues.DEFAULT
    """What the hedge stands on (`tandem.venues`)."""


@dataclass(slots=True)
class LocalMarket:
    """A market that stands. The feed moves at each tick; the pool follows one tick later."""

    node: AnvilEngine
    engine: RemoteEngine
    deployment: Deployment
    tandem: Tandem
    calendar: Calendar
    prices: Prices
    speed: float
    seconds: float = 0.0
    """Of the market's own time since it opened."""
    ticks: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    _lagging: int | None = None

    @property
    def spot(self) -> float:
        return self.tandem.exchange.index() / WAD

    def tick(self, wall_seconds: float) -> None:
        """Let `wall_seconds` pass: more of the chain's time by `speed`, and what strangers do in it."""
        passed = wall_seconds * self.speed
        self.seconds += passed
        self.ticks += 1
        if passed > wall_seconds:  # the node's clock runs by itself, at one second a second
            self.engine.request("evm_increaseTime", [round(passed - wall_seconds)])
        exchange = self.tandem.exchange
        if self._lagging is not None:
            self._stranger("arbitrage", lambda: exchange.arbitrage(self._lagging))
        index = to_wad(self.prices.at(self.seconds))
        exchange.publish_index(index)
        self._lagging = index
        if self.ticks % SELDOM == 0:
            self._stranger("liquidator", self._liquidate)
            self._stranger("lister", lambda: self._list(index / WAD))

    def _liquidate(self) -> None:
        venue = self.tandem.venue.address
        if self.tandem.exchange.liquidatable(venue):
            self.tandem.exchange.liquidate(venue)

    def _list(self, spot: float) -> None:
        now = self.engine.now()
        for expiry in [e for e in self.calendar.ladders if e <= now]:
            self.calendar.forget(expiry)
        self.calendar.keep(now, spot)

    def is_ready(self) -> bool:
        """Whether a trade would go through: margin is there, and a surface."""
        wanted = deal.Wanted(self.series(), UNIT)
        answers = deal.quotes(self.engine, handles(self.engine, self.deployment), [wanted])
        return not isinstance(answers[0], Reverted)

    def _stranger(self, who: str, act: Callable[[], object]) -> None:
        """What others try and the chain refuses is theirs to try again."""
        try:
            act()
        except Reverted as error:
            name = f"{who}: {error.reason}"
            self.refused[name] = self.refused.get(name, 0) + 1

    def refusals(self) -> list[str]:
        """What strangers tried in vain since this was asked last, a line each."""
        found = [
            name if count == 1 else f"{name} ({count} times)"
            for name, count in self.refused.items()
        ]
        self.refused.clear()
        return found

    def status(self) -> str:
        """One line: time, price, pool, hedge, floor."""
        s = self.tandem.lens.snapshot()
        when = datetime.fromtimestamp(s.timestamp, UTC)
        return (
            f"{when:%Y-%m-%d %H:%M:%S}  ETH {s.spot / WAD:,.2f}  "
            f"sold {bare(decimal(s.gross))} ETH  hedge {s.position / WAD:+.4f}  "
            f"residual {s.stance.residual / WAD:+.4f}  floor {s.floor / USD:,.0f} USD"
        )

    def series(self) -> Series:
        """A call near the money that can be opened now: something to show in a first command."""
        now, spot = self.engine.now(), self.spot
        found = self.calendar.choose(now, 21.0, False, spot, spot)
        assert found is not None, "a market that has just opened lists something"
        return found


@contextmanager
def open_market(settings: LocalSettings, prices: Prices) -> Generator[LocalMarket]:
    """Start a chain, deploy, fund, list, and write the deployment's file; all of it ends with the
    block, the file included, for it names a chain that is gone: unless another one's is there by then."""
    now = int(time.time())
    with AnvilEngine(now - SETUP_SECONDS, port=settings.port, prune_history=False) as node:
        market = _furnish(node, settings, prices, now)
        market.deployment.save(settings.file)
        written = settings.file.stat()
        try:
            yield market
        finally:
            with suppress(FileNotFoundError):
                if os.path.samestat(written, settings.file.stat()):
                    settings.file.unlink()


def _furnish(node: AnvilEngine, settings: LocalSettings, prices: Prices, now: int) -> LocalMarket:
    engine = RemoteEngine(Node(node.url).request)
    engine.request("evm_setAutomine", [True])
    who, spot = engine.accounts, prices.at(0.0)
    recipe = replace(
        load_recipe(FOLDER / "local.toml"),
        roles={"guardian": who[DEPLOYER], "lister": who[DEPLOYER], "signers": [who[SIGNER]]},
        price=Decimal(to_wad(spot)) / WAD,
        venue=venues.recipe(settings.venue),
        depth=Depth(usd=settings.depth, within=0.02, tail=1.0),
    )
    deployment = apply(engine, recipe, who[DEPLOYER])
    tandem = tandem_of(engine, deployment)
    token = USDC(engine, tandem.exchange.usdc.address)
    for place in PURSES:
        token.mint(who[place], PURSE).send(tandem.exchange.owner)
    tandem.deposit(round(settings.nav * USD))
    engine.set_time(now)
    tandem.exchange.set_index(to_wad(spot))
    calendar = Calendar(tandem, EXPIRIES)
    calendar.keep(engine.now(), spot)
    engine.shared = True
    return LocalMarket(node, engine, deployment, tandem, calendar, prices, settings.speed)
