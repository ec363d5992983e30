"""What a deployment rests on and does not deploy: feeds, the sequencer's status, a venue that remembers.

`deploy plan` refuses what would not stand, `deploy verify` and the doctor look again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tandem.engine.backend import BaseEngine
from tandem.errors import ConfigError, EngineError, Reverted
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.data_fees import DataFees
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deployment import Deployment
from tandem.protocol.recipe import Recipe

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
"""Chains with a sequencer, and a feed that tells whether it is up."""
HISTORY = "venue history"
DATA_BYTES = 200
"""Of a rebalance's transaction."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, checked. fault: "" where it is as it must be."""

    name: str
    address: str
    fault: str


def check_outside(engine: BaseEngine, recipe: Recipe) -> None:
    """Raises ConfigError where a deployment would rest on what is not there. A venue's own demands
    are its adapter's, whose constructor is rehearsed."""
    feed = recipe.addresses.get("feed", "")
    s = recipe.settings
    found = [*_feeds(engine, recipe.chain_id, feed, s.second_feed, s.sequencer_feed)]
    for finding in [*found, *_data_fees(engine, s.data_fees)]:
        if finding.fault:
            raise ConfigError(
                f"{recipe.name}: {finding.name} {finding.address}: {finding.fault}",
                "name another in the deployment file",
            )


def look_outside(engine: BaseEngine, deployment: Deployment) -> list[Finding]:
    """The same of what stands, and whether the venue still remembers as far as it must."""
    spot = ChainlinkSpot(engine, deployment.address("ChainlinkSpot"))
    found = list(_feeds(engine, deployment.chain_id, spot.FEED(), spot.SECOND(), spot.UPTIME()))
    venue = HedgeVenue(engine, deployment.address(deployment.recipe.adapter))
    bounty = Bounty(engine, deployment.address("Bounty"))
    return [*found, *_data_fees(engine, bounty.DATA_FEES()), _history(venue)]


def _feeds(
    engine: BaseEngine, chain: int, feed: str, second: str, uptime: str
) -> Iterator[Finding]:
    """feed: "" where the venue brings its own."""
    if feed:
        yield Finding("price feed", feed, _price_fault(engine, feed))
    if int(second, 16):
        yield Finding("second feed", second, _price_fault(engine, second))
    if int(uptime, 16):
        yield Finding("sequencer feed", uptime, _uptime_fault(engine, uptime))
    elif chain in ROLLUPS:
        fault = f"{ROLLUPS[chain]} has a sequencer, and settings.sequencer_feed names no feed"
        yield Finding("sequencer feed", uptime, fault)


def _data_fees(engine: BaseEngine, address: str) -> Iterator[Finding]:
    """What a bounty asks of a rollup: who does not answer adds nothing to it, and nobody would know."""
    if not int(address, 16):
        return
    fault = "no code at this address"
    if engine.code(address):
        try:
            DataFees(engine, address).getL1FeeUpperBound(DATA_BYTES)
            fault = ""
        except (Reverted, EngineError) as error:
            fault = f"says no fee: {error}"
    yield Finding("data fees", address, fault)


def _price_fault(engine: BaseEngine, address: str) -> str:
    if not engine.code(address):
        return "no code at this address"
    try:
        answer = PriceFeed(engine, address).latestRoundData().answer
    except (Reverted, EngineError) as error:
        return f"shows no round: {error}"
    return "" if answer > 0 else f"answers {answer}, which is no price"


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
