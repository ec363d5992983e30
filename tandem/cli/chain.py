"""`tandem chain`: the option chain, strikes by expiries with bid, ask, volatility, delta and room."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase

import rich_click as click

from tandem.client import Client
from tandem.client.chain import Chain, Expiry, Option, Row
from tandem.protocol.reverts import explain
from tandem.terminal.common import (
    chain_options,
    counted,
    date_of,
    emit,
    fits,
    sized,
    table,
    told,
    usd,
    when,
)
from tandem.terminal.plain import plain

WHO = "trader"

HEAD = ["strike-cap", "bid", "ask", "delta", "room", "vol", "bid", "ask", "delta", "room"]
CALLS, PUTS = slice(1, 5), slice(6, 10)
NONE = "-"
NOT_TAKEN = f"{NONE} where no such trade is taken"


@click.command()
@click.argument("size", default="1")
@click.option("--no-room", is_flag=True, help="Leave the room out: a few round trips less.")
@chain_options
def chain(
    size: str,
    no_room: bool,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """What every listed option costs for SIZE (1), everything included, hedge and fees too.

    A call has the widest cap that its strike may have, a put no floor; `tandem quote` prices the
    others. Room is the most that can be opened now, and the letter behind it says why not more.

    \b
    Examples:
      tandem chain
      tandem chain 0.1 --json
    """
    found = Client.connect(rpc, deployment, market=market).chain(size, room=not no_room)
    emit(as_json, plain(found), _lines(found))


def _lines(c: Chain) -> list[str]:
    paused = ", opens are paused" if c.is_paused else ""
    lines = told("", f"spot {usd(c.spot)} at {when(c.timestamp)}, block {c.block}{paused}")
    letters = _letters(c)
    wide = all(fits(_side_by_side(expiry, letters)) for expiry in c.expiries)
    where = "left of the volatility calls" if wide else "first calls"
    lines += [
        *told("", f"bid and ask are USD for {sized(c.size, c.asset)}, all in; {NOT_TAKEN}"),
        *told("", f"{where} up to their cap, {'right of it' if wide else 'then'} puts"),
    ]
    if not c.expiries:
        return [*lines, *told("", "nothing is listed: a lister does it with `tandem list`")]
    for expiry in c.expiries:
        lines += ["", *_expiry(expiry, letters, wide=wide)]
    notes = [
        line
        for reason, letter in letters.items()
        if letter
        for line in told(f"{letter}  ", explain(reason).what)
    ]
    return [*lines, "", *notes] if notes else lines


def _letters(c: Chain) -> dict[str, str]:
    """A letter for each reason that bounds a room."""
    reasons = sorted({o.room.reason for o in c.options if o.room is not None and _opens(o)})
    return dict(zip(reasons, ascii_lowercase, strict=False))


def _expiry(e: Expiry, letters: dict[str, str], *, wide: bool) -> list[str]:
    shown = _shown(e)
    if e.forward is None:
        return [f"{date_of(e.expiry)}  no surface yet: the keeper posts it"]
    head = f"{date_of(e.expiry)}  forward {usd(e.forward)}, surface {e.surface_age} s old"
    reasons = {o.no_ask for row in e.rows for o in _sides(row)}
    lines = told("", head)
    if "" not in reasons:  # nothing opens
        lines += [line for each in sorted(reasons) for line in told("", explain(each).what)]
    if not shown:
        return lines
    left = counted(len(e.rows) - len(shown), "strike", "strikes")
    note = told("", f"left out: {left} at which no trade is taken now")
    note = note if len(e.rows) > len(shown) else []
    rows = _side_by_side(e, letters)
    if wide:
        return [*lines, *table(rows), *note]
    calls, puts = ([[row[0], *row[part], row[5]] for row in rows] for part in (CALLS, PUTS))
    return [*lines, "calls", *table(calls), "puts", *table(puts), *note]


def _sides(row: Row) -> list[Option]:
    return [each for each in (row.call, row.put) if each is not None]


def _shown(e: Expiry) -> list[Row]:
    """Strikes at which something is bought or sold back: what the vault pays counts where nothing opens."""
    return [
        row for row in e.rows if any(o.ask is not None or o.bid is not None for o in _sides(row))
    ]


def _side_by_side(e: Expiry, letters: dict[str, str]) -> list[list[str]]:
    return [HEAD, *(_row(row, letters) for row in _shown(e))]


def _opens(o: Option | None) -> bool:
    return o is not None and o.ask is not None


def _row(row: Row, letters: dict[str, str]) -> list[str]:
    mark = row.put.mark
    name = f"{row.strike}-{row.call.series.other}" if row.call else str(row.strike)
    vol = f"{mark.vol:.1%}" if mark else NONE
    return [name, *_side(row.call, letters), vol, *_side(row.put, letters)]


def _side(o: Option | None, letters: dict[str, str]) -> list[str]:
    if o is None:
        return [NONE] * 4
    prices = [NONE if p is None else f"{p:.2f}" for p in (o.bid, o.ask)]
    delta = f"{o.mark.delta:.2f}" if o.mark else NONE
    room = f"{o.room.size:.2f}{letters.get(o.room.reason, '')}" if o.room else NONE
    return [*prices, delta, room if _opens(o) else NONE]
