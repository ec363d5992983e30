"""What a record of a deployment must hold for anything to be done with it: each mistake by name. path: the
file's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from eth_utils.address import is_address

from tandem.errors import ConfigError
from tandem.protocol.deploy import DeploySettings
from tandem.venues import VenueRecipe

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What becomes a file's name."""
ASSET = re.compile(r"[A-Z][A-Z0-9]{0,9}")
"""What a feed calls what it prices; the Vault's share is named after it."""
WRITTEN = "it is written by `tandem deploy apply`"
TEXTS = ("name", "deployer")
NUMBERS = ("chain_id", "block", "first")
SETTINGS = {field.name: field.default for field in fields(DeploySettings)}
"""With the default of each; of `terms`, a table, there is no such thing."""
TERMS = "terms"
HASHES = ("init_hash", "code_hash")
SIGNERS = "signers"
MOST_DIGITS = 78
WORD = 2**256
"""No number of a chain's word is so large, or has more digits."""
MOST_COUNTED = 2**64
ID = re.compile(r"0x[0-9a-f]{64}")
"""By which a venue knows a market."""


def each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a record: whoever reviews it reads the first of two values, and a program takes the last.
    Raises ValueError where a key stands twice."""
    found = dict[str, Any]()
    for key, value in pairs:
        if key in found:
            raise ValueError(f"it says {key!r} twice")
        found[key] = value
    return found


def check_kinds(path: Path, raw: Mapping[str, Any]) -> None:
    """Text, numbers and tables where they belong, and no setting that nobody knows. Raises ConfigError."""
    wrong = [key for key in TEXTS if not isinstance(raw[key], str)]
    wrong += [] if wrong or NAME.fullmatch(raw["name"]) else ["name"]
    wrong += [key for key in NUMBERS if not is_count(raw[key])]
    wrong += [] if isinstance(raw["roles"], dict) else ["roles"]
    wrong += [f"venue.{key}" for key, value in raw["venue"].items() if not isinstance(value, str)]
    wrong += [] if wrong else _wrong_values(raw)
    if wrong:
        raise ConfigError(f"{path}: {', '.join(wrong)} is not what belongs there", WRITTEN)
    unknown = [f"settings.{key}" for key in raw["settings"] if key not in SETTINGS]
    if unknown:
        raise ConfigError(
            f"{path}: unknown {', '.join(unknown)}",
            f"{WRITTEN}: of another version, perhaps, whose sources know it",
        )


def _wrong_values(raw: Mapping[str, Any]) -> list[str]:
    """Roles that no account can hold, and settings that are not of their kind."""
    wrong = [] if is_address(raw["deployer"]) else ["deployer"]
    for key, value in raw["roles"].items():
        who = value if key == SIGNERS else [value]
        if not (isinstance(who, list) and all(map(is_address, who))):
            wrong.append(f"roles.{key}")
    for key, value in raw["settings"].items():
        if key in SETTINGS and not _is_setting(key, value):
            wrong.append(f"settings.{key}")
    return wrong


def _is_setting(key: str, value: Any) -> bool:
    if key == TERMS:
        return isinstance(value, dict) and all(map(is_number, value.values()))
    if key == "asset":
        return isinstance(value, str) and ASSET.fullmatch(value) is not None
    usual = SETTINGS[key]
    if isinstance(usual, str):
        return is_address(value) if is_address(usual) else isinstance(value, str)
    return is_number(value) or (value is None and usual is None)


def is_number(value: Any) -> bool:
    """Whether it is a whole number that is not negative, as JSON has it or as text."""
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS
    return type(value) is int and 0 <= value < WORD


def is_count(value: Any) -> bool:
    """Whether it is a number that a node counts by: of a chain, a block or a transaction."""
    return type(value) is int and 0 <= value < MOST_COUNTED


def strange_parts(recipe: VenueRecipe, venue: Mapping[str, Any]) -> list[str]:
    """Which values of a venue's table are not what the recipe says that they are: addresses, but for its
    ids and numbers."""
    return [key for key, value in venue.items() if not _is_part(recipe, key, value)]


def _is_part(recipe: VenueRecipe, key: str, value: Any) -> bool:
    if key in recipe.ids:
        return isinstance(value, str) and ID.fullmatch(value) is not None
    return is_number(value) if key in recipe.numbers else is_address(value)


def check_venue(path: Path, recipe: VenueRecipe, venue: Mapping[str, str], kind: str) -> None:
    """What it names is what the recipe says that it is. kind: the key of the recipe's own name. Raises
    ConfigError."""
    named = {key: value for key, value in venue.items() if key != kind}
    for key in strange_parts(recipe, named):
        raise ConfigError(f"{path}: venue.{key} is {venue[key]!r}", WRITTEN)


def check_parts(path: Path, contracts: Mapping[str, Mapping[str, Any]]) -> None:
    """Of every contract a list of arguments, and hashes as text. Raises ConfigError."""
    for name, part in contracts.items():
        wrong = [] if isinstance(part["args"], list) else ["args"]
        wrong += [key for key in HASHES if not isinstance(part[key], str)]
        if wrong:
            raise ConfigError(f"{path}: {name} has no {', '.join(wrong)} that can be", WRITTEN)


def check_places(path: Path, places: Mapping[str, Any]) -> None:
    """Every contract stands at an address. Raises ConfigError."""
    for name, place in places.items():
        if not is_address(place):
            raise ConfigError(f"{path}: {name} is at {place!r}, which is no address", WRITTEN)


def restored(args: Any) -> Any:
    """Values as they were before JSON had them."""
    if isinstance(args, list | tuple):
        return tuple(restored(arg) for arg in args)
    if isinstance(args, dict):
        return {key: restored(value) for key, value in args.items()}
    return int(args) if isinstance(args, str) and is_number(args) else args
