"""Options that several commands of the keeper's share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import rich_click as click

from tandem.venues import DEFAULT, recipe

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
        help="What the hedge stands on: curie, a perpetual; aave, morpho, morpho4: lending and a spot pool; "
        "or several, as aave+morpho4.",
    )(function)
