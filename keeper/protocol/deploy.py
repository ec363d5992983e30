"""Deploying Tandem over an engine, in one order, with addresses predicted instead of set later."""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.engine.artifacts import compile_vyper
from keeper.engine.base import Contract, Engine
from keeper.errors import EngineError
from keeper.protocol import terms
from keeper.protocol.tandem import Tandem
from keeper.venues.curie import Curie

WAD = 10**18
NOBODY = "0x" + "00" * 20
DAY = 86_400

# What each deployment needs is known before it exists: the n-th contract of one deployer has a
# known address, so no contract has a setter for another.
ORDER = (
    "Risk",
    "Underwriter",
    "ChainlinkSpot",
    "Guardian",
    "OptionToken",
    "VolSurface",
    "CurieVenue",
    "HedgeRouter",
    "Vault",
    "Market",
    "Lens",
)


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """Everything a deployment fixes for good. Fractions are WAD, times seconds."""

    terms: dict[str, int] = field(default_factory=dict)  # changes to the default terms
    second_feed: str = NOBODY  # another operator's price feed, for the day on which the first ends
    max_age: int = 4_000  # of the spot feed: heartbeat and a tenth
    min_price: int = 100 * WAD
    max_price: int = 100_000 * WAD
    grace: int = 3_600
    timelock: int = 2 * DAY
    signatures: int = 1  # of how many signers a surface needs
    imputed_cost: int = 60 * WAD // 10_000  # oracle deviation 0.5 % and venue fee 0.1 %
    margin_least: int = 12 * WAD // 100
    margin_target: int = 15 * WAD // 100
    margin_most: int = 22 * WAD // 100
    exit_delay: int = DAY
    lend_day: int = 5 * WAD // 100  # net venue deposits, of NAV
    lend_week: int = 10 * WAD // 100


@dataclass(frozen=True, slots=True)
class Roles:
    """Who may do what; on a local chain, accounts of anvil's public mnemonic."""

    deployer: str
    guardian: str
    lister: str
    signers: tuple[str, ...]
    owner: str = ""  # of the Guardian: sets terms, gives roles; the deployer where empty

    @classmethod
    def local(cls, engine: Engine) -> Roles:
        """Deployer 0, keeper 3 (guardian and lister as well), signer 4."""
        people = engine.accounts
        return cls(people[0], people[3], people[3], (people[4],))


def deploy_tandem(
    engine: Engine, curie: Curie, settings: DeploySettings | None = None, roles: Roles | None = None
) -> Tandem:
    """Deploy every contract against a Curie market and return the handles."""
    settings = settings or DeploySettings()
    roles = roles or Roles.local(engine)
    plan = {
        name: engine.next_address(roles.deployer, ahead=place) for place, name in enumerate(ORDER)
    }
    parts: dict[str, Contract] = {}
    for name in ORDER:
        args = arguments(name, plan, curie, settings, roles)
        parts[name] = engine.deploy(compile_vyper(name), *args, sender=roles.deployer)
        if parts[name].address != plan[name]:
            raise EngineError(
                f"{name} landed at {parts[name].address}, not at {plan[name]}",
                "the deployer must send nothing else while a deployment runs",
            )
    return Tandem(
        engine=engine,
        curie=curie,
        roles=roles,
        risk=parts["Risk"],
        underwriter=parts["Underwriter"],
        spot=parts["ChainlinkSpot"],
        guardian=parts["Guardian"],
        option=parts["OptionToken"],
        surface=parts["VolSurface"],
        venue=parts["CurieVenue"],
        router=parts["HedgeRouter"],
        vault=parts["Vault"],
        market=parts["Market"],
        lens=parts["Lens"],
    )


def arguments(
    name: str, at: dict[str, str], curie: Curie, s: DeploySettings, roles: Roles
) -> tuple[object, ...]:
    """Constructor arguments of one contract."""
    usdc = curie.usdc.address
    match name:
        case "Risk":
            return ()
        case "Underwriter":
            return (at["Risk"],)
        case "ChainlinkSpot":
            feeds = (curie.feed.address, s.second_feed)
            bounds = (s.max_age, s.min_price, s.max_price, s.grace)
            return (*feeds, at["Guardian"], NOBODY, *bounds)
        case "Guardian":
            return (
                roles.owner or roles.deployer,
                [roles.guardian],
                [roles.lister],
                list(roles.signers),
                s.timelock,
                terms.defaults(**s.terms),
                terms.lowest(),
                terms.highest(),
            )
        case "OptionToken":
            return (at["Market"],)
        case "VolSurface":
            return (at["Market"], at["Guardian"], s.signatures)
        case "CurieVenue":
            return (at["HedgeRouter"], curie.clearing_house.address, curie.base.address)
        case "HedgeRouter":
            return (
                at["Market"],
                at["Vault"],
                at["CurieVenue"],
                at["ChainlinkSpot"],
                at["Guardian"],
                usdc,
                s.margin_least,
                s.margin_target,
                s.margin_most,
            )
        case "Vault":
            return (
                usdc,
                at["Market"],
                at["Lens"],
                at["HedgeRouter"],
                at["Guardian"],
                "Tandem ETH Vault",
                "tETH",
                s.exit_delay,
                s.lend_day,
                s.lend_week,
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
            )
        case _:
            return (
                at["Market"],
                at["Risk"],
                at["Underwriter"],
                at["ChainlinkSpot"],
                at["VolSurface"],
                at["HedgeRouter"],
                at["Vault"],
                at["Guardian"],
            )
