"""What chain commands share: options, the connection, and two ways to print."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from math import floor, isnan, log10
from pathlib import Path
from textwrap import wrap
from typing import Any, TypeVar

import rich_click as click

from tandem.foreign import lines as shown
from tandem.terminal.ending import EXIT_FAULT
from tandem.terminal.json_text import to_json
from tandem.terminal.stdout import for_programs, put

F = TypeVar("F", bound=Callable[..., Any])

SEED = click.IntRange(0, 2**63 - 1)
"""What `--seed` takes."""


class Between(click.FloatRange):
    """A number in a range. Python's `nan` lies in every one of them, for it fails every comparison."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if isnan(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


class Place(click.Path):
    """A file or a folder. An empty name, as of a variable that is not set, would be the folder in which the
    command is run, and what lies there be written over."""

    def __init__(self, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, dir_okay=dir_okay)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if value == "":
            self.fail("the name is empty; name a file or a folder, or leave it out", param, ctx)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


def json_option(function: F) -> F:
    return for_programs("--json", "as_json", told="Print JSON.")(function)


def chain_options(function: F) -> F:
    """--rpc, --deployment, --market, --json."""
    function = json_option(function)
    function = click.option("--market", help="Which one, of a deployment that has several.")(
        function
    )
    function = click.option(
        "--deployment", type=Place(), help="The file that `tandem deploy apply` wrote."
    )(function)
    return click.option("--rpc", help="A node, or several, comma-separated.")(function)


def emit(as_json: bool, data: Any, lines: Iterable[str]) -> None:
    """The same facts for machines or for people, to whom nothing of others' is sent that a terminal obeys."""
    if as_json:
        put(to_json(data))
        return
    for line in lines:
        click.echo(shown(line))


def progress(text: str) -> None:
    """A line about work that goes on, whether or not somebody still reads."""
    with suppress(OSError):
        click.echo(shown(text), err=True)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows under the first, their head. Columns are as wide as they need to be, the first to the left,
    the others to the right; where the terminal is too narrow for that, name and value flow."""
    lines = _aligned(rows)
    if _fits(lines):
        return lines
    head, *body = rows
    return [
        line
        for place, row in enumerate(body, start=1)
        for line in flowing(
            f"{place}", [x for x in zip(head, row, strict=True) if x[1]], screen_width()
        )
    ]


def fits(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the terminal has room for these rows side by side."""
    return _fits(_aligned(rows))


def screen_width() -> int:
    """Columns of the terminal, or of COLUMNS; without either there is no limit: a file has none."""
    return shutil.get_terminal_size(fallback=(10_000, 24)).columns


def _fits(lines: Sequence[str]) -> bool:
    return max(map(len, lines), default=0) <= screen_width()


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(map(_cell, range(len(row)), row, widths)).rstrip() for row in rows]


def _cell(column: int, text: str, width: int) -> str:
    return text.rjust(width) if column else text.ljust(width)


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Name and value, aligned; what the terminal has no room for goes on below, under the value, or under
    the name where a word of it is too long for that."""
    listed = list(rows)
    width = max((len(name) for name, _ in listed), default=0)
    lines: list[str] = []
    for name, value in listed:
        whole = f"{name.ljust(width)}  {value}"
        room = screen_width() - width - 2
        if len(whole) <= screen_width():
            lines.append(whole)
        elif max(map(len, value.split()), default=0) <= room:
            lines += told(f"{name.ljust(width)}  ", value)
        else:
            lines += [name, *told("  ", value)]
    return lines


def told(head: str, text: str) -> list[str]:
    """A line, as many as the terminal makes of it: those after the first begin below the text. No word is
    broken, for a path or an address in two can be pasted nowhere."""
    if len(head) + len(text) <= screen_width():
        return [head + text]
    return wrap(
        text, screen_width(), initial_indent=head, subsequent_indent=" " * len(head),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def flowing(label: str, values: Iterable[tuple[str, str]], width: int) -> list[str]:
    """A row that is too wide for a table: name and value one after the other, under its label."""
    margin = " " * (len(label) + 2)
    lines = [label.ljust(len(margin))]
    for name, value in values:
        for part in wrap(f"{name} {value}", max(width - len(margin), 20)):
            if len(lines[-1]) + len(part) > width and lines[-1].strip() not in ("", label):
                lines.append(margin)
            lines[-1] += part + "  "
    return [line.rstrip() for line in lines]


def when(time: int) -> str:
    """A moment; what has no date, as a node may say it, in seconds."""
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (OSError, OverflowError, ValueError):
        return f"{time:,} s after 1970"


def usd(amount: float | Decimal) -> str:
    return f"{amount:z,.2f} USD"


def sized(amount: float | Decimal, asset: str) -> str:
    """What options, hedges and residuals are counted in."""
    return f"{amount:z,.6f} {asset}"


def small(amount: float) -> str:
    """Six decimals, more where four digits of it need them: a gamma of bitcoin begins with five zeros."""
    places = 6 if not amount else max(6, 3 - floor(log10(abs(amount))))
    return f"{amount:z.{min(places, 18)}f}"


def eth(amount: float | Decimal) -> str:
    """What gas is paid in."""
    return sized(amount, "ETH")


def counted(number: int, one: str, many: str) -> str:
    """`1 expiry`, `2 expiries`."""
    return f"{number} {one if number == 1 else many}"


def date_of(expiry: int) -> str:
    return datetime.fromtimestamp(expiry, UTC).strftime("%d%b%y").upper()


__all__ = [
    "EXIT_FAULT",
    "SEED",
    "Between",
    "chain_options",
    "counted",
    "date_of",
    "emit",
    "eth",
    "fits",
    "flowing",
    "json_option",
    "pairs",
    "progress",
    "screen_width",
    "sized",
    "small",
    "table",
    "told",
    "usd",
    "when",
]
