"""`tandem delist`: let nothing open in an expiry any more."""

from __future__ import annotations

import rich_click as click

from tandem.cli.list import expiry_of
from tandem.client.listing import DelistPreview
from tandem.terminal.common import sized, when
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "deployer"


@click.command()
@click.argument("expiry")
@writing
def delist(expiry: str, how: How) -> None:
    """Let nothing open in EXPIRY any more, as 27MAR26 or in days from now as +20.

    What is open there can be closed as before, is hedged on and settles; other expiries stay as they
    are. `tandem list` with any of its strikes opens it again. A lister's to do.

    \b
    Examples:
      tandem delist 27MAR26
      tandem delist +20 --dry-run
    """
    client = how.connect()
    prepared = client.prepare_delist(expiry_of(expiry, client.clock))
    carry_out(how, prepared, _before(prepared.preview), _after)


def _before(p: DelistPreview) -> Pairs:
    return [("expiry", when(p.expiry)), ("still open there", sized(p.open, p.asset))]


def _after(done: bool) -> Pairs:
    return [
        ("opens", "none any more: closes alone" if done else "still, which is not what was asked")
    ]
