"""The jump gate: what the worst jump would cost LPs, how much it may, and marking it anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import nan

import numpy as np

from tandem.client.session import Prepared, Session, prepare, reads, step
from tandem.model import jumps
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.waits import snapshot_of
from tandem.units import USD, WAD, decimal

JUMPS = tuple(round(100 * jump) for jump in jumps.GATE)
"""Percent of spot: the gate's own, in the order in which contracts keep them."""

UNMARKED = "wait for a mark of the gate, since a venue went down or came back"
"""Opens, where no breaker stopped them."""
DRIFT = 50
"""A mark holds while spot is within a fiftieth: what the position may have won there lies there too."""


@dataclass(frozen=True, slots=True)
class GateState:
    """worst: what the worst of the jumps would cost book and hedge, USD; limit: what it may after an
    open; fresh: whether opens go by the mark; age: its seconds, None where there never was one."""

    worst: Decimal
    limit: Decimal
    fresh: bool
    age: int | None


def state(session: Session) -> GateState:
    """As the chain has it now."""
    s = snapshot_of(session.on)
    return GateState(decimal(s.gate.worst, 18), decimal(s.gate.limit, 18), s.gate.is_fresh, age(s))


def age(s: Snapshot) -> int | None:
    """Seconds since the book was marked, None where it never was."""
    return s.timestamp - s.gate.mark.time if s.gate.mark.time else None


def published(s: Snapshot) -> tuple[float, float]:
    """What the worst jump would cost LPs by the last mark and the trades since, and the most that opens may
    leave of it, USD; not numbers where there never was a mark."""
    if not s.gate.mark.time:
        return nan, nan
    return s.gate.worst / WAD, s.gate.limit / WAD


def hedged(s: Snapshot, pays: float | None = None) -> Mapping[int, float]:
    """L(j), book and hedge together, USD by jump in per cent, by the mark that stands: the gate's own sum
    (`gate_word.worst`), of which `published` has the worst. pays: what the venue could pay on a gain of the
    hedge, USD; None: what the mark counts."""
    mark = s.gate.mark
    notional = s.position * s.spot / (WAD * WAD)
    lies = mark.equity / USD + abs(notional) * 2 / DRIFT
    most = mark.purse / USD if pays is None else pays
    gains = jumps.won(notional, np.array(jumps.GATE), lies, most)
    found = np.array(s.gate.losses) / WAD - gains
    return dict(zip(JUMPS, found.tolist(), strict=True))


def settled_at(s: Snapshot, price: int) -> tuple[float, float | None, float]:
    """Should every expiry settle at a price, whole USD: what is owed, what the hedge is worth, and what LPs
    are left with, USD. The hedge gains no more than its venue can pay, as in the gate, and loses no more than
    lies there and what the floor lets follow; where nobody knows what lies there it gains nothing, and its
    worth is None. At a venue that was taken down it is worth nothing, whatever the price (HG-19)."""
    owed = sum(e.book.payoff(price) for e in s.open_expiries) / USD
    free = (s.funds.cash - s.funds.exits - s.claims) / USD
    if s.is_venue_down:
        return owed, 0.0, free - owed
    moved = s.position / WAD * (price - s.spot / WAD)
    gained = min(moved, s.gate.mark.purse / USD if s.gate.mark.time else moved)
    if not s.account_known:
        gained = min(gained, 0.0)
    hedge = max(s.account.equity / WAD + gained, -max(s.floor, 0) / USD)
    return owed, hedge if s.account_known else None, free - owed + hedge


def remark(session: Session) -> Prepared[GateState, GateState]:
    """Mark the whole book for the gate, which anybody may. Raises ClientError with the refusal, as while
    a surface is stale."""
    s = snapshot_of(session.on)
    limit = (
        s.funds.nav * s.parameters["gate"] // 10_000
    )  # the mark that stands may be of another term
    call = session.on.stress.remark()
    worst = reads(lambda: call.simulate(session.who.address, 10 * 10**6))
    preview = GateState(decimal(worst, 18), decimal(limit, 6), s.gate.is_fresh, age(s))
    steps = [step(call, "mark the book for the gate")]
    return prepare(session, "remark", preview, steps, lambda _: state(session))


def line(s: Snapshot) -> str:
    """One line for people."""
    seconds = age(s)
    if seconds is None:
        return "never marked: opens are refused until somebody does (`tandem remark`)"
    used = f"{s.gate.worst / WAD:,.2f} USD of {s.gate.limit / WAD:,.2f} by the worst jump"
    past = ", past it: only what lowers it opens" if s.gate.worst > s.gate.limit else ""
    stale = ", STALE: opens are refused until it is marked again (`tandem remark`)"
    return f"{used}{past}, marked {seconds:,} s ago{'' if s.gate.is_fresh else stale}"
