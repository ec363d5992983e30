"""Deploying from a file: what `deployments/<chain>.toml` asks for, planned, applied, verified."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from eth_utils.address import is_address
from eth_utils.crypto import keccak

from keeper.engine.abi import Function, checksum
from keeper.engine.artifacts import compile_vyper
from keeper.engine.base import GAS_LIMIT, BaseEngine, Tx
from keeper.engine.remote import RemoteEngine
from keeper.errors import ConfigError
from keeper.protocol.deploy import ORDER, DeploySettings, Roles, arguments, deploy_tandem
from keeper.protocol.deployment import (
    VENUE_NEEDED,
    Deployed,
    Deployment,
    curie_of,
    venue_of,
)
from keeper.venues.curie import WAD, Curie, Depth, deploy_curie

FRACTIONS = frozenset(
    [
        "min_price",
        "max_price",
        "imputed_cost",
        "margin_least",
        "margin_target",
        "margin_most",
        "lend_day",
        "lend_week",
    ]
)
"""Settings written as decimals and stored WAD."""
ADDRESSES = frozenset(["second_feed"])
TABLES = ("roles", "venue", "settings", "terms")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a deployment file asks for. price: where a venue of our own starts, None where the
    chain has one."""

    name: str
    chain_id: int
    roles: dict[str, Any]
    venue: dict[str, str]
    price: Decimal | None
    depth: Depth
    settings: DeploySettings


@dataclass(frozen=True, slots=True)
class Planned:
    """One contract to be: its predicted address and its arguments, "venue.<part>" for addresses
    that are known once the venue stands."""

    name: str
    address: str
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One contract, checked. fault: "" where the code is exactly what the sources give."""

    name: str
    address: str
    fault: str


def load_recipe(path: Path) -> Recipe:
    """Raises ConfigError with the name of what is missing, unknown or no address."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no deployment file {path}", "copy deployments/local.toml and change it"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}", "correct the line") from error
    _known(path, "", raw, ("name", "chain_id", *TABLES))
    for key in ("name", "chain_id", "roles", "venue"):
        if key not in raw:
            raise ConfigError(f"{path} lacks {key}", "see deployments/local.toml")
    _known(path, "roles.", raw["roles"], ("owner", "guardian", "lister", "signers"))
    roles = {key: _addresses(path, f"roles.{key}", value) for key, value in raw["roles"].items()}
    price, depth, venue = _venue(path, raw["venue"])
    settings = _settings(path, raw.get("settings", {}), raw.get("terms", {}))
    return Recipe(raw["name"], raw["chain_id"], roles, venue, price, depth, settings)


def _known(path: Path, prefix: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for key in table:
        if key not in names:
            raise ConfigError(f"{path}: unknown {prefix}{key}", f"known are {', '.join(names)}")


def _addresses(path: Path, key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_addresses(path, key, each) for each in value]
    if not is_address(value):
        raise ConfigError(f"{path}: {key} = {value!r} is no address", "0x and 40 hex digits")
    return checksum(value)


def _venue(path: Path, raw: Mapping[str, Any]) -> tuple[Decimal | None, Depth, dict[str, str]]:
    if raw.get("deploy"):
        _known(path, "venue.", raw, ("deploy", "price", "depth_usd"))
        depth = Depth(float(raw.get("depth_usd", Depth().usd)))
        return Decimal(raw.get("price", 2_500)), depth, {}
    missing = [key for key in VENUE_NEEDED if key not in raw]
    if missing:
        raise ConfigError(
            f"{path}: venue lacks {', '.join(missing)}",
            "name its addresses, or set deploy = true on a chain of your own",
        )
    addresses = {k: _addresses(path, f"venue.{k}", v) for k, v in raw.items() if k != "deploy"}
    return None, Depth(), addresses


def _settings(path: Path, raw: Mapping[str, Any], terms: Mapping[str, int]) -> DeploySettings:
    names = tuple(f.name for f in fields(DeploySettings) if f.name != "terms")
    _known(path, "settings.", raw, names)
    values = {key: _setting(path, key, value) for key, value in raw.items()}
    return DeploySettings(terms=dict(terms), **values)


def _setting(path: Path, key: str, value: Any) -> Any:
    if key in ADDRESSES:
        return _addresses(path, f"settings.{key}", value)
    return int(Decimal(value) * WAD) if key in FRACTIONS else int(value)


def roles_of(recipe: Recipe, deployer: str) -> Roles:
    """Roles that the file leaves out are the deployer's."""
    r = recipe.roles
    signers = tuple(r.get("signers", [deployer]))
    return Roles(
        deployer,
        r.get("guardian", deployer),
        r.get("lister", deployer),
        signers,
        r.get("owner", ""),
    )


def check_chain(engine: BaseEngine, recipe: Recipe) -> None:
    """Raises ConfigError unless the node is of the chain that the file is for."""
    if engine.chain_id != recipe.chain_id:
        raise ConfigError(
            f"the node is of chain {engine.chain_id}, {recipe.name} is {recipe.chain_id}",
            "pass the right --rpc, or the right file",
        )


def plan(engine: BaseEngine, recipe: Recipe, deployer: str) -> list[Planned]:
    """Addresses and arguments, predicted. Sends nothing."""
    check_chain(engine, recipe)
    moves = recipe.price is not None and deployer == engine.accounts[0]  # the venue's deployer too
    at = {
        name: "after the venue" if moves else engine.next_address(deployer, ahead=place)
        for place, name in enumerate(ORDER)
    }
    curie: Any = _Placeholders() if recipe.price is not None else curie_of(engine, recipe.venue)
    roles = roles_of(recipe, deployer)
    return [
        Planned(name, at[name], arguments(name, at, curie, recipe.settings, roles))
        for name in ORDER
    ]


class _Placeholders:
    """A venue that does not exist yet."""

    def __getattr__(self, part: str) -> Any:
        return type("Part", (), {"address": f"venue.{part}"})


def apply(
    engine: BaseEngine,
    recipe: Recipe,
    deployer: str,
    said: Callable[[str], None] = lambda _: None,
) -> Deployment:
    """Deploy the system, and first the venue where the file says so."""
    check_chain(engine, recipe)
    curie = _venue_for(engine, recipe, said)
    said("deploying Tandem")
    roles = roles_of(recipe, deployer)
    tandem = deploy_tandem(engine, curie, recipe.settings, roles)
    owners = (tandem.risk, tandem.underwriter, tandem.spot, tandem.guardian, tandem.option)
    owners += (tandem.surface, tandem.venue, tandem.router, tandem.vault, tandem.market)
    at = {name: c.address for name, c in zip(ORDER, (*owners, tandem.lens), strict=True)}
    parts: dict[str, Deployed] = {}
    for name in ORDER:
        args = arguments(name, at, curie, recipe.settings, roles)
        code, init = engine.code(at[name]), init_code(name, args)
        parts[name] = Deployed(at[name], _plain(args), _hash(init), _hash(code))
    who = {"owner": roles.owner or deployer, "guardian": roles.guardian, "lister": roles.lister}
    return Deployment(
        name=recipe.name,
        chain_id=engine.chain_id,
        block=engine.block(),
        deployer=deployer,
        contracts=parts,
        venue=venue_of(curie) if recipe.price is not None else dict(recipe.venue),
        roles=who | {"signers": list(roles.signers)},
        settings={k: _plain_one(v) for k, v in asdict(recipe.settings).items()},
    )


def _venue_for(engine: BaseEngine, recipe: Recipe, said: Callable[[str], None]) -> Curie:
    if recipe.price is None:
        return curie_of(engine, recipe.venue)
    said("deploying the venue")
    price = int(recipe.price * WAD)
    curie = deploy_curie(engine, price, depth=recipe.depth)
    curie.set_index(price)
    return curie


def init_code(name: str, args: tuple[Any, ...]) -> bytes:
    """What is sent to create a contract."""
    artifact = compile_vyper(name)
    return artifact.bytecode + Function("", artifact.abi.constructor, (), False, b"").encode(args)


def verify(engine: RemoteEngine, deployment: Deployment) -> list[Finding]:
    """Every contract against the sources: constructing it again, with the same arguments and
    without sending anything, must give the code that stands at its address."""
    return [_finding(engine, deployment, name) for name in ORDER]


def _finding(engine: RemoteEngine, deployment: Deployment, name: str) -> Finding:
    part = deployment.contracts[name]
    code = engine.code(part.address)
    if not code:
        return Finding(name, part.address, "no code at this address")
    init = init_code(name, _restored(part.args))
    if _hash(init) != part.init_hash:
        return Finding(name, part.address, "the sources here are not those that were deployed")
    again = engine.simulate(Tx(deployment.deployer, None, init, GAS_LIMIT))
    if not again.ok or again.output != code:
        return Finding(name, part.address, "the code there is not what the sources give")
    return Finding(name, part.address, "")


def _hash(data: bytes) -> str:
    return "0x" + keccak(data).hex()


def _plain_one(value: Any) -> Any:
    """As JSON keeps it: numbers beyond 2**53 lose digits in some readers, so they are text."""
    if isinstance(value, list | tuple):
        return [_plain_one(each) for each in value]
    if isinstance(value, dict):
        return {k: _plain_one(v) for k, v in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_plain_one(arg) for arg in args)


def _restored(args: Any) -> Any:
    """Arguments as the encoder takes them."""
    if isinstance(args, list | tuple):
        return tuple(_restored(arg) for arg in args)
    return int(args) if isinstance(args, str) and args.isdigit() else args
