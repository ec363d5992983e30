"""Moving a part of the hedge from one of several venues to another: both come home where they lie against
each other; what is cheaper to hold elsewhere goes there; what margin no longer carries goes where it is
carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.client import several, venues
from tandem.client.errors import ClientError
from tandem.client.sending import Sent
from tandem.client.session import Prepared, Session, prepare, reads, step
from tandem.client.venues import VenueState
from tandem.protocol import shifts
from tandem.protocol.bindings.margin_desk import Shifted
from tandem.units import Amount, decimal, scaled

LOT = 1e-3
"""ETH."""


@dataclass(frozen=True, slots=True)
class Move:
    """source, target: the venues' names. size: what goes, ETH; received: USD, fees taken off, None before
    it was sent. why: in words, "" where the venues were named."""

    source: str
    target: str
    size: Decimal
    received: Decimal | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Venues by name, and the most that is to go, ETH; what is None is found."""

    source: str | None = None
    target: str | None = None
    size: Amount | None = None


def crossed(states: Sequence[VenueState]) -> tuple[VenueState, VenueState] | None:
    """The largest long and the largest short among those that are up; None where no two are against each
    other."""
    up = [v for v in states if v.answers and not v.is_down]
    if not up:
        return None
    long = max(up, key=lambda v: v.position or 0.0)
    short = min(up, key=lambda v: v.position or 0.0)
    if (long.position or 0.0) < LOT or (short.position or 0.0) > -LOT:
        return None
    return long, short


def shift(session: Session, wanted: Wanted) -> Prepared[Move, Move]:
    """Move what is due, or what is wanted; anybody may. Raises ClientError where nothing is due or a venue is
    unknown, or with the refusal."""
    names = several.names(session.deployment)
    places = venues.addresses(session.deployment)
    is_named = wanted.source is not None or wanted.target is not None
    found = _named(session, wanted, places) if is_named else _due(session, names, wanted.size)
    source, target = (_name_of(at, names, places) for at in (found.source, found.target))
    call = session.on.desk.shift(found.source, found.target, found.asked)
    size = reads(lambda: call.simulate(session.who.address, shifts.GAS))
    why = "" if is_named else str(found.why)
    preview = Move(source, target, decimal(size, 18), None, why)
    steps = [step(call, f"move what goes of the hedge from {source} to {target}")]

    def after(done: Sequence[Sent]) -> Move:
        logs = session.logs(done, session.on.desk, Shifted)
        size, received = sum(log.size for log in logs), sum(log.received for log in logs)
        return Move(source, target, decimal(size, 18), decimal(received, 18), why)

    return prepare(session, "shift", preview, steps, after)


def line(states: Sequence[VenueState], asset: str) -> str:
    """What people are told of it; "" where no two are against each other."""
    found = crossed(states)
    if found is None:
        return ""
    long, short = found
    size = min(long.position or 0.0, -(short.position or 0.0))
    what = f"{long.name} is long and {short.name} short by {size:.4f} {asset}"
    return f"{what}: margin lies at both for nothing"


def _name_of(address: str, names: Sequence[str], places: Sequence[str]) -> str:
    """Raises ClientError for an address that is none of the record's."""
    if address not in places:
        raise ClientError(
            f"the node names {address} as a venue, which the deployment's file does not",
            "nothing was sent: ask another node, or see `tandem deploy verify`",
        )
    return names[places.index(address)]


def _due(session: Session, names: Sequence[str], size: Amount | None) -> shifts.Shift:
    if len(names) < 2:
        raise ClientError("this market has one venue", "nothing can move")
    who = session.who.address
    found = shifts.due(session.on, who) or shifts.due(session.on, who, lacks_margin=True)
    if found is None:
        raise ClientError(
            f"nothing at {', '.join(names)} is due to move",
            "name the venues to see why: tandem shift --from A --to B",
        )
    if size is None:
        return found
    return shifts.Shift(found.source, found.target, scaled(size, 18, "size"), found.size, found.why)


def _named(session: Session, wanted: Wanted, places: Sequence[str]) -> shifts.Shift:
    at = [several.place_of(session.deployment, name) for name in (wanted.source, wanted.target)]
    if at[0] is None or at[1] is None:
        raise ClientError("a hedge moves from one venue to another", "name both: --from A --to B")
    asked = shifts.MOST if wanted.size is None else scaled(wanted.size, 18, "size")
    return shifts.Shift(places[at[0]], places[at[1]], asked, 0, shifts.Why.CARRY)
