"""`tandem positions`: what an account holds, with value, profit and payoff."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path

import rich_click as click

from tandem.client import Client
from tandem.client.positions import Portfolio, Position, curve
from tandem.protocol.reverts import explain
from tandem.terminal.common import (
    chain_options,
    date_of,
    emit,
    pairs,
    screen_width,
    table,
    told,
    usd,
    when,
)
from tandem.terminal.payoffs import sketch
from tandem.terminal.plain import plain
from tandem.terminal.stakes import stake_lines
from tandem.terminal.verbs import account_option

ENDLESS = Decimal(2**128).scaleb(-6)
"""USD: more than there ever will be. A wallet that allows without a bound allows more."""

WHO = "trader"

WIDTH = 60
LEAST_WIDTH = 20
"""Of a picture, columns: a terminal that is narrower breaks it."""
REACH = 0.5
"""The picture shows settlement prices from half of spot to one and a half."""


@click.command()
@click.option("--all", "everything", is_flag=True, help="Closed and redeemed series as well.")
@account_option
@chain_options
def positions(
    everything: bool,
    account: str | None,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Options held, what they cost, what closing them pays now, and what they pay at expiry; and an LP's
    shares, what of them waits to leave, and what can be claimed.

    Costs are those of the account's own trades; what came by a transfer has none that is known, and what
    somebody else bought for it (`mint --to`) counts as paid by it. Closing pays the quote's
    total, hedge and fees included.

    \b
    Examples:
      tandem positions
      tandem positions --account 0x… --json
    """
    found = Client.connect(rpc, deployment, account, market=market).positions()
    emit(as_json, _data(found), _lines(found, everything))


def _data(p: Portfolio) -> dict[str, object]:
    data = plain(p)
    for each, position in zip(data["options"], p.options, strict=True):
        each["profit"] = plain(position.profit)
    data["payoffs"] = [
        {"expiry": expiry, "prices": prices, "pays": curve(held, prices)}
        for expiry, held, prices in _curves(p, WIDTH)
    ]
    return data


def _lines(p: Portfolio, everything: bool) -> list[str]:
    shown = p.options if everything else p.held
    at = f"spot {usd(p.spot)} at {when(p.timestamp)}, block {p.block}"
    lines = [p.account, *told("", at)]
    if shown:
        head = ["series", "size", "paid", "received", "value", "profit"]
        lines += ["", *table([head, *map(_row, shown)])]
    else:
        lines += ["", "no options: `tandem chain` shows what there is"]
    notes = [f"{o.series}: {_why(o.no_value)}" for o in shown if o.value is None]
    notes += [
        f"{o.series}: {o.transferred:+f} {o.series.asset} by transfer, whose cost is not known"
        for o in shown
        if o.transferred
    ]
    if p.allowance:
        most = "all USD of this account" if p.allowance >= ENDLESS else usd(p.allowance)
        notes.append(f"the Vault may still take {most}: `tandem revoke` ends that")
    lines += ["", *(line for note in notes for line in told("", note))] if notes else []
    for expiry, held, prices in _curves(p, min(WIDTH, max(screen_width(), LEAST_WIDTH))):
        lines += ["", *_picture(expiry, held, prices)]
    if p.stake.shares or p.stake.pending or p.stake.claimable:
        lines += ["", *pairs(stake_lines(p.stake))]
    return lines


def _why(no_value: str) -> str:
    """A refusal in words, what is none as it is."""
    known = explain(no_value)
    return known.what if known.known else no_value


def _row(o: Position) -> list[str]:
    return [
        str(o.series),
        f"{o.size:f}",
        *(_usd(amount) for amount in (o.paid, o.received, o.value, o.profit)),
    ]


def _usd(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount:z,.2f}"


def _curves(p: Portfolio, width: int) -> list[tuple[int, list[Position], list[float]]]:
    """Expiries that are held and not settled, and so many prices to draw them over."""
    open_ = sorted((o for o in p.held if o.settlement is None), key=lambda o: o.series)
    spot = float(p.spot)
    prices = [round(spot * (1 + REACH * (2 * i / (width - 1) - 1)), 2) for i in range(width)]
    return [
        (expiry, list(held), prices)
        for expiry, held in groupby(open_, key=lambda o: o.series.expiry)
    ]


def _picture(expiry: int, held: list[Position], prices: list[float]) -> list[str]:
    pays = curve(held, prices)
    low, high = f"{prices[0]:,.0f}", f"{prices[-1]:,.0f}"
    return [
        *told("", f"paid at expiry on {date_of(expiry)}, up to {usd(max(pays))} in this range"),
        *sketch(pays),
        f"{low}{high.rjust(len(prices) - len(low))}",
    ]
