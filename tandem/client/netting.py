"""What is long at one of several venues and short at another: bringing it home at both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.client import several, venues
from tandem.client.errors import ClientError
from tandem.client.sending import Sent
from tandem.client.session import Prepared, Session, prepare, reads, step
from tandem.client.venues import VenueState
from tandem.protocol.bindings.margin_desk import Shifted
from tandem.units import decimal

GAS = 10 * 10**6
MOST = 2**255
LOT = 1e-3
"""ETH."""


@dataclass(frozen=True, slots=True)
class Netting:
    """long, short: the venues' names. size: what goes home at each, ETH; received: USD, fees taken off,
    None before it was sent."""

    long: str
    short: str
    size: Decimal
    received: Decimal | None


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


def shift(session: Session) -> Prepared[Netting, Netting]:
    """Bring home what two venues hold against each other, as much as may go now; anybody may. Raises
    ClientError where no two do, or with the refusal."""
    found = crossed(venues.states(session.engine, session.deployment, session.on))
    if found is None:
        names = ", ".join(several.names(session.deployment))
        raise ClientError(
            f"no two of {names} hold hedges against each other", "nothing is left to do"
        )
    long, short = found
    call = session.on.desk.shift(long.address, short.address, MOST)
    size = reads(lambda: call.simulate(session.who.address, GAS))
    preview = Netting(long.name, short.name, decimal(size, 18), None)
    steps = [step(call, f"bring home what {long.name} and {short.name} hold against each other")]

    def after(done: Sequence[Sent]) -> Netting:
        logs = session.logs(done, session.on.desk, Shifted)
        size, received = sum(log.size for log in logs), sum(log.received for log in logs)
        return Netting(long.name, short.name, decimal(size, 18), decimal(received, 18))

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
