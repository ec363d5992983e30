"""`tandem replay`: the protocol's real contracts on a real venue through a file of prices."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from keeper.errors import ConfigError


class Moment(click.ParamType):
    """A time: seconds since 1970, or ISO 8601 (UTC where no zone is given)."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        text = str(value)
        if text.isdigit():
            return int(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no time: give 2025-04-03, 2025-04-03T17:05 or seconds")
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


INTERRUPTED = 130
"""What shells report for a command that Ctrl-C ended."""


@click.command()
@click.option("--prices", type=click.Path(path_type=Path), help="Parquet or CSV of candles.")
@click.option("--from", "start", type=Moment(), help="First candle, UTC.")
@click.option("--to", "end", type=Moment(), help="End of the window, exclusive, UTC.")
@click.option("--every", default=1, show_default=True, help="Merge this many candles into one.")
@click.option("--chain", type=click.Path(path_type=Path), help="Option chain for flow and smiles.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same run.")
@click.option("--trades-per-day", default=24.0, show_default=True, help="Traders' arrivals.")
@click.option("--nav", default=1_000_000.0, show_default=True, help="USD that LPs deposit first.")
@click.option("--depth", default=2_000_000.0, show_default=True, help="USD within 2 % in the pool.")
@click.option("--fee-bps", default=10.0, show_default=True, help="The venue's trading fee.")
@click.option("--policy", default="threshold", show_default=True, help="When the keeper hedges.")
@click.option(
    "--engine", type=click.Choice(["pyrevm", "anvil"]), default="pyrevm", show_default=True,
    help="pyrevm is fast, its gas figures are wrong; anvil's are real.",
)  # fmt: skip
@click.option("--report", type=click.Path(path_type=Path), help="Write an HTML report.")
@click.option("--verbose", is_flag=True, help="Show every trade, not only what matters.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, nothing else.")
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
    fee_bps: float,
    policy: str,
    engine: str,
    report: Path | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """Replay a path of prices: mint, hedge, rebalance, settle, redeem, on real bytecode.

    The price file has the columns timestamp, open, high, low, close[, volume]; each candle is
    visited at its open, the farther of low and high, the other, and its close. Without --prices
    the path that ships with the project is taken. Ctrl-C ends a run early and keeps what there is.
    """
    from rich.console import Console

    from keeper.feeds import candles as feed
    from keeper.feeds import path
    from keeper.replay import console as show
    from keeper.replay import report as page
    from keeper.replay.inputs import settings_for
    from keeper.replay.run import replay as run

    source = feed.load(prices) if prices is not None else path.demo()
    chosen = source.window(start, end).thin(every)
    settings = settings_for(
        chosen,
        chain=chain,
        seed=seed,
        trades_per_day=trades_per_day,
        nav=nav,
        depth=depth,
        fee_bps=fee_bps,
        policy=policy,
        engine=engine,
    )
    out = show.stderr_console() if as_json else Console()
    with show.watching(out, settings, everything=verbose, bar_only=as_json) as watch:
        result = run(settings, watch)
    if as_json:
        click.echo(json.dumps(result.summary))
    else:
        out.print(page.terminal(result.summary))
    if report is not None:
        if not result.rows:
            raise ConfigError("nothing was replayed, so there is no report", "run it again")
        title = f"Replay of {prices.name if prices else 'the demo path'}"
        page.write(report, result.summary, result.rows, result.events, title)
        click.echo(f"wrote {report}", err=as_json)
    if not result.complete:
        raise SystemExit(INTERRUPTED)
