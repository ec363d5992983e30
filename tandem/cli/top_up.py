"""`tandem top-up`: send margin to the hedge's account where it lacks some."""

from __future__ import annotations

from decimal import Decimal

import rich_click as click

from tandem.client.margin import Margin
from tandem.terminal.common import usd
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@writing
def top_up(how: How) -> None:
    """Bring the hedge's account at the venue to its target from the Vault's cash, as far as the floor goes.
    What the venue lost without a reason in prices is counted first, and may be why less is sent, or
    nothing. The keeper does it as a rule; anybody may, and it costs gas alone.

    \b
    Examples:
      tandem top-up
      tandem top-up --dry-run
    """
    prepared = how.connect().prepare_top_up()
    carry_out(how, prepared, _shown(prepared.preview), _shown)


def _shown(margin: Margin) -> Pairs:
    return [
        ("sent", usd(margin.sent)),
        ("margin at the venue", _told(margin.equity)),
        ("lacks", _told(margin.lacks)),
    ]


def _told(amount: Decimal | None) -> str:
    return "not known" if amount is None else usd(amount)
