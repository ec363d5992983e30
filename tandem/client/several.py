"""One of several hedge venues by its name, as guardians and the flags know it."""

from __future__ import annotations

from tandem.errors import ConfigError
from tandem.protocol.deployment import Deployment

DOWN, AWAY = 2, 512
"""Of the flags: all venues are down; the first of several is."""


def names(deployment: Deployment) -> list[str]:
    """The venues, in the order of the guardians' bits."""
    return deployment.recipe.name.split("+")


def bit_of(place: int | None) -> int:
    """Of the flags: a venue's by its place, or that of all."""
    return DOWN if place is None else AWAY << place


def place_of(deployment: Deployment, venue: str | None) -> int | None:
    """The place of a venue of several by its name; None where none is named. Raises ConfigError."""
    if venue is None:
        return None
    known = names(deployment)
    if len(known) < 2:
        raise ConfigError("this deployment has one venue", "name none")
    if venue not in known:
        raise ConfigError(
            f"there is no venue {venue!r}", f"the deployment's are {', '.join(known)}"
        )
    return known.index(venue)
