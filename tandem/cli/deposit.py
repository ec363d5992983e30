"""`tandem deposit`: put USD into the Vault and get shares."""

from __future__ import annotations

import rich_click as click

from tandem.client.liquidity import DepositPreview
from tandem.terminal.common import usd
from tandem.terminal.stakes import stake_lines
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command()
@click.argument("amount")
@click.option("--no-approve", is_flag=True, help="Give the Vault no allowance; it must have one.")
@click.option(
    "--min-shares",
    metavar="N",
    help="Refuse to get fewer shares than this; without it, 0.5 % fewer than expected now.",
)
@writing
def deposit(amount: str, no_approve: bool, min_shares: str | None, how: How) -> None:
    """Deposit AMOUNT USD of the quote token.

    Shares are priced at the high NAV of the block that takes them; a deposit has no fee.

    \b
    Examples:
      tandem deposit 10000
      tandem deposit 10000 --dry-run
      tandem deposit 10000 --min-shares 9950
    """
    prepared = how.connect().prepare_deposit(amount, min_shares=min_shares, approve=not no_approve)
    carry_out(how, prepared, _before(prepared.preview), stake_lines)


def _before(p: DepositPreview) -> Pairs:
    return [
        ("deposit", usd(p.amount)),
        ("you get", f"{p.shares:,.6f} shares at {p.price:,.6f} USD, NAV without a fee"),
        ("at least", f"{p.least:,.6f} shares, or it is refused"),
    ]
