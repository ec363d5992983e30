"""What a deployment rests on and does not deploy: feeds, the sequencer's status, a venue that remembers.

`deploy plan` refuses what would not stand, `deploy verify` and the doctor look again.
"""

from __future__ import annotations

from collections.abc import Iterator

from tandem.engine.backend import BaseEngine
from tandem.engine.base import LOCAL_CHAINS
from tandem.engine.data_fees import OP_ORACLE, Kind, kind_of
from tandem.errors import ConfigError, EngineError, Reverted
from tandem.foreign import plain
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.data_fees import DataFees
from tandem.protocol.bindings.ether_spot import EtherSpot
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Round
from tandem.protocol.deploy import ETHER_FEED, DeploySettings
from tandem.protocol.deployment import Deployment
from tandem.protocol.finding import Finding
from tandem.protocol.holders import holders
from tandem.protocol.recipe import Recipe
from tandem.units import ETHER, WAD

ROLLUPS = {
    10: "OP Mainnet",
    324: "ZKsync Era",
    1_088: "Metis",
    5_000: "Mantle",
    8_453: "Base",
    42_161: "Arbitrum One",
    59_144: "Linea",
    534_352: "Scroll",
}
"""Chains with a sequencer, and a feed that tells whether it is up; others are known by what answers for their
data fee."""
KINDS = {Kind.BESIDE: "a chain of the OP stack", Kind.IN_GAS: "a chain of Arbitrum's"}
HISTORY = "venue history"
SEQUENCER, DATA_FEES = "sequencer feed", "data fees"
SETTINGS = {SEQUENCER: "sequencer_feed", DATA_FEES: "data_fees"}
"""What a file calls them."""
MONEY = "USD"
"""What a price feed says that it prices in, besides the asset and among other words."""
DECIMALS, MOST_DECIMALS = 8, 18
"""Of a feed in USD, as its operator has them all; of another operator's at the most. Contracts scale any."""
ROOM = 3
"""Times that a price may rise or fall by before no feed is believed any more."""
ROUNDS = 8
"""Of a feed, that are looked back on."""
DATA_BYTES = 200
"""Of a rebalance's transaction."""


class Unnamed(Finding):
    """A setting that a file leaves out where the chain needs it."""

    @property
    def todo(self) -> str:
        """What to write."""
        there = self.address if int(self.address, 16) else "0x…"
        return f'add {SETTINGS[self.name]} = "{there}" under [settings]'


def check_chain(engine: BaseEngine, recipe: Recipe) -> None:
    """Raises ConfigError unless the node is of the chain that the file is for."""
    if engine.chain_id != recipe.chain_id:
        raise ConfigError(
            f"the node is of chain {engine.chain_id}, {recipe.name} is {recipe.chain_id}",
            "pass the right --rpc, or the right file",
        )


def check_outside(engine: BaseEngine, recipe: Recipe, deployer: str = "") -> None:
    """Raises ConfigError where a deployment would rest on what is not there, or leave a role to who deploys,
    "" where nobody does. A venue's own demands are its adapter's, whose constructor is rehearsed."""
    for finding in _found(engine, recipe, deployer):
        if isinstance(finding, Unnamed):
            raise ConfigError(f"{recipe.name}: {finding.name}: {finding.fault}", finding.todo)
        if finding.fault:
            raise ConfigError(
                f"{recipe.name}: {finding.name} {finding.address}: {finding.fault}",
                "correct it in the deployment file",
            )


def _found(engine: BaseEngine, recipe: Recipe, deployer: str) -> Iterator[Finding]:
    """One after the other: what comes later rests on what came before."""
    feed = recipe.addresses.get("feed", "")
    s = recipe.settings
    feeds = (feed, s.second_feed, s.sequencer_feed)
    yield from _feeds(engine, recipe.chain_id, recipe.asset, feeds, s.max_age)
    yield from _bounds(engine, feed, s)
    age = s.max_age if s.ether_max_age is None else s.ether_max_age
    yield from _ether(engine, recipe.addresses.get(ETHER_FEED, ""), age)
    yield from _data_fees(engine, s.data_fees)
    yield from holders(engine, recipe, deployer)
    if recipe.price is None:
        for f in recipe.venue.faults(engine, recipe.addresses, recipe.asset):
            yield Finding(f"venue.{f.name}", f.address, f.what)


def look_outside(engine: BaseEngine, deployment: Deployment) -> list[Finding]:
    """The same of what stands, and whether the venue still remembers as far as it must. That a feed was
    silent for a while is then a matter of the day, which the doctor tells by its age."""
    spot = ChainlinkSpot(engine, deployment.address("ChainlinkSpot"))
    feeds = (spot.FEED(), spot.SECOND(), spot.UPTIME())
    found = list(_feeds(engine, deployment.chain_id, deployment.asset, feeds, None))
    if deployment.asset != ETHER:
        ether = EtherSpot(engine, deployment.address("EtherSpot"))
        found += _ether(engine, ether.FEED(), None)
    venue = HedgeVenue(engine, deployment.address(deployment.recipe.adapter))
    bounty = Bounty(engine, deployment.address("Bounty"))
    return [*found, *_data_fees(engine, bounty.DATA_FEES()), _history(venue)]


def _feeds(
    engine: BaseEngine, chain: int, asset: str, feeds: tuple[str, str, str], age: int | None
) -> Iterator[Finding]:
    """asset: what they price. feeds: the first, "" where the venue brings its own; the second and the
    sequencer's, of nobody where there is none. age: seconds after which an answer is stale, None where nobody
    asks how long a feed was silent."""
    feed, second, uptime = feeds
    if feed:
        yield Finding("price feed", feed, _price_fault(engine, feed, asset, age))
    if int(second, 16):
        fault = _price_fault(engine, second, asset, age, is_others=True)
        yield Finding("second feed", second, fault)
    if int(uptime, 16):
        yield Finding(SEQUENCER, uptime, _uptime_fault(engine, uptime))
    elif rollup := _rollup(engine, chain):
        fault = f"{rollup} has a sequencer, and settings.sequencer_feed names no feed"
        yield Unnamed(SEQUENCER, uptime, fault)


def _rollup(engine: BaseEngine, chain: int) -> str:
    """What a chain with a sequencer is called; "" for one without, and for one of one's own."""
    if chain in ROLLUPS or chain in LOCAL_CHAINS:
        return ROLLUPS.get(chain, "")
    return KINDS.get(kind_of(engine), "")


def _bounds(engine: BaseEngine, feed: str, s: DeploySettings) -> Iterator[Finding]:
    """Whether today's price has room to both bounds of what is believed, which stand for good. feed: one that
    was asked before, "" where the venue brings its own."""
    if not feed:
        return
    there = PriceFeed(engine, feed)
    price = there.latestRoundData().answer * 10 ** (MOST_DECIMALS - there.decimals())
    if not ROOM * s.min_price <= price <= s.max_price // ROOM:
        low, high = s.min_price / WAD, s.max_price / WAD
        fault = (
            f"prices at {price / WAD:,.2f} USD now, and is believed from {low:,.2f} to {high:,.2f} for good: "
            f"set settings.min_price and max_price {ROOM} times away or more"
        )
        yield Finding("price feed", feed, fault)


def _ether(engine: BaseEngine, feed: str, age: int | None) -> Iterator[Finding]:
    """By which gas counts in a market on something else; feed: "" where nobody asks one. age: as `_feeds`."""
    if feed:
        yield Finding(
            "feed of ether", feed, _price_fault(engine, feed, ETHER, age, "ether_max_age")
        )


def _data_fees(engine: BaseEngine, address: str) -> Iterator[Finding]:
    """What a bounty asks of a rollup: who does not answer adds nothing to it, and nobody would know."""
    if not int(address, 16):
        if engine.chain_id not in LOCAL_CHAINS and kind_of(engine) is Kind.BESIDE:
            fault = "says what data costs here, and settings.data_fees names nobody: bounties leave it out"
            yield Unnamed(DATA_FEES, OP_ORACLE, fault)
        return
    fault = "no code at this address"
    if engine.code(address):
        try:
            DataFees(engine, address).getL1FeeUpperBound(DATA_BYTES)
            fault = ""
        except (Reverted, EngineError) as error:
            fault = f"says no fee: {error}"
    yield Finding(DATA_FEES, address, fault)


def _price_fault(
    engine: BaseEngine,
    address: str,
    asset: str,
    age: int | None,
    setting: str = "max_age",
    *,
    is_others: bool = False,
) -> str:
    """setting: which of the file's is its age. is_others: of another operator."""
    if not engine.code(address):
        return "no code at this address"
    feed = PriceFeed(engine, address)
    try:
        last = feed.latestRoundData()
    except (Reverted, EngineError) as error:
        return f"shows no round: {error}"
    if last.answer <= 0:
        return f"answers {last.answer}, which is no price"
    try:
        what = (feed.description(), feed.decimals())
    except (Reverted, EngineError) as error:
        return f"does not say what it prices: {error}"
    fits = what[1] <= MOST_DECIMALS if is_others else what[1] == DECIMALS
    if not ({asset, MONEY} <= {*what[0].upper().split()} and fits):
        to = "" if fits else f" to {MOST_DECIMALS if is_others else DECIMALS}"
        return f"prices {plain(what[0])!r} to {what[1]} decimals, not {asset} in {MONEY}{to}"
    if age is None:
        return ""
    return _silence_fault(feed, last, age, setting)


def _silence_fault(feed: PriceFeed, last: Round, age: int, setting: str) -> str:
    """Whether the feed spoke, and its last rounds came, within what counts as fresh: a heartbeat is written
    nowhere on chain, and differs by chain."""
    todo = f"set settings.{setting} to its heartbeat and a tenth"
    later = last.updated_at
    if (gone := feed.engine.now() - later) > age:
        stale = f"spoke last {gone:,} s ago, and after {age:,} s counts as stale"
        return f"{stale}: name another if it has ended, else {todo}"
    for back in range(1, ROUNDS):
        try:
            before = feed.getRoundData(last.id - back).updated_at
        except (Reverted, EngineError):
            break
        if before == 0:
            break
        if later - before > age:
            gap = (
                f"was silent for {later - before:,} s of late, and after {age:,} s counts as stale"
            )
            return f"{gap}: {todo}"
        later = before
    return ""


def _uptime_fault(engine: BaseEngine, address: str) -> str:
    if not engine.code(address):
        return "no code at this address"
    try:
        status = PriceFeed(engine, address).latestRoundData()
    except (Reverted, EngineError) as error:
        return f"shows no status: {error}"
    good = status.answer in (0, 1) and status.started_at
    return "" if good else f"answers {status.answer}, which is no sequencer's status"


def _history(venue: HedgeVenue) -> Finding:
    try:
        history = venue.history()
    except Reverted as error:
        return Finding(HISTORY, venue.address, f"cannot be read: {error}")
    short = f"looks back {history.covered} s and must look back {history.needed}: nothing trades"
    return Finding(HISTORY, venue.address, short if history.covered < history.needed else "")
