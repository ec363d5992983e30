"""`tandem venues`: the hedge venues side by side, what lies there, what it costs, what they take."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from tandem.client.moving import line
from tandem.client.venues import VenueState, of_belief, of_strays, plain, states
from tandem.connection import connect
from tandem.protocol.deployment import handles
from tandem.settings import Connection, load
from tandem.terminal.common import chain_options, emit, table

WHO = "LP"
HEAD = (
    "venue", "hedge {asset}", "margin USD", "per unit", "least", "to least", "price", "fee bp",
    "long, short pay a day", "buys {asset}", "sells {asset}",
)  # fmt: skip


@click.command()
@chain_options
def venues(rpc: str | None, deployment: Path | None, market: str | None, as_json: bool) -> None:
    """The hedge venues side by side: margin, its distance to the least, price, carry and room.

    Each is asked by itself at one block; one that a guardian took down, or that does not answer, hides none
    of the others. "To least" is the move of the price at which its margin is at its least and a top-up due;
    what
    a long and a short pay is by the rates of now (below 0: they are paid); "buys" and "sells" are the largest
    orders that fill there at any price. Below: strangers' tokens that are lent in its name on Aave, and
    of several venues one that says more than our orders there come to.

    \b
    Examples:
      tandem venues
      tandem venues --json
    """
    engine, found = connect(load(Connection, rpc=rpc, deployment=deployment, market=market))
    h = handles(engine, found)
    with engine.pinned():
        (block, _), rows = engine.stands(), states(found, h)
    against = line(rows, h.asset)
    data = {"block": block, "venues": [plain(row) for row in rows], "against": against}
    strange = [f"{said} (a keeper sets them right)" for row in rows if (said := of_strays(row))]
    told = ["", f"{against} (`tandem shift`)"] if against else []
    told += ["", *strange] if strange else []
    doubted = [
        f"{said} (`tandem govern propose-growth`)"
        for row in rows
        if (said := of_belief(row, h.asset))
    ]
    told += ["", *doubted] if doubted else []
    emit(
        as_json,
        data,
        [
            *table([[name.format(asset=h.asset) for name in HEAD], *(_row(row) for row in rows)]),
            *told,
        ],
    )


def _row(v: VenueState) -> list[str]:
    name = f"{v.name} (DOWN)" if v.is_down else v.name
    if not v.answers:
        return [name, "does not answer", *[""] * (len(HEAD) - 2)]
    position, price = v.position or 0.0, v.price or 0.0
    notional = abs(position) * price
    return [
        name,
        f"{position:+,.4f}",
        f"{v.usable:z,.2f}",
        f"{(v.usable or 0.0) / notional:.3f}" if notional else "",
        f"{v.least:.3f}",
        "" if v.liquid is None else f"{v.liquid:+.1%}",
        f"{price:z,.2f}",
        f"{(v.fee or 0.0) * 1e4:.1f}",
        f"{(v.long_pays or 0.0) * 1e4:+.2f}, {(v.short_pays or 0.0) * 1e4:+.2f} bp",
        f"{v.buys:z,.2f}",
        f"{v.sells:z,.2f}",
    ]
