"""`tandem forecast`: whether a forecaster of volatility is worth adopting, proved walking forward."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from tandem.terminal.common import Place, emit, json_option

WHO = "operator"


@click.command()
@click.option("--prices", "files", multiple=True, required=True, type=Place(),
              help="Parquet or CSV of candles; may be given again.")  # fmt: skip
@click.option("--forecaster", "name", default="har", show_default=True, metavar="NAME",
              help="realised, har, garch, regimes, or a plug-in.")  # fmt: skip
@click.option("--folds", default=4, show_default=True, type=click.IntRange(1, 24),
              help="Spans that are judged by what the days before them say.")  # fmt: skip
@json_option
def forecast(files: tuple[Path, ...], name: str, folds: int, as_json: bool) -> None:
    """Compare a forecaster of volatility with weighted means of squared moves on recorded prices.

    Each day is forecast by what was known at its beginning. The rival is the weighted mean whose half-life
    did best on all days before the span. What an operator writes down is printed only where the forecaster's
    loss is less on unseen days, at 90 %.

    \b
    Examples:
      tandem forecast --prices eth_1h.parquet
      tandem forecast --prices eth_1h.parquet --forecaster garch --json
    """
    from keeper.backtest import forecasting

    found = forecasting.run(files, name, {}, folds)
    emit(as_json, forecasting.as_json(found), forecasting.lines(found))
