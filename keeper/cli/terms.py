"""`tandem terms`: the parameters in force, their bounds, what waits to change, and who may change it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import rich_click as click

from keeper.assembly import connect
from keeper.cli.common import chain_options, emit, pairs, settings_of, table, when
from keeper.engine.base import Call, Contract
from keeper.engine.remote import RemoteEngine
from keeper.protocol.deployment import handles
from keeper.protocol.terms import FIELDS

ROLES = ("owner", "guardian", "lister", "signer")
"""By their numbers in the Guardian."""
TIGHTER = {(True, True): "any", (True, False): "up", (False, True): "down", (False, False): "none"}
"""(raising it is tighter, lowering it is) -> what applies at once."""


@dataclass(frozen=True, slots=True)
class Term:
    """One parameter, as the Guardian has it; all in the field's own unit."""

    name: str
    value: int
    least: int
    most: int
    at_once: str
    """Which change applies at once: up, down, any or none; others wait the delay."""
    queued: int | None
    queued_until: int | None
    """From when on the queued change may be applied, seconds."""
    meaning: str


@click.command()
@chain_options
def terms(rpc: str | None, deployment: Path | None, as_json: bool) -> None:
    """Show every parameter from chain state: now, bounds, which way is tighter, what is queued,
    and who holds which role."""
    engine, found = connect(settings_of(rpc, deployment))
    guardian = handles(engine, found).guardian
    delay, roles, listed = read(engine, guardian)
    data = {"delay": delay, "terms": [asdict(term) for term in listed], "roles": roles}
    emit(as_json, data, _lines(delay, listed, roles))


def read(engine: RemoteEngine, guardian: Contract) -> tuple[int, dict[str, list[str]], list[Term]]:
    """Delay in seconds, accounts by role, terms: one round trip."""
    asked = [
        Call(guardian, "DELAY", (), guardian.address),
        *(Call(guardian, "members", (role,), guardian.address) for role in range(len(ROLES))),
        *(
            Call(guardian, fn, (field.index,), guardian.address)
            for field in FIELDS.values()
            for fn in ("term", "queued")
        ),
    ]
    delay, *answers = engine.call_many(asked)
    members, rest = answers[: len(ROLES)], answers[len(ROLES) :]
    listed = []
    for (name, field), term, queue in zip(FIELDS.items(), rest[::2], rest[1::2], strict=True):
        value, least, most, up, down = term
        amount, ready_at = queue
        listed.append(
            Term(
                name=name,
                value=value,
                least=least,
                most=most,
                at_once=TIGHTER[up, down],
                queued=amount if ready_at else None,
                queued_until=ready_at or None,
                meaning=field.meaning,
            )
        )
    return delay, dict(zip(ROLES, map(list, members), strict=True)), listed


def _lines(delay: int, listed: list[Term], roles: dict[str, list[str]]) -> list[str]:
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
        "",
        f"What does not apply at once waits {delay / 3_600:g} hours, in public.",
    ]
