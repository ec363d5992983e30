"""What the owner proposed and anybody may carry out once its delay is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tandem.engine.base import Engine
from tandem.errors import Reverted
from tandem.protocol.announced import opens_at
from tandem.protocol.bindings.guardian import Guardian
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deployment import Deployment
from tandem.protocol.series import moment_of
from tandem.units import WAD
from tandem.venues import SEPARATOR, recipe

OWNER = 0
"""Of the Guardian's roles."""
TAKEN_UP = "venues: growth taken up"


@dataclass(frozen=True, slots=True)
class Proposal:
    """what: may happen by it, in words. ready_at: from when on, seconds."""

    what: str
    proposer: str
    ready_at: int


def proposals(engine: Engine, deployment: Deployment, now: int) -> Iterator[Proposal]:
    """Settlement prices of what is open, and by how much venues of several have grown; none that has lapsed,
    was taken up, or whose proposer is the owner no more. Raises Reverted where the market cannot be read."""
    yield from growths(engine, deployment, now)
    guardian = Guardian(engine, deployment.address("Guardian"))
    for expiry in Lens(engine, deployment.address("Lens")).snapshot().unsettled:
        item = guardian.proposals(expiry.expiry)
        ready = _opens(guardian, item.proposer, item.ready_at, 0, now)
        if ready is not None:
            what = f"{moment_of(expiry.expiry)} may settle at a proposed price"
            yield Proposal(what, item.proposer, ready)


def growths(engine: Engine, deployment: Deployment, now: int) -> Iterator[Proposal]:
    """Of venues of several alone: it asks nothing of the market."""
    guardian = Guardian(engine, deployment.address("Guardian"))
    names = deployment.recipe.name.split(SEPARATOR)
    for place, name in enumerate(names[: guardian.VENUES()]):
        item = guardian.growths(place)
        ready = _opens(guardian, item.proposer, item.ready_at, guardian.held_until(), now)
        if ready is not None and not _is_taken_up(engine, deployment, name, item.proposer):
            what = f"{name} may be believed to hold {item.growth / WAD:+f} {deployment.asset} more"
            yield Proposal(what, item.proposer, ready)


def _opens(guardian: Guardian, proposer: str, ready_at: int, held: int, now: int) -> int | None:
    """What a former owner proposed is void."""
    ready = opens_at(ready_at, held, now)
    return ready if ready is not None and guardian.has_role(OWNER, proposer) else None


def _is_taken_up(engine: Engine, deployment: Deployment, name: str, who: str) -> bool:
    there = VenueSet(engine, deployment.address("VenueSet"))
    try:
        there.begin_anew(deployment.address(recipe(name).adapter)).simulate(who)
    except Reverted as error:
        return error.reason == TAKEN_UP
    return False
