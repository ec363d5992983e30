"""One of several hedge venues by its name, as guardians and the flags know it."""

from __future__ import annotations

from tandem.errors import ConfigError
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import Deployment
from tandem.protocol.views import DOWN, FIRST_AWAY, MOST_VENUES
from tandem.venues import SEPARATOR

AWAY = (FIRST_AWAY << MOST_VENUES) - FIRST_AWAY
"""Of the flags: any of several venues is down."""
SAID = 1 | DOWN | AWAY
"""What guardians and the owner say; the rest is the breaker's."""
UNMARKED = 256
"""Opens wait for the gate's next mark."""


def names(deployment: Deployment) -> list[str]:
    """The venues, in the order of the guardians' bits."""
    return deployment.recipe.name.split(SEPARATOR)


def bit_of(place: int | None) -> int:
    """Of the flags: a venue's by its place, or that of all."""
    return DOWN if place is None else FIRST_AWAY << place


def taken_down(deployment: Deployment, flags: int, place: int | None) -> int:
    """The flags once a guardian took one of several down, or all: with the last of them all are, and opens
    wait for a mark without it (contracts/Guardian.vy)."""
    after = flags | bit_of(place)
    if place is None:
        return after
    return after | UNMARKED | (DOWN if _are_all(deployment, after) else 0)


def brought_back(deployment: Deployment, flags: int, place: int | None) -> int:
    """The flags that the owner proposes by bringing one back, or all; `applied` is what they come to."""
    gone = DOWN | AWAY if place is None else bit_of(place)
    if place is not None and _are_all(deployment, flags):
        gone |= DOWN
    return flags & SAID & ~gone


def applied(flags: int, proposed: int) -> int:
    """The flags once what was proposed of them takes effect: with the breaker's own; opens wait for a mark
    where one of several is back."""
    after = proposed | flags & ~SAID
    return after | UNMARKED if flags & ~after & AWAY else after


def _are_all(deployment: Deployment, flags: int) -> bool:
    count = len(names(deployment))
    return count > 1 and all(flags & FIRST_AWAY << place for place in range(count))


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
