"""One of several hedge venues by its name, as guardians and the flags know it."""

from __future__ import annotations

from tandem.errors import ConfigError
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import Deployment
from tandem.protocol.views import DOWN, FIRST_AWAY
from tandem.venues import SEPARATOR


def names(deployment: Deployment) -> list[str]:
    """The venues, in the order of the guardians' bits."""
    return deployment.recipe.name.split(SEPARATOR)


def bit_of(place: int | None) -> int:
    """Of the flags: a venue's by its place, or that of all."""
    return DOWN if place is None else FIRST_AWAY << place


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


def place_of_several(deployment: Deployment, venue: str) -> int:
    """The place of a venue that is named. Raises ConfigError, where there is one venue as well."""
    place = place_of(deployment, venue)
    assert place is not None
    return place
