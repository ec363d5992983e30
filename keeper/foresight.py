"""What an observer is likely to ask of a block, by its snapshot: of a node that is far away all at once.

The conditions are the observer's own, in the rough. It asks for itself whatever it needs: a call that lacks
here costs a trip, one too many costs a call, and neither changes what is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keeper.acts import GAS
from keeper.bounties import may_pay
from keeper.feed_watch import FeedWatch
from keeper.gate_marks import depth_binds, may_matter
from keeper.planner import Kind
from keeper.several import may_delever
from tandem.engine.base import Call, Contract
from tandem.engine.bound import Prepared
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.handles import Handles
from tandem.protocol.rounds import likely_rounds
from tandem.protocol.waits import AVERAGED_SECONDS
from tandem.units import ETHER, HOUR

SOON = 60
"""Seconds before an expiry from which on the price feed's latest round is asked for with the snapshot."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an observer knows before it asks. bounded: signs of positions whose margin it knows; exits: the
    first epoch of those who wait, None where it has not looked; old: the same, where it is overdue;
    sweep, slices: whether one may be due."""

    account: str
    base_fee: int
    bounded: frozenset[int]
    exits: int | None
    old: int
    epochs: int
    gate: bool
    marks_apart: int
    sweep: bool
    slices: bool

    def would(self, kind: Kind, call: Prepared[Any]) -> Call:
        """A simulation."""
        return call.by(self.account, GAS[kind])


def view(contract: Contract, fn: str, *args: Any) -> Call:
    """A read."""
    return Call(contract, fn, args, None)


def overdue(first: int | None, epochs: int, time: int) -> int:
    """The first epoch of exits, where it is so old that a call may not reach past what follows it; else 0."""
    return first if first and (first + epochs) * HOUR <= time else 0


def first(h: Handles, last: Snapshot | None, time: int, old: int, is_set: bool) -> Iterator[Call]:
    """What a plan begins with. last: what was seen before; time: of the latest block that is known; old: an
    epoch that is overdue; is_set: whether there are known to be several venues."""
    yield view(h.lens, "snapshot")
    if h.asset != ETHER:
        yield view(h.ether, "peek")
    if last and any(each.expiry <= time + SOON for each in last.expiries):
        yield view(h.feed, "latestRoundData")
    if old:
        yield view(h.vault, "epoch", old)
    if is_set:
        yield view(h.router, "ledger")
        yield view(VenueSet.of(h.venue), "venues_up")


def likely(h: Handles, s: Snapshot, feed: FeedWatch, known: Known) -> list[Call]:
    """What comes after the snapshot."""
    return [
        *_upkeep(h, s, known), *feed.likely(s, known.account, GAS[Kind.WATCH]),
        *_margin(h, s, known), *_hedge(h, s, known),
    ]  # fmt: skip


def _upkeep(h: Handles, s: Snapshot, known: Known) -> Iterator[Call]:
    """Expiries that are past, exits, surfaces, the gate."""
    for each in s.unsettled:
        yield from likely_rounds(h.feed, h.spot, each.expiry)
    if s.funds.queued:
        yield view(h.vault, "queue")
        if known.exits is None or known.exits * HOUR <= s.timestamp:
            yield known.would(Kind.PROCESS, h.vault.process(known.epochs))
        if known.old:
            epoch = h.vault.epoch(known.old)
            yield view(h.vault, "convertToAssets", epoch.shares - epoch.burned)
    if known.slices:
        yield view(h.surface, "slices")
    if not s.surface_fresh:
        yield view(h.surface, "whole_at")
    if known.gate and may_matter(s, known.marks_apart):
        yield known.would(Kind.REMARK, h.stress.remark())
    if known.gate and depth_binds(s, known.marks_apart):
        yield view(h.venue, "average", AVERAGED_SECONDS)
        yield view(h.router, "ledger")


def _margin(h: Handles, s: Snapshot, known: Known) -> Iterator[Call]:
    for sign in (-1, 0, 1):
        if sign not in known.bounded and sign in (sign_of(s.position), sign_of(-s.stance.residual)):
            yield view(h.venue, "bounds", sign)
    if known.sweep:
        yield known.would(Kind.SWEEP, h.desk.sweep())
    if s.may_lack and not s.is_venue_down:
        yield known.would(Kind.TOP_UP, h.desk.top_up())
    if may_delever(s) and not s.is_venue_down:
        yield view(h.router, "ledger")
        yield known.would(Kind.DELEVER, h.desk.delever())


def _hedge(h: Handles, s: Snapshot, known: Known) -> Iterator[Call]:
    residual = s.stance.residual
    if s.is_venue_down:
        return
    if not s.spot_fresh:
        if s.position:
            yield view(h.router, "ledger")
            yield known.would(Kind.REBALANCE, h.market.rebalance(0))
        return
    if may_pay(s):
        yield view(h.bounty, "due", known.base_fee)
        if not known.base_fee:
            yield view(h.bounty, "DATA_FEES")
    if abs(residual) >= s.stance.trigger:
        yield view(h.router, "is_jolted", residual < 0)
        yield view(h.router, "ledger")
        yield view(h.router, "pace", -residual, 0, s.spot)
        yield view(h.venue, "average", AVERAGED_SECONDS)


def sign_of(position: int) -> int:
    """-1, 0 or 1."""
    return (position > 0) - (position < 0)
