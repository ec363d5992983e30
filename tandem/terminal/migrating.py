"""`tandem deploy migrate`: what is due, what waits, what is left of the old one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import rich_click as click

from tandem.client import migration
from tandem.client.differences import Difference, differences
from tandem.client.migration import Move, RunOff
from tandem.client.migration_journal import head_of, place_of, read, settled
from tandem.connection import record
from tandem.protocol.waits import UnreadableError
from tandem.settings import Connection, load
from tandem.terminal.common import emit, pairs, sized, usd
from tandem.terminal.plain import plain
from tandem.terminal.verbs import (
    How,
    UnansweredError,
    UnwrittenError,
    aloud,
    somebody_is_there,
    tell,
)

STALE = "stale: exits wait, and after exit_wait are paid less by the hour; its signers are to go on"


def lead(how: How, to: Path) -> None:
    """Show, ask, send, and show what is left. What was agreed to is sent to its end, whether or not somebody
    still reads. Raises ClientError, JournalError, ConfigError, UnansweredError, UnwrittenError."""
    old, new = how.connect().session, replace(how, deployment=to).connect().session
    migration.check(old, new)
    other = differences(old, new)
    head = head_of(old, new)
    journal = place_of(record(load(Connection, deployment=to, market=how.market)), head)
    before = settled(old.engine, head, read(journal, head))
    found = list(migration.moves(old, new, before.sent))
    due = [move for move in found if move.prepared is not None]
    number = len(due) + sum(move.follows for move in found)
    if how.calldata:
        emit(True, [step for move in due if move.prepared for step in move.prepared.calldata], [])
        return
    lost: list[OSError] = []
    if not how.as_json:
        lines = [*_lines(old.who.address, found), *_other(other)]
        aloud(lambda: emit(False, None, lines), lost)
    if lost and not (how.yes and not how.dry_run and isinstance(lost[0], BrokenPipeError)):
        raise lost[0]
    told = (lambda _: None) if how.as_json else lambda each: aloud(lambda: tell(each), lost)
    sent: list[migration.Sent] = []
    if due and not how.dry_run:
        _agreed(how, number)
        sent = migration.carry_out(old, new, told, journal)
    left, unread = _run_off(old)
    data = _plain(old.who.address, found, other, sent) | {"left": plain(left), "unread": unread}
    unknown = [f"left of the old one: {unread}"]
    rest = unknown if left is None else _left(left, old.asset)
    aloud(lambda: emit(how.as_json, data, rest), lost)
    if lost and not isinstance(lost[0], BrokenPipeError):
        raise UnwrittenError(
            f"{len(sent)} transactions were sent, and this could not be written: {lost[0].strerror}",
            f"run it again: it goes on after what is in {journal}",
        )


def _plain(
    account: str, found: Sequence[Move], other: Sequence[Difference], sent: Sequence[migration.Sent]
) -> dict[str, Any]:
    moves = [
        {"role": m.role, "what": m.what, "waits": m.waits, "follows": m.follows} for m in found
    ]
    return {"account": account, "moves": moves, "differs": plain(other), "sent": plain(sent)}


def _run_off(old: migration.Session) -> tuple[RunOff | None, str]:
    """What is left, or why nobody can say: what was sent is told all the same."""
    try:
        return migration.run_off(old), ""
    except UnreadableError as error:
        return None, str(error)


def _agreed(how: How, number: int) -> None:
    """Raises UnansweredError where nobody says yes."""
    if how.yes:
        return
    if how.as_json or not somebody_is_there():
        raise UnansweredError(
            "nothing was sent: nobody is here to confirm the migration",
            "pass --yes to send what is due, --dry-run to look at it",
        )
    if not click.confirm(f"send these {number}, one after the other?", err=True):
        raise UnansweredError("nothing was sent", "say yes, or leave it")


def _lines(account: str, found: Sequence[Move]) -> Iterator[str]:
    yield f"account {account}"
    for move in found:
        yield f"  {_when(move):5} {move.role:8} {move.what}{_why(move)}"
    if not found:
        yield "  nothing is left for this account to do"


def _other(found: Sequence[Difference]) -> Iterator[str]:
    """Whoever is asked whether to go sees first where to."""
    if found:
        yield "other in the new one:"
        yield from pairs(
            [(each.name, f"{_shown(each.old)} → {_shown(each.new)}") for each in found]
        )


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "nobody"  # pyright: ignore[reportUnknownArgumentType]
    return "–" if value is None else str(value)


def _when(move: Move) -> str:
    return "then" if move.follows else "later" if move.waits else "now"


def _why(move: Move) -> str:
    return f": {move.waits}" if move.waits else ""


def _left(left: RunOff, asset: str) -> Iterator[str]:
    yield "left of the old one: " + ("nothing" if left.is_over else "")
    rows = [
        ("expiries", f"{left.expiries}"),
        ("owed at most", usd(left.owed)),
        ("payoffs to redeem", usd(left.claims)),
        ("LP shares", f"{left.shares:,.6f}, {usd(left.waiting)} of them in the queue"),
        ("set aside for LPs", usd(left.exits)),
        ("hedge", sized(left.hedge, asset)),
    ]
    yield from pairs([*rows, ("surface", STALE)] if left.is_stale else rows)
