"""`tandem delever`: lower the hedge to what its margin carries."""

from __future__ import annotations

import rich_click as click

from tandem.client.margin import HedgeState
from tandem.terminal.common import eth
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@writing
def delever(how: How) -> None:
    """Lower the hedge to what its margin carries, where margin is short and the floor funds no top-up. The
    venue would liquidate it, and takes 2.5 %. The keeper does it as a rule; anybody may, and it costs gas
    alone.

    \b
    Examples:
      tandem delever
      tandem delever --dry-run
    """
    prepared = how.connect().prepare_delever()
    carry_out(how, prepared, _shown(prepared.preview), _shown)


def _shown(hedge: HedgeState) -> Pairs:
    return [
        ("order", eth(hedge.order) if hedge.order else "waits for the pool's average"),
        ("hedge", eth(hedge.position)),
        ("residual", eth(hedge.residual)),
    ]
