"""What `deployments/<chain>.toml` asks for, every mistake in it by name.

A file is of one market, or names several under [markets]: roles, settings and terms at its top are then all
of theirs, and what a market's own tables say goes over them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any

from tandem import venues
from tandem.errors import ConfigError
from tandem.files import read_text
from tandem.protocol.deploy import ETHER_FEED, DeploySettings
from tandem.protocol.deployment import JOINT, MARKET, VENUE, recipe_named
from tandem.protocol.recipe_checks import (
    ROLES,
    check_ages,
    check_bounds,
    check_losses,
    check_prices,
    check_public,
    check_roles,
    check_signatures,
    check_signers,
    each_of,
)
from tandem.protocol.recipe_settings import settings_of
from tandem.protocol.recipe_values import address_of, known, too_large, venue_of
from tandem.protocol.record_checks import ASSET, NAME
from tandem.protocol.roles import Roles
from tandem.units import ETHER
from tandem.venues import Depth, VenueRecipe

TABLES = ("roles", "venue", "settings", "terms")
SHARED = ("settings", "terms")
"""Tables that a market has over the file's own."""
MARKETS = "markets"
OF_MARKET = ("asset", "venue", *SHARED)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a deployment file asks for, of one market. name: the file's, with the market's behind it where it
    has several; addresses: the venue's, where the chain has one; price: where a venue of our own opens, None
    where the chain has one; market: "" of a file that has one."""

    name: str
    chain_id: int
    roles: dict[str, Any]
    venue: VenueRecipe
    addresses: dict[str, str]
    price: Decimal | None
    depth: Depth
    settings: DeploySettings
    market: str = ""
    decimals: int = 18
    """Of the base token of a venue of our own."""

    @property
    def asset(self) -> str:
        """What the market's options are on, as "ETH"."""
        return self.settings.asset


def load_recipe(path: Path, market: str = "") -> Recipe:
    """The file's only market, or the one of that name. Raises ConfigError with the name of what is missing,
    unknown or no address."""
    found = load_recipes(path)
    names = [each.market for each in found]
    if not market and len(found) == 1:
        return found[0]
    if market in names:
        return found[names.index(market)]
    if not market:
        raise ConfigError(
            f"{path} has several markets: {', '.join(names)}", "name one with --market"
        )
    if names == [""]:
        raise ConfigError(f"{path} has one market, without a name", "leave --market out")
    raise ConfigError(f"{path} has no market {market!r}", f"it has {', '.join(names)}")


def load_recipes(path: Path) -> tuple[Recipe, ...]:
    """Every market of the file, in its order. Raises ConfigError as `load_recipe` does."""
    raw = _raw(path)
    where = str(path)
    if MARKETS not in raw:
        return (_with_ether(where, _recipe(where, raw, ""), ()),)
    known(where, "", raw, ("name", "chain_id", "asset", *TABLES, MARKETS))
    if "venue" in raw:
        raise ConfigError(
            f"{where}: [venue] stands beside [{MARKETS}]", "each market has a venue of its own"
        )
    listed = raw[MARKETS]
    if not (isinstance(listed, dict) and listed):
        raise ConfigError(f"{where}: {MARKETS} names no market", f"begin one with [{MARKETS}.eth]")
    places = {market: f"{where} [{MARKETS}.{market}]" for market in listed}
    found = each_of(where, places, lambda m, at: _recipe(at, _of_market(where, raw, m), m))
    return tuple(_with_ether(f"{where} [{MARKETS}.{each.market}]", each, found) for each in found)


def _with_ether(where: str, recipe: Recipe, beside: Sequence[Recipe]) -> Recipe:
    """Of another asset, with the feed of ether, in which gas is paid: its own, or that of the file's market
    on ether, with its age. A venue that is opened brings one. Raises ConfigError where there is none."""
    if recipe.asset == ETHER or recipe.price is not None or ETHER_FEED in recipe.addresses:
        return recipe
    other = next((each for each in beside if each.asset == ETHER and each.addresses), None)
    if other is None:
        raise ConfigError(
            f"{where}: venue.{ETHER_FEED} is left out, and the market is on {recipe.asset}",
            "gas is paid in ETH: name its price feed, or a market on ETH in the same file",
        )
    age = recipe.settings.ether_max_age
    settings = replace(
        recipe.settings, ether_max_age=other.settings.max_age if age is None else age
    )
    feed = {ETHER_FEED: other.addresses["feed"]}
    return replace(recipe, addresses=recipe.addresses | feed, settings=settings)


def load_wanted(path: Path, market: str) -> tuple[Recipe, ...]:
    """Every market of the file, or the one that is named. Raises ConfigError as `load_recipe` does."""
    return (load_recipe(path, market),) if market else load_recipes(path)


def _raw(path: Path) -> dict[str, Any]:
    """What the file holds."""
    try:
        found = tomllib.loads(read_text(path), parse_float=Decimal)
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no deployment file {path}", "copy deployments/local.toml and change it"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}", "correct the line") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}: line {line} is not UTF-8", "save the file as UTF-8") from error
    except (OSError, ValueError, RecursionError, DecimalException) as error:
        raise ConfigError(f"{path} cannot be read: {error}", "name a deployment file") from error
    if key := too_large(found):
        raise ConfigError(f"{path}: {key} is a number that no chain holds", "below 2 ** 255")
    return found


def _of_market(where: str, raw: Mapping[str, Any], market: str) -> dict[str, Any]:
    """What a file of that market alone would hold."""
    key, own = f"{MARKETS}.{market}", raw[MARKETS][market]
    if not MARKET.fullmatch(market):
        raise ConfigError(
            f"{where}: {MARKETS}.{market!r} cannot name a file",
            "small letters and digits, up to 32, with dashes between",
        )
    if not isinstance(own, dict):
        raise ConfigError(f"{where}: {key} is no table", f"begin it with [{key}]")
    known(where, f"{key}.", own, OF_MARKET)
    for prefix, tables in (("", raw), (f"{key}.", own)):
        _check_tables(where, prefix, tables)
    alone = {k: v for k, v in raw.items() if k != MARKETS} | own
    if isinstance(raw.get("name"), str):
        alone["name"] = f"{raw['name']}{JOINT}{market}"
    return alone | {table: raw.get(table, {}) | own.get(table, {}) for table in SHARED}


def _recipe(where: str, raw: Mapping[str, Any], market: str) -> Recipe:
    known(where, "", raw, ("name", "chain_id", "asset", *TABLES))
    for key in ("name", "chain_id", "roles", "venue"):
        if key not in raw:
            raise ConfigError(f"{where} lacks {key}", "see deployments/local.toml")
    _check_kinds(where, raw)
    known(where, "roles.", raw["roles"], ROLES)
    roles = {key: _role(where, key, value) for key, value in raw["roles"].items()}
    venue = recipe_named(where, raw["venue"].get(VENUE, venues.DEFAULT))
    settings = settings_of(where, raw)
    check_bounds(where, raw.get("settings", {}), settings.asset)
    check_prices(where, settings)
    check_ages(where, settings)
    check_signers(where, roles)
    check_roles(where, roles, raw["chain_id"])
    check_signatures(where, settings, roles)
    check_losses(where, settings, raw["chain_id"])
    price, depth, addresses, decimals = venue_of(where, venue, raw["venue"], settings)
    check_public(where, settings, raw["chain_id"], is_opened=price is not None)
    return Recipe(
        raw["name"],
        raw["chain_id"],
        roles,
        venue,
        addresses,
        price,
        depth,
        settings,
        market,
        decimals,
    )


def _check_kinds(where: str, raw: Mapping[str, Any]) -> None:
    """Text where text belongs, numbers and tables likewise."""
    if not (isinstance(raw["name"], str) and NAME.fullmatch(raw["name"])):
        raise ConfigError(
            f"{where}: name = {raw['name']!r} cannot name a file", "letters and digits"
        )
    if type(raw["chain_id"]) is not int or raw["chain_id"] <= 0:
        raise ConfigError(f"{where}: chain_id = {raw['chain_id']!r}", "a whole number above 0")
    _check_tables(where, "", raw)
    asset = raw.get("asset", DeploySettings().asset)
    if not (isinstance(asset, str) and ASSET.fullmatch(asset)):
        raise ConfigError(
            f"{where}: asset = {asset!r} names no asset", "capitals and digits, up to 10, as 'BTC'"
        )
    kind = raw["venue"].get(VENUE, venues.DEFAULT)
    if not isinstance(kind, str):
        raise ConfigError(f"{where}: venue.{VENUE} = {kind!r} names no venue", "as 'curie'")


def _check_tables(where: str, prefix: str, raw: Mapping[str, Any]) -> None:
    for key in TABLES:
        if not isinstance(raw.get(key, {}), dict):
            name = f"{prefix}{key}"
            raise ConfigError(f"{where}: {name} is no table", f"begin it with [{name}]")


def _role(where: str, key: str, value: Any) -> Any:
    if isinstance(value, list) != (key == "signers"):
        raise ConfigError(f"{where}: roles.{key} = {value!r}", "one address; for signers a list")
    if isinstance(value, list):
        return [address_of(where, f"roles.{key}", each) for each in value]
    return address_of(where, f"roles.{key}", value)


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
