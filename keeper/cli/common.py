"""What chain commands share: options, the connection, and two ways to print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

from keeper.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])

EXIT_FAULT = 1
"""Something was found wrong; 2 is a command that could not do its work."""


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def chain_options(function: F) -> F:
    """--rpc, --deployment, --json."""
    deployment = click.Path(path_type=Path)
    function = json_option(function)
    function = click.option(
        "--deployment", type=deployment, help="The file that `tandem deploy apply` wrote."
    )(function)
    return click.option("--rpc", help="A node, or several, comma-separated.")(function)


def settings_of(rpc: str | None, deployment: Path | None) -> Settings:
    """Settings with the command line on top."""
    return load_settings(rpc=rpc, deployment=deployment)


def emit(as_json: bool, data: Any, lines: Iterable[str]) -> None:
    """The same facts for machines or for people."""
    if as_json:
        click.echo(json.dumps(data, indent=2, default=str))
        return
    for line in lines:
        click.echo(line)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as they need to be; the first to the left, the others to the right."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(map(_cell, range(len(row)), row, widths)).rstrip() for row in rows]


def _cell(column: int, text: str, width: int) -> str:
    return text.rjust(width) if column else text.ljust(width)


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Name and value, aligned."""
    listed = list(rows)
    width = max((len(name) for name, _ in listed), default=0)
    return [f"{name.ljust(width)}  {value}" for name, value in listed]


def when(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def usd(amount: float) -> str:
    return f"{amount:,.2f} USD"


def eth(amount: float) -> str:
    return f"{amount:,.6f} ETH"


def date_of(expiry: int) -> str:
    return datetime.fromtimestamp(expiry, UTC).strftime("%d%b%y").upper()
