"""`tandem shift`: a part of the hedge goes from one of several venues to another."""

from __future__ import annotations

from functools import partial

import rich_click as click

from tandem.client.moving import Move, Wanted
from tandem.terminal.common import sized, usd
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@click.option("--from", "source", metavar="VENUE", help="The venue that it leaves, by name.")
@click.option("--to", "target", metavar="VENUE", help="The venue where it goes.")
@click.option("--size", help="The most that goes; without it as much as may go now.")
@writing
def shift(how: How, source: str | None, target: str | None, size: str | None) -> None:
    """Move a part of the hedge from one venue to another.

    What one is long and another short comes home at both; what is cheaper to hold elsewhere goes there, where
    that saves more than moving it costs; what margin at a venue no longer carries goes where it is carried.
    It leaves the hedge as it is, as much goes as may meet both markets in a minute. Anybody may,
    and it costs gas alone. Without names what is due is found; `tandem venues` shows them.

    \b
    Examples:
      tandem shift
      tandem shift --dry-run
      tandem shift --from morpho --to aave --size 2
    """
    client = how.connect()
    prepared = client.prepare_shift(Wanted(source, target, size))
    shown = partial(_shown, client.session.asset)
    carry_out(how, prepared, shown(prepared.preview), shown)


def _shown(asset: str, move: Move) -> Pairs:
    rows = [("from", move.source), ("to", move.target), ("goes", sized(move.size, asset))]
    if move.why:
        rows.append(("because", move.why))
    if move.received is not None:
        rows.append(("received", usd(move.received)))
    return rows
