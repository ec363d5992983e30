"""The rest of the world on a fork: whoever moves prices there, and whoever has money.

On a fork of a real chain nobody of ours owns a token or a feed. So what they do is done to the fork
itself, in the same way whatever was forked: balances are dealt, and a feed of ours takes a feed's place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from feeds import OWNER, take_over, take_over_answer, up_for_long
from market_life import World

from tandem.engine import fork
from tandem.engine.artifacts import load_npm
from tandem.engine.base import Contract
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import Deployment
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY, Tandem
from tandem.units import USD, WAD
from tandem.venues._pair import SpotPair
from tandem.venues._several import Several
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


def supply(engine: RemoteEngine, token: Contract, who: Any, amount: int, spender: Any) -> None:
    """The same, and `spender` may ask for anything."""
    deal(engine, token, who, amount)
    token.send("approve", spender, MAX, sender=who)


@dataclass
class ForkWorld(World):
    """A life's world on a fork. status: the sequencer's feed; oracle: what a lending market values tokens
    by, where one has its own; sources: the feeds that only this reads."""

    status: Contract = field(kw_only=True)
    oracle: Contract | None = field(kw_only=True)
    sources: list[Contract] = field(kw_only=True)

    def give(self, account: Any, usd: int) -> None:
        """Dealt, and the Vault may take it."""
        token, vault = self.tandem.exchange.usdc, self.tandem.vault
        supply(self.engine, token, account.address, usd * USD, vault)

    def say_price(self, usd: int) -> None:
        World.say_price(self, usd)
        for source in self.sources:
            answer = self.scaled(usd) * 10 ** source.call("decimals")
            source.send("push", answer, sender=self.owner)

    def lender_agrees(self, usd: int) -> bool:
        """Whether the lender values ether at this price."""
        if self.oracle is None:
            return True
        price: int = self.oracle.call("getAssetPrice", pairs(self.tandem)[0].weth)
        return price == self.scaled(usd) * 10**8

    def say_sequencer(self, *, is_up: bool) -> None:
        self.status.send("push", 0 if is_up else 1, sender=self.owner)

    @property
    def owner(self) -> str:
        return self.engine.accounts[PEOPLE["owner"]]


def pairs(tandem: Tandem) -> list[SpotPair]:
    """The lenders that a market is hedged on, each beside its pool: several where that is a set."""
    exchange = tandem.exchange
    members = exchange.members if isinstance(exchange, Several) else (exchange,)
    return [member for member in members if isinstance(member, SpotPair)]


def world_of(engine: RemoteEngine, deployment: Deployment) -> ForkWorld:
    """Feeds taken over, an arbitrageur with money, and a price that is a round number."""
    venue = deployment.venue
    feed = venue["feed"]
    take_over(engine, feed)
    oracle, sources = None, list[Contract]()
    for prefix in prefixes(venue):
        if (found := _oracle(engine, venue, prefix)) is not None:
            oracle = found
            source = oracle.call("getSourceOfAsset", venue[f"{prefix}weth"])
            sources += [take_over_answer(engine, source)] if source != feed else []
    status = take_over(engine, str(deployment.settings["sequencer_feed"]))
    up_for_long(engine, status)
    tandem_venue = venue | ways_in(engine, venue)
    base = World.of(engine, replace(deployment, venue=tandem_venue))
    own = {k: v for k, v in vars(base).items() if k not in ("price", "rounding", "asset")}
    exchange = base.tandem.exchange
    price = round(exchange.pool_price() / WAD / STEP) * STEP
    grain = base.tandem.venue.call("grain")
    own |= {"price": price, "rounding": 2 * grain, "asset": deployment.asset}
    world = ForkWorld(**own, status=status, oracle=oracle, sources=sources)
    world.tandem.signer_keys = (LOCAL_SIGNER_KEY, LOCAL_KEEPER_KEY)
    for pair in pairs(base.tandem):
        arbitrageur = pair.spot.arbitrageur
        for token, amount in ((pair.usdc, 10**9 * USD), (pair.weth, 10**6 * WAD)):
            supply(engine, token, arbitrageur, amount, pair.spot.router)
    world.move_price(2_500)
    engine.advance(600)  # the pool's average arrives
    world.move_price(2_500)
    return world


def prefixes(venue: Mapping[str, str]) -> list[str]:
    """Before the names of each lender's parts: nothing where there is one."""
    return [key.removesuffix("pool") for key in venue if key.split(".")[-1] == "pool"]


def ways_in(engine: RemoteEngine, venue: Mapping[str, str]) -> dict[str, str]:
    """The rest of the world at each lender, and its way in for takers."""
    people = {role: engine.accounts[n] for role, n in PEOPLE.items()}
    found = {"owner": people.pop("owner")}
    for prefix in prefixes(venue):
        there = people | _router(engine, venue, prefix)
        found |= {f"{prefix}{key}": value for key, value in there.items()}
    return found


def _oracle(engine: RemoteEngine, venue: Mapping[str, str], prefix: str) -> Contract | None:
    """What a lender values ether by, where that is not the file's own feed by itself."""
    if f"{prefix}provider" not in venue:
        return None
    provider = engine.at(published("PoolAddressesProvider"), venue[f"{prefix}provider"])
    return engine.at(published("AaveOracle"), provider.call("getPriceOracle"))


def _router(engine: RemoteEngine, venue: Mapping[str, str], prefix: str) -> dict[str, str]:
    """A way in for takers: the publisher's, on the own factory of the pool of v3."""
    named = venue.get(f"{prefix}reference", venue[f"{prefix}pool"])
    pool = engine.at(load_npm(CORE, "UniswapV3Pool"), named)
    factory = pool.call("factory")
    router = engine.deploy(
        load_npm(PERIPHERY, "SwapRouter"),
        factory,
        venue[f"{prefix}weth"],
        sender=engine.accounts[0],
    )
    return {"factory": factory, "router": router.address}
