"""Options that several commands of the keeper's share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import rich_click as click

from tandem.terminal.common import Between, Place
from tandem.venues import DEFAULT, names, recipe

F = TypeVar("F", bound=Callable[..., Any])


def _known(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    """Asked before a chain is started. Raises ConfigError where there is no such venue or set."""
    recipe(name)
    return name


def venue_option(function: F) -> F:
    """--venue, by the name of its recipe."""
    return click.option(
        "--venue",
        default=DEFAULT,
        show_default=True,
        callback=_known,
        help=f"What the hedge stands on: {', '.join(names())}, or several joined by a plus.",
    )(function)


def hedged_book_options(function: F) -> F:
    """--prices, --chain, --book, --size, --cost-bps, --gas, --nav, --margin: what is sold and hedged."""
    listed = (
        click.option("--prices", "files", multiple=True, required=True,
                     type=Place(),
                     help="Parquet or CSV of candles; may be given again."),
        click.option("--chain", type=Place(),
                     help="Option chain: volatility at the sale as it was quoted."),
        click.option("--book", default="one", show_default=True, metavar="SPEC",
                     help="one, random:12, or options: call:1.05:30,put:25d:14:2."),
        click.option("--size", default=50.0, show_default=True, type=Between(1e-3, 1e6),
                     help="ETH that a book is of."),
        click.option("--cost-bps", default=5.0, show_default=True, type=Between(0, 1_000),
                     help="What an order costs, of its size."),
        click.option("--gas", default=0.1, show_default=True, type=Between(0, 1_000),
                     help="What an order costs, USD."),
        click.option("--nav", type=Between(1, 1e12),
                     help="LPs' capital in USD: the contract's bands then bind."),
        click.option("--margin", default=0.0, show_default=True, type=Between(0, 0.9),
                     help="Calibrate this share below the clock's error: prices drift."),
    )  # fmt: skip
    for option in reversed(listed):
        function = option(function)
    return function
