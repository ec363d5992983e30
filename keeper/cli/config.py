"""`tandem config`: settings, their values and where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import rich_click as click
from pydantic import SecretStr

from keeper.settings import load_settings
from tandem.settings import PREFIX, config_file, origin
from tandem.terminal.common import emit, json_option, table
from tandem.terminal.group import Group

WHO = "operator"


@click.group(cls=Group)
def config() -> None:
    """Settings: TANDEM_… variables over tandem.toml over the defaults.

    \b
    Examples:
      tandem config show
      TANDEM_FEES__MOST_GWEI=2 tandem config show --json
    """


@config.command()
@json_option
def show(as_json: bool) -> None:
    """List every setting. Secrets show only whether they are set.

    \b
    Examples:
      tandem config show
    """
    rows = list(_rows(load_settings().model_dump()))
    lines = table([["setting", "value", "from"], *[[n, v, o] for n, v, o in rows]])
    data = {name: {"value": value, "from": source} for name, value, source in rows}
    file = config_file()
    there = "read" if file.exists() else "not there"
    emit(as_json, data, [*lines, "", f"file {file}: {there}; variables start with {PREFIX}"])


def _rows(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    for key, value in values.items():
        name = prefix + key
        if isinstance(value, Mapping) and value:
            yield from _rows(value, f"{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield name, _shown(name, value), origin(name)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, SecretStr):
        return "(set)"
    if name == "rpc":
        from tandem.engine.endpoint import host_of

        return ", ".join(host_of(url.strip()) for url in str(value).split(",") if url.strip())
    return "" if value is None else str(value)
