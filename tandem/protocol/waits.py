"""What waits at this moment, for what, and what ends it: the contracts let things wait by name, and
whoever looks is told (`tandem status`, `doctor`, the keeper's plan, an LP who wants his money).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tandem.errors import EngineError, Reverted
from tandem.protocol.announced import VALIDITY, opens_at
from tandem.protocol.bindings.structs import Ledger, Snapshot
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.frozen import frozen
from tandem.protocol.handles import Handles
from tandem.protocol.reverts import explain
from tandem.protocol.rounds import proposal_opens, settlement_round
from tandem.protocol.series import day_of
from tandem.protocol.terms import FIELDS, fill_band
from tandem.units import HOUR, WAD, decimal

EPOCHS = 8
PROCESS_GAS = 4_000_000
WAIT_SECONDS = 600
"""From when on an order that waits for the pool's average goes without it (HG-17)."""
RELIEF_SECONDS = 600
AVERAGED_SECONDS = 180
"""Over which the market's depth is steady."""
CHUNK_SECONDS = 60
"""In which the router's chunk of the pool's depth comes back."""
NO_CASH = "the floor has no cash to spare for them"
CRUMBS = 10_000
"""Token units: of less in the queue nobody is told that it waits, nor of less margin that it lacks. Where
the last LP leaves, a lender may keep a unit or two for good, what is worth nothing is paid nothing, and the
account that is empty lacks the unit that is left."""


class UnreadableError(EngineError):
    """The contracts do not say how the market stands."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits. todo: what ends it."""

    name: str
    found: str
    todo: str


def is_relieved(ledger: Ledger, now: int) -> bool:
    """Whether an order that no trader brings has waited so long that the oracle's band alone bounds it, as
    lib/pacing.vy has it."""
    begins = ledger.since + WAIT_SECONDS
    return ledger.since != 0 and begins <= now < begins + RELIEF_SECONDS


def snapshot_of(h: Handles) -> Snapshot:
    """The market at one block. Raises UnreadableError where a contract beneath it does not answer."""
    try:
        return h.lens.snapshot()
    except Reverted as error:
        try:
            h.venue.account(max(h.spot.peek().price, WAD))
        except Reverted:
            raise UnreadableError(
                "the hedge venue does not answer, so the market cannot be read",
                "a guardian says that it is down: `tandem govern take-down` (of several the one that "
                "`tandem venues` shows); until then nothing trades, settling and redeeming go on",
            ) from error
        raise UnreadableError(
            f"the market cannot be read: {explain(error)}", "report it with the block's number"
        ) from error


def processing(vault: Vault, sender: str, epochs: int = EPOCHS) -> tuple[int, str]:
    """What processing exits would pay now, token units, and the reason by which it is refused."""
    try:
        return vault.process(epochs).simulate(sender, PROCESS_GAS), ""
    except Reverted as refused:
        return 0, refused.reason


def waits(h: Handles, s: Snapshot) -> list[Wait]:
    """Everything that waits. A venue that is down, and what is paused, is in the snapshot itself."""
    return [
        *_spot(h, s), *_frozen(h), *_settlements(h, s), *_flags(h, s), *_opens(h, s), *_exits(h, s),
        *_deposits(h, s), *_hedge(h, s), *_feeds(h, s), *_slices(h, s),
    ]  # fmt: skip


def _spot(h: Handles, s: Snapshot) -> Iterator[Wait]:
    """Why spot is refused: the feed's age, the sequencer, its grace; and what goes on without."""
    if s.spot_fresh:
        return
    try:
        h.spot.spot()
    except Reverted as refused:
        why = explain(refused)
        yield Wait("what needs spot", why.what, why.todo)
    try:
        last_resort = h.spot.closing_spot().last_resort
    except Reverted:
        return
    if last_resort:
        found = "by the venue's index, no feed being left: the hedge goes home, and LPs leave"
        yield Wait(
            "without a feed", found, "holders are paid at expiry by the owner's price (ST-7)"
        )


def _frozen(h: Handles) -> Iterator[Wait]:
    """The quote token's issuer has listed one of ours: nothing else shows it before money moves."""
    try:
        listed = frozen(h)
    except Reverted:
        return
    if listed:
        todo = (
            "margin that cannot come home counts, and who leaves is paid as if it did, until a guardian "
            "takes the venue down: `tandem govern take-down`"
        )
        yield Wait("quote token", f"its issuer has it move nothing for {', '.join(listed)}", todo)


def _settlements(h: Handles, s: Snapshot) -> Iterator[Wait]:
    """Each expiry that is past and has no price: who gives it one, and from when on (ST-1, ST-6, ST-7)."""
    for each in s.unsettled:
        day, past = day_of(each.expiry), (s.timestamp - each.expiry) / HOUR
        found = f"{day} is past for {past:.1f} h"
        if settlement_round(h.feed, h.spot, each.expiry) is not None:
            todo = "a keeper settles it; whoever redeems does too"
            yield Wait("settlement", f"{found}, and could have its price now", todo)
            continue
        opens = proposal_opens(h.spot, each.expiry)
        proposed = h.guardian.proposals(each.expiry)
        ready = opens_at(proposed.ready_at, opens, s.timestamp)
        if ready is None or proposed.proposer != h.guardian.owner():
            soonest = max(opens, s.timestamp + h.guardian.DELAY())
            todo = (
                "the feed's first round does, whenever it comes; where it has ended, the owner's price from "
                f"{_ahead(soonest, s)} on: `tandem govern propose-price {day} USD`"
            )
            yield Wait("settlement", f"{found}, and no round prices it", todo)
            continue
        price = f"{decimal(proposed.price, 18):,.2f} USD"
        found += f", and no round prices it; anybody may by the {price} that the owner proposed"
        todo = f"a round that is proved before comes first; the owner's: `tandem govern withdraw-price {day}`"
        yield Wait("settlement", f"{found}, from {_ahead(ready, s)} on", todo)


def _flags(h: Handles, s: Snapshot) -> Iterator[Wait]:
    """The end of a pause, or a venue's return, that was proposed: it needs a second word, and lapses."""
    queued = h.guardian.queued(FIELDS["flags"].index)
    ready = opens_at(queued.ready_at, 0, s.timestamp)
    if ready is not None:
        found = f"their change may be applied from {_ahead(ready, s)} on"
        left = (ready + VALIDITY - s.timestamp) / HOUR
        todo = f"the owner's `tandem govern apply flags`; in {left:.0f} h it lapses"
        yield Wait("flags", found, todo)


def _ahead(moment: int, s: Snapshot) -> str:
    left = moment - s.timestamp
    return f"{left / HOUR:.1f} h from now" if left > 0 else "now"


def _opens(h: Handles, s: Snapshot) -> Iterator[Wait]:
    """Where the venue trades a fill band off the oracle no open goes, with an order or without (HG-5,
    HG-10)."""
    apart, band = _apart(h, s), fill_band(s.parameters) / 10_000
    if apart > band:
        found = f"the venue trades {apart:.2%} from the oracle, fills may be {band:.2%} away"
        yield Wait("opens", found, "wait for arbitrage; closes that need no order go on")


def _exits(h: Handles, s: Snapshot) -> Iterator[Wait]:
    first = h.vault.queue().first if s.funds.queued else 0
    if not first or first * HOUR > s.timestamp:
        return
    paid, reason = processing(h.vault, h.vault.engine.accounts[0])
    due = f"due for {(s.timestamp - first * HOUR) / HOUR:.1f} h"
    if reason:
        why = explain(reason)
        apart, most = _ever_apart(h, s), s.parameters["fill_band"] / 20_000
        far = f" It trades {apart:.2%} away, {most:.2%} may be." if apart > most else ""
        yield Wait("LP exits", f"{due}. {why.what}{far}", why.todo)
    elif paid:
        yield Wait("LP exits", f"{due}, and would be paid now", "a keeper processes them")
    elif s.funds.queued >= CRUMBS:
        yield Wait("LP exits", f"{due}: {NO_CASH}", "closes, settlements and deposits bring some")


def _apart(h: Handles, s: Snapshot) -> float:
    """How far the venue trades from the oracle; 0 where either is not to be had."""
    if s.is_venue_down or not s.spot_fresh:
        return 0.0
    return abs(h.venue.price() / s.spot - 1)


def _ever_apart(h: Handles, s: Snapshot) -> float:
    """The same, and on average over the last minute, whichever is farther (SH-8)."""
    if s.is_venue_down or not s.spot_fresh:
        return 0.0
    there = h.venue.quotation()
    return max(abs(there.low / s.spot - 1), abs(there.high / s.spot - 1))


def _deposits(h: Handles, s: Snapshot) -> Iterator[Wait]:
    if not s.takes_deposits:
        return
    try:
        h.lens.mark_for(s.funds.nav, 0)
    except Reverted as refused:
        why = explain(refused)
        yield Wait("deposits", why.what, why.todo)


def _hedge(h: Handles, s: Snapshot) -> Iterator[Wait]:
    size = abs(s.stance.residual)
    if s.is_venue_down or not s.spot_fresh or size < s.stance.trigger:
        return
    ledger = h.router.ledger()
    relief = ledger.since + WAIT_SECONDS
    if h.router.is_jolted(s.stance.residual < 0):
        found = "the pool has just been moved against it"
        yield Wait("hedge", found, "it goes once the pool has been still for some seconds")
    elif ledger.since and s.timestamp < relief + RELIEF_SECONDS:
        left = relief - s.timestamp
        found = f"waits since {s.timestamp - ledger.since} s for the pool's three-minute average"
        todo = (
            f"in {left} s it goes without" if left > 0 else "now the oracle's band alone bounds it"
        )
        yield Wait("hedge", found, todo)
    elif s.timestamp >= ledger.time + CHUNK_SECONDS and not h.router.pace(
        -s.stance.residual, 0, s.spot
    ):
        found = "none of it fills: the pool is off the oracle or its own average, or margin lacks"
        yield Wait("hedge", found, "wait for arbitrage, or top up the venue account")
    elif size > s.stance.hard:
        todo = "a keeper brings it home, a chunk of the pool's depth a minute"
        yield Wait("hedge", "more is uncovered than an open may leave", todo)


def _feeds(h: Handles, s: Snapshot) -> Iterator[Wait]:
    todo = "after three days of notes it is passed over; a keeper notes it every two hours"
    notes = (
        ("price feed", h.spot.failing_since()),
        ("sequencer feed", h.spot.status_failing_since()),
    )
    for name, since in notes:
        if since:
            yield Wait(name, f"noted as failing for {(s.timestamp - since) / HOUR:.1f} h", todo)


def _slices(h: Handles, s: Snapshot) -> Iterator[Wait]:
    listings = [each for each in h.surface.slices() if each.expiry > s.timestamp]
    pairs = sum(each.slice_word != each.last for each in listings)
    if pairs:
        found = f"{pairs} of {len(listings)} expiries are quoted at the worse of two slices"
        yield Wait("surface moves", found, "the newer stands once the limit has caught up")
