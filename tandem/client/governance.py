"""What guardians and the owner do; who may do it is asked before anything is sent.

Longer than most: each act of two roles, with what it shows before it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from tandem.client.accounts import address_of
from tandem.client.errors import ListingError, RoleError
from tandem.client.session import Prepared, Session, prepare, step
from tandem.client.several import (
    applied,
    brought_back,
    place_of,
    place_of_several,
    taken_down,
)
from tandem.client.venues import addresses, believed_at
from tandem.engine.bound import Prepared as Unsent
from tandem.errors import ConfigError
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.rounds import proposal_opens
from tandem.protocol.series import day_of
from tandem.protocol.terms import FIELDS, Field
from tandem.units import Amount, decimal, scaled

FLAGS = "flags"
"""The term that pauses; `pause` and `unpause` change it, `take_down` and `bring_back`."""
PAUSED = 1
"""Its bits."""


class Role(IntEnum):
    """By their numbers in the Guardian."""

    owner = 0
    guardian = 1
    lister = 2
    signer = 3


@dataclass(frozen=True, slots=True)
class TermPreview:
    """A change of one parameter, in its own unit. ready_at: seconds, None where it applies at
    once."""

    term: str
    before: int
    amount: int
    ready_at: int | None


@dataclass(frozen=True, slots=True)
class RolePreview:
    """A change of who holds a role."""

    role: str
    account: str
    ready_at: int | None


@dataclass(frozen=True, slots=True)
class PricePreview:
    """A settlement price of last resort. price: USD, None where it is withdrawn."""

    expiry: int
    price: Decimal | None
    ready_at: int | None


@dataclass(frozen=True, slots=True)
class GrowthPreview:
    """By how much the owner says that what one of several venues holds has grown beyond what is believed.
    growth: ETH, of a short below 0, None where it is withdrawn."""

    venue: str
    growth: Decimal | None
    ready_at: int | None


def propose(session: Session, term: str, amount: int) -> Prepared[TermPreview, int]:
    """Change a parameter: at once where that is tighter, after the delay otherwise."""
    need(session, Role.owner)
    field = _field(term)
    now = session.on.guardian.term(field.index)
    if not now.lowest <= amount <= now.highest:
        raise ConfigError(
            f"term {term} = {amount} is out of bounds",
            f"between {now.lowest} and {now.highest} ({field.meaning})",
        )
    at_once = (now.raising_is_tighter and amount > now.amount) or (
        now.lowering_is_tighter and amount < now.amount
    )
    preview = TermPreview(term, now.amount, amount, None if at_once else _freed_at(session))
    note = f"set {term} to {amount}" if at_once else f"propose {term} = {amount}"
    return _term(session, preview, session.on.guardian.set_term(field.index, amount), note)


def apply_term(session: Session, term: str) -> Prepared[TermPreview, int]:
    """Make a proposed change take effect, once its delay is over."""
    need(session, Role.owner)
    field, guardian = _field(term, flags=True), session.on.guardian
    now, queued = guardian.term(field.index).amount, guardian.queued(field.index)
    then = applied(now, queued.amount) if term == FLAGS else queued.amount
    preview = TermPreview(term, now, then, queued.ready_at or None)
    return _term(session, preview, guardian.apply(field.index), f"apply {term} = {then}")


def cancel(session: Session, term: str) -> Prepared[TermPreview, int]:
    """Drop a proposed change."""
    need(session, Role.owner)
    field = _field(term, flags=True)
    now = session.on.guardian.term(field.index).amount
    preview = TermPreview(term, now, now, None)
    call = session.on.guardian.cancel(field.index)
    return _term(session, preview, call, f"drop the change of {term}")


def pause(session: Session) -> Prepared[TermPreview, int]:
    """Stop opens and deposits, at once."""
    need(session, Role.guardian)
    flags = _flags_now(session)
    preview = TermPreview(FLAGS, flags, flags | PAUSED, None)
    return _term(session, preview, session.on.guardian.pause(), "stop opens and deposits")


def unpause(session: Session) -> Prepared[TermPreview, int]:
    """Propose the end of the pause; `apply_term("flags")` ends it after the delay."""
    need(session, Role.owner)
    flags = _flags_now(session)
    preview = TermPreview(FLAGS, flags, flags & ~PAUSED, _ready_at(session))
    call = session.on.guardian.unpause()
    return _term(session, preview, call, "propose the end of the pause")


def take_down(session: Session, venue: str | None = None) -> Prepared[TermPreview, int]:
    """Say that the hedge venue is down, at once; of several, the one that is named. Raises ConfigError."""
    need(session, Role.guardian)
    place = place_of(session.deployment, venue)
    flags, guardian = _flags_now(session), session.on.guardian
    preview = TermPreview(FLAGS, flags, taken_down(session.deployment, flags, place), None)
    call = guardian.take_down() if place is None else guardian.take_down_one(place)
    return _term(session, preview, call, f"take {venue or 'the hedge venue'} down")


def bring_back(session: Session, venue: str | None = None) -> Prepared[TermPreview, int]:
    """Propose that the hedge venue, or one of several, is up again; `apply_term("flags")` says so after
    the delay. Raises ConfigError."""
    need(session, Role.owner)
    place = place_of(session.deployment, venue)
    flags, guardian = _flags_now(session), session.on.guardian
    then = applied(flags, brought_back(session.deployment, flags, place))
    preview = TermPreview(FLAGS, flags, then, _ready_at(session))
    call = guardian.bring_back() if place is None else guardian.bring_back_one(place)
    return _term(session, preview, call, f"propose that {venue or 'the hedge venue'} is up again")


def offer_role(
    session: Session, role: Role, account: str
) -> Prepared[RolePreview, tuple[str, ...]]:
    """Offer a role to an account, which takes it after the delay."""
    need(session, Role.owner)
    whom = address_of(account)
    call = session.on.guardian.offer_role(role, whom)
    return _role(session, RolePreview(role.name, whom, _freed_at(session)), role, call)


def withdraw_offer(
    session: Session, role: Role, account: str
) -> Prepared[RolePreview, tuple[str, ...]]:
    """Take an offer of a role back."""
    need(session, Role.owner)
    whom = address_of(account)
    call = session.on.guardian.withdraw_offer(role, whom)
    return _role(session, RolePreview(role.name, whom, None), role, call)


def accept_role(session: Session, role: Role) -> Prepared[RolePreview, tuple[str, ...]]:
    """Take a role that was offered to the account."""
    call = session.on.guardian.accept_role(role)
    return _role(session, RolePreview(role.name, session.who.address, None), role, call)


def revoke_role(
    session: Session, role: Role, account: str
) -> Prepared[RolePreview, tuple[str, ...]]:
    """Take a role away, at once; a holder may give up his own."""
    whom = address_of(account)
    if whom != session.who.address:
        need(session, Role.owner)
    call = session.on.guardian.revoke_role(role, whom)
    return _role(session, RolePreview(role.name, whom, None), role, call)


def propose_price(session: Session, expiry: int, price: Amount) -> Prepared[PricePreview, None]:
    """Propose the settlement price of a past expiry that no feed prices, in public for the delay. Raises
    ListingError for one that waits for no price."""
    need(session, Role.owner)
    _check_waits(session, expiry)
    wad = scaled(price, 18, "price")
    note = f"propose {price} as the price of {day_of(expiry)}"
    call = step(session.on.guardian.propose_price(expiry, wad), note)
    opens = max(_ready_at(session), proposal_opens(session.on.spot, expiry))
    preview = PricePreview(expiry, decimal(wad, 18), opens)
    return prepare(session, "propose-price", preview, [call], lambda _: None)


def withdraw_price(session: Session, expiry: int) -> Prepared[PricePreview, None]:
    """Take a proposed settlement price back."""
    need(session, Role.owner)
    note = f"withdraw the price of {day_of(expiry)}"
    call = step(session.on.guardian.withdraw_price(expiry), note)
    preview = PricePreview(expiry, None, None)
    return prepare(session, "withdraw-price", preview, [call], lambda _: None)


def propose_growth(session: Session, venue: str, growth: Amount) -> Prepared[GrowthPreview, None]:
    """Propose by how much what one of several venues holds has grown beyond what is believed, in public for
    the delay. Raises ConfigError."""
    need(session, Role.owner)
    place = place_of_several(session.deployment, venue)
    wad = _signed(growth)
    note = f"propose that {venue} has grown by {growth}"
    call = step(session.on.guardian.propose_growth(place, wad), note)
    preview = GrowthPreview(venue, decimal(wad, 18), _freed_at(session))
    return prepare(session, "propose-growth", preview, [call], lambda _: None)


def withdraw_growth(session: Session, venue: str) -> Prepared[GrowthPreview, None]:
    """Take a proposed growth back. Raises ConfigError."""
    need(session, Role.owner)
    place = place_of_several(session.deployment, venue)
    call = step(session.on.guardian.withdraw_growth(place), f"withdraw that {venue} has grown")
    preview = GrowthPreview(venue, None, None)
    return prepare(session, "withdraw-growth", preview, [call], lambda _: None)


def begin_anew(session: Session, venue: str) -> Prepared[GrowthPreview, Decimal]:
    """Have a venue believed again, as far as the owner proposed; anybody may, once the delay is over. Its
    answer is what is believed of its position then. Raises ConfigError."""
    place = place_of_several(session.deployment, venue)
    there = VenueSet(session.engine, session.on.venue.address)
    address = addresses(session.deployment)[place]
    most = session.on.guardian.growths(place)
    preview = GrowthPreview(venue, decimal(most.growth, 18), most.ready_at or None)
    call = step(there.begin_anew(address), f"believe {venue} again")

    def believed(_: object) -> Decimal:
        spot = session.on.spot.peek().price
        return decimal(believed_at(session.on, address, spot), 18)

    return prepare(session, "begin-anew", preview, [call], believed)


# ---- inside
def _signed(growth: Amount) -> int:
    """WAD of a position's growth; below 0 it is a short's. Raises AmountError."""
    text = str(growth).strip()
    how = "write by how much it has grown with at most 18 decimals, below 0 for a short, as -0.6"
    size = scaled(text.removeprefix("-"), 18, "growth", how)
    return -size if text.startswith("-") else size


def _check_waits(session: Session, expiry: int) -> None:
    """The contract takes a price for any past second, which nothing would ever settle by."""
    now, listed = session.engine.now(), sorted(e.expiry for e in session.on.lens.expiries())
    if expiry in listed or expiry > now:  # the contract refuses what is not past, by name
        return
    past = [day_of(each) for each in listed if each <= now]
    raise ListingError(
        f"{day_of(expiry)} waits for no price: it was never listed, or it is settled",
        f"those that wait: {', '.join(past)}" if past else "none waits for one now",
    )


def need(session: Session, role: Role) -> None:
    """Raises RoleError that names the role and its holders."""
    guardian, who = session.on.guardian, session.who.address
    if not guardian.has_role(role, who):
        holders = ", ".join(guardian.members(role)) or "nobody"
        raise RoleError(
            f"{who} is no {role.name}, and this is the {role.name}'s to do",
            f"use --account with one who is: {holders}",
        )


def _field(term: str, *, flags: bool = False) -> Field:
    if term not in FIELDS or (term == FLAGS and not flags):
        names = ", ".join(name for name in FIELDS if flags or name != FLAGS)
        raise ConfigError(f"there is no term {term!r} to set", f"terms are {names}")
    return FIELDS[term]


def _ready_at(session: Session) -> int:
    """When the delay of what is queued now is over."""
    return session.engine.now() + session.on.guardian.DELAY()


def _freed_at(session: Session) -> int:
    """The same for what waits for LPs too, who may be held back for a venue."""
    return max(_ready_at(session), session.on.guardian.held_until())


def _flags_now(session: Session) -> int:
    return session.on.guardian.term(FIELDS[FLAGS].index).amount


def _term(
    session: Session, preview: TermPreview, call: Unsent[None], note: str
) -> Prepared[TermPreview, int]:
    index, verb = FIELDS[preview.term].index, call.fn.replace("_", "-")
    return prepare(
        session,
        verb,
        preview,
        [step(call, note)],
        lambda _: session.on.guardian.term(index).amount,
    )


def _role(
    session: Session, preview: RolePreview, role: Role, call: Unsent[None]
) -> Prepared[RolePreview, tuple[str, ...]]:
    verb = call.fn.replace("_", "-")
    return prepare(
        session,
        verb,
        preview,
        [step(call, f"{verb} {role.name}: {preview.account}")],
        lambda _: session.on.guardian.members(role),
    )
