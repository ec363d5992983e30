"""`tandem terms`: parameters, bounds, queued changes, roles, offers and proposed growths."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import rich_click as click

from tandem.client.governance import FLAGS
from tandem.connection import connect
from tandem.protocol.announced import opens_at
from tandem.protocol.bindings.guardian import Guardian
from tandem.protocol.deployment import handles
from tandem.protocol.proposed import growths
from tandem.protocol.terms import FIELDS
from tandem.settings import Connection, load
from tandem.terminal.common import chain_options, emit, pairs, table, when
from tandem.units import HOUR

WHO = "auditor"

ROLES = ("owner", "guardian", "lister", "signer")
"""By their numbers in the Guardian."""
TIGHTER = {(True, True): "any", (True, False): "up", (False, True): "down", (False, False): "none"}
"""(raising it is tighter, lowering it is) -> what applies at once."""
SET = "set"
"""Of the flags: a guardian sets one at once, whatever the number does, and its end waits."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, as the Guardian has it; all in the field's own unit."""

    name: str
    value: int
    least: int
    most: int
    at_once: str
    """Which change applies at once: up, down, any, none, or of the flags set; others wait the delay."""
    queued: int | None
    queued_until: int | None
    """From when on the queued change may be applied, seconds."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A role that an account may take. ready_at: from when on, seconds."""

    role: str
    account: str
    ready_at: int


@click.command()
@chain_options
def terms(rpc: str | None, deployment: Path | None, market: str | None, as_json: bool) -> None:
    """Show every parameter from chain state: now, bounds, which way is tighter, what is queued,
    who holds which role, and who may take one from when on. Of several venues: by how much the owner proposed
    that one be believed further.

    \b
    Examples:
      tandem terms
      tandem terms --json
    """
    engine, found = connect(load(Connection, rpc=rpc, deployment=deployment, market=market))
    guardian = handles(engine, found).guardian
    with engine.pinned(engine.block()):
        now, held = engine.stands()[1], guardian.held_until()
        delay, roles, listed = (
            guardian.DELAY(),
            _members(guardian),
            _parameters(guardian, held, now),
        )
        offers, is_held = _offers(guardian, held, now), held > now
        proposed = list(growths(engine, found, now))
    data = {
        "delay": delay,
        "held_until": held if is_held else None,
        "terms": [asdict(term) for term in listed],
        "roles": roles,
    }
    data["offers"] = [asdict(offer) for offer in offers]
    data["growths"] = [asdict(each) for each in proposed]
    lines = _lines(delay, listed, roles, offers)
    lines += [f"{each.what} from {when(each.ready_at)} on." for each in proposed]
    if is_held:
        lines.append(
            f"No role and no term but the flags before {when(held)}: LPs may wait for a venue."
        )
    emit(as_json, data, lines)


def _members(guardian: Guardian) -> dict[str, list[str]]:
    """Accounts by role."""
    return {role: list(guardian.members(number)) for number, role in enumerate(ROLES)}


def _offers(guardian: Guardian, held: int, now: int) -> list[Offered]:
    """Those that may still be taken."""
    return [
        Offered(role, offer.account, ready)
        for number, role in enumerate(ROLES)
        for offer in guardian.offers(number)
        if (ready := opens_at(offer.ready_at, held, now)) is not None
    ]


def _parameters(guardian: Guardian, held: int, now: int) -> list[Parameter]:
    found: list[Parameter] = []
    for name, field in FIELDS.items():
        term, queued = guardian.term(field.index), guardian.queued(field.index)
        is_flags = name == FLAGS
        ready = opens_at(queued.ready_at, 0 if is_flags else held, now)
        tighter = TIGHTER[term.raising_is_tighter, term.lowering_is_tighter]
        found.append(
            Parameter(
                name=name,
                value=term.amount,
                least=term.lowest,
                most=term.highest,
                at_once=SET if is_flags else tighter,
                queued=None if ready is None else queued.amount,
                queued_until=ready,
                meaning=field.meaning,
            )
        )
    return found


def _lines(
    delay: int, listed: list[Parameter], roles: dict[str, list[str]], offers: list[Offered]
) -> list[str]:
    rows = [["term", "now", "least", "most", "at once", "queued"]]
    rows += [
        [
            t.name,
            *map(str, (t.value, t.least, t.most)),
            t.at_once,
            f"{t.queued} from {when(t.queued_until)}" if t.queued_until else "-",
        ]
        for t in listed
    ]
    return [
        *table(rows),
        "",
        *pairs((t.name, t.meaning) for t in listed),
        "",
        *pairs((role, ", ".join(accounts) or "nobody") for role, accounts in roles.items()),
        *pairs((f"{o.role} offered", f"{o.account} from {when(o.ready_at)}") for o in offers),
        "",
        f"What does not apply at once waits {delay / HOUR:g} hours, in public.",
    ]
