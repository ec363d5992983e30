"""`tandem up`: a local market that lives, with its keeper, to trade on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from keeper.cli._options import venue_option
from tandem.terminal.common import Between, Place, json_option
from tandem.terminal.json_text import to_json
from tandem.terminal.stdout import put

if TYPE_CHECKING:
    from keeper.local.market import LocalMarket
    from keeper.local.session import Shown

WHO = "newcomer"
PORT = 8_545
FASTEST = 60.0
"""The keeper looks twice a second, and a surface is good for a quarter of an hour of chain time."""


@click.command()
@click.option("--prices", type=Place(), help="Candles to play; else a walk.")
@click.option("--speed", default=10.0, show_default=True, type=Between(1.0, FASTEST),
              help="Seconds of the market's time in one second.")  # fmt: skip
@click.option("--vol", default=0.6, show_default=True, type=Between(0.1, 2.0),
              help="Volatility of the walk and level of the surface, 1.0 = 100 %.")  # fmt: skip
@click.option("--nav", default=1_000_000.0, show_default=True,
              type=Between(10_000, 1e9), help="USD that LPs deposit.")  # fmt: skip
@click.option("--depth", default=2_000_000.0, show_default=True,
              type=Between(10_000, 1e10), help="USD within 2 % in the pool, each way.")  # fmt: skip
@venue_option
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Of the prices.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--deployment", type=Place(dir_okay=False),
              help="Where to write what stands where; else deployments/local[-PORT].json.")  # fmt: skip
@click.option("--for", "lasting", type=Between(0), help="End after this many seconds.")
@json_option
def up(
    prices: Path | None,
    speed: float,
    vol: float,
    nav: float,
    depth: float,
    venue: str,
    seed: int,
    port: int,
    deployment: Path | None,
    lasting: float | None,
    as_json: bool,
) -> None:
    """Open a market on this machine and keep it alive until Ctrl-C.

    A chain, a perpetual exchange (or a lending market and a spot pool) from its publisher's
    bytecode, the whole protocol, LPs, listed series, signed surfaces, a price that moves,
    arbitrage, the keeper as its own process, and the page to trade on in a browser. Prints its
    address, and commands to try in another terminal.
    Ctrl-C or SIGTERM ends all of it.

    \b
    Examples:
      tandem up
      tandem up --speed 60 --prices eth.csv
      tandem up --venue aave
      tandem up --venue morpho
      tandem up --port 9545 --for 600 --json
    """
    from keeper.local import guide
    from keeper.local.market import LocalSettings
    from keeper.local.prices import Prices, Recorded, Walk
    from keeper.local.process import folder_of, journal_in
    from keeper.local.session import TICK_SECONDS, live
    from keeper.replay.inputs import check_prices
    from tandem.engine.anvil import check_port
    from tandem.feeds import candles as feed
    from tandem.files import check_file
    from tandem.protocol.deployment import FOLDER

    file = deployment or FOLDER / _record(port)
    check_port(port)
    check_file(file)
    path: Prices = Walk(vol=vol, seed=seed)
    if prices is not None:
        candles = feed.load(prices)
        check_prices(candles)
        path = Recorded.of(candles, TICK_SECONDS * speed, seed)
    settings = LocalSettings(port, file, speed, nav, depth, venue)
    journal = journal_in(folder_of(port))

    def announce(market: LocalMarket, shown: Shown) -> None:
        beside = guide.Beside(journal, shown.page, shown.metrics)
        if as_json:
            put(to_json(guide.facts(market, settings.file, beside), one_line=True))
        else:
            click.echo("\n".join(["", *guide.text(market, settings.file, beside), ""]))

    def say(line: str) -> None:
        click.echo(line, err=as_json)

    live(settings, path, vol, lasting, announce, say)


def _record(port: int) -> str:
    """A market each: a second one on another port must not take the first one's file away."""
    return "local.json" if port == PORT else f"local-{port}.json"
