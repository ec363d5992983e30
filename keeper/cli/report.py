"""`tandem report`: what a market earned over a span, by cause, from its logs and its past states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from keeper.cli._journals import choose
from keeper.cli._times import Ago, Moment, MomentOrAgo
from keeper.journal import JournalError, glance
from keeper.journal_costs import Spent, read_spent
from keeper.settings import Settings, load_settings
from tandem.client.several import names
from tandem.connection import connect
from tandem.errors import ConfigError
from tandem.files import check_file, write_file
from tandem.protocol.deployment import Deployment, handles
from tandem.terminal.common import Place, chain_options, emit
from tandem.terminal.ending import cut_short
from tandem.terminal.stdout import for_programs, put

if TYPE_CHECKING:
    from keeper.report.kept import Kept
    from keeper.report.reading import Chain
    from keeper.report.session import Span, Told
    from tandem.engine.remote import RemoteEngine

WHO = "operator"


@click.command()
@click.option("--since", type=MomentOrAgo(), default="7d", show_default=True,
              help="Where it begins: a UTC time, or how long ago by the chain's clock.")  # fmt: skip
@click.option("--until", type=Moment(), help="Where it ends.  [default: now]")
@click.option("--html", "page", type=Place(), help="Write it as a page, too.")
@for_programs("--csv", "as_csv", told="Print a line for each day.")
@click.option("--anew", is_flag=True, help="Ask the node again for what is kept from before.")
@click.option("--journal", type=Place(), help="The keeper's, for its gas.")
@chain_options
def report(
    since: int | Ago,
    until: int | None,
    page: Path | None,
    as_csv: bool,
    anew: bool,
    journal: Path | None,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Tell what a market earned and why: profit by cause, by day, and what hedges cost and who bore it.

    It reads the market's own logs and its state at past blocks, so anybody may ask, for any market. The
    causes are those of `tandem replay`, and add up to the change of NAV to the cent. A node that knows
    no past states gives what was paid, and the report says so; name an archive node with --rpc. Gas is
    what the keeper whose journal is at hand sent for this market. Ctrl-C keeps what was read. Logs and
    states that are final are kept in your cache folder, and not asked for again.

    \b
    Examples:
      tandem report --since 24h
      tandem report --since 2026-11-01 --until 2026-11-08 --html out/week.html
      tandem report --since 30d --csv
    """
    if as_csv and as_json:
        raise ConfigError("--csv and --json exclude each other", "give one of the two")
    if not isinstance(since, Ago):
        _check_order(since, until)
    if page is not None:
        check_file(page)
    from keeper.report import words
    from keeper.report.figures import figures
    from keeper.report.reading import Chain
    from keeper.report.session import span_of

    settings = load_settings(rpc=rpc, deployment=deployment, market=market)
    engine, record = connect(settings)
    kept = _kept(engine, record, anew=anew)
    chain = Chain.of(engine, handles(engine, record), names(record), kept)
    if isinstance(since, Ago):
        since = since.before(engine.now())
        _check_order(since, until)
    span = span_of(chain, record.block, since, until)
    spent = _gas(settings, journal, record, span)
    told = _told(chain, record.block, span, quiet=as_csv or as_json)
    found = figures(told, record.address("Market"), record.asset, spent)
    try:
        if page is not None:
            write_file(page, words.html(found))
    finally:  # what took minutes to read is told, whatever became of the page
        if as_csv:
            put(words.as_csv(found), nl=False)
        else:
            emit(as_json, found, words.lines(found))
    if page is not None:
        click.echo(f"wrote {page}", err=True)
    if not told.complete:
        raise cut_short()


def _kept(engine: RemoteEngine, record: Deployment, *, anew: bool) -> Kept | None:
    """What was read of this market before; a chain of one's own ends with its node."""
    from keeper.report.kept import Kept, place

    if engine.is_development:
        return None
    return Kept(engine, place(record.chain_id, record.address("Market")), anew=anew)


def _check_order(since: int, until: int | None) -> None:
    if until is not None and until <= since:
        raise ConfigError("the span ends before it begins", "give a --until after --since")


def _told(chain: Chain, deployed: int, span: Span, *, quiet: bool) -> Told:
    """With a bar, where somebody looks."""
    from keeper.replay.progress import long_work
    from keeper.report.session import Watch, tell

    with long_work("what was read is told", quiet=quiet) as (bar, stop):
        task = bar.add_task("blocks", total=span.last - deployed)

        def at(block: int) -> None:
            bar.update(task, completed=block - deployed)

        return tell(chain, deployed, span, Watch(at, stop.is_set))


def _gas(
    settings: Settings, named: Path | None, record: Deployment, span: Span
) -> list[Spent] | None:
    """By kind, of the journal that is named, or that is found; None where there is none. Raises JournalError
    where one that is named is not of this chain."""
    if named is None:
        try:
            path = choose(settings)
            if not path.exists():
                return None
        except JournalError:
            return None
    else:
        path = named
    if glance(path).chain_id != record.chain_id:
        raise JournalError(
            f"{path} is of chain {glance(path).chain_id}, the market of {record.chain_id}",
            "name the journal of this market's keeper with --journal",
        )
    return read_spent(path, span.first + 1, span.last, record.name)
