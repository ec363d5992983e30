"""`tandem status`: one market at one block."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import rich_click as click

from tandem.client import bounty, breaker, gate, several
from tandem.client.lending import lendable
from tandem.client.margin import distress
from tandem.connection import connect
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import handles
from tandem.protocol.waits import snapshot_of, waits
from tandem.settings import Connection, load
from tandem.terminal.common import (
    chain_options,
    date_of,
    emit,
    pairs,
    sized,
    table,
    usd,
    when,
)
from tandem.units import USD, WAD, bare, decimal

WHO = "auditor"
ALLOWED = "allowed"
UNKNOWN = "not known: a venue does not say what its account is worth"


@click.command()
@chain_options
def status(rpc: str | None, deployment: Path | None, market: str | None, as_json: bool) -> None:
    """Show spot, surface, book, hedge, margin and cash, all at one block.

    \b
    Examples:
      tandem status
      tandem status --deployment deployments/local.json --json
    """
    engine, found = connect(load(Connection, rpc=rpc, deployment=deployment, market=market))
    on = handles(engine, found)
    with engine.pinned(block := engine.block()):
        snapshot = snapshot_of(on)
        waiting = waits(on, snapshot)
        due = bounty.offer(on, engine.base_fee)
        short = distress(snapshot, lendable(on), on.asset)
    paid = ("bounty", bounty.line(due, snapshot.timestamp, on.asset))
    told = [("DISTRESS", short)] if short else []
    if gone := several.down(found, snapshot):
        told.append(
            ("venues DOWN", f"{', '.join(gone)}: its margin counts for nothing, deposits wait")
        )
    named = [(w.name, w.found) for w in waiting]
    at = ("block", f"{block} at {when(snapshot.timestamp)}")
    facts = [at, *_facts(snapshot, on.asset), *told, paid, *named]
    if "opens" in dict(named):  # which says why they wait, though nobody stopped them
        facts = [each for each in facts if each != ("opens", ALLOWED)]
    shown = [*pairs(facts), "", *table(_expiries(snapshot, on.asset))]
    emit(
        as_json,
        asdict(snapshot)
        | {
            "block_number": block,
            "waits": [asdict(w) for w in waiting],
            "bounty": due and asdict(due),
            "distress": short,
        },
        shown,
    )


def _facts(s: Snapshot, asset: str) -> list[tuple[str, str]]:
    fresh = "fresh" if s.spot_fresh else "REFUSED"
    age = f"{s.surface_age} s old" if s.open_expiries else "nothing open"
    return [
        ("spot", f"{usd(s.spot / WAD)}, {s.timestamp - s.spot_time} s old, {fresh}"),
        ("surface", age if s.surface_fresh else f"{age}, STALE"),
        ("opens", _opens(s)),
        ("gate", gate.line(s)),
        ("breaker", breaker.line(s.breaker, s.timestamp)),
        ("NAV, low", _nav(s)),
        ("cash", usd(s.funds.cash / USD)),
        ("most that options may pay", usd(s.maxima / USD)),
        ("settled, unclaimed", usd(s.claims / USD)),
        (
            "exits, unclaimed / queued",
            f"{usd(s.funds.exits / USD)} / {usd(s.funds.queued / USD)}",
        ),
        ("floor", usd(s.floor / USD)),
        ("hedge", sized(s.position / WAD, asset)),
        ("delta of what was sold", sized(s.stance.delta / WAD, asset)),
        ("residual", f"{sized(s.stance.residual / WAD, asset)}, {_place(s)}"),
        ("margin at the venue", _margin(s)),
        ("top-up due", _lacking(s)),
    ]


def _nav(s: Snapshot) -> str:
    if not s.funds.nav_time:
        return "never marked: nobody has deposited"
    return f"{usd(s.funds.nav / USD)} at {when(s.funds.nav_time)}"


def _opens(s: Snapshot) -> str:
    if s.is_venue_down:
        return "refused: a guardian took the hedge venue down"
    if s.is_unmarked:
        return gate.UNMARKED
    if s.is_tripped:
        return "stopped by the breaker"
    if s.is_paused:
        return "paused"
    needed = (
        ("a price", s.spot_fresh),
        ("a surface", s.surface_fresh),
        ("a mark of the gate", s.gate.is_fresh),
    )
    lacks = [name for name, is_there in needed if not is_there]
    return f"wait for {', '.join(lacks)}" if lacks else ALLOWED


def _margin(s: Snapshot) -> str:
    if s.is_venue_down:
        return "counts for nothing while the venue is down"
    if not s.account_known:
        return UNKNOWN
    return usd(s.account.equity / WAD)


def _lacking(s: Snapshot) -> str:
    return usd(s.account.top_up / USD) if s.account_known else "not known"


def _place(s: Snapshot) -> str:
    """Beside what lets all of it go home (HG-9), as the bounty's line has it."""
    size, whole = abs(s.stance.residual), bounty.trigger(s.stance)
    if size > s.stance.hard:
        return f"over the hard band of {s.stance.hard / WAD:.4f}"
    if size >= whole:
        return f"past the trigger of {whole / WAD:.4f}"
    part = f"; from {s.stance.trigger / WAD:.4f} on a part may go home"
    return f"inside the trigger of {whole / WAD:.4f}{part if size >= s.stance.trigger else ''}"


def _expiries(s: Snapshot, asset: str) -> list[list[str]]:
    if not s.expiries:
        return [["no expiry is listed"]]
    rows = [["expiry", f"open {asset}", "most it may pay", "strikes"]]
    for e in sorted(s.expiries, key=lambda each: each.expiry):
        late = " (settle)" if e.expiry <= s.timestamp else " (delisted)" if e.is_delisted else ""
        strikes = " ".join(map(str, sorted(e.strikes)))
        rows.append(
            [date_of(e.expiry) + late, bare(decimal(e.units)), usd(e.maximum / USD), strikes]
        )
    return rows
