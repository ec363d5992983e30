"""What a record of a deployment must hold for anything to be done with it: each mistake by name. path: the
file's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from eth_utils.address import is_address

from tandem.errors import ConfigError
from tandem.protocol.deploy import DeploySettings

WRITTEN = "it is written by `tandem deploy apply`"
TEXTS = ("name", "deployer")
NUMBERS = ("chain_id", "block", "first")
SETTINGS = frozenset(field.name for field in fields(DeploySettings))


def check_kinds(path: Path, raw: Mapping[str, Any]) -> None:
    """Text, numbers and tables where they belong, and no setting that nobody knows. Raises ConfigError."""
    wrong = [key for key in TEXTS if not isinstance(raw[key], str)]
    wrong += [key for key in NUMBERS if type(raw[key]) is not int]
    wrong += [] if isinstance(raw["roles"], dict) else ["roles"]
    wrong += [f"venue.{key}" for key, value in raw["venue"].items() if not isinstance(value, str)]
    if wrong:
        raise ConfigError(f"{path}: {', '.join(wrong)} is not what belongs there", WRITTEN)
    unknown = [f"settings.{key}" for key in raw["settings"] if key not in SETTINGS]
    if unknown:
        raise ConfigError(
            f"{path}: unknown {', '.join(unknown)}",
            f"{WRITTEN}: of another version, perhaps, whose sources know it",
        )


def check_places(path: Path, places: Mapping[str, Any]) -> None:
    """Every contract stands at an address. Raises ConfigError."""
    for name, place in places.items():
        if not is_address(place):
            raise ConfigError(f"{path}: {name} is at {place!r}, which is no address", WRITTEN)
