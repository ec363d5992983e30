"""`tandem backtest`: what a hedging policy costs beside a clock that is as exact, on unseen days."""

from __future__ import annotations

import math
from pathlib import Path

import rich_click as click

from keeper.cli._options import hedged_book_options
from tandem.files import check_file, write_file
from tandem.terminal.common import Place, emit, json_option
from tandem.terminal.ending import cut_short

WHO = "researcher"


@click.command()
@click.option("--policy", "policies", multiple=True, metavar="NAME[:K=V,...]",
              help="May be given again; a value may be a range LOW..HIGH.  [default: threshold]")  # fmt: skip
@hedged_book_options
@click.option("--train", metavar="A:B", help="Days to calibrate on.  [default: the first half]")
@click.option("--test", metavar="C:D", help="Days to judge on.  [default: what follows]")
@click.option("--report", type=Place(), help="Write an HTML report.")
@json_option
def backtest(
    policies: tuple[str, ...],
    files: tuple[Path, ...],
    chain: Path | None,
    book: str,
    size: float,
    cost_bps: float,
    gas: float,
    nav: float | None,
    margin: float,
    train: str | None,
    test: str | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Hedge sold options along recorded prices, without a chain, and say what it costs.

    A book is sold every 41 hours, hedged to its last expiry and unwound. A setting that is a range is
    calibrated on the training days, so that the tracking error is that of a clock that hedges every 8
    hours, and frozen. On the test days its cost is compared with that of a clock of the same tracking
    error. Settings that are plain numbers stay as they are. Intervals are of 90 %, from blocks of 28
    days.

    \b
    Examples:
      tandem backtest --prices eth_1h.parquet
      tandem backtest --prices eth_1h.parquet --policy threshold --policy clock:hours=12 --book random:12
      tandem backtest --prices eth_1h.parquet --policy threshold:risk_aversion=1..30 --report page.html
      tandem backtest --prices eth_1h.csv --train 2024-05-13:2025-01-01 --test 2025-01-01:2025-09-01
      tandem backtest --prices eth_1h.csv --nav 1e6 --policy threshold --policy whalley-wilmott
    """
    from keeper.backtest import session, words
    from keeper.backtest.twins import Costs

    if report is not None:
        check_file(report)
    costs = Costs(size, cost_bps / 1e4, gas, nav or math.inf)
    asked = session.plan(
        files, policies or ("threshold",), book, costs, train=train, test=test, margin=margin,
        chain=chain,
    )  # fmt: skip
    found = session.run(asked, quiet=as_json)
    drawn = report is not None and bool(found.judged)
    try:
        if report is not None and drawn:
            from keeper.backtest import page
            from keeper.replay.console import command_line

            write_file(report, page.html(found, command_line()))
    finally:  # neither a page that cannot be written nor a reader who left takes the other's
        emit(as_json, words.as_json(found), words.lines(found))
    if drawn:
        click.echo(f"wrote {report}", err=as_json)
    if not found.complete:
        left = len(asked.policies) - len(found.judged)
        click.echo(f"stopped with {left} of {len(asked.policies)} policies to go", err=True)
        raise cut_short()
