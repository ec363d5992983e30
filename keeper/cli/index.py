"""`tandem index`: a market's past in a database, behind an HTTP server that is read from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from keeper.settings import INDEXES
from tandem.connection import connect
from tandem.errors import ConfigError
from tandem.protocol.happenings import by_place
from tandem.settings import Connection, load
from tandem.terminal.common import chain_options, emit, progress
from tandem.terminal.ending import cut_short

if TYPE_CHECKING:
    from keeper.index.reading import Reader

WHO = "operator"
HOST, PORT = "127.0.0.1", 8_560
AGAIN_SECONDS = 1.0
"""Between two looks at a node that is behind."""
ORIGIN = re.compile(r"https?://[^/\s]+", re.ASCII)


@click.command()
@click.option("--db", metavar="FILE|URL", help="SQLite's file, or a Postgres' address.")
@click.option("--from", "first", type=click.IntRange(0, 2**53), metavar="BLOCK",
              help="The first block to read.  [default: the deployment's]")  # fmt: skip
@click.option("--once", is_flag=True, help="Read up to the last block, and end.")
@click.option("--host", default=HOST, show_default=True, help="An address of this machine.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65_535),
              help="0: any free one.")  # fmt: skip
@click.option("--origin", "origins", multiple=True, metavar="URL",
              help="A page that may ask; once for each.")  # fmt: skip
@chain_options
def index(
    db: str | None,
    first: int | None,
    once: bool,
    host: str,
    port: int,
    origins: tuple[str, ...],
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Keep a market's past in a database, and answer for it by HTTP until Ctrl-C.

    The page reads its History from the chain by itself, and asks an index where it is told of one
    (`tandem ui --index URL`): that is quicker, and goes back further. There is nothing in it but what
    the chain says, nobody can write to it, and it can be ended and begun again at any point. What a
    reorg takes back is taken out.

    \b
    Examples:
      tandem index --once
      tandem index --origin http://127.0.0.1:8550
      tandem index --db postgresql://tandem@db/tandem --port 8560
    """
    for each in origins:
        if not ORIGIN.fullmatch(each):
            raise ConfigError(
                f"{each!r:.80} is no origin", "as http://127.0.0.1:8550, without a path"
            )
    from keeper.index.reading import Reader
    from keeper.index.store import stores

    settings = load(Connection, rpc=rpc, deployment=deployment, market=market)
    engine, record = connect(settings)
    named = f"{record.chain_id}:{record.address('Market').lower()}"
    writing, reading = stores(db or str(INDEXES / f"{record.name}.sqlite"), named)
    writing.prepare()
    reader = Reader(engine, writing, by_place(record), max(record.block, 1), first)
    if once:
        _once(reader, as_json)
        return
    reader.reach()
    from keeper.index.api import LOOPBACK, Api
    from keeper.index.serving import Follower, bound, serve

    follower = Follower(reader, record.chain_id, record.name, progress)
    listening = bound(host, port)
    hosts = LOOPBACK if host in LOOPBACK or host == "::1" else None
    api = Api(lambda: follower.standing, reading, frozenset(origins), hosts)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    said = [f"The index is at {address}. Ctrl-C ends it."]
    serve(api, follower, listening, lambda: emit(as_json, {"index": address}, said))


def _once(reader: Reader, as_json: bool) -> None:
    """With a bar, where somebody looks; Ctrl-C keeps what was read."""
    from keeper.index.reading import Watch
    from keeper.index.rows import Block
    from keeper.replay.progress import long_work

    with long_work("what was read is kept", quiet=as_json) as (bar, stop):
        task = bar.add_task("blocks", total=None)

        def at(tip: Block, head: Block) -> None:
            bar.update(task, completed=tip.number, total=head.number)

        reader.watch = Watch(at, is_ended=stop.is_set)
        reach = reader.follow()
        while reader.is_behind and not stop.wait(AGAIN_SECONDS):
            bar.update(task, description="the node is behind what was read")
            reach = reader.follow()
        is_cut = stop.is_set()
    held = reader.store.count()
    head = reader.head.number if reader.head else reach.tip.number
    told = {"first": reach.first, "block": reach.tip.number, "head": head, "events": held}
    said = f"{held:,} events of blocks {reach.first:,} to {reach.tip.number:,}"
    emit(as_json, told, [said])
    reader.store.close()
    if is_cut:
        raise cut_short()
