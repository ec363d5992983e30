"""`tandem accept`: put aside what a stranger lent in the hedge's name."""

from __future__ import annotations

from functools import partial

import rich_click as click

from tandem.client.gifts import Positions
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@click.argument("venue", required=False)
@writing
def accept(how: How, venue: str | None) -> None:
    """Put aside what others lent, pledged or sent in the name of the hedge's account.

    None of it is ours, and it is no position; what next moves margin puts it aside by itself. Anybody may
    do it before, and it costs gas alone. VENUE is one of several by its name; without it all that can be
    told are.

    \b
    Examples:
      tandem accept
      tandem accept aave --dry-run
    """
    client = how.connect()
    prepared = client.prepare_accept(venue)
    shown = partial(_shown, client.session.asset)
    carry_out(how, prepared, shown(prepared.preview), shown)


def _shown(asset: str, positions: Positions) -> Pairs:
    return [(name, f"{held:+,.6f} {asset}") for name, held in positions.held.items()]
