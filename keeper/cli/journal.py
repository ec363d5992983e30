"""`tandem journal`: what the keeper meant to do, and what came of it."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rich_click as click

from keeper.cli._journals import choose
from keeper.cli._times import Ago, MomentOrAgo
from keeper.execution.sender import FILL
from keeper.journal import Action, Entry, State, Wanted, glance, read_entries
from keeper.journal_rows import flat, mined_at
from keeper.planner import Kind
from keeper.settings import load_settings
from tandem.errors import ConfigError
from tandem.terminal.common import Place, emit, eth, json_option, table, told
from tandem.terminal.stdout import for_programs, put
from tandem.units import WAD

WHO = "operator"
KINDS = [*map(str, Kind), FILL]
STATES = [*map(str, State)]


@click.command()
@click.option("--file", "path", type=Place(), help="This journal and no other.")
@click.option("--account", help="The keeper's address, where several kept this deployment.")
@click.option("--deployment", type=Place(), help="What `tandem deploy apply` wrote.")
@click.option("--market", help="Which one, of a deployment that has several.")
@click.option(
    "--last", default=20, show_default=True, type=click.IntRange(1, 10**6), help="How many actions."
)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="These alone.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES), help="Those that are so."
)
@click.option(
    "--since",
    type=MomentOrAgo(),
    help="From a UTC time on, or how long ago by this machine's clock.",
)
@for_programs("--csv", "as_csv", told="Every column, for a table of your own.")
@json_option
def journal(
    path: Path | None,
    account: str | None,
    deployment: Path | None,
    market: str | None,
    last: int,
    kinds: tuple[str, ...],
    states: tuple[str, ...],
    since: int | Ago | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Show a keeper's latest actions, newest first. Works while it runs.

    The journal is TANDEM_JOURNAL's, else that of the deployment and of the account (TANDEM_KEY's
    where none is given). Where several would do, they are listed and none is shown. Of each action
    it shows the transaction that decided it: hash, nonce, gas, and what that cost with its data.

    \b
    Examples:
      tandem journal --last 5
      tandem journal --kind rebalance --state reverted --since 2026-11-01
      tandem journal --since 24h --last 1000 --csv
    """
    if as_csv and as_json:
        raise ConfigError("--csv and --json exclude each other", "give one of the two")
    chosen = path or choose(load_settings(deployment=deployment, market=market), account)
    first = since.before(time.time()) if isinstance(since, Ago) else since or 0
    entries = read_entries(chosen, Wanted(last, kinds, states, first))
    data = [flat(entry) for entry in entries]
    if as_csv:
        put(_csv(data), nl=False)
        return
    paid = sum(each["paid"] or 0 for each in data)
    whose = f"{chosen}, kept by {glance(chosen).account}; these cost {eth(paid / WAD)} of gas"
    emit(as_json, data, [*told("", whose), *table([HEAD, *map(_row, entries)])])


HEAD = ["action", "when", "state", "block", "hash", "nonce", "gas", "ETH", "why"]
SHOWN = 10
"""Of a hash: enough to find it by."""


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """A head and a line for each."""
    out = io.StringIO()
    columns = [
        *(f.name for f in fields(Action)),
        "planned_block",
        "hash",
        "nonce",
        "gas_used",
        "paid",
    ]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "args": " ".join(map(str, row["args"]))})
    return out.getvalue()


def _row(entry: Entry) -> list[str]:
    a, of = entry.action, entry.attempt
    time = datetime.fromtimestamp(a.created_at, UTC).strftime("%Y-%m-%d %H:%M:%S")
    note = f" ({a.note})" if a.note else ""
    sent = [of.hash[:SHOWN], str(of.nonce)] if of else ["", ""]
    gas = f"{of.gas_used:,}" if of and of.gas_used else ""
    cost = eth(of.paid / WAD) if of and of.paid is not None else ""
    return [
        f"{a.id} {a.kind}",
        time,
        a.state,
        str(mined_at(entry)),
        *sent,
        gas,
        cost,
        a.reason + note,
    ]
