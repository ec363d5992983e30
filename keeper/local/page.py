"""The page of a local market, served while it lives, with its keeper's figures beside it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tandem.errors import ConfigError
from tandem.listening import served
from tandem.settings import Connection
from tandem.window.bundle import NotBuiltError, market_file, page_files
from tandem.window.server import HOST, PORT, Keeper, Lately, Site, listener


@contextmanager
def showing(url: str, deployment: Path, figures: int) -> Generator[str]:
    """The page's address for the length of the block, at any free port where somebody is at the usual one; ""
    where it was not built. figures: the port of the keeper's own."""
    try:
        files = page_files()
    except NotBuiltError:
        yield ""
        return
    settings = Connection(rpc=url, deployment=deployment, market="")
    describe = Lately(partial(market_file, settings, metrics=True))
    site = Site(files, describe, Keeper(f"http://{HOST}:{figures}"))
    try:
        server = listener(PORT, site)
    except ConfigError:  # somebody else's page is there
        server = listener(0, site)
    with served(server) as address:
        yield address
