"""What to do now, from what is known now. Pure: no chain, no clock, no files.

The order is that of need: an expiry that is past is settled first, because nothing can be marked
until it is; the hedge follows straight after; margin comes before the hedge where it is short and
after it where it is not; then exits, then the Vault's mark, then the surface, which comes before exits
that would be priced without one. The chain checks everything again: a plan that is wrong costs gas, not
money. Longer than a file should be: every kind of act is weighed in this one order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

import numpy as np

from keeper.market_state import market_state
from keeper.policy.asked import nearest, stop_at
from keeper.policy.types import Decision, MarketState, Policy
from keeper.tables import JobsTable
from tandem.model import svi
from tandem.model.bands import GROSS_SHARE
from tandem.protocol.bindings.structs import Expiry, Snapshot
from tandem.protocol.shifts import Shift
from tandem.units import DAY, ETHER, HOUR, UNIT, USD, WAD, bare, decimal
from tandem.venues import Stray

USUAL = JobsTable()
"""What a keeper takes on itself where no file says more: a replay's does the same."""
GATE_SECONDS = 3_000
"""From what age on the gate is marked again, which opens refuse at an hour."""
OWN_SECONDS = 6_600
"""In which one mark is of our own, whoever else marks: of two hours of them one has to be honest (GT-6)."""
DISTRESS_SECONDS = 120
"""From what age on, where the breaker stopped opens for want of margin that is there by now."""
BLOCK_SECONDS = 30
"""Until an act of now is mined, at the most."""
GATE_WORTH = 0.01
"""Of the gate, what the worst jump has to become less by for it to be worth a mark."""
HOUR_WORTH = 1.5
"""Times the hour of the mark that stands, which another has to let in."""
TRIFLE = 100_000
"""Units besides: a tenth of an ether."""
GATE_DRIFT = 0.015
"""From what distance of spot, which they refuse at two per cent."""


class Kind(StrEnum):
    """What a keeper can do."""

    SETTLE = "settle"
    TOP_UP = "top_up"
    REBALANCE = "rebalance"
    SWEEP = "sweep"
    PROCESS = "process"
    POKE = "poke"
    POST = "post"
    WATCH = "watch"
    REMARK = "remark"
    DELEVER = "delever"
    BOUNTY = "bounty"
    STAMP = "stamp"
    SHIFT = "shift"
    COLLATERAL = "collateral"


VENUE_IS_DOWN = "the hedge venue is down: no hedge and no margin until the owner brings it back"
WHATEVER_THE_PRICE = (Kind.SETTLE, Kind.WATCH, Kind.TOP_UP)
"""What a price that is doubted does not hold up: by rounds that were, or margin, which comes back."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One action: settle(expiry, round), rebalance(target WAD), top_up(), sweep(), process(epochs),
    poke(), post(expiry, slice word, and so for each slice), watch(), remark(), delever(),
    bounty(target WAD), stamp(), shift(source, target, size WAD), collateral(venue, token); and why. A
    top-up, a sweep or a delever of several venues may name one. Addresses are numbers."""

    kind: Kind
    args: tuple[int, ...]
    reason: str
    urgent: bool = False
    """Whether it may cost more than what can wait: margin lacks, the residual is past the hard band, an
    expiry has no price, without which no hedge grows, or a feed fails, whose notes count only together."""

    @property
    def key(self) -> str:
        """Equal for actions that would have the same effect."""
        return ":".join((self.kind, *map(str, self.args)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Intents in order, and what is left undone and why."""

    intents: tuple[Intent, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a snapshot does not hold, read at the same block. Amounts in token units: what a call
    would move if it were sent now, 0 where it would be refused."""

    rounds: Mapping[int, int] = field(default_factory=dict)
    """expiry -> the oracle round that proves its price."""
    top_up: int = 0
    top_up_at: tuple[int, ...] = ()
    """The venue of several that takes it, where the first that lacks margin does not."""
    shift: Shift | None = None
    """What is due to move from one of several venues to another."""
    stray: Stray | None = None
    """A token at a lending market that carries our debts and should not, or should and does not, and is worth
    its gas."""
    top_up_refused: str = ""
    """Why margin that lacks would not be lent now, in words."""
    delever: int | None = None
    """The order by which the hedge would be lowered to what its margin carries, WAD; 0 where its wait
    for the pool's average would begin, None where it would be refused."""
    delever_at: tuple[int, ...] = ()
    """The venue of several at which, where it is not the first."""
    sweep: int = 0
    sweep_at: tuple[int, ...] = ()
    """The venue of several that it is of, where the call that names none is refused."""
    feed_fails: bool | None = None
    """What of the price feed is due to be noted: that it fails, or that it answers again; None where
    nothing is."""
    worst_anew: int | None = None
    """What the worst jump costs by a mark of now, WAD USD, where the one that stands may count too little."""
    hour_anew: int | None = None
    """Units that a mark of now would let opens add in an hour, where the one that stands may let in few."""
    marks_apart: int = 0
    """Seconds since this keeper marked the book itself."""
    bounty: int = 0
    """What bringing the hedge home is paid (HG-14), less what it costs more than a rebalance."""
    stamp: bool = False
    """Whether noting that it is due would be worth its gas, should nobody hedge for ten minutes."""
    hedge_room: int | None = None
    """What of the hedge may go now, WAD, where a chunk has just gone or an order waits for the pool's
    average; None where the router says neither."""
    margin_binds: bool = False
    """Whether margin, and not the pool, holds the hedge back (HG-21)."""
    last_resort: bool = False
    """Whether the hedge may go home at the venue's index, no feed being left."""
    exits: int = 0
    exits_wait: bool = False
    """Whether due exits wait for a calm moment."""
    exits_refused: str = ""
    """Why due exits would not be paid now, in words."""
    exits_age: int = 0
    """Seconds for which the first of them has been due."""
    exits_apart: int = 0
    """Seconds since anything was paid of them, or for which the first of them has been due."""
    whole_at: int | None = None
    """The last moment at which all that is open was fresh together (SF-7); None where it is."""
    dust: bool = False
    """Whether exits that are worth nothing come first, and for so long that others may wait behind."""
    slices: Mapping[int, int] = field(default_factory=dict)
    """expiry -> the packed slice that is due."""
    surface_note: str = ""
    """Why slices are not what their source should say, "" where they are."""
    untraded: int = 0
    """Listed expiries that this keeper posts for and nobody can trade for want of a young slice."""
    realised_vol: float = float("nan")
    gas_cost: float = 0.0
    """USD that one rebalance costs in gas."""
    venue_fee: float = float("nan")
    """Share of the notional that the venue takes of an order; NaN where it never said."""
    asset: str = ETHER
    """What sizes are told in."""
    doubt: str = ""
    """Why nothing is traded at the feed's price now."""
    spot_refused: str = ""
    """Why the contracts believe no price now, in words."""


@dataclass(frozen=True, slots=True)
class PlannerSettings:
    """What a keeper takes on itself."""

    lot: float = USUAL.lot
    epochs: int = USUAL.epochs
    """LP exit epochs per transaction."""
    settle: bool = USUAL.settle
    rebalance: bool = USUAL.rebalance
    bounty: bool = USUAL.bounty
    """Whether the hedge goes home through the bounty where that pays, and is stamped where it waits."""
    margin: bool = USUAL.margin
    exits: bool = USUAL.exits
    least_exit: float = 10.0
    """USD of due exits that are worth a transaction, or its gas where that is more; less waits for more, at
    most `exit_patience` after the last."""
    exit_patience: int = DAY
    """Seconds."""
    gate: bool = True
    """Whether the gate is marked, without which nobody opens anything."""
    mark_seconds: int = USUAL.mark_seconds
    """How old the Vault's last mark may become while something is open: headroom and limits are
    shares of it. 0: never refreshed for its own sake."""


def plan(
    snapshot: Snapshot, facts: Facts, policy: Policy, settings: PlannerSettings | None = None
) -> Plan:
    """The actions that are due, in the order in which to send them."""
    settings = settings or PlannerSettings()
    notes = _first_notes(facts, settings)
    settlements = _settlements(snapshot, facts, notes) if settings.settle else []
    intents = _watch(facts) + settlements
    if snapshot.is_venue_down:
        notes.append(VENUE_IS_DOWN)
        marks = settings.mark_seconds if facts.exits_wait else 0  # nobody else meets that mark
        settings = replace(settings, rebalance=False, margin=False, mark_seconds=marks)
    settled = tuple(intent.args[0] for intent in settlements)
    if not snapshot.spot_fresh and _needs_spot(snapshot):
        intents += _without_spot(snapshot, facts, settings, notes)
    else:
        top_up = _top_up(snapshot, facts, notes) if settings.margin else []
        hedge = _hedge(snapshot, facts, policy, settings, settled, notes)
        carried = _shift(facts) if facts.delever is not None else []
        delever = (carried or _delever(snapshot, facts)) if settings.margin else []
        # a rebalance that lowers the hedge too leaves less of it unhedged
        lowers = snapshot.stance.residual * snapshot.position > 0
        intents += top_up + (hedge + delever if lowers else delever + hedge)
        intents += _stamp(facts, settings) if not hedge else []
        moves = top_up or hedge or delever
        if settings.margin and not moves and facts.hedge_room is None:
            intents += _shift(facts) or _sweep(snapshot, facts)
        if settings.exits and facts.exits and _worth_a_call(facts, settings, notes):
            amount = facts.exits / USD
            reason = f"LP exits of {amount:,.2f} USD are due"
            intents.append(Intent(Kind.PROCESS, (settings.epochs,), reason))
        elif settings.exits and facts.dust:
            reason = "LP exits that are worth nothing come first"
            intents.append(Intent(Kind.PROCESS, (settings.epochs,), reason))
        else:
            intents += _mark(snapshot, facts, settings)
        if not settlements:  # they end the mark
            intents += _remark(snapshot, facts, settings)
    intents = _with_strange(intents, snapshot, facts, settings)
    return _believed(_priced(intents, snapshot, facts), notes, facts.doubt)


def _priced(intents: list[Intent], snapshot: Snapshot, facts: Facts) -> list[Intent]:
    """With the slices that are due. Where one in use has not been renewed for so long that exits go on
    without it (SH-10), they come after them: who leaves pays for no keeper's silence."""
    silent = _is_silent(snapshot, facts) and snapshot.open_expiries
    last = [each for each in intents if each.kind is Kind.PROCESS and silent]
    return [each for each in intents if each not in last] + _posts(snapshot, facts) + last


def _first_notes(facts: Facts, settings: PlannerSettings) -> list[str]:
    """What is known before anything is planned."""
    notes = [f"LP exits: {facts.exits_refused}"] if settings.exits and facts.exits_refused else []
    return [*notes, facts.surface_note] if facts.surface_note else notes


def _believed(intents: list[Intent], notes: list[str], doubt: str) -> Plan:
    """Without what trades on a price that is doubted."""
    if not doubt:
        return Plan(tuple(intents), tuple(notes))
    notes.append(f"{doubt}: until then nothing is traded, marked or posted")
    return Plan(tuple(i for i in intents if i.kind in WHATEVER_THE_PRICE), tuple(notes))


def _remark(snapshot: Snapshot, facts: Facts, settings: PlannerSettings) -> list[Intent]:
    """A mark for the gate, before the last one ends, where somebody could open something: by the clock,
    by spot, or because an expiry is past. And one where the breaker stands only for want of a look."""
    mark = snapshot.gate.mark
    may_open = (snapshot.is_tripped and _has_ahead(snapshot)) or _may_open(snapshot)
    if not settings.gate or snapshot.is_venue_down or not (may_open and snapshot.spot_fresh):
        return []
    if facts.slices or not (snapshot.account_known and snapshot.surface_lasts(BLOCK_SECONDS)):
        return []
    age = snapshot.timestamp - mark.time
    far = abs(snapshot.spot - mark.spot) / max(mark.spot, 1)
    if snapshot.is_tripped and snapshot.timestamp >= snapshot.breaker.until > mark.time:
        return [Intent(Kind.REMARK, (), "the breaker's hour is over")]
    if snapshot.is_distressed and not snapshot.lacking and age >= DISTRESS_SECONDS:
        return [Intent(Kind.REMARK, (), "margin is there again")]
    if facts.worst_anew is not None and is_worth_a_mark(snapshot, facts.worst_anew):
        return [Intent(Kind.REMARK, (), "the gate's mark counts less than the venue can pay")]
    if facts.hour_anew is not None and is_worth_an_hour(snapshot, facts.hour_anew):
        return [Intent(Kind.REMARK, (), "the gate's mark lets in less than the venue's depth")]
    if snapshot.gate.is_fresh and age < GATE_SECONDS and far < GATE_DRIFT:
        if facts.marks_apart < OWN_SECONDS:
            return []
        return [Intent(Kind.REMARK, (), "the gate's marks are others' alone")]
    said = f"is {age:,} s old, spot {far:.1%} from it" if mark.time else "was never marked"
    return [Intent(Kind.REMARK, (), f"the gate's mark {said}" if mark.time else f"the gate {said}")]


def is_worth_a_mark(snapshot: Snapshot, worst: int) -> bool:
    """Whether a mark by which the worst jump costs so much, WAD USD, would let more be opened."""
    gate = snapshot.gate
    return gate.worst - max(worst, 0) > gate.limit * GATE_WORTH


def is_worth_an_hour(snapshot: Snapshot, units: int) -> bool:
    """Whether a mark by which opens may add so many units in an hour would let in enough more of them."""
    return units > snapshot.gate.mark.hour * HOUR_WORTH + TRIFLE


def _without_spot(
    snapshot: Snapshot, facts: Facts, settings: PlannerSettings, notes: list[str]
) -> list[Intent]:
    """What goes on while spot is refused (AV-1): top-ups by the venue's figures, and once no feed is left
    hedges and exits, at its index. The policy is not asked: what it sees is of another price."""
    intents = _top_up(snapshot, facts, notes) + _delever(snapshot, facts) if settings.margin else []
    if settings.rebalance and facts.last_resort:
        intents.append(Intent(Kind.REBALANCE, (0,), "no feed is left: at the venue's index"))
    else:
        why = facts.spot_refused or "spot is refused"
        notes.append(f"{why}: until then no hedge; margin goes by the venue")
    if settings.exits and facts.exits and _worth_a_call(facts, settings, notes):
        intents.append(Intent(Kind.PROCESS, (settings.epochs,), "exits are due, no feed is left"))
    elif settings.exits and facts.exits_wait:
        # Processing that is refused keeps no mark, so this one begins the longest wait.
        intents += _mark(snapshot, facts, settings)
    return intents


def _worth_a_call(facts: Facts, settings: PlannerSettings, notes: list[str]) -> bool:
    """Whether due exits are worth their gas, or have waited long enough for others to join them. What the
    floor lets go by the cent is paid together: after a day of waiting each block would have a call."""
    amount = facts.exits / USD
    least = max(settings.least_exit, facts.gas_cost)
    if amount >= least or facts.exits_apart >= settings.exit_patience:
        return True
    notes.append(f"LP exits of {amount:,.2f} USD wait for others to share their gas")
    return False


def _mark(snapshot: Snapshot, facts: Facts, settings: PlannerSettings) -> list[Intent]:
    """A mark, if it is due and would be taken now."""
    if not (_wants_a_mark(snapshot, facts, settings) and _may_mark(snapshot, facts, settings)):
        return []
    age = snapshot.timestamp - snapshot.funds.nav_time
    return [Intent(Kind.POKE, (), f"the Vault's mark is {age:,} s old")]


def mark_is_due(snapshot: Snapshot, settings: PlannerSettings) -> bool:
    """Whether the Vault's last mark is too old, and what it marks can have moved."""
    age = snapshot.timestamp - snapshot.funds.nav_time
    return 0 < settings.mark_seconds <= age and _needs_spot(snapshot)


def _wants_a_mark(snapshot: Snapshot, facts: Facts, settings: PlannerSettings) -> bool:
    """Whether the last mark is too old, or exits wait for a calm moment and no mark may say so yet:
    their longest wait begins with the first one. One since they are due may have been calm, so
    another follows within the hour."""
    age = snapshot.timestamp - snapshot.funds.nav_time
    waits = settings.exits and facts.exits_wait
    return mark_is_due(snapshot, settings) or (waits and 0 < age >= min(facts.exits_age, HOUR))


def _is_silent(snapshot: Snapshot, facts: Facts) -> bool:
    """Whether exits go on without an expiry's slice, as nobody renewed it, or not while the others were
    fresh (SH-10)."""
    since = snapshot.surface_time if facts.whole_at is None else facts.whole_at
    return (
        snapshot.timestamp - min(since, snapshot.surface_time) >= snapshot.parameters["exit_wait"]
    )


def _may_mark(snapshot: Snapshot, facts: Facts, settings: PlannerSettings) -> bool:
    """Whether a mark would be taken now, and not on a surface that is about to be replaced. Beside a slice
    that is past its patience it moves no NAV, and begins the longest wait of exits alone."""
    waits = settings.exits and facts.exits_wait and _is_silent(snapshot, facts)
    return (
        snapshot.account_known
        and (snapshot.surface_fresh or waits)
        and not facts.slices
        and not snapshot.unsettled
    )


def _needs_spot(snapshot: Snapshot) -> bool:
    return snapshot.position != 0 or bool(snapshot.open_expiries)


def _watch(facts: Facts) -> list[Intent]:
    """AV-2: a feed that fails has no age; whether it is given up is counted from notes of it, and who
    keeps a market notes it."""
    if facts.feed_fails is None:
        return []
    says = "a feed fails" if facts.feed_fails else "the feeds answer again"
    return [Intent(Kind.WATCH, (), says, urgent=True)]


def _settlements(snapshot: Snapshot, facts: Facts, notes: list[str]) -> list[Intent]:
    found: list[Intent] = []
    for e in snapshot.unsettled:
        if e.expiry not in facts.rounds:
            notes.append(f"expiry {e.expiry} is past and waits for an oracle round")
            continue
        reason = f"expired {snapshot.timestamp - e.expiry} s ago, {bare(decimal(e.units))} {facts.asset} open"
        round_ = facts.rounds[e.expiry]
        found.append(Intent(Kind.SETTLE, (e.expiry, round_), reason, urgent=True))
    return found


def _top_up(snapshot: Snapshot, facts: Facts, notes: list[str]) -> list[Intent]:
    lacking = snapshot.account.top_up
    if not snapshot.may_lack or (_is_idle(snapshot) and not _may_open(snapshot)):
        return []
    if not snapshot.account_known:
        return _top_up_unknown(snapshot, facts, notes)
    if not facts.top_up:
        why = facts.top_up_refused or "the Vault may lend nothing"
        notes.append(f"margin lacks {lacking / USD:,.2f} USD: {why}")
        return []
    reason = f"margin lacks {lacking / USD:,.2f} USD, the Vault lends {facts.top_up / USD:,.2f}"
    return [Intent(Kind.TOP_UP, facts.top_up_at, reason, urgent=snapshot.position != 0)]


def _top_up_unknown(snapshot: Snapshot, facts: Facts, notes: list[str]) -> list[Intent]:
    """VS-8: where one of several does not say what its account is worth, others are lent what they lack."""
    notes.append("a venue does not say what its account is worth: until its bit no mark is taken")
    if not facts.top_up:
        return []
    reason = f"margin lacks at a venue, the Vault lends {facts.top_up / USD:,.2f} USD"
    return [Intent(Kind.TOP_UP, facts.top_up_at, reason, urgent=snapshot.position != 0)]


def _delever(snapshot: Snapshot, facts: Facts) -> list[Intent]:
    """HG-20: where nothing can be lent that would do, the venue liquidates what margin does not carry."""
    if facts.delever is None:
        return []
    what = (
        f"{abs(facts.delever) / WAD:.4f} {facts.asset} of the hedge go"
        if facts.delever
        else "it waits"
    )
    lacking = snapshot.account.top_up / USD
    if not snapshot.account_known:
        state = "a venue lacks margin"
    elif lacking:
        state = f"margin lacks {lacking:,.2f} USD"
    else:
        state = "the account is under water"
    reason = f"{state} for good: {what}"
    return [Intent(Kind.DELEVER, facts.delever_at, reason, urgent=True)]


def _shift(facts: Facts) -> list[Intent]:
    """VS-6, VS-10: of several venues one may hold what lies against another's, or what is cheaper, or
    carried, elsewhere."""
    if facts.shift is None:
        return []
    found = facts.shift
    places = (int(found.source, 16), int(found.target, 16), found.asked)
    reason = f"{found.size / WAD:.4f} {facts.asset} of the hedge move: {found.why}"
    return [Intent(Kind.SHIFT, places, reason)]


def _with_strange(
    intents: list[Intent], snapshot: Snapshot, facts: Facts, settings: PlannerSettings
) -> list[Intent]:
    """LM-4: a token that carries our debts and should not, or should and does not, is set right first where
    it keeps what we lend from being taken back, else last; where no order is to come that would pay for it,
    not at all."""
    found, is_alive = facts.stray, _needs_spot(snapshot) or _may_open(snapshot)
    if found is None or not (settings.margin and is_alive):
        return intents
    places = (int(found.venue, 16), int(found.token, 16))
    what = "keeps margin from being taken back" if found.blocks else "makes orders dearer"
    beside = f", and {found.left - 1} more are there" if found.left > 1 else ""
    whose = "what we lend carries no debts, which" if found.is_ours else "a stranger's token"
    one = Intent(Kind.COLLATERAL, places, f"{whose} {what}{beside}")
    return [one, *intents] if found.blocks else [*intents, one]


def _sweep(snapshot: Snapshot, facts: Facts) -> list[Intent]:
    """An idle account may be swept empty, and is due a top-up again at once: money waits at the
    venue as long as somebody may open something."""
    if not facts.sweep or (_is_idle(snapshot) and _may_open(snapshot)):
        return []
    return [
        Intent(
            Kind.SWEEP, facts.sweep_at, f"{facts.sweep / USD:,.2f} USD above the margin's target"
        )
    ]


def _is_idle(snapshot: Snapshot) -> bool:
    return snapshot.position == 0 and snapshot.maxima == 0


def _may_open(snapshot: Snapshot) -> bool:
    """Whether a trader could open something that needs margin."""
    return _has_ahead(snapshot) and not snapshot.is_paused


def _has_ahead(snapshot: Snapshot) -> bool:
    return any(e.expiry > snapshot.timestamp for e in snapshot.expiries)


def _hedge(
    snapshot: Snapshot,
    facts: Facts,
    policy: Policy,
    settings: PlannerSettings,
    settled: tuple[int, ...],
    notes: list[str],
) -> list[Intent]:
    if not settings.rebalance or not snapshot.spot_fresh:
        return []
    state = _state(snapshot, facts, settings, settled)
    decision = policy.decide(state)
    if not _needs_spot(snapshot):
        return []
    if decision.target_residual is None and settings.exits and facts.exits_wait:
        decision = _for_exits(state, decision)
    if decision.target_residual is None:
        notes.append(decision.reason)
        return []
    if abs(state.residual) < state.min_trigger:
        notes.append(
            f"{decision.reason}; but the contract acts from {state.min_trigger:.4f} {facts.asset}"
        )
        return []
    if abs(state.residual) - nearest(state) < state.lot:
        notes.append(f"{decision.reason}; but so early the contract lets nobody stop nearer")
        return []
    old = "" if snapshot.surface_fresh else ", at a surface that is past its age"
    target = _target(state, decision.target_residual) if state.gross_units else 0
    if facts.hedge_room is not None:
        order = abs(state.residual) - abs(target) / WAD
        if facts.hedge_room / WAD < order - state.lot:
            notes.append(f"{decision.reason}; but {_held_back(facts, order)}")
            return []
    urgent = abs(state.residual) > state.hard_band
    if settings.bounty and facts.bounty:
        reason = f"{decision.reason}{old}, for {facts.bounty / USD:,.2f} USD over its gas"
        return [Intent(Kind.BOUNTY, (target,), reason, urgent)]
    return [Intent(Kind.REBALANCE, (target,), decision.reason + old, urgent)]


def _state(
    snapshot: Snapshot, facts: Facts, settings: PlannerSettings, settled: tuple[int, ...]
) -> MarketState:
    """What the policy sees, without what is about to settle."""
    state = market_state(
        snapshot,
        realised_vol=facts.realised_vol,
        gas_cost=facts.gas_cost,
        venue_fee=facts.venue_fee,
        lot=settings.lot,
        asset=facts.asset,
    )
    return without_expiries(state, snapshot, settled) if settled else state


def _stamp(facts: Facts, settings: PlannerSettings) -> list[Intent]:
    """HG-14: who hedges is paid from the stamp on. Where this keeper waits, others may be there sooner."""
    if not (settings.rebalance and settings.bounty and facts.stamp):
        return []
    return [Intent(Kind.STAMP, (), "the residual is past its trigger, and waits")]


def _held_back(facts: Facts, order: float) -> str:
    """What keeps an order of so many ETH back, in words."""
    if facts.margin_binds:
        return f"margin carries none of the {order:.4f} {facts.asset}"
    return f"the pool takes {order:.4f} {facts.asset} at its own pace"


def _for_exits(state: MarketState, decision: Decision) -> Decision:
    """Exits are priced only with the residual inside the band, half of the hard one: where they wait for
    that, it is brought there, though the policy would leave it. Inside it they wait for something else."""
    if abs(state.residual) < max(state.min_trigger, 0.5 * state.hard_band):
        return decision
    wanted = math.copysign(state.min_trigger / 2, state.residual)
    return Decision(wanted, f"{decision.reason}; but LP exits wait for the hedge")


def _target(state: MarketState, wanted: float) -> int:
    """The residual to stop at, WAD."""
    return round(stop_at(wanted, state) * 10**9) * (WAD // 10**9)


def without_expiries(
    state: MarketState, snapshot: Snapshot, expiries: tuple[int, ...]
) -> MarketState:
    """The state once these expiries have settled: their delta is gone, and with their units a part of the
    band where it is a share of what is open; the hedge is still there."""
    going = [e for e in snapshot.open_expiries if e.expiry in expiries]
    delta = sum(_delta(e, snapshot) for e in going)
    units = sum(e.units for e in going) / UNIT
    book, gross = state.book_delta + delta, max(state.gross_units - units, 0.0)
    half = max(min(0.5 * state.hard_band, GROSS_SHARE * gross), state.lot)
    return replace(
        state,
        book_delta=book,
        residual=book + state.hedge,
        gross_units=gross,
        hard_band=2.0 * half,
        min_trigger=max(0.5 * half, state.lot),
    )


def _delta(e: Expiry, snapshot: Snapshot) -> float:
    """Delta of what an expiry owes, ETH, by the model."""
    book, spot, tau = e.book, snapshot.spot / WAD, e.tau(snapshot.timestamp)
    if not e.slice or not len(book.strikes):
        return book.forward / UNIT
    smile = svi.unpack(e.slice)
    forward = float(smile.forward(spot, tau))
    vols = smile.vol(np.log(book.strikes / forward))
    return book.greeks(forward, tau, vols)[1] * forward / spot


def _posts(snapshot: Snapshot, facts: Facts) -> list[Intent]:
    """All slices that are due, in one transaction."""
    due = {e: word for e, word in facts.slices.items() if e > snapshot.timestamp}
    return [post_of(due)] if due else []


def post_of(slices: Mapping[int, int]) -> Intent:
    """To post one slice or several, in their order. slices: expiry -> packed slice."""
    said = f"the slice of expiry {next(iter(slices))} is"
    if len(slices) > 1:
        said = f"the slices of {len(slices)} expiries are"
    return Intent(Kind.POST, tuple(chain(*slices.items())), f"{said} due")


def slices_of(args: tuple[int, ...]) -> dict[int, int]:
    """expiry -> packed slice, of a post's args."""
    return dict(zip(args[::2], args[1::2], strict=True))
