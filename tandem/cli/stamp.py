"""`tandem stamp`: note that the residual is past the trigger."""

from __future__ import annotations

import rich_click as click

from tandem.client.bounty import BountyState
from tandem.terminal.common import eth, usd
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
    prepared = how.connect().prepare_stamp()
    carry_out(how, prepared, _shown(prepared.preview), _shown)


def _shown(bounty: BountyState) -> Pairs:
    since = "not stamped" if bounty.stamped is None else f"stamped {bounty.stamped:,} s ago"
    return [("residual", f"{eth(bounty.residual)}, {since}"), ("bounty", usd(bounty.due))]
