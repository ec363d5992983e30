"""Putting aside what a stranger lent in our name: of several venues one that reports a position
which nobody opened has no part in orders until then (VS-8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tandem.client import several, venues
from tandem.client.errors import ClientError
from tandem.client.session import Prepared, Session, prepare, step
from tandem.protocol import gifts
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.units import WAD


@dataclass(frozen=True, slots=True)
class Positions:
    """What each venue that was told holds, ETH, by its name."""

    held: Mapping[str, float]


def accept(session: Session, venue: str | None = None) -> Prepared[Positions, Positions]:
    """Tell a venue, or each that has such a thing, to put aside what others gave; anybody may. Raises
    ConfigError for an unknown venue and ClientError where none can be told."""
    named = several.place_of(session.deployment, venue)
    names = several.names(session.deployment)
    there = zip(names, venues.addresses(session.deployment), strict=True)
    asked = {name: at for n, (name, at) in enumerate(there) if named in (None, n)}
    who = session.who.address
    told = {name: at for name, at in asked.items() if gifts.can_accept(session.engine, at, who)}
    if not told:
        raise ClientError(
            f"{', '.join(asked)} has nothing to put aside",
            "only the adapter of a lending market keeps apart what others gave; see `tandem venues`",
        )

    def held(_: object = None) -> Positions:
        return Positions(
            {n: HedgeVenue(session.engine, at).position() / WAD for n, at in told.items()}
        )

    steps = [
        step(gifts.accept(session.engine, at), f"put aside what others gave to {name}")
        for name, at in told.items()
    ]
    return prepare(session, "accept", held(), steps, held)
