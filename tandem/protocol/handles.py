"""The contracts of one system that people and keepers talk to, each with its binding."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from tandem.engine.base import Engine
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.breaker import Breaker
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.ether_spot import EtherSpot
from tandem.protocol.bindings.guardian import Guardian
from tandem.protocol.bindings.hedge_router import HedgeRouter
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.margin_desk import MarginDesk
from tandem.protocol.bindings.market import Market
from tandem.protocol.bindings.option_token import OptionToken
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.stress_test import StressTest
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.bindings.venue_lens import VenueLens
from tandem.protocol.bindings.vol_surface import VolSurface
from tandem.protocol.tandem import Tandem
from tandem.units import ETHER


@dataclass(frozen=True, slots=True)
class Handles:
    """The contracts that traders, LPs and keepers talk to, each with its binding."""

    market: Market
    lens: Lens
    router: HedgeRouter
    desk: MarginDesk
    vault: Vault
    surface: VolSurface
    spot: ChainlinkSpot
    guardian: Guardian
    venue: HedgeVenue
    option: OptionToken
    feed: PriceFeed
    breaker: Breaker
    stress: StressTest
    bounty: Bounty
    venue_lens: VenueLens
    ether: ChainlinkSpot | EtherSpot
    """What ether costs: in a market on ether its own spot, which answers the same question."""
    asset: str = ETHER
    """What the options are on, in whose name sizes are told."""

    def ether_price(self, spot: int) -> int:
        """WAD USD, by which gas counts; 0 where it is not known. spot: the asset's."""
        if self.asset == ETHER:
            return spot
        said = self.ether.peek()
        return said.price if said.fresh else 0


def handles_of(t: Tandem, asset: str = ETHER) -> Handles:
    """Those of a system that was just deployed. asset: what its options are on."""
    return Handles(
        market=t.market,
        lens=t.lens,
        router=t.router,
        desk=t.desk,
        vault=t.vault,
        surface=t.surface,
        spot=t.spot,
        guardian=t.guardian,
        venue=HedgeVenue.of(t.venue),
        option=t.option,
        feed=PriceFeed.of(t.exchange.feed),
        breaker=t.breaker,
        stress=t.stress,
        bounty=t.bounty,
        venue_lens=t.venue_lens,
        ether=t.ether,
        asset=asset,
    )


def through(engine: Engine, h: Handles) -> Handles:
    """The same contracts, asked through another engine."""
    bound = {f.name: getattr(h, f.name) for f in fields(h) if f.name != "asset"}
    return replace(h, **{name: type(each)(engine, each.address) for name, each in bound.items()})
