"""What `deployments/<chain>.toml` asks for, every mistake in it by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

from eth_utils.address import is_address

from tandem import venues
from tandem.engine.abi import checksum, is_miscopied
from tandem.engine.base import LOCAL_CHAINS
from tandem.errors import ConfigError
from tandem.files import read_text
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.deployment import VENUE
from tandem.protocol.roles import Roles
from tandem.units import WAD
from tandem.venues import Depth, VenueRecipe

FRACTIONS = frozenset(
    [
        "min_price",
        "max_price",
        "imputed_cost",
        "margin_least",
        "margin_target",
        "margin_most",
        "loss_cap",
    ]
)
"""Settings written as decimals and stored WAD."""
ADDRESSES = frozenset(["data_fees", "second_feed", "sequencer_feed"])
ROLES = ("owner", "guardian", "lister", "signers")
TABLES = ("roles", "venue", "settings", "terms")
MEMBER = "."
"""Between a set's member and its part."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What becomes a file's name."""
ID = re.compile(r"0x[0-9a-fA-F]{64}")
LEAST_DEPTH, MOST_DEPTH = 10_000, 10**10
"""USD of a local pool."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a deployment file asks for. addresses: the venue's, where the chain has one; price: where
    a venue of our own opens, None where the chain has one."""

    name: str
    chain_id: int
    roles: dict[str, Any]
    venue: VenueRecipe
    addresses: dict[str, str]
    price: Decimal | None
    depth: Depth
    settings: DeploySettings


def load_recipe(path: Path) -> Recipe:
    """Raises ConfigError with the name of what is missing, unknown or no address."""
    try:
        raw = tomllib.loads(read_text(path), parse_float=Decimal)
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no deployment file {path}", "copy deployments/local.toml and change it"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}", "correct the line") from error
    except (OSError, DecimalException) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "name a deployment file") from error
    _known(path, "", raw, ("name", "chain_id", *TABLES))
    for key in ("name", "chain_id", "roles", "venue"):
        if key not in raw:
            raise ConfigError(f"{path} lacks {key}", "see deployments/local.toml")
    _check_kinds(path, raw)
    _known(path, "roles.", raw["roles"], ROLES)
    roles = {key: _role(path, key, value) for key, value in raw["roles"].items()}
    venue = venues.recipe(raw["venue"].get(VENUE, venues.DEFAULT))
    settings = _settings(path, raw.get("settings", {}), raw.get("terms", {}))
    _check_roles(path, roles, raw["chain_id"])
    _check_signatures(path, settings, roles)
    price, depth, addresses = _venue(path, venue, raw["venue"], settings)
    _check_public(path, settings, raw["chain_id"])
    return Recipe(raw["name"], raw["chain_id"], roles, venue, addresses, price, depth, settings)


def _check_signatures(path: Path, settings: DeploySettings, roles: Mapping[str, Any]) -> None:
    """A surface that needs more signatures than there are signers is never posted."""
    signers = len(roles.get("signers", ["the deployer"]))
    if not 1 <= settings.signatures <= signers:
        raise ConfigError(
            f"{path}: {settings.signatures} signature(s) are asked of {signers} signer(s)",
            "settings.signatures is at least 1 and at most the length of roles.signers",
        )


def _check_roles(path: Path, roles: Mapping[str, Any], chain_id: int) -> None:
    """Roles are the deployer's where nobody was named: for a chain of one's own alone."""
    left = [f"roles.{key}" for key in ROLES if not roles.get(key)]
    if left and chain_id not in LOCAL_CHAINS:
        raise ConfigError(
            f"{path}: {', '.join(left)} left out: on chain {chain_id} they would be the deployer's",
            "name whose they are: the owner a contract that needs two signatures or more",
        )


def _check_public(path: Path, settings: DeploySettings, chain_id: int) -> None:
    """Where one signature is enough, one key writes the surface: for a chain of one's own alone."""
    if settings.signatures == 1 and chain_id not in LOCAL_CHAINS:
        raise ConfigError(
            f"{path}: one signature alone is enough for a surface, on chain {chain_id}",
            "name two signers or more in roles.signers, and set settings.signatures to at least 2",
        )


def _check_kinds(path: Path, raw: Mapping[str, Any]) -> None:
    """Text where text belongs, numbers and tables likewise."""
    if not (isinstance(raw["name"], str) and NAME.fullmatch(raw["name"])):
        raise ConfigError(
            f"{path}: name = {raw['name']!r} cannot name a file", "letters and digits"
        )
    if type(raw["chain_id"]) is not int or raw["chain_id"] <= 0:
        raise ConfigError(f"{path}: chain_id = {raw['chain_id']!r}", "a whole number above 0")
    for key in TABLES:
        if not isinstance(raw.get(key, {}), dict):
            raise ConfigError(f"{path}: {key} is no table", f"begin it with [{key}]")
    kind = raw["venue"].get(VENUE, venues.DEFAULT)
    if not isinstance(kind, str):
        raise ConfigError(f"{path}: venue.{VENUE} = {kind!r} names no venue", "as 'curie'")
    for key, value in raw.get("terms", {}).items():
        if type(value) is not int:
            raise ConfigError(f"{path}: terms.{key} = {value!r}", "a whole number in its own unit")


def _role(path: Path, key: str, value: Any) -> Any:
    if isinstance(value, list) != (key == "signers"):
        raise ConfigError(f"{path}: roles.{key} = {value!r}", "one address; for signers a list")
    return _addresses(path, f"roles.{key}", value)


def _known(path: Path, prefix: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for key in table:
        if key not in names:
            raise ConfigError(f"{path}: unknown {prefix}{key}", f"known are {', '.join(names)}")


def _addresses(path: Path, key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_addresses(path, key, each) for each in value]
    if not is_address(value):
        raise ConfigError(f"{path}: {key} = {value!r} is no address", "0x and 40 hex digits")
    if is_miscopied(value):
        raise ConfigError(
            f"{path}: {key} = {value!r} is no address: its capitals do not fit its digits",
            "a digit is wrong: copy it again from where it came",
        )
    return checksum(value)


def _id(path: Path, key: str, value: Any) -> str:
    if not (isinstance(value, str) and ID.fullmatch(value)):
        raise ConfigError(f"{path}: {key} = {value!r} is no id", "0x and 64 hex digits")
    return value.lower()


def _venue(
    path: Path, venue: VenueRecipe, raw: Mapping[str, Any], settings: DeploySettings
) -> tuple[Decimal | None, Depth, dict[str, str]]:
    if raw.get("deploy"):
        _known(path, "venue.", raw, (VENUE, "deploy", "price", "depth_usd"))
        low, high = Decimal(settings.min_price) / WAD, Decimal(settings.max_price) / WAD
        price = _between(path, "venue.price", raw.get("price", 2_500), low, high)
        usd = raw.get("depth_usd", Depth().usd)
        depth = _between(path, "venue.depth_usd", usd, Decimal(LEAST_DEPTH), Decimal(MOST_DEPTH))
        return price, Depth(float(depth)), {}
    named = _parts(path, venue, {k: v for k, v in raw.items() if k not in ("deploy", VENUE)})
    missing = [key for key in venue.needed if key not in named]
    if missing:
        raise ConfigError(
            f"{path}: venue lacks {', '.join(missing)}",
            "name its addresses, or set deploy = true on a chain of your own",
        )
    addresses = {
        k: (_id if k in venue.ids else _addresses)(path, f"venue.{k}", v) for k, v in named.items()
    }
    return None, Depth(), addresses


def _parts(path: Path, venue: VenueRecipe, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a file names of a venue, by the names of `VenueRecipe.needed`: of a set each member has a table
    ([venue.aave] pool is "aave.pool"), and what all of them share stands beside the tables."""
    members = {key.split(MEMBER)[0]: None for key in venue.needed if MEMBER in key}
    shared = tuple(key for key in venue.needed if MEMBER not in key)
    parts: dict[str, Any] = {}
    if members:
        _known(path, "venue.", raw, (VENUE, *shared, *members))
    for key, value in raw.items():
        if isinstance(value, dict) and key not in members:
            raise ConfigError(
                f"{path}: venue.{key} is a table, and {venue.name} is one venue",
                "its addresses stand in [venue] itself: a set's members alone have tables",
            )
        if key not in members:
            parts[key] = value
            continue
        if not isinstance(value, dict):
            raise ConfigError(f"{path}: venue.{key} is no table", f"begin it with [venue.{key}]")
        for twice in shared:
            if twice in value:
                raise ConfigError(
                    f"{path}: venue.{key}.{twice} is one for all of {venue.name}",
                    f"name {twice} once, in [venue]",
                )
        parts |= {f"{key}{MEMBER}{part}": each for part, each in value.items()}
    return parts


def _between(path: Path, key: str, value: Any, low: Decimal, high: Decimal) -> Decimal:
    number = _number(path, key, value)
    if not low <= number <= high:
        raise ConfigError(f"{path}: {key} = {number} is out of bounds", f"from {low} to {high}")
    return number


def _number(path: Path, key: str, value: Any) -> Decimal:
    try:
        number = Decimal(value)
    except (DecimalException, TypeError, ValueError):
        number = Decimal("nan")
    if isinstance(value, bool) or not number.is_finite() or abs(number) >= 2**255:
        raise ConfigError(f"{path}: {key} = {value!r} is no number", "a number, as 172800 or 0.15")
    return number


def _settings(path: Path, raw: Mapping[str, Any], terms: Mapping[str, int]) -> DeploySettings:
    names = tuple(f.name for f in fields(DeploySettings) if f.name != "terms")
    _known(path, "settings.", raw, names)
    values = {key: _setting(path, key, value) for key, value in raw.items()}
    return DeploySettings(terms=dict(terms), **values)


def _setting(path: Path, key: str, value: Any) -> Any:
    if key in ADDRESSES:
        return _addresses(path, f"settings.{key}", value)
    number = _number(path, f"settings.{key}", value)
    return int(number * WAD) if key in FRACTIONS else int(number)


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
