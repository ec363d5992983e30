"""`tandem delever`: lower the hedge to what its margin carries."""

from __future__ import annotations

from functools import partial

import rich_click as click

from tandem.client.margin import HedgeState
from tandem.terminal.common import sized
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@writing
def delever(how: How) -> None:
    """Lower the hedge to what its margin carries, where margin is short and the floor funds no top-up. The
    venue would liquidate it, an exchange for 2.5 %, a lending market for more. The keeper does it as a rule;
    anybody may, and it costs gas alone.

    \b
    Examples:
      tandem delever
      tandem delever --dry-run
    """
    client = how.connect()
    prepared, shown = client.prepare_delever(), partial(_shown, client.session.asset)
    carry_out(how, prepared, shown(prepared.preview), shown)


def _shown(asset: str, hedge: HedgeState) -> Pairs:
    return [
        ("order", sized(hedge.order, asset) if hedge.order else "waits for the pool's average"),
        ("hedge", sized(hedge.position, asset)),
        ("residual", sized(hedge.residual, asset)),
    ]
