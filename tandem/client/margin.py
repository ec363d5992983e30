"""Margin that is short: sending it what it lacks, or lowering the hedge where nothing may be lent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.client.sending import Sent
from tandem.client.session import Prepared, Session, prepare, reads, step
from tandem.protocol.bindings.margin_desk import MarginToppedUp
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.waits import snapshot_of
from tandem.units import ETHER, TO_WAD, USD, WAD, decimal

GAS = 10 * 10**6


@dataclass(frozen=True, slots=True)
class HedgeState:
    """position: of the hedge; residual: what book and hedge together leave; both in ETH. order: what this
    call fills, 0 where it begins to wait for the pool's average."""

    order: Decimal
    position: Decimal
    residual: Decimal


@dataclass(frozen=True, slots=True)
class Margin:
    """sent: by this call, 0 where a loss that it counts leaves nothing to send; equity: what lies at the
    venue, the position at spot; lacks: what the next top-up would still ask for; all in USD. The last two
    are None where one of several venues does not say what its account is worth."""

    sent: Decimal
    equity: Decimal | None
    lacks: Decimal | None


def top_up(session: Session) -> Prepared[Margin, Margin]:
    """Send the venue account what it lacks, which anybody may. Raises ClientError with the refusal, as
    while it lacks nothing or nothing may be lent."""
    s = snapshot_of(session.on)
    call = session.on.desk.top_up()
    sent = reads(lambda: call.simulate(session.who.address, GAS))
    account = s.account
    preview = _margin(sent, s, account.equity + sent * TO_WAD, max(account.top_up - sent, 0))
    steps = [step(call, "send the hedge's account the margin that it lacks")]

    def after(done: Sequence[Sent]) -> Margin:
        logs = session.logs(done, session.on.desk, MarginToppedUp)
        now = snapshot_of(session.on)
        amount = sum(log.amount for log in logs)
        return _margin(amount, now, now.account.equity, now.account.top_up)

    return prepare(session, "top-up", preview, steps, after)


def _margin(sent: int, s: Snapshot, equity: int, lacks: int) -> Margin:
    if not s.account_known:
        return Margin(decimal(sent, 6), None, None)
    return Margin(decimal(sent, 6), decimal(equity, 18), decimal(lacks, 6))


def delever(session: Session) -> Prepared[HedgeState, HedgeState]:
    """Lower the hedge to what its margin carries, which anybody may. Raises ClientError with the refusal,
    as while nothing is due or a top-up would do."""
    s = snapshot_of(session.on)
    call = session.on.desk.delever()
    order = reads(lambda: call.simulate(session.who.address, GAS))
    preview = _state(order, s.position + order, s.stance.residual + order)
    steps = [step(call, "lower the hedge to what its margin carries")]

    def after(_: object) -> HedgeState:
        now = snapshot_of(session.on)
        return _state(now.position - s.position, now.position, now.stance.residual)

    return prepare(session, "delever", preview, steps, after)


def _state(order: int, position: int, residual: int) -> HedgeState:
    return HedgeState(decimal(order, 18), decimal(position, 18), decimal(residual, 18))


def distress(s: Snapshot, lendable: int, asset: str = ETHER) -> str:
    """One line for people where the next top-up cannot be lent (FL-10); "" where it can, or is barred (VS-6).
    lendable: token units, `tandem.client.lending`: what the floor has, and nothing while losses are past
    their cap."""
    lacks = s.lacking
    if s.is_venue_down or lacks <= lendable or not s.position:
        return ""
    open_ = f"{abs(s.stance.residual) / WAD:.4f} {asset} of delta are unhedged"
    return (
        f"margin lacks {lacks / USD:,.2f} USD and {lendable / USD:,.2f} may be lent: {open_}, and more where "
        "the hedge is lowered (`tandem delever`)"
    )
