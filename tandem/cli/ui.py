"""`tandem ui`: the page of a market, to trade, provide and verify in a browser."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import rich_click as click

from tandem.errors import ConfigError
from tandem.settings import Connection, load
from tandem.terminal.common import Place, chain_options, emit
from tandem.terminal.ending import ends_by
from tandem.window.server import PORT

WHO = "trader"


@click.command()
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="0: any free one.",
)
@click.option(
    "--keeper", metavar="URL", help="Where a keeper's figures are, as http://127.0.0.1:9000."
)
@click.option("--index", metavar="URL", help="Where `tandem index` answers.")
@click.option("--out", type=Place(file_okay=False),
              help="Write the page to a folder, for a static host; serve nothing.")  # fmt: skip
@chain_options
def ui(
    port: int,
    keeper: str | None,
    index: str | None,
    out: Path | None,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Serve the page on this machine until Ctrl-C, or write it to a folder.

    The page reads the chain through your wallet, or through a node that you name in it; nothing goes through
    this command but files. A node of this machine is handed on, to whoever looks from here; any other address
    may hold a key, and is not.

    \b
    Examples:
      tandem ui
      tandem ui --port 0 --deployment deployments/base.json --market eth
      tandem ui --keeper http://127.0.0.1:9000
      tandem ui --index http://127.0.0.1:8560
      tandem ui --out public
    """
    from tandem.window.bundle import (
        MARKET_FILE,
        export,
        market_file,
        page_files,
    )
    from tandem.window.server import Keeper, Lately, Site, listener

    settings = load(Connection, rpc=rpc, deployment=deployment, market=market)
    _check(settings, keeper, index, out)
    describe = partial(
        market_file, settings, metrics=keeper is not None, index=index, is_here=out is None
    )
    files, described = page_files(), describe()
    if out is not None:
        written = export(out, {**files, MARKET_FILE: described})
        emit(as_json, {"folder": str(out), "files": [path.name for path in written]},
             [f"{len(written)} files are in {out}: any static host serves them"])  # fmt: skip
        return
    site = Site(
        files,
        Lately(describe),
        Keeper(keeper) if keeper else None,
    )
    server = listener(port, site)
    ends_by(lambda: threading.Thread(target=server.shutdown).start())
    address = f"http://127.0.0.1:{server.server_port}"
    emit(as_json, {"page": address}, [f"The page is at {address}. Ctrl-C ends it."])
    with server:
        server.serve_forever(poll_interval=0.1)


def _check(settings: Connection, keeper: str | None, index: str | None, out: Path | None) -> None:
    """Raises ConfigError for an address that is none, or that the page or its server would not ask."""
    from tandem.engine.endpoint import split
    from tandem.window.bundle import is_near, is_reachable

    for node in settings.nodes:
        split(node)
    if index is not None and not is_reachable(index):
        raise ConfigError(
            f"--index {index}: the page asks https, or this machine",
            "name it as https://index.example, or as http://127.0.0.1:8560",
        )
    if keeper is not None and not (keeper.startswith("http://") and is_near(keeper)):
        raise ConfigError(
            f"--keeper {keeper}: a keeper's figures are passed on from this machine alone",
            "name it as http://127.0.0.1:<port>",
        )
    if keeper is not None and out is not None:
        raise ConfigError(
            "--keeper: a static host passes no keeper's figures on", "leave it out with --out"
        )
