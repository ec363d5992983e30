"""`tandem demo`: what a newcomer runs first."""

from __future__ import annotations

import json
from pathlib import Path

import rich_click as click

from keeper.errors import EngineError


@click.command()
@click.option("--out", default=Path("out/demo"), type=click.Path(path_type=Path), show_default=True)
@click.option("--engine", type=click.Choice(["anvil", "pyrevm"]), default="anvil", show_default=True)
@click.option("--seed", default=1, show_default=True, help="Same seed, same run.")
@click.option("--verbose", is_flag=True, help="Show every trade, not only what matters.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, nothing else.")
def demo(out: Path, engine: str, seed: int, verbose: bool, as_json: bool) -> None:
    """One option with its hedge, one that cannot be hedged, then ten days with a crash.

    Everything runs on a local chain with the real bytecode of a perpetual exchange. Writes
    summary.json, report.html and picture.svg to the output folder.
    """
    from rich.console import Console

    from keeper.feeds import path
    from keeper.replay import console as show
    from keeper.replay import report as page
    from keeper.replay.inputs import settings_for
    from keeper.replay.run import replay as run
    from keeper.replay.showcase import show_one

    console = show.stderr_console() if as_json else Console()
    first = show_one(engine)
    if not first.reason or not first.untouched:
        raise EngineError(
            "the demo's unhedgeable trade did not revert whole", "please report this as a bug"
        )
    if not as_json:
        _print_trade(console, first)
    settings = settings_for(path.demo(), seed=seed, engine=engine, trades_per_day=24.0)
    if as_json:
        result = run(settings)
    else:
        console.print("\n[bold]Ten days by the hour, with one crash[/]\n")
        with show.watching(console, everything=verbose) as watch:
            result = run(settings, watch)
        console.print(page.terminal(result.summary))
    written = show.write_out(out, result, "Tandem demo")
    if as_json:
        click.echo(json.dumps(result.summary))
    else:
        console.print("\n" + "\n".join(f"wrote {file}" for file in written))
    if not result.complete:
        raise click.exceptions.Exit(130)


def _print_trade(console: object, t: object) -> None:
    """The first trade and the one that reverts, in words and figures."""
    from rich.console import Console
    from rich.table import Table

    from keeper.replay.showcase import Showcase

    assert isinstance(console, Console) and isinstance(t, Showcase)
    table = Table(title="One option and its hedge, in one transaction", box=None, title_style="bold")
    table.add_column("", style="dim")
    table.add_column("", justify="right")
    table.add_column("", style="dim")
    rows = [
        ("series", t.series, f"{t.size:g} ETH"),
        ("model value", f"{t.mark:,.2f}", "USD, mid volatility"),
        ("ask", f"{t.ask:,.2f}", f"fee {t.fee:.2f}, capital charge {t.capital_charge:.2f}"),
        ("hedge", f"{t.order:+.6f}", f"ETH at {t.fill:,.2f}, oracle {t.oracle:,.2f}"),
        ("hedge cost", f"{t.hedge_cost:,.2f}", "USD, borne by the trader"),
        ("paid", f"{t.paid:,.2f}", "USD, all in"),
        ("residual", f"{t.residual_after:+.6f}", f"ETH, hard band {t.hard_band:.3f}"),
        ("floor", f"{t.floor:,.0f}", "USD, after the worst payoff of every option"),
        ("gas", f"{t.gas:,}", "option, hedge and checks"),
    ]
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print("\n[bold]The same with no liquidity in the pool[/]")
    console.print(f"{t.refused}: reverted whole [red]{t.reason}[/]", highlight=False)
    console.print(f"{t.explanation}", style="dim", highlight=False)
    console.print("balances, book, hedge and supply are as before", style="dim")
