"""`tandem stress`: how bad a jump could be, and what it would cost LPs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from tandem.files import check_file, write_file
from tandem.terminal.common import SEED, Between, Place, chain_options, emit
from tandem.terminal.ending import cut_short

if TYPE_CHECKING:
    from keeper.stress.book import Stood
    from keeper.stress.record import Record

WHO = "auditor"

NAV = 1_000_000.0


@click.command()
@click.option("--prices", type=Place(),
              help="Parquet or CSV of candles.  [default: the path that ships]")  # fmt: skip
@click.option("--chain", type=Place(),
              help="Parquet or CSV of option quotes: how far volatility rose within a day.")  # fmt: skip
@click.option("--live", is_flag=True, help="The market's own book, not an example.")
@click.option("--nav", type=Between(10_000, 1e9),
              help=f"USD that LPs have, of the example.  [default: {NAV:,.0f}]")  # fmt: skip
@click.option("--paths", default=10_000, show_default=True, type=click.IntRange(20, 1_000_000),
              help="Paths of each source.")  # fmt: skip
@click.option("--worlds", default=20, show_default=True, type=click.IntRange(2, 1_000),
              help="Models, or histories, that paths are drawn in.")  # fmt: skip
@click.option("--days", "horizon", default=7, show_default=True, type=click.IntRange(1, 45),
              help="Length of a path.")  # fmt: skip
@click.option("--seed", type=SEED, default=1, show_default=True, help="Same seed, same figures.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 256),
              help="Worlds at a time.")  # fmt: skip
@click.option("--report", type=Place(), help="Write an HTML report.")
@chain_options
@click.pass_context
def stress(
    context: click.Context,
    prices: Path | None,
    chain: Path | None,
    live: bool,
    nav: float | None,
    paths: int,
    worlds: int,
    horizon: int,
    seed: int,
    jobs: int,
    report: Path | None,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Say what an instant jump would cost LPs, and what the worst day of many would.

    A book with its hedge goes through paths of two sources: SVCJ (volatility and jumps of price and
    volatility together), fitted to the recorded prices with standard errors, and the record itself in
    shuffled blocks; each with a keeper that hedges at its band, and with one that is dead from the
    start. Beside them stand the worst recorded day and the worst L(j) by which a gate is to hold opens.
    Without --live, --rpc, --deployment or --market the book is an example that fills the gate. With
    --chain the factors by which the gate shocks volatility stand beside what quoted volatility did.

    \b
    Examples:
      tandem stress --prices eth_1h.parquet --report out/stress.html
      tandem stress --prices eth_1h.csv --live --json
      tandem stress --prices eth_1h.csv --chain options.parquet
    """
    from keeper.replay.console import command_line
    from keeper.stress import quoted, session, words
    from keeper.stress.record import record_of
    from tandem.feeds import candles as feed
    from tandem.feeds import chain as chains
    from tandem.feeds import path

    if report is not None:
        check_file(report)
    if paths < worlds:
        raise click.UsageError(f"--paths {paths} are fewer than --worlds {worlds}")
    is_live = live or bool(rpc or deployment or market)
    if is_live and nav is not None:
        raise click.UsageError(f"--nav {nav:g} is of the example: a live book has its own LPs")
    nav = nav or (None if is_live else NAV)
    context.params["nav"] = nav  # for the report's own command
    record = record_of(feed.load(prices) if prices is not None else path.demo(), horizon)
    rises = quoted.rises(chains.load(chain)) if chain is not None else ()
    given = {"rpc": rpc, "deployment": deployment, "market": market}
    stood = _book(record, nav, given)
    asked = session.Asked(record, stood, paths, worlds, horizon, seed)
    found = replace(session.run(asked, jobs, quiet=as_json), quoted=rises)
    try:
        if report is not None:
            from keeper.stress import page

            write_file(report, page.html(found, command_line()))
    finally:  # neither a page that cannot be written nor a reader who left takes the other's
        emit(as_json, words.as_json(found), words.lines(found))
    if report is not None:
        click.echo(f"wrote {report}", err=as_json)
    if not found.complete:
        raise cut_short()


def _book(record: Record, nav: float | None, given: Mapping[str, Any]) -> Stood:
    """The example with this capital, the market's own where none is given. given: on the command line."""
    from keeper.stress.book import example, of_snapshot

    if nav is not None:
        return example(record.spot, record.long, nav)
    from tandem.connection import connect
    from tandem.protocol.deployment import handles
    from tandem.protocol.waits import snapshot_of
    from tandem.settings import Connection, load

    engine, found = connect(load(Connection, **given))
    return of_snapshot(snapshot_of(handles(engine, found)))
