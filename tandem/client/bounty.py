"""What bringing the residual home is paid, since when and why not more; and stamping it (HG-14)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tandem.client.session import Prepared, Session, prepare, reads, step
from tandem.errors import Reverted
from tandem.protocol.bindings.structs import Due, Stance
from tandem.protocol.handles import Handles
from tandem.units import ETHER, USD, WAD, decimal

GAS = 4_000_000
RAMP_SECONDS = 600
"""From the stamp until it rises no more."""


@dataclass(frozen=True, slots=True)
class BountyState:
    """residual: ETH. stamped: seconds since it was stamped, None where no stamp stands. due: what bringing
    all of it home is paid now, USD, the least of what the other four let it be."""

    residual: Decimal
    stamped: int | None
    due: Decimal
    by_gas: Decimal
    by_risk: Decimal
    by_day: Decimal
    by_floor: Decimal


def state(session: Session) -> BountyState:
    """As the chain has it now. Raises ClientError with the refusal, as while spot is stale."""
    base_fee = session.engine.base_fee
    return shown(reads(session.on.bounty.due, base_fee), session.engine.now())


def shown(due: Due, timestamp: int) -> BountyState:
    """In ETH and USD."""
    amounts = (due.amount, due.by_gas, due.by_risk, due.by_day, due.by_floor)
    age = timestamp - due.time if due.time else None
    return BountyState(decimal(due.residual, 18), age, *(decimal(a, 6) for a in amounts))


def stamp(session: Session) -> Prepared[BountyState, BountyState]:
    """Note that the residual is past the trigger, which anybody may. Raises ClientError with the refusal,
    as while it is inside or a stamp stands."""
    call = session.on.bounty.stamp()
    reads(lambda: call.simulate(session.who.address, GAS))
    steps = [step(call, "note that the residual is past the trigger")]
    return prepare(session, "stamp", state(session), steps, lambda _: state(session))


def trigger(stance: Stance) -> int:
    """From which residual on all of it may go home, and be stamped, WAD ETH (HG-9)."""
    return max(stance.width, stance.trigger)


def offer(h: Handles, base_fee: int) -> Due | None:
    """What is offered at a base fee (wei), None where nobody may rebalance."""
    try:
        return h.bounty.due(base_fee)
    except Reverted:
        return None


def line(due: Due | None, timestamp: int, asset: str = ETHER) -> str:
    """One line for people."""
    if due is None:
        return "none while nobody may rebalance"
    if not due.time:
        if abs(due.residual) < due.trigger:
            return f"none: the residual is inside the trigger of {due.trigger / WAD:.4f}"
        return "none until somebody stamps that the residual is past its trigger (`tandem stamp`)"
    age = timestamp - due.time
    why = {
        due.by_floor: "what the Vault may lend and margin leaves",
        due.by_day: "the day's budget",
        due.by_risk: "a tenth of the risk",
        due.by_gas: "its gas by the time since the stamp",
    }
    bound = why.get(due.amount, "its gas by the time since the stamp")
    what = f"{due.amount / USD:,.2f} USD for {abs(due.residual) / WAD:.4f} {asset}"
    return f"{what}, by {bound}; stamped {age:,} s ago"
