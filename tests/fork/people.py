"""The rest of the world on a fork: whoever moves prices there, and whoever has money.

On a fork of a real chain nobody of ours owns a token or a feed. So what they do is done to the fork
itself, in the same way whatever was forked: balances are dealt, and a feed of ours takes a feed's place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from feeds import OWNER, take_over, take_over_answer, up_for_long
from market_life import World

from tandem.engine import fork
from tandem.engine.artifacts import load_npm
from tandem.engine.base import Contract
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import Deployment
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY
from tandem.units import USD, WAD
from tandem.venues._spot import CORE, PERIPHERY
from tandem.venues.aave.sources import published

SAFE = bytes.fromhex("6760025f5260205ff35f5260086018f3")
"""Sent to create a contract that answers 2, whatever it is asked: as a Safe that two signatures move."""
DEPLOYER = 5
MAX = 2**256 - 1
STEP = 50
"""USD; a life begins at a multiple of it."""
PEOPLE = {"owner": OWNER, "maker": 9, "arbitrageur": 8, "liquidator": 7}


def arrive(engine: RemoteEngine) -> None:
    """The people's addresses are everybody's, so on a real chain somebody has put code there. And a block
    takes a second, whoever sends, so that two runs ask the upstream for the same."""
    for account in engine.accounts:
        engine.request("anvil_setCode", [account, "0x"])
    engine.request("anvil_setBlockTimestampInterval", [1])


def deal(engine: RemoteEngine, token: Contract, who: Any, amount: int) -> None:
    """So much more for somebody, token units."""
    there = token.call("balanceOf", who)
    fork.deal(engine, token.address, str(who), there + amount)


@dataclass
class ForkWorld(World):
    """A life's world on a fork. status: the sequencer's feed; oracle: what the lending market values tokens
    by, where it has one; sources: the feeds that only this reads."""

    status: Contract = field(kw_only=True)
    oracle: Contract | None = field(kw_only=True)
    sources: list[Contract] = field(kw_only=True)

    def give(self, account: Any, usd: int) -> None:
        """Dealt, and the Vault may take it."""
        token, vault = self.tandem.exchange.usdc, self.tandem.vault
        deal(self.engine, token, account.address, usd * USD)
        token.send("approve", vault, MAX, sender=account.address)

    def say_price(self, usd: int) -> None:
        World.say_price(self, usd)
        for source in self.sources:
            answer = self.scaled(usd) * 10 ** source.call("decimals")
            source.send("push", answer, sender=self.owner)

    def lender_agrees(self, usd: int) -> bool:
        """Whether the lender values ether at this price."""
        if self.oracle is None:
            return True
        price: int = self.oracle.call("getAssetPrice", self.tandem.exchange.weth)
        return price == self.scaled(usd) * 10**8

    def say_sequencer(self, *, is_up: bool) -> None:
        self.status.send("push", 0 if is_up else 1, sender=self.owner)

    @property
    def owner(self) -> str:
        return self.engine.accounts[PEOPLE["owner"]]


def world_of(engine: RemoteEngine, deployment: Deployment) -> ForkWorld:
    """Feeds taken over, an arbitrageur with money, and a price that is a round number."""
    venue = deployment.venue
    feed = venue["feed"]
    take_over(engine, feed)
    oracle = _oracle(engine, venue)
    source = oracle.call("getSourceOfAsset", venue["weth"]) if oracle else feed
    sources = [take_over_answer(engine, source)] if source != feed else []
    status = take_over(engine, str(deployment.settings["sequencer_feed"]))
    up_for_long(engine, status)
    people = {role: engine.accounts[n] for role, n in PEOPLE.items()}
    found = replace(deployment, venue=venue | people | _router(engine, venue))
    base = World.of(engine, found)
    own = {k: v for k, v in vars(base).items() if k not in ("price", "rounding")}
    exchange = base.tandem.exchange
    price = round(exchange.pool_price() / WAD / STEP) * STEP
    world = ForkWorld(**own, price=price, rounding=2, status=status, oracle=oracle, sources=sources)
    world.tandem.signer_keys = (LOCAL_SIGNER_KEY, LOCAL_KEEPER_KEY)
    for token, amount in ((exchange.usdc, 10**9 * USD), (exchange.weth, 10**6 * WAD)):
        deal(engine, token, people["arbitrageur"], amount)
        token.send("approve", exchange.spot.router, MAX, sender=people["arbitrageur"])
    world.move_price(2_500)
    engine.advance(600)  # the pool's average arrives
    world.move_price(2_500)
    return world


def _oracle(engine: RemoteEngine, venue: dict[str, str]) -> Contract | None:
    """What the lender values ether by, where that is not the file's own feed by itself."""
    if "provider" not in venue:
        return None
    provider = engine.at(published("PoolAddressesProvider"), venue["provider"])
    return engine.at(published("AaveOracle"), provider.call("getPriceOracle"))


def _router(engine: RemoteEngine, venue: dict[str, str]) -> dict[str, str]:
    """A way in for takers: the publisher's, on the pool's own factory."""
    factory = engine.at(load_npm(CORE, "UniswapV3Pool"), venue["pool"]).call("factory")
    router = engine.deploy(
        load_npm(PERIPHERY, "SwapRouter"), factory, venue["weth"], sender=engine.accounts[0]
    )
    return {"factory": factory, "router": router.address}
