"""`tandem claim`: take what was set aside for an LP who left."""

from __future__ import annotations

import rich_click as click

from tandem.client.liquidity import ClaimPreview
from tandem.terminal.common import usd
from tandem.terminal.stakes import stake_lines
from tandem.terminal.verbs import How, Pairs, carry_out, paid_option, writing

WHO = "LP"


@click.command()
@paid_option
@writing
def claim(recipient: str | None, how: How) -> None:
    """Claim the money of exits that were processed. Claims do not expire.

    Where the token's issuer pays your address nothing, name another one with --to.

    \b
    Examples:
      tandem claim
      tandem claim --to 0x... --dry-run
    """
    prepared = how.connect().prepare_claim(recipient=recipient)
    carry_out(how, prepared, _before(prepared.preview), stake_lines)


def _before(p: ClaimPreview) -> Pairs:
    return [("claim", f"{usd(p.amount)} for {p.shares:,.6f} shares"), ("to", p.recipient)]
