"""`tandem stamp`: note that the residual is past the trigger."""

from __future__ import annotations

from functools import partial

import rich_click as click

from tandem.client.bounty import BountyState
from tandem.terminal.common import sized, usd
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "operator"


@click.command()
@writing
def stamp(how: How) -> None:
    """Note that the residual is past the trigger, so that whoever brings it home is paid for it: more from
    second to second, up to one and a half times the gas after ten minutes. Anybody may, for gas alone.

    \b
    Examples:
      tandem stamp
      tandem stamp --dry-run
    """
    client = how.connect()
    prepared, shown = client.prepare_stamp(), partial(_shown, client.session.asset)
    carry_out(how, prepared, shown(prepared.preview), shown)


def _shown(asset: str, bounty: BountyState) -> Pairs:
    since = "not stamped" if bounty.stamped is None else f"stamped {bounty.stamped:,} s ago"
    return [("residual", f"{sized(bounty.residual, asset)}, {since}"), ("bounty", usd(bounty.due))]
