"""`tandem quote`: the price of a trade now, and what it is made of."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from tandem.client import Client, naming
from tandem.protocol.deal import Quote
from tandem.terminal.common import chain_options, emit, pairs, sized, small, usd
from tandem.terminal.plain import plain
from tandem.terminal.quoted import part
from tandem.units import parse_size

WHO = "trader"


@click.command()
@click.argument("series")
@click.argument("size")
@click.option("--close", "is_close", is_flag=True, help="Sell back instead of buying.")
@chain_options
def quote(
    series: str,
    size: str,
    is_close: bool,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Price SIZE of SERIES, as ETH-27MAR26-3000-6000-C or ATM-21D-C.

    The hedge's cost is the venue's own answer for the order that the trade would bring. Pass a
    little more than the total as the most that you pay: the price may move before you trade. In
    JSON vega is per 1.00 of volatility, a hundred points.

    \b
    Examples:
      tandem quote ETH-27MAR26-3000-6000-C 1
      tandem quote ETH-27MAR26-2500-P 0.5 --close --json
    """
    naming.check(series)  # before a node is asked anything
    parse_size(size)
    answer = Client.connect(rpc, deployment, market=market).quote(series, size, is_close=is_close)
    emit(as_json, plain(answer) | {"id": str(answer.series.id)}, pairs(_lines(answer)))


def _lines(q: Quote) -> list[tuple[str, str]]:
    spread = "below mark" if q.is_close else "above mark"
    return [
        ("series", f"{q.series} ({'close' if q.is_close else 'mint'})"),
        ("size", f"{sized(q.size, q.series.asset)}{part(q)}"),
        ("mark", f"{usd(q.mark)} at {q.implied_vol:.2%} volatility"),
        ("spread", f"{usd(q.spread)} {spread}"),
        ("fee", usd(q.fee)),
        ("capital charge", usd(q.capital_charge)),
        ("carry", usd(q.carry)),
        ("hedge", f"{usd(q.hedge_cost)} for an order of {sized(q.hedge_order, q.series.asset)}"),
        ("you are paid" if q.is_close else "you pay", f"{usd(q.total)}{_all_gone(q)}"),
        (
            "delta, gamma",
            f"{q.delta:.4f} {q.series.asset}, {small(q.gamma)} {q.series.asset} per USD",
        ),
        ("vega", f"{usd(q.vega / 100)} per vol point"),
    ]


def _all_gone(q: Quote) -> str:
    """Of a close whose parts come to less than nothing: nobody pays for one."""
    return ": its costs are all of the mark" if q.is_close and q.total == 0 else ""
