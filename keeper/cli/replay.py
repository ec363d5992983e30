"""`tandem replay`: real contracts and venue through a file of prices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from keeper.cli._options import venue_option
from keeper.cli._times import Moment
from tandem.errors import ConfigError
from tandem.files import check_file
from tandem.terminal.common import SEED, Place
from tandem.terminal.ending import cut_short
from tandem.terminal.json_text import to_json
from tandem.terminal.stdout import for_programs, put

if TYPE_CHECKING:
    from keeper.replay.run import ReplayResult
    from tandem.terminal.screen import Screen

WHO = "researcher"


class MomentOrJump(Moment):
    """A time, or `jump`."""

    name = "time|jump"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        return "jump" if value == "jump" else super().convert(value, param, ctx)


@click.command()
@click.option("--prices", type=Place(), help="Parquet or CSV of candles.")
@click.option("--from", "start", type=Moment(), help="First candle, UTC.")
@click.option("--to", "end", type=Moment(), help="End of the window, exclusive, UTC.")
@click.option("--every", default=1, show_default=True, help="Merge this many candles into one.")
@click.option("--chain", type=Place(), help="Option chain: flow, and smiles.")
@click.option("--seed", type=SEED, default=1, show_default=True, help="Same seed, same run.")
@click.option("--trades-per-day", default=24.0, show_default=True, help="Traders' arrivals.")
@click.option("--nav", default=1_000_000.0, show_default=True, help="USD that LPs deposit first.")
@click.option(
    "--depth", default=2_000_000.0, show_default=True, help="USD within 2 % in the pool, each way."
)
@venue_option
@click.option(
    "--fee-bps", type=float,
    help="The venue's trading fee, of several the first one's.  [default: its usual one]",
)  # fmt: skip
@click.option("--visits", type=int, help="Prices in each candle.  [default: one in 5 minutes]")
@click.option(
    "--path", "kind", type=click.Choice(["conditioned", "extremes"]), default="conditioned",
    show_default=True, help="extremes is a stress: its profits mean nothing.",
)  # fmt: skip
@click.option(
    "--arbitrage-lag", default=1, show_default=True, help="Blocks until the pool follows a price."
)
@click.option(
    "--vol-premium", default=1.08, show_default=True,
    help="Implied over realised volatility, where surfaces are modelled.",
)  # fmt: skip
@click.option("--informed", default=0.0, show_default=True, help="Share of traders who know more.")
@click.option(
    "--knowledge", type=click.Choice(["direction", "volatility"]), default="direction",
    show_default=True, help="What the informed know of the next hour.",
)  # fmt: skip
@click.option(
    "--reservation", type=float, metavar="SHARE",
    help="What traders pay above the mark at most, on average.  [default: any price]",
)  # fmt: skip
@click.option(
    "--keeper-dies", type=MomentOrJump(),
    help="Nobody keeps the market after this; jump: from the largest hourly move on.",
)  # fmt: skip
@click.option(
    "--venue-wiped", type=MomentOrJump(),
    help="From then on the venue's owner empties our account.",
)  # fmt: skip
@click.option("--policy", default="threshold", show_default=True, metavar="NAME[:K=V,...]",
              help="When the keeper hedges.")  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["pyrevm", "anvil"]), default="pyrevm", show_default=True,
    help="pyrevm is fast, its gas figures are wrong; anvil's are real.",
)  # fmt: skip
@click.option("--report", type=Place(), help="Write an HTML report.")
@click.option("--verbose", is_flag=True, help="Show every trade, not only what matters.")
@for_programs("--json", "as_json", told="Print the summary as JSON, nothing else.")
def replay(
    prices: Path | None,
    start: int | None,
    end: int | None,
    every: int,
    chain: Path | None,
    seed: int,
    trades_per_day: float,
    nav: float,
    depth: float,
    venue: str,
    fee_bps: float | None,
    visits: int | None,
    kind: str,
    arbitrage_lag: int,
    vol_premium: float,
    informed: float,
    knowledge: str,
    reservation: float | None,
    keeper_dies: int | str | None,
    venue_wiped: int | str | None,
    policy: str,
    engine: str,
    report: Path | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Replay a path of prices: mint, hedge, rebalance, settle, redeem, on real bytecode.

    The price file has the columns timestamp, open, high, low, close[, volume]. Inside each candle
    the replay visits equal steps of a random path that has the candle's open, high, low and close.
    Without --prices the path that ships with the project is taken. Surfaces are those of --chain
    as quoted, where it is of the same days; else its shapes, at a level that follows realised
    volatility times --vol-premium. --keeper-dies and --venue-wiped say what holders are paid and LPs
    lose when hedging ends, beside what the jump gate published; the last price then stands until every
    option is past. Ctrl-C ends a run early and keeps what there is.

    \b
    Examples:
      tandem replay --report out/replay.html
      tandem replay --prices eth_1h.csv --from 2025-04-03 --to 2025-04-10 --json
      tandem replay --keeper-dies jump --venue-wiped jump
    """
    from keeper.replay import console as show
    from keeper.replay.inputs import settings_for
    from keeper.replay.run import replay as run
    from tandem.feeds import candles as feed
    from tandem.feeds import path
    from tandem.feeds.flow import Knowledge
    from tandem.feeds.visits import PathKind
    from tandem.terminal.screen import Screen

    if report is not None:
        check_file(report)
    chosen = (feed.load(prices) if prices else path.demo()).window(start, end).thin(every)
    settings = settings_for(
        chosen,
        chain=chain,
        seed=seed,
        trades_per_day=trades_per_day,
        nav=nav,
        depth=depth,
        venue=venue,
        fee_bps=fee_bps,
        visits=visits,
        path=PathKind(kind),
        arbitrage_lag=arbitrage_lag,
        vol_premium=vol_premium,
        informed=informed,
        knowledge=Knowledge(knowledge),
        reservation=reservation,
        keeper_dies=keeper_dies,
        venue_wiped=venue_wiped,
        policy=policy,
        engine=engine,
    )
    out = Screen(stderr=as_json, to_end=report is not None)
    with show.watching(out, settings, everything=verbose, bar_only=as_json) as watch:
        result = run(settings, watch)
    result.summary["command"] = show.command_line()
    _hand_over(result, out, report, prices.name if prices else "the demo path", as_json)
    if not result.complete:
        raise cut_short()


def _hand_over(
    result: ReplayResult, out: Screen, report: Path | None, name: str, as_json: bool
) -> None:
    """Write the report of a run, and print its figures whether or not that succeeds."""
    from keeper.replay import report as page

    try:
        if report is not None:
            if not result.rows:
                raise ConfigError("nothing was replayed, so there is no report", "run it again")
            page.write(report, result.summary, result.rows, result.events, f"Replay of {name}")
    finally:  # a report that cannot be written takes no figures with it
        if as_json:
            put(to_json(result.summary, one_line=True))
        else:
            out.print(page.terminal(result.summary))
    if report is not None:
        click.echo(f"wrote {report}", err=as_json)
