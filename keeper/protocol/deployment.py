"""A deployment as a file: `deployments/<chain>.json` says what stands where, and why to trust it.

It holds addresses, constructor arguments and code hashes; whoever has the sources can check every
one of them against the chain (`tandem deploy verify`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from keeper.engine.artifacts import ROOT, compile_vyper, load_npm
from keeper.engine.base import Contract, Engine
from keeper.errors import ConfigError, TandemError
from keeper.protocol.deploy import ORDER, Roles
from keeper.protocol.tandem import Tandem
from keeper.venues.curie import Curie

FOLDER = ROOT / "deployments"

# Where the venue's parts come from; the two stand-ins are ours.
_OURS = {"usdc": "USDC", "feed": "PriceFeed"}
_CURIE = {
    "clearing_house": "ClearingHouse",
    "vault": "Vault",
    "account_balance": "AccountBalance",
    "exchange": "Exchange",
    "order_book": "OrderBook",
    "market_registry": "MarketRegistry",
    "config": "ClearingHouseConfig",
    "insurance_fund": "InsuranceFund",
    "collateral_manager": "CollateralManager",
    "delegate_approval": "DelegateApproval",
    "base": "BaseToken",
    "quote": "QuoteToken",
}
VENUE_NEEDED = ("usdc", "feed", "clearing_house", "base")
PEOPLE = ("owner", "maker", "arbitrageur", "liquidator")


class NotDeployedError(TandemError):
    """There is no deployment where one was expected."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """One contract: where, from which arguments, and the hashes of what was sent and what stands.
    args: as JSON has them, integers as text."""

    address: str
    args: tuple[Any, ...]
    init_hash: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One system on one chain."""

    name: str
    chain_id: int
    block: int
    deployer: str
    contracts: dict[str, Deployed]
    venue: dict[str, str]
    roles: dict[str, Any]
    settings: dict[str, Any]

    def address(self, name: str) -> str:
        return self.contracts[name].address

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Deployment:
        """Raises NotDeployedError where there is no file, ConfigError where it is not one."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise NotDeployedError(
                f"there is no deployment at {path}",
                "deploy with `tandem deploy apply`, or name the file with --deployment",
            ) from error
        except (OSError, ValueError) as error:
            raise ConfigError(f"{path} cannot be read: {error}", "deploy again") from error
        missing = [f.name for f in fields(cls) if f.name not in raw]
        missing += [name for name in ORDER if name not in raw.get("contracts", {})]
        if missing:
            raise ConfigError(
                f"{path} lacks {', '.join(missing)}", "it is written by `tandem deploy apply`"
            )
        parts = {
            name: Deployed(d["address"], tuple(d["args"]), d["init_hash"], d["code_hash"])
            for name, d in raw["contracts"].items()
        }
        known: dict[str, Any] = {f.name: raw[f.name] for f in fields(cls)}
        known["contracts"] = parts
        return cls(**known)


def curie_of(engine: Engine, venue: Mapping[str, str]) -> Curie:
    """The venue from its addresses. On a chain with a venue of its own only the parts that Tandem
    touches are known; the others stand at nobody's address and must not be used."""
    nobody = "0x" + "00" * 20
    parts: dict[str, Any] = {}
    for key, name in _OURS.items():
        parts[key] = engine.at(compile_vyper(name), venue[key])
    for key, name in _CURIE.items():
        parts[key] = engine.at(load_npm("@perp/curie-contract", name), venue.get(key, nobody))
    pool = load_npm("@uniswap/v3-core", "UniswapV3Pool")
    parts["pool"] = engine.at(pool, venue.get("pool", nobody))
    people = {role: venue.get(role, nobody) for role in PEOPLE}
    return Curie(engine=engine, **people, **parts)


def venue_of(curie: Curie) -> dict[str, str]:
    """The venue's addresses, and who runs its stand-ins."""
    keys = (*_OURS, *_CURIE, "pool")
    addresses = {key: getattr(curie, key).address for key in keys}
    return addresses | {role: getattr(curie, role) for role in PEOPLE}


@dataclass(frozen=True, slots=True)
class Handles:
    """The contracts that a keeper talks to."""

    market: Contract
    lens: Contract
    router: Contract
    vault: Contract
    surface: Contract
    spot: Contract
    guardian: Contract
    venue: Contract
    option: Contract
    feed: Contract


_HANDLES = {
    "market": "Market",
    "lens": "Lens",
    "router": "HedgeRouter",
    "vault": "Vault",
    "surface": "VolSurface",
    "spot": "ChainlinkSpot",
    "guardian": "Guardian",
    "venue": "CurieVenue",
    "option": "OptionToken",
}


def handles(engine: Engine, deployment: Deployment) -> Handles:
    """The keeper's contracts, bound to an engine."""
    bound = {
        key: engine.at(compile_vyper(name), deployment.address(name))
        for key, name in _HANDLES.items()
    }
    return Handles(**bound, feed=engine.at(compile_vyper("PriceFeed"), deployment.venue["feed"]))


def tandem_of(engine: Engine, deployment: Deployment) -> Tandem:
    """The whole system with its verbs, for local chains and tests."""
    h = handles(engine, deployment)
    roles = Roles(
        deployment.deployer,
        deployment.roles["guardian"],
        deployment.roles["lister"],
        tuple(deployment.roles["signers"]),
        deployment.roles["owner"],
    )
    return Tandem(
        engine=engine,
        curie=curie_of(engine, deployment.venue),
        roles=roles,
        risk=engine.at(compile_vyper("Risk"), deployment.address("Risk")),
        underwriter=engine.at(compile_vyper("Underwriter"), deployment.address("Underwriter")),
        spot=h.spot,
        guardian=h.guardian,
        option=h.option,
        surface=h.surface,
        venue=h.venue,
        router=h.router,
        vault=h.vault,
        market=h.market,
        lens=h.lens,
        chain_id=deployment.chain_id,
    )
