"""A deployment file's venue and single values, each refused by name. where: the file, and which of its
markets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from eth_utils.address import is_address

from tandem.engine.abi import checksum, is_miscopied
from tandem.errors import ConfigError
from tandem.protocol.deploy import DeploySettings, parts_of
from tandem.protocol.deployment import VENUE
from tandem.units import WAD
from tandem.venues import Depth, VenueRecipe
from tandem.venues._pair import BASE_TOKENS
from tandem.venues._tokens import BASE_DECIMALS

BASE = "weth"
"""What a lender calls it; a set's members have each their own, a perpetual exchange none."""
MEMBER = "."
"""Between a set's member and its part."""
LEAST_DEPTH, MOST_DEPTH = 10_000, 10**10
"""USD of a local pool."""
ID = re.compile(r"0x[0-9a-fA-F]{64}")
MOST = 2**255
"""No number of a file is so large: it would fit into no word of a chain."""
MOST_NUMBER = 2**23 - 1
"""Of what a venue knows a market by: Uniswap's own bound."""


def venue_of(
    where: str, venue: VenueRecipe, raw: Mapping[str, Any], settings: DeploySettings
) -> tuple[Decimal | None, Depth, dict[str, str], int]:
    """Price and depth of one that is opened, addresses of one that stands, decimals of its base token."""
    if not isinstance(raw.get("deploy", False), bool):
        raise ConfigError(f"{where}: venue.deploy = {raw['deploy']!r}", "true or false, unquoted")
    if raw.get("deploy"):
        known(where, "venue.", raw, (VENUE, "deploy", "price", "depth_usd", "decimals"))
        low, high = Decimal(settings.min_price) / WAD, Decimal(settings.max_price) / WAD
        price = between(where, "venue.price", raw.get("price", 2_500), low, high)
        usd = raw.get("depth_usd", Depth().usd)
        depth = between(where, "venue.depth_usd", usd, Decimal(LEAST_DEPTH), Decimal(MOST_DEPTH))
        decimals = raw.get("decimals", BASE_DECIMALS)
        if type(decimals) is not int or decimals not in BASE_TOKENS:
            known_ = " or ".join(str(each) for each in BASE_TOKENS)
            raise ConfigError(f"{where}: venue.decimals = {decimals!r}", f"{known_}: of a stand-in")
        if decimals != BASE_DECIMALS and not any(
            key.rpartition(MEMBER)[2] == BASE for key in venue.needed
        ):
            raise ConfigError(
                f"{where}: venue.decimals = {decimals} beside {VENUE} = {venue.name!r}",
                "name a lender, as 'morpho', or leave it out: an exchange of perpetuals holds no token",
            )
        return price, Depth(float(depth)), {}, decimals
    own = {k: v for k, v in raw.items() if k not in ("deploy", VENUE)}
    beside = tuple(key for key in parts_of(venue, settings.asset) if key not in venue.needed)
    named = _parts(where, venue, own, beside)
    missing = [key for key in venue.needed if key not in named]
    if missing:
        raise ConfigError(
            f"{where}: venue lacks {', '.join(missing)}",
            "name its addresses, or set deploy = true on a chain of your own",
        )
    addresses = {k: _part(where, venue, k, v) for k, v in named.items()}
    return None, Depth(), addresses, BASE_DECIMALS


def _part(where: str, venue: VenueRecipe, key: str, value: Any) -> Any:
    """An address, an id, or a whole number as text: what the recipe says that it is."""
    name = f"venue.{key}"
    if key in venue.numbers:
        if type(value) is not int or not 0 <= value <= MOST_NUMBER:
            raise ConfigError(
                f"{where}: {name} = {value!r} is no whole number", f"from 0 to {MOST_NUMBER}"
            )
        return str(value)
    return (id_of if key in venue.ids else address_of)(where, name, value)


def _parts(
    where: str, venue: VenueRecipe, raw: Mapping[str, Any], beside: tuple[str, ...]
) -> dict[str, Any]:
    """What a file names of a venue, by the names of `VenueRecipe.needed`: of a set each member has a table
    ([venue.aave] pool is "aave.pool"), and what all of them share stands beside the tables. beside: what
    it may name besides."""
    members = {key.split(MEMBER)[0]: None for key in venue.needed if MEMBER in key}
    shared = (*(key for key in venue.needed if MEMBER not in key), *beside)
    parts: dict[str, Any] = {}
    if members:
        known(where, "venue.", raw, (VENUE, *shared, *members))
    for key, value in raw.items():
        if isinstance(value, dict) and key not in members:
            raise ConfigError(
                f"{where}: venue.{key} is a table, and {venue.name} is one venue",
                "its addresses stand in [venue] itself: a set's members alone have tables",
            )
        if key not in members:
            parts[key] = value
            continue
        if not isinstance(value, dict):
            raise ConfigError(f"{where}: venue.{key} is no table", f"begin it with [venue.{key}]")
        for twice in shared:
            if twice in value:
                raise ConfigError(
                    f"{where}: venue.{key}.{twice} is one for all of {venue.name}",
                    f"name {twice} once, in [venue]",
                )
        parts |= {f"{key}{MEMBER}{part}": each for part, each in value.items()}
    return parts


def known(where: str, prefix: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for key in table:
        if key not in names:
            raise ConfigError(f"{where}: unknown {prefix}{key}", f"known are {', '.join(names)}")


def too_large(table: Any, key: str = "") -> str:
    """The key of a whole number that fits into no word of a chain; "" where there is none. Such a one may
    have more digits than Python writes."""
    if isinstance(table, dict | list):
        parts = table.items() if isinstance(table, dict) else enumerate(table)
        found = (too_large(value, f"{key}.{part}" if key else str(part)) for part, value in parts)
        return next((each for each in found if each), "")
    return key if isinstance(table, int) and abs(table) >= MOST else ""


def address_of(where: str, key: str, value: Any) -> str:
    if not is_address(value):
        raise ConfigError(f"{where}: {key} = {value!r} is no address", "0x and 40 hex digits")
    if is_miscopied(value):
        raise ConfigError(
            f"{where}: {key} = {value!r} is no address: its capitals do not fit its digits",
            "a digit is wrong: copy it again from where it came",
        )
    return checksum(value)


def id_of(where: str, key: str, value: Any) -> str:
    if not (isinstance(value, str) and ID.fullmatch(value)):
        raise ConfigError(f"{where}: {key} = {value!r} is no id", "0x and 64 hex digits")
    return value.lower()


def between(where: str, key: str, value: Any, low: Decimal, high: Decimal) -> Decimal:
    number = number_of(where, key, value)
    if not low <= number <= high:
        raise ConfigError(f"{where}: {key} = {number} is out of bounds", f"from {low} to {high}")
    return number


def number_of(where: str, key: str, value: Any) -> Decimal:
    number = Decimal(value) if type(value) in (int, float, Decimal) else Decimal("nan")
    if not number.is_finite() or abs(number) >= MOST:
        hint = "a number without quotes, as 172800 or 0.15"
        raise ConfigError(f"{where}: {key} = {value!r} is no number", hint)
    return number
