"""`tandem fit`: the hedging policy's setting for an operator's size and costs, proved walking forward."""

from __future__ import annotations

import math
from pathlib import Path

import rich_click as click

from keeper.cli._options import hedged_book_options
from tandem.terminal.common import emit, json_option
from tandem.terminal.ending import cut_short

WHO = "operator"


@click.command()
@click.option("--policy", default="threshold", show_default=True, metavar="NAME[:K=V,...]",
              help="One setting may be a range LOW..HIGH.")  # fmt: skip
@hedged_book_options
@click.option("--folds", default=4, show_default=True, type=click.IntRange(1, 24),
              help="Spans that are judged with what the days before them say.")  # fmt: skip
@json_option
def fit(
    policy: str,
    files: tuple[Path, ...],
    chain: Path | None,
    book: str,
    size: float,
    cost_bps: float,
    gas: float,
    nav: float | None,
    margin: float,
    folds: int,
    as_json: bool,
) -> None:
    """Calibrate the hedging policy on recorded prices and print the setting for tandem.toml.

    The setting is the one with which the tracking error is that of a clock of 8 hours, for the book and
    the costs that are given. Before it is printed it is proved: the prices are cut into spans, each is
    judged with what the days before it say, and the setting is shown only where all of them together
    are cheaper than a clock as exact, at 90 %.

    \b
    Examples:
      tandem fit --prices eth_1h.parquet --size 50 --cost-bps 5 --gas 0.1
      tandem fit --prices eth_1h.parquet --book random:12 --margin 0.1 --json
    """
    from keeper.backtest import fitting
    from keeper.backtest.twins import Costs

    costs = Costs(size, cost_bps / 1e4, gas, nav or math.inf)
    asked, spans = fitting.plan(files, policy, book, costs, folds=folds, margin=margin, chain=chain)
    found = fitting.run(asked, spans, quiet=as_json)
    emit(as_json, fitting.as_json(found), fitting.lines(found))
    if not found.complete:
        left = found.planned - len(found.folds)
        click.echo(f"stopped with {left} of {found.planned} folds to go", err=True)
        raise cut_short()
