"""A deployment as a file: `deployments/<chain>.json` says what stands where, and why to trust it.

It holds addresses, constructor arguments and code hashes; whoever has the sources can check every
one of them against the chain (`tandem deploy verify`).
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from itertools import count
from pathlib import Path
from typing import Any

from tandem import venues
from tandem.engine.artifacts import ROOT, compile_vyper
from tandem.engine.base import Engine
from tandem.errors import ConfigError, TandemError
from tandem.files import check_file, read_text, write_file
from tandem.plugins import PlugInUnknownError
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
from tandem.protocol.bindings.risk import Risk
from tandem.protocol.bindings.stress_test import StressTest
from tandem.protocol.bindings.underwriter import Underwriter
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.bindings.venue_lens import VenueLens
from tandem.protocol.bindings.vol_surface import VolSurface
from tandem.protocol.deploy import DeploySettings, order, parts_of
from tandem.protocol.handles import Handles
from tandem.protocol.record_checks import (
    WRITTEN,
    check_kinds,
    check_parts,
    check_places,
    check_venue,
    each_once,
)
from tandem.protocol.roles import Roles
from tandem.protocol.tandem import Tandem
from tandem.units import ETHER

FOLDER = ROOT / "deployments"
VENUE = "kind"
"""Key of a venue's table that names its recipe; the other keys are addresses."""
JOINT = "-"
"""Between a file's name and a market's, in the name of a deployment and of its record."""
MARKET = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""A market's name, which becomes part of a file's."""
VENUE_TABLE = "venue."


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
    """One system on one chain. first: which of the deployer's transactions its own began with."""

    name: str
    chain_id: int
    block: int
    deployer: str
    first: int
    contracts: dict[str, Deployed]
    venue: dict[str, str]
    roles: dict[str, Any]
    settings: dict[str, Any]

    def address(self, name: str) -> str:
        return self.contracts[name].address

    @property
    def asset(self) -> str:
        """What its options are on, as "ETH"."""
        asset: str = self.settings.get("asset", DeploySettings().asset)
        return asset

    def text(self) -> str:
        """As the file has it."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @property
    def recipe(self) -> venues.VenueRecipe:
        """The venue that it hedges on."""
        return venues.recipe(self.venue[VENUE])

    def save(self, path: Path) -> None:
        """Write it; what stood there is kept beside it. Raises ConfigError where it cannot."""
        if path.is_file():
            write_file(_before(path), path.read_bytes())
        write_file(path, self.text())

    @classmethod
    def load(cls, path: Path) -> Deployment:
        """Raises NotDeployedError where there is no file, ConfigError where it is not one."""
        raw = _raw(path)
        tables = isinstance(raw, dict) and [
            raw.get(k, {}) for k in ("contracts", "venue", "settings")
        ]
        if not tables or not all(isinstance(table, dict) for table in tables):
            raise ConfigError(f"{path} is no deployment", WRITTEN)
        missing = [f.name for f in fields(cls) if f.name not in raw]
        if not missing:
            kind = raw["venue"].get(VENUE, "")
            missing = [f"{VENUE_TABLE}{VENUE}"] if not kind else []
            asset = raw["settings"].get("asset", DeploySettings().asset)
            check_kinds(path, raw)
            recipe = recipe_named(str(path), kind, f"{WRITTEN}; ") if kind else None
            if recipe is not None:
                missing += [n for n in order(recipe, asset) if n not in raw["contracts"]]
                needed = parts_of(recipe, asset)
                missing += [f"{VENUE_TABLE}{n}" for n in needed if n not in raw["venue"]]
        if missing:
            raise ConfigError(f"{path} lacks {', '.join(missing)}", WRITTEN)
        check_venue(path, venues.recipe(raw["venue"][VENUE]), raw["venue"], VENUE)
        try:
            parts = {
                name: Deployed(d["address"], tuple(d["args"]), d["init_hash"], d["code_hash"])
                for name, d in raw["contracts"].items()
            }
        except (KeyError, TypeError) as error:
            raise ConfigError(f"{path}: a contract lacks {error}", WRITTEN) from error
        check_parts(path, raw["contracts"])
        check_places(path, {name: part.address for name, part in parts.items()})
        known: dict[str, Any] = {f.name: raw[f.name] for f in fields(cls)}
        known["contracts"] = parts
        return cls(**known)


def recipe_named(where: str, name: str, hint: str = "") -> venues.VenueRecipe:
    """The venue's, or a set's. hint: what is said before the venues' own. Raises ConfigError where there is
    no such venue, or no such set."""
    try:
        return venues.recipe(name)
    except (PlugInUnknownError, venues.VenueError) as error:
        raise ConfigError(
            f"{where}: {VENUE_TABLE}{VENUE}: {error.message}", f"{hint}{error.hint}"
        ) from error


def record_of(path: Path, market: str) -> Path:
    """Where a market's record is, beside where the file's own would be; what is no file is written to as it
    is. market: "" of a file that has one."""
    if not market or (path.exists() and not path.is_file()):
        return path
    return path.with_name(f"{path.stem}{JOINT}{market}{path.suffix}")


def markets_beside(path: Path) -> tuple[str, ...]:
    """Of which markets there are records beside a file's own, by name."""
    head = f"{path.stem}{JOINT}"
    found = path.parent.glob(f"*{path.suffix}") if path.parent.is_dir() else ()
    names = [file.stem.removeprefix(head) for file in found if file.stem.startswith(head)]
    return tuple(sorted(name for name in names if MARKET.fullmatch(name)))


def _raw(path: Path) -> Any:
    """What a file holds. Raises NotDeployedError where there is none, ConfigError where it holds no data."""
    try:
        found = json.loads(read_text(path), object_pairs_hook=each_once)
        # half a character is nothing that can be sent
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except FileNotFoundError as error:
        hint = "deploy with `tandem deploy apply`, or name the file with --deployment"
        named = markets_beside(path)
        if named and not all(map(str.isdigit, named)):
            hint = f"name its market with --market: {', '.join(named)}"
        elif named:  # of local markets at other ports, as `tandem up --port` writes them
            files = ", ".join(str(record_of(path, each)) for each in named)
            hint = f"name a file with --deployment, and its node with --rpc: {files}"
        raise NotDeployedError(f"there is no deployment at {path}", hint) from error
    except IsADirectoryError as error:
        raise ConfigError(
            f"{path} is a folder", "name the deployment's file with --deployment"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror or error}",
            "name a file that you may read with --deployment",
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is no deployment: {error}", WRITTEN) from error


def check_record(path: Path, *, replace: bool) -> None:
    """Before anything is sent: the addresses must have a place to be written to, and must not take
    another deployment's. Raises ConfigError."""
    if path.suffix == ".toml":
        raise ConfigError(f"{path} is called as a file that is reviewed", "name a .json with --out")
    if path.is_file() and not replace:
        raise ConfigError(
            f"{path} describes a deployment already",
            "name another file with --out; or pass --force, and the old one is kept beside it",
        )
    check_file(path)


def set_aside(path: Path) -> None:
    """Give way to a deployment that replaces it, and keep it beside."""
    path.rename(_before(path))


def _before(path: Path) -> Path:
    """Where a deployment that is replaced is kept."""
    kept = (path.with_name(f"{path.stem}.before-{n}{path.suffix}") for n in count(1))
    return next(file for file in kept if not file.exists())


def handles(engine: Engine, deployment: Deployment) -> Handles:
    """A deployment's contracts, bound to an engine."""
    at = deployment.address
    spot = ChainlinkSpot(engine, at("ChainlinkSpot"))
    return Handles(
        market=Market(engine, at("Market")),
        lens=Lens(engine, at("Lens")),
        router=HedgeRouter(engine, at("HedgeRouter")),
        desk=MarginDesk(engine, at("MarginDesk")),
        vault=Vault(engine, at("Vault")),
        surface=VolSurface(engine, at("VolSurface")),
        spot=spot,
        guardian=Guardian(engine, at("Guardian")),
        venue=HedgeVenue(engine, at(deployment.recipe.adapter)),
        option=OptionToken(engine, at("OptionToken")),
        feed=PriceFeed(engine, deployment.venue["feed"]),
        breaker=Breaker(engine, at("Breaker")),
        stress=StressTest(engine, at("StressTest")),
        bounty=Bounty(engine, at("Bounty")),
        venue_lens=VenueLens(engine, at("VenueLens")),
        ether=spot if deployment.asset == ETHER else EtherSpot(engine, at("EtherSpot")),
        asset=deployment.asset,
    )


def tandem_of(engine: Engine, deployment: Deployment) -> Tandem:
    """The whole system with its verbs, for local chains and tests."""
    h, adapter = handles(engine, deployment), deployment.recipe.adapter
    roles = Roles(
        deployment.deployer,
        deployment.roles["guardian"],
        deployment.roles["lister"],
        tuple(deployment.roles["signers"]),
        deployment.roles["owner"],
    )
    return Tandem(
        engine=engine,
        exchange=deployment.recipe.at(engine, deployment.venue),
        roles=roles,
        risk=Risk(engine, deployment.address("Risk")),
        underwriter=Underwriter(engine, deployment.address("Underwriter")),
        spot=h.spot,
        guardian=h.guardian,
        option=h.option,
        surface=h.surface,
        venue=engine.at(compile_vyper(adapter), deployment.address(adapter)),
        beside={
            name: engine.at(compile_vyper(name), deployment.address(name))
            for name in deployment.recipe.contracts[:-1]
        },
        router=h.router,
        desk=h.desk,
        vault=h.vault,
        market=h.market,
        lens=h.lens,
        stress=h.stress,
        breaker=h.breaker,
        bounty=h.bounty,
        venue_lens=h.venue_lens,
        ether=h.ether,
        chain_id=deployment.chain_id,
    )
