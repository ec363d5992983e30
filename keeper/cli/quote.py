"""`tandem quote`: the price of a trade now, and what it is made of."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

import rich_click as click

from keeper.assembly import connect
from keeper.cli.common import chain_options, emit, eth, pairs, settings_of, usd
from keeper.errors import DomainError
from keeper.protocol.deal import Quote
from keeper.protocol.deal import quote as ask
from keeper.protocol.deployment import handles
from keeper.protocol.series import UNIT, parse


@click.command()
@click.argument("series")
@click.argument("size")
@click.option("--close", "is_close", is_flag=True, help="Sell back instead of buying.")
@chain_options
def quote(
    series: str, size: str, is_close: bool, rpc: str | None, deployment: Path | None, as_json: bool
) -> None:
    """Price SIZE ETH of SERIES, as ETH-27MAR26-3000-6000-C.

    The hedge's cost is the venue's own answer for the order that the trade would bring. Pass a
    little more than the total as the most that you pay: the price may move before you trade.
    """
    wanted, units = parse(series), _units(size)
    engine, found = connect(settings_of(rpc, deployment))
    answer = ask(engine, handles(engine, found), wanted, units, is_close=is_close)
    data = asdict(answer) | {"series": str(wanted), "id": str(wanted.id)}
    emit(as_json, data, pairs(_lines(answer)))


def _units(size: str) -> int:
    """ETH as text in units of 1e-6. Raises DomainError where it is none, or finer."""
    try:
        units = Decimal(size) * UNIT
    except InvalidOperation:
        units = Decimal(-1)
    if not units.is_finite() or units <= 0 or units != int(units):
        raise DomainError(f"{size!r} is no size", "ETH above 0 with at most six decimals, as 1.5")
    return int(units)


def _lines(q: Quote) -> list[tuple[str, str]]:
    spread = "below mark" if q.is_close else "above mark"
    return [
        ("series", f"{q.series} ({'close' if q.is_close else 'mint'})"),
        ("size", eth(q.size)),
        ("mark", f"{usd(q.mark)} at {q.implied_vol:.2%} volatility"),
        ("spread", f"{usd(q.spread)} {spread}"),
        ("fee", usd(q.fee)),
        ("capital charge", usd(q.capital_charge)),
        ("hedge", f"{usd(q.hedge_cost)} for an order of {eth(q.hedge_order)}"),
        ("you are paid" if q.is_close else "you pay", usd(q.total)),
        ("delta, gamma, vega", f"{q.delta:.4f}, {q.gamma:.6f}, {q.vega:.2f}"),
    ]
