"""One of several hedge venues by its name, as guardians and the flags know it."""

from __future__ import annotations

from dataclasses import dataclass

from tandem.errors import ConfigError
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import Deployment
from tandem.protocol.views import FIRST_AWAY, MOST_VENUES

DOWN = 2
"""Of the flags: all venues are down."""


def names(deployment: Deployment) -> list[str]:
    """The venues, in the order of the guardians' bits."""
    return deployment.recipe.name.split("+")


def bit_of(place: int | None) -> int:
    """Of the flags: a venue's by its place, or that of all."""
    return DOWN if place is None else FIRST_AWAY << place


@dataclass(frozen=True, slots=True)
class Gone:
    """What guardians took down: all venues, or some of several by their places."""

    all: bool
    places: tuple[int, ...]


def gone_of(word: int) -> Gone:
    """By the first word of the terms, whose lowest field the flags are."""
    places = tuple(n for n in range(MOST_VENUES) if word & FIRST_AWAY << n)
    return Gone(bool(word & DOWN), places)


def down(deployment: Deployment, snapshot: Snapshot) -> list[str]:
    """The names of those of several that a guardian took down."""
    known = names(deployment)
    return [known[place] for place in snapshot.places_down if place < len(known)]


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
