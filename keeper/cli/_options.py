"""Options that several commands of the keeper's share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import rich_click as click

from tandem.venues import DEFAULT

F = TypeVar("F", bound=Callable[..., Any])


def venue_option(function: F) -> F:
    """--venue, by the name of its recipe."""
    return click.option(
        "--venue",
        default=DEFAULT,
        show_default=True,
        help="What the hedge stands on: curie, a perpetual; aave, morpho, morpho4: lending and a spot pool.",
    )(function)
