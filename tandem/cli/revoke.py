"""`tandem revoke`: take back what the Vault may still take."""

from __future__ import annotations

from decimal import Decimal

import rich_click as click

from tandem.terminal.common import usd
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "trader"


@click.command()
@writing
def revoke(how: How) -> None:
    """End the Vault's allowance of an account's USD.

    `mint` and `deposit` give what one transaction needs and take back the rest. A process that ends
    between the two leaves an allowance, which `tandem positions` shows.

    \b
    Examples:
      tandem revoke
      tandem revoke --dry-run
    """
    prepared = how.connect().prepare_revoke()
    carry_out(how, prepared, [("the Vault may take", usd(prepared.preview))], _after)


def _after(allowance: Decimal) -> Pairs:
    return [("the Vault may take", usd(allowance))]
