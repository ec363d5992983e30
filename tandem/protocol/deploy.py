"""Deploying Tandem over an engine, in one order, with addresses predicted instead of set later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field

from tandem.engine.artifacts import compile_all, compile_vyper
from tandem.engine.base import NOBODY, Contract, Engine
from tandem.errors import EngineError
from tandem.protocol import terms
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.breaker import Breaker
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.ether_spot import EtherSpot
from tandem.protocol.bindings.guardian import Guardian
from tandem.protocol.bindings.hedge_router import HedgeRouter
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.margin_desk import MarginDesk
from tandem.protocol.bindings.market import Market
from tandem.protocol.bindings.option_token import OptionToken
from tandem.protocol.bindings.risk import Risk
from tandem.protocol.bindings.stress_test import StressTest
from tandem.protocol.bindings.underwriter import Underwriter
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.bindings.venue_lens import VenueLens
from tandem.protocol.bindings.vol_surface import VolSurface
from tandem.protocol.roles import Roles
from tandem.protocol.tandem import Tandem
from tandem.units import BPS, DAY, ETHER, HOUR, WAD
from tandem.venues import SEPARATOR, Exchange, Margins, VenueRecipe
from tandem.venues._several import SET

TALKATIVE = 2 * HOUR
"""A feed that speaks at least so often is told from a dead one by its age."""
QUIET_DEVIATION = 100
"""1e-4: what such a feed lets the price move by before it speaks, and half again."""


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """Everything a deployment fixes for good. Fractions are WAD, times seconds."""

    terms: dict[str, int] = field(default_factory=dict)  # changes to the default terms
    asset: str = ETHER  # what the feed prices in USD, and options are on
    second_feed: str = NOBODY  # another operator's price feed, for the day on which the first ends
    data_fees: str = NOBODY  # the rollup's oracle of data fees; nobody where there is none
    sequencer_feed: str = NOBODY  # the rollup's uptime feed; nobody where there is no sequencer
    max_age: int = 4_000  # of the spot feed: heartbeat and a tenth
    ether_max_age: int | None = None  # of ether's feed in a market on another asset; None: the same
    min_price: int = 100 * WAD
    max_price: int = 100_000 * WAD
    grace: int = HOUR
    deviation: int | None = None  # of an open's spot from the pool's average, 1e-4; 0 for any
    timelock: int = 2 * DAY  # that what loosens waits; the exit delay and a day more at least
    signatures: int = 1  # of how many signers a surface needs
    imputed_cost: int = 60 * WAD // BPS  # oracle deviation 0.5 % and venue fee 0.1 %
    margin_least: int | None = None  # in the venue's own measure (its recipe's `margins`)
    margin_target: int | None = None
    margin_most: int | None = None
    exit_delay: int = DAY
    loss_cap: int = 3 * WAD // 100  # of NAV, lost at venues, past which one gets no margin
    loss_period: int = 21 * DAY  # in which as much is forgotten


ETHER_FEED = "ether_feed"
"""Beside a venue's parts, where the asset is another than ether: the feed of what gas is paid in."""


def parts_of(recipe: VenueRecipe, asset: str) -> tuple[str, ...]:
    """What is known of a venue that a deployment stands on, by name."""
    return (*recipe.needed, *(() if asset == ETHER else (ETHER_FEED,)))


def order(recipe: VenueRecipe, asset: str) -> tuple[str, ...]:
    """The contracts in the order in which they are deployed. The n-th contract of one deployer has a
    known address, so that what each needs is known before it exists and none has a setter."""
    leaves = ("Risk", "Underwriter", "ChainlinkSpot", "Guardian", "OptionToken", "VolSurface")
    return (
        *leaves,
        *(() if asset == ETHER else ("EtherSpot",)),
        *recipe.contracts,
        "HedgeRouter",
        "MarginDesk",
        "Vault",
        "Market",
        "Lens",
        "StressTest",
        "Breaker",
        "Bounty",
        "VenueLens",
    )


KNOWS: Mapping[str, tuple[str, ...]] = {
    "Risk": (),
    "Underwriter": ("Risk",),
    "Lens": ("Market",),
    "StressTest": ("Market", "Breaker"),
    "Breaker": ("StressTest", "Market", "Vault", "Guardian"),
    "VenueLens": ("Market",),
}
"""Whom a contract is told of that is told of nothing else."""


def ether_of(asset: str) -> str:
    """Which contract says what ether costs: where the asset is ether it is the market's own spot."""
    return "ChainlinkSpot" if asset == ETHER else "EtherSpot"


def predicted(engine: Engine, names: Sequence[str], deployer: str) -> dict[str, str]:
    """Where an account's next contracts will stand."""
    return {name: engine.next_address(deployer, ahead=n) for n, name in enumerate(names)}


def deploy_tandem(
    engine: Engine,
    exchange: Exchange,
    settings: DeploySettings | None = None,
    roles: Roles | None = None,
    ether_feed: str = NOBODY,
) -> Tandem:
    """Deploy every contract against a venue's market and return the handles. ether_feed: of a market on
    something else."""
    settings, roles = settings or DeploySettings(), roles or Roles.local(engine)
    recipe, addresses = exchange.recipe, exchange.addresses() | {ETHER_FEED: ether_feed}
    names = order(recipe, settings.asset)
    compile_all(names)
    plan, parts = predicted(engine, names, roles.deployer), dict[str, Contract]()
    for name in names:
        args = arguments(name, plan, recipe, addresses, settings, roles)
        parts[name] = engine.deploy(compile_vyper(name), *args, sender=roles.deployer)
        if parts[name].address != plan[name]:
            raise EngineError(
                f"{name} landed at {parts[name].address}, not at {plan[name]}",
                "the deployer must send nothing else while a deployment runs",
            )
    return _bound(engine, exchange, roles, parts, settings.asset)


def _bound(
    engine: Engine, exchange: Exchange, roles: Roles, parts: Mapping[str, Contract], asset: str
) -> Tandem:
    """The handles. parts: by name."""
    recipe, spot = exchange.recipe, ChainlinkSpot.of(parts["ChainlinkSpot"])
    return Tandem(
        engine=engine,
        exchange=exchange,
        roles=roles,
        risk=Risk.of(parts["Risk"]),
        underwriter=Underwriter.of(parts["Underwriter"]),
        spot=spot,
        guardian=Guardian.of(parts["Guardian"]),
        option=OptionToken.of(parts["OptionToken"]),
        surface=VolSurface.of(parts["VolSurface"]),
        venue=parts[recipe.adapter],
        beside={name: parts[name] for name in recipe.contracts[:-1]},
        router=HedgeRouter.of(parts["HedgeRouter"]),
        desk=MarginDesk.of(parts["MarginDesk"]),
        vault=Vault.of(parts["Vault"]),
        market=Market.of(parts["Market"]),
        lens=Lens.of(parts["Lens"]),
        stress=StressTest.of(parts["StressTest"]),
        breaker=Breaker.of(parts["Breaker"]),
        bounty=Bounty.of(parts["Bounty"]),
        venue_lens=VenueLens.of(parts["VenueLens"]),
        ether=spot if asset == ETHER else EtherSpot.of(parts["EtherSpot"]),
    )


def _margins(recipe: VenueRecipe, s: DeploySettings) -> Margins:
    """The venue's, but for what the settings name."""
    named = (s.margin_least, s.margin_target, s.margin_most)
    least, target, most = (
        own if other is None else other
        for own, other in zip(astuple(recipe.margins), named, strict=True)
    )
    return Margins(least, target, most)


def _deviation(s: DeploySettings) -> int:
    """Where the feed may be silent for longer than TALKATIVE its age says nothing of the price."""
    usual = QUIET_DEVIATION if s.max_age > TALKATIVE else 0
    return usual if s.deviation is None else s.deviation


def arguments(
    name: str,
    at: Mapping[str, str],
    recipe: VenueRecipe,
    venue: Mapping[str, str],
    s: DeploySettings,
    roles: Roles,
) -> tuple[object, ...]:
    """Constructor arguments of one contract. at: where ours are; venue: where its parts are. Longer than
    a function should be: it is one table, a case for each contract."""
    if name in recipe.contracts:
        return recipe.arguments(name, at, venue, _margins(recipe, s))
    usdc, members = venue["usdc"], len(recipe.name.split(SEPARATOR))
    match name:
        case "ChainlinkSpot":
            feeds = (venue["feed"], s.second_feed)
            bounds = (s.max_age, s.min_price, s.max_price, s.grace)
            beside = (at["Guardian"], s.sequencer_feed, at[recipe.adapter])
            return (*feeds, *beside, *bounds)
        case "Guardian":
            return (
                roles.owner or roles.deployer,
                [roles.guardian],
                [roles.lister],
                list(roles.signers),
                s.timelock,
                terms.defaults(**s.terms),
                at["Breaker"],
                members if members > 1 else 0,
            )
        case "VolSurface":
            return (at["Market"], at["Guardian"], s.signatures)
        case "HedgeRouter":
            return (
                at["Market"],
                at["Vault"],
                at[recipe.adapter],
                at["Guardian"],
                at["StressTest"],
                at["MarginDesk"],
                usdc,
                _deviation(s),
                recipe.adapter == SET,
            )
        case "MarginDesk":
            return (
                at["HedgeRouter"],
                at["Market"],
                at["Vault"],
                at[recipe.adapter],
                at["ChainlinkSpot"],
                at["Guardian"],
                recipe.adapter == SET,
            )
        case "Vault":
            return (
                usdc,
                at["Market"],
                at["Lens"],
                at["HedgeRouter"],
                at["Guardian"],
                f"Tandem {s.asset} Vault",
                f"t{s.asset}",
                s.exit_delay,
                s.loss_cap // members,  # each of several has its part
                s.loss_period,
            )
        case "Market":
            return (
                at["Underwriter"],
                at["ChainlinkSpot"],
                at["VolSurface"],
                at["HedgeRouter"],
                at["Vault"],
                at["OptionToken"],
                at["Guardian"],
                s.imputed_cost,
                at["Bounty"],
            )
        case "OptionToken":
            return (at["Market"], at["Vault"], s.asset)
        case "EtherSpot":
            age = s.max_age if s.ether_max_age is None else s.ether_max_age
            return (venue[ETHER_FEED], age)
        case "Bounty":
            return (at["Market"], s.data_fees, at[ether_of(s.asset)])
        case _:
            return tuple(at[whom] for whom in KNOWS[name])
