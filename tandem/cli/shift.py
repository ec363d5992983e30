"""`tandem shift`: what one venue is long and another short goes home at both."""

from __future__ import annotations

from functools import partial

import rich_click as click

from tandem.client.netting import Netting
from tandem.terminal.common import sized, usd
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@writing
def shift(how: How) -> None:
    """Bring home what two venues hold against each other. It leaves the hedge as it is and frees margin at
    both; as much goes as may meet both markets in a minute. Anybody may, and it costs gas alone.

    \b
    Examples:
      tandem shift
      tandem shift --dry-run
    """
    client = how.connect()
    prepared, shown = client.prepare_shift(), partial(_shown, client.session.asset)
    carry_out(how, prepared, shown(prepared.preview), shown)


def _shown(asset: str, netting: Netting) -> Pairs:
    rows = [
        ("long at", netting.long),
        ("short at", netting.short),
        ("goes home at each", sized(netting.size, asset)),
    ]
    if netting.received is not None:
        rows.append(("received", usd(netting.received)))
    return rows
