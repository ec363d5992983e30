"""A deployment file's tables `settings` and `terms`, each value of its kind. where: the file, and which of
its markets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tandem.errors import ConfigError
from tandem.protocol import terms
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.recipe_values import MOST, address_of, known, number_of
from tandem.units import WAD

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


def settings_of(where: str, raw: Mapping[str, Any]) -> DeploySettings:
    """Of both tables, and the asset, which stands at the file's top or a market's. Raises ConfigError."""
    table = raw.get("settings", {})
    names = tuple(f.name for f in fields(DeploySettings) if f.name not in ("asset", "terms"))
    known(where, "settings.", table, names)
    values = {key: _setting(where, key, value) for key, value in table.items()}
    asset = raw.get("asset", DeploySettings().asset)
    return DeploySettings(asset=asset, terms=_terms(where, raw.get("terms", {})), **values)


def _setting(where: str, key: str, value: Any) -> Any:
    name = f"settings.{key}"
    if key in ADDRESSES:
        return address_of(where, name, value)
    number = number_of(where, name, value)
    if number < 0:
        raise ConfigError(f"{where}: {name} = {value} is less than nothing", "0 or above")
    if key in FRACTIONS:
        if number * WAD >= MOST:
            raise ConfigError(f"{where}: {name} = {value} is too large", "below 10 ** 58")
        return int(number * WAD)
    if number != int(number):
        raise ConfigError(f"{where}: {name} = {value}", "a whole number, 0 or above")
    return int(number)


def _terms(where: str, table: Mapping[str, Any]) -> dict[str, int]:
    """Changes to the default terms, each between its bounds."""
    for key, value in table.items():
        if type(value) is not int:
            raise ConfigError(f"{where}: terms.{key} = {value!r}", "a whole number in its own unit")
    try:
        terms.defaults(**table)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error.message}", error.hint) from error
    return dict(table)
